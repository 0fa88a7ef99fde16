import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normalisedWords, pooledWordErrorRate, wordErrors } from '../support/word-error-rate.js';

describe('word error rate', () => {
  it('is zero where only marks, case, hyphens and titles differ', () => {
    const said = 'and mister john dashwood was not an ill disposed young man';
    assert.equal(
      pooledWordErrorRate([{ said, heard: 'And Mr. John Dashwood was not an ill-disposed young man.' }]),
      0,
    );
  });

  it('spells small numbers, so that 23 is what was said', () => {
    assert.deepEqual(normalisedWords('23 people, 7 days, 40 hours, 2026'), [
      ...['twenty', 'three', 'people', 'seven', 'days', 'forty', 'hours', '2026'],
    ]);
  });

  it('counts a word replaced, left out and added as one error each', () => {
    assert.deepEqual(wordErrors('one cat sat here', 'one bat sat here'), { errors: 1, words: 4 });
    assert.deepEqual(wordErrors('one cat sat here', 'one cat here'), { errors: 1, words: 4 });
    assert.deepEqual(wordErrors('one cat sat here', 'one fat cat sat here'), { errors: 1, words: 4 });
    assert.deepEqual(wordErrors('one cat sat here', ''), { errors: 4, words: 4 });
  });

  it('pools words, so that a short clip does not outweigh a long one', () => {
    const pairs = [
      { said: 'no', heard: 'yes' },
      { said: 'a b c d e f g h j', heard: 'a b c d e f g h j' },
    ];
    assert.equal(pooledWordErrorRate(pairs), 0.1);
  });

  it('refuses to rate nothing', () => {
    assert.throws(() => pooledWordErrorRate([]), /at least one word/);
  });
});
