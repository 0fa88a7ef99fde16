import { expect } from '@open-wc/testing';
import { consentRecord, consentText } from '../../src/ui/consent-record.js';
import { exampleGuide } from '../support/example-guide.js';
import { mountInterview } from '../support/mount-interview.js';

const guide = {
  language: 'en',
  disclosure: 'An AI asks.',
  consent: { version: '3', text: 'We learn.', items: [{ id: 'a', label: 'I agree.', required: true }] },
};
const answer = { decision: 'accepted', items: new Set(['a']), decidedAtEpochMs: 0 } as const;

describe('consentRecord', () => {
  it('is of the text, and of the moment', async () => {
    expect(await consentRecord(guide, answer)).to.deep.equal({
      version: '3',
      language: 'en',
      // printf 'An AI asks.\n\nWe learn.\n\nI agree.' | sha256sum
      textHash: '06a449932de8e1763a35f69ddbab9021264cd9deb60dab6796e2d24dc382d445',
      items: { a: true },
      decision: 'accepted',
      decidedAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it('is another one for every other text', async () => {
    const { consent } = guide;
    const hashes = await Promise.all(
      [
        guide,
        { ...guide, disclosure: 'A person asks.' },
        { ...guide, consent: { ...consent, text: 'We learn more.' } },
        { ...guide, consent: { ...consent, items: [{ id: 'a', label: 'I might.', required: true }] } },
      ].map(async (each) => (await consentRecord(each, answer)).textHash),
    );
    expect(new Set(hashes).size).to.equal(4);
  });

  it('holds no to an item as well as yes', async () => {
    const { items } = await consentRecord(exampleGuide, { ...answer, items: new Set(['quote']) });
    expect(items).to.deep.equal({ 'take-part': false, quote: true });
  });

  it('is of nothing but what the screen shows', async () => {
    const { element, text, settle } = await mountInterview();
    await element.start();
    await settle();
    for (const part of consentText(exampleGuide).split('\n\n')) expect(text()).to.contain(part);
    element.remove();
  });
});
