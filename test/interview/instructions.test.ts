import { expect } from '@open-wc/testing';
import { guidanceText, sessionInstructions } from '../../src/interview/instructions.js';
import { movesOf } from '../../src/interview/moves.js';
import { situationOf } from '../../src/interview/situation.js';
import { guideOf } from './guides.js';
import { progressAfter } from './story.js';

const guide = guideOf({ time: { maxMinutes: 15 } });

function guidance(lines: string[], { minute = 0, isResumed = false, assess = false } = {}): string {
  const progress = progressAfter(guide, lines);
  const elapsedMs = minute * 60_000;
  const moves = movesOf(progress, { elapsedMs, summary: 'own-words' });
  const situation = situationOf(progress, moves, { elapsedMs, isResumed });
  return guidanceText({ number: 7, language: 'en', situation, assess }, moves);
}

/** The one JSON block, which must be the last thing in the text. */
function block(text: string): Record<string, unknown> {
  expect(text.match(/```json/g)).to.have.length(1);
  return JSON.parse(/```json\n(.*)\n```$/.exec(text)?.[1] ?? '') as Record<string, unknown>;
}

describe('guidance', () => {
  it('is numbered plain words, then one JSON block of the legal moves', () => {
    const text = guidance(['opening:q1', '> I was lost.']);
    expect(text.split('\n')[0]).to.equal('Guidance 7. It replaces all guidance before it.');
    expect(text).to.contain('The participant has just answered q1. React in a few words.');
    expect(block(text)).to.deep.equal({
      guidance: 7,
      language: 'en',
      make: 'one',
      moves: [
        {
          id: 'probe:q1:p1',
          act: 'probe',
          say: 'Can you tell me about one moment?',
          when: 'not told yet: one concrete episode',
        },
        { id: 'probe:q1:p2', act: 'probe', say: 'Which feelings did that leave behind?' },
        { id: 'follow-up:q1', act: 'follow-up', when: 'the answer calls for a question of your own' },
        { id: 'ask:q2', act: 'ask', say: 'Who helped you when things were difficult?', verbatim: true },
        {
          id: 'repeat:q1',
          act: 'repeat',
          say: 'What do you remember about your first day?',
          when: 'it was not understood',
        },
      ],
    });
  });

  it('opens with the opening and the first question, both', () => {
    const { make, moves } = block(guidance([]));
    expect(make).to.equal('all');
    expect((moves as { id: string }[]).map(({ id }) => id)).to.deep.equal(['opening', 'ask:q1']);
  });

  it('says when the assessment may start', () => {
    expect(block(guidance(['opening:q1'], { assess: true }))).to.have.property('assess', true);
    expect(block(guidance(['opening:q1']))).not.to.have.property('assess');
  });

  const words: [string, string[], Parameters<typeof guidance>[1], RegExp][] = [
    [
      'that the interview goes on after a reload',
      ['opening:q1'],
      { isResumed: true },
      /Welcome the participant back/,
    ],
    ['that a question was not heard', ['opening', 'ask:q1 (unheard)'], {}, /not fully heard: ask it again/],
    ['that nothing was understood', ['opening:q1', '> (failed)'], {}, /could not be made out/],
    [
      'that the last turn went astray',
      ['opening:q1', '> A.', 'ask:q3', '> C.'],
      {},
      /made no move of the guide/,
    ],
    ['that the time is up', ['opening:q1', '> A.'], { minute: 15 }, /The time is up/],
    ['that the participant wants to stop', ['opening:q1', '> A. (stop)'], {}, /wants to stop: accept it/],
    ['that this is the end', ['opening:q1', '> A. (stop)'], {}, /ends with this: ask nothing more/],
  ];
  for (const [name, lines, how, expected] of words) {
    it(`says ${name}`, () => {
      expect(guidance(lines, how)).to.match(expected);
    });
  }

  it('does not greet again after a reload', () => {
    const text = guidance(['opening:q1'], { isResumed: true });
    expect(text).not.to.contain('Hello and thank you');
  });

  it('stays under 500 tokens where many long probes would not fit, and keeps the way on', () => {
    const long = 'Could you tell me in your own words and with all details that come to your mind '.repeat(3);
    const wordy = guideOf({
      sections: [
        {
          id: 's',
          questions: [
            {
              id: 'a',
              ask: long,
              probes: Array.from({ length: 9 }, (_, n) => ({ id: `p${n}`, say: `${long}${n}?` })),
            },
            { id: 'b', ask: long },
          ],
        },
      ],
    });
    const progress = progressAfter(wordy, ['opening:a', '> A.']);
    const moves = movesOf(progress, { elapsedMs: 0, summary: 'none' });
    expect(moves.moves).to.have.length(12);
    const text = guidanceText({ number: 1, language: 'en', situation: 'So.', assess: false }, moves);
    expect(text.length / 4).to.be.lessThan(500);
    const ids = (block(text)['moves'] as { id: string }[]).map(({ id }) => id);
    expect(ids).to.include.members(['follow-up:a', 'ask:b', 'repeat:a']);
    expect(ids.length).to.be.greaterThan(3);
  });
});

describe('the instructions of the session', () => {
  it('name the persona, its manner and the language, and never the questions', () => {
    const text = sessionInstructions(
      guideOf({ persona: { name: 'Grace', manner: 'brisk' }, language: 'de' }),
    );
    expect(text).to.contain('You are Grace');
    expect(text).to.contain('Your manner: brisk.');
    expect(text).to.contain('Speak only the language "de"');
    expect(text).not.to.contain('What do you remember');
  });
});
