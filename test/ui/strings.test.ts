import { expect } from '@open-wc/testing';
import { directionOf, loadLanguage } from '../../src/ui/language.js';
import { english, fill, withOverrides, type InterviewStrings } from '../../src/ui/strings.js';
import { german } from '../../src/ui/strings-de.js';

function* leaves(value: object, path = ''): Generator<[string, string]> {
  for (const [key, each] of Object.entries(value) as [string, string | object][]) {
    if (typeof each === 'string') yield [`${path}${key}`, each];
    else yield* leaves(each, `${path}${key}.`);
  }
}
const placesIn = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe('the words of the screen', () => {
  it('have the same places to fill in every language', () => {
    const inGerman = new Map(leaves(german));
    for (const [path, text] of leaves(english)) {
      expect(placesIn(inGerman.get(path) ?? ''), path).to.deep.equal(placesIn(text));
    }
    expect(inGerman.size).to.equal([...leaves(english)].length);
  });

  it('say what happened and never show a code or a word of the protocol', () => {
    for (const strings of [english, german]) {
      for (const [code, text] of Object.entries(strings.errors)) {
        expect(text, code).to.match(/[.!]$/);
        expect(text.toLowerCase(), code).not.to.match(/token|websocket|worklet|error|null/);
      }
    }
  });

  it('are filled once, and a place that is unknown stays', () => {
    expect(fill('{name} asks {name} of {total}', { name: '{total}' })).to.equal(
      '{total} asks {total} of {total}',
    );
  });

  it('take the place of ours one by one', () => {
    const own = withOverrides(english, { begin: 'Go', errors: { 'storage-full': 'Full.' } });
    expect(own).to.include({ begin: 'Go', pause: english.pause });
    expect(own.errors['storage-full']).to.equal('Full.');
    expect(own.errors['token-refused']).to.equal(english.errors['token-refused']);
  });

  it('are found by the base of a language, and English where there are none', async () => {
    const words = async (language: string): Promise<InterviewStrings> =>
      (await loadLanguage(language)).strings;
    expect(await words('DE-ch')).to.equal(german);
    expect(await words('fr')).to.equal(english);
    expect(await words('')).to.equal(english);
  });

  it('run the way their language does', () => {
    expect([directionOf('ar-EG'), directionOf('en')]).to.deep.equal(['rtl', 'ltr']);
  });
});
