import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { heardText, splitAtPunctuation } from '../../src/dialogue/heard-text.js';

const latin = fc
  .array(fc.stringMatching(/^[a-zé'-]{1,12}[.,?!]?$/), { maxLength: 20 })
  .map((words) => words.join(' '));
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('heardText', () => {
  it('keeps whole words up to the share that was played', () => {
    const text = 'Tell me about your first day at work.';
    expect(heardText(text, 0.5)).to.equal('Tell me about your');
    expect(heardText(text, 0.49)).to.equal('Tell me about your');
    expect(heardText(text, 0.48)).to.equal('Tell me about');
  });

  it('keeps nothing of nothing, and everything of everything', () => {
    expect(heardText('Hello there', 0)).to.equal('');
    expect(heardText('Hello there', -1)).to.equal('');
    expect(heardText('Hello there', Number.NaN)).to.equal('');
    expect(heardText('Hello there ', 1)).to.equal('Hello there ');
    expect(heardText('Hello there', 1.2)).to.equal('Hello there');
    expect(heardText('', 0.5)).to.equal('');
  });

  it('cuts no word of a language with spaces, also where hyphens and apostrophes stand in it', () => {
    expect(heardText("A well-known place isn't far", 0.3)).to.equal('A');
    expect(heardText('Das Donaudampfschiff', 0.9)).to.equal('Das');
    expect(heardText('안녕하세요 여러분 반갑습니다', 0.7)).to.equal('안녕하세요 여러분');
  });

  it('finds words in languages without spaces', () => {
    for (const [language, text] of [
      ['ja', '今日は学校に行きました。'],
      ['th', 'ฉันไปโรงเรียนทุกวัน'],
    ] as const) {
      // Each browser has its own dictionary.
      const segments = new Intl.Segmenter(language, { granularity: 'word' }).segment(text);
      const words = Array.from(segments, ({ index }) => index);
      for (const share of [0.5, 0.6, 0.7]) {
        const heard = heardText(text, share);
        expect(heard.length, `${share} of ${text}`).to.be.within(1, Math.ceil(text.length * share));
        expect(words).to.include(heard.length);
        expect(text.startsWith(heard)).to.be.true;
      }
    }
  });

  it('falls back to punctuation where the browser knows no words', () => {
    expect(heardText('你好，我是采访者。请坐。', 0.5, splitAtPunctuation)).to.equal('你好，');
    expect(heardText('你好，我是采访者。请坐。', 0.9, splitAtPunctuation)).to.equal('你好，我是采访者。');
  });

  it('is a beginning of the text that ends between words', () => {
    fc.assert(
      fc.property(latin, share, (text, part) => {
        const heard = heardText(text, part);
        expect(text.startsWith(heard)).to.equal(true);
        if (heard !== '') expect(['', ' ']).to.include(text.slice(heard.length, heard.length + 1));
      }),
    );
  });

  it('grows with the share and never goes beyond it', () => {
    fc.assert(
      fc.property(fc.oneof(latin, fc.string({ unit: 'grapheme' })), share, share, (text, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(heardText(text, more).startsWith(heardText(text, less))).to.equal(true);
        expect(heardText(text, less).length).to.be.at.most(less === 1 ? text.length : text.length * less);
      }),
    );
  });

  it('loses no character when it splits at punctuation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (run) => {
        expect(splitAtPunctuation(run).join('')).to.equal(run);
      }),
    );
  });
});
