import { expect } from '@open-wc/testing';
import { isUnfinished, pauseMs, PATIENT_MS } from '../../src/dialogue/patience.js';

const UNFINISHED = [
  'Let me think.',
  'Hm, let me just think about that for a moment.',
  'Well, let me see...',
  'Give me a second.',
  'It was in March, and',
  'It was in March, and…',
  'I liked it because.',
  'We went to the',
  'We looked at the plan, and then I.',
  'First we had lunch together and then.',
  'I stayed because I',
  'So it was, um.',
  'Uh',
  'That’s a good question.',
  'How shall I put it?',
  'I remember the lift,',
  'Hmm.',
  'Lass mich kurz überlegen.',
  'Lassen Sie mich mal nachdenken…',
  'Moment.',
  'Einen Augenblick bitte.',
  'Da war der Aufzug und',
  'Ich mochte das, weil',
  'Ähm.',
  'Wie soll ich sagen',
  'Da muss ich kurz überlegen.',
  'Das war mit meiner',
  'Wir haben gegessen, und dann ich',
  'Ich blieb, weil wir.',
  'Gute Frage.',
];
const FINISHED = [
  '',
  'I see him now and then.',
  'She knew more than I.',
  'Yes.',
  'I think so.',
  'It went well.',
  'The lift was stuck for an hour.',
  'I did not think about it.',
  'We waited for a moment, then it opened.',
  'That was a good moment.',
  'I stood there on my own.',
  'Is there another question?',
  'Ja.',
  'Ich stieg ein.',
  'Ich mag das.',
  'Der Aufzug blieb stecken.',
  'Ich habe lange nachgedacht.',
  'Der Moment war schön.',
  'Das Umm gibt es nicht hier.',
];

describe('isUnfinished', () => {
  for (const words of UNFINISHED)
    it(`expects more after "${words}"`, () => {
      expect(isUnfinished(words)).to.equal(true);
    });
  for (const words of FINISHED)
    it(`takes "${words}" for all`, () => {
      expect(isUnfinished(words)).to.equal(false);
    });
});

describe('pauseMs', () => {
  it('grows while somebody thinks or tells much, and shrinks back', () => {
    const thinking = pauseMs({ words: 'Let me think.', spokenMs: 800 });
    const long = pauseMs({ words: 'That was all of it.', spokenMs: 40_000 });
    expect(pauseMs({ words: 'The lift.', spokenMs: 800 })).to.equal(PATIENT_MS);
    expect(thinking).to.be.above(long);
    expect(long).to.be.above(PATIENT_MS);
    expect(pauseMs({ words: 'Let me think. It was the lift.', spokenMs: 3000 })).to.equal(PATIENT_MS);
  });
});
