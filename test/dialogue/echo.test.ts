import { expect } from '@open-wc/testing';
import { isEcho } from '../../src/dialogue/echo.js';

const ASKED = 'What do you remember about your first day at work?';

describe('isEcho', () => {
  it('knows the interviewer’s own words, also where a word of them was misheard', () => {
    expect(isEcho('what do you remember', ASKED)).to.equal(true);
    expect(isEcho('Do you remember about a first day.', ASKED)).to.equal(true);
  });

  it('takes words of one’s own for an answer', () => {
    expect(isEcho('I remember my first day very well', ASKED)).to.equal(false);
    expect(isEcho('wait a moment please', ASKED)).to.equal(false);
  });

  it('takes the same words in another order for an answer', () => {
    expect(isEcho('work at day first', ASKED)).to.equal(false);
  });

  it('does not judge by a word or two, and nothing is no echo', () => {
    expect(isEcho('first day', ASKED)).to.equal(false);
    expect(isEcho('', ASKED)).to.equal(false);
    expect(isEcho('anything at all', '')).to.equal(false);
  });
});
