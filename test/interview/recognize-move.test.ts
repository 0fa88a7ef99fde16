import { expect } from '@open-wc/testing';
import { movesOf } from '../../src/interview/moves.js';
import { MoveRecognizer } from '../../src/interview/recognize-move.js';
import { guideOf } from './guides.js';
import { progressAfter } from './story.js';

const guide = guideOf();
const recognizer = new MoveRecognizer(guide);

/** What a turn is taken for, after what came before it: `ask:q2`, with `(unheard)` where it does not count. */
function taken(
  before: string[],
  text: string,
  { declared = [], heardShare = 1 }: { declared?: string[]; heardShare?: number } = {},
): string {
  const progress = progressAfter(guide, before);
  const legal = movesOf(progress, { elapsedMs: 0, summary: 'own-words' });
  const { act, questionId, probeId, unheard } = recognizer.recognize(progress, legal, {
    text,
    declared,
    heardShare,
  });
  return [act, questionId, probeId].filter(Boolean).join(':') + (unheard ? ' (unheard)' : '');
}

const answered = ['opening:q1', '> I was lost in the building.'];
const probed = [...answered, 'probe:q1:p1', '> In the lift.', 'probe:q1:p2', '> Fear.'];
const atQ3 = [...probed, 'ask:q2', '> Tom.'];
const atSummary = [...atQ3, 'ask:q3', '> Ask early.', 'anything-else', '> No.'];

describe('what a turn was', () => {
  const table: [string, string[], string, Parameters<typeof taken>[2], string][] = [
    ['the line itself', probed, 'Who helped you when things were difficult?', {}, 'ask:q2'],
    [
      'the line behind a reaction that echoes the answer',
      probed,
      'Lost, and full of fear, on your first day. Who helped you when things were difficult?',
      {},
      'ask:q2',
    ],
    ['a line in other words', atQ3, 'What advice would you have for a newcomer?', {}, 'ask:q3'],
    ['a probe in other words', answered, 'Tell me about one particular moment, please.', {}, 'probe:q1:p1'],
    ['the same question again', answered, 'I asked what you remember about your first day.', {}, 'repeat:q1'],
    [
      'a verbatim line worded freely: asked, but it does not count',
      probed,
      'Was there someone who helped you with difficult things?',
      {},
      'ask:q2 (unheard)',
    ],
    [
      'a line that was half heard',
      probed,
      'Who helped you when things were difficult?',
      { heardShare: 0.5 },
      'ask:q2 (unheard)',
    ],
    [
      'a line that was nearly all heard',
      probed,
      'Who helped you when things were difficult?',
      { heardShare: 0.91 },
      'ask:q2',
    ],
    ['a question of its own, within the budget', answered, 'Was that at night?', {}, 'follow-up:q1'],
    ['a question of its own, beyond the budget', probed, 'Was that at night?', {}, 'follow-up:q1'],
    [
      'a later question, asked too early',
      answered,
      'Which advice would you give to newcomers?',
      {},
      'ask:q3',
    ],
    [
      'what was declared, in words that say nothing of it',
      atQ3,
      'And if a friend began there?',
      { declared: ['ask:q3'] },
      'ask:q3',
    ],
    [
      'what was said, although something else was declared',
      answered,
      'Can you tell me about one moment?',
      { declared: ['probe:q1:p2'] },
      'probe:q1:p1',
    ],
    [
      'what was said, although an illegal move was declared',
      answered,
      'Can you tell me about one moment?',
      { declared: ['ask:q3'] },
      'probe:q1:p1',
    ],
    [
      'an illegal move that was declared, where the words speak for nothing else',
      answered,
      'Hm, newcomers?',
      { declared: ['ask:q3'] },
      'ask:q3',
    ],
    [
      'a follow-up, when rubbish was declared',
      answered,
      'Was that at night?',
      { declared: ['q1'] },
      'follow-up:q1',
    ],
    ['what was asked for, when no words are known', probed, '', {}, 'ask:q2'],
    [
      'what was declared, when no words are known',
      answered,
      '',
      { declared: ['probe:q1:p2'] },
      'probe:q1:p2',
    ],
    ['a summary in its own words', atSummary, 'So you were lost, then Tom came.', {}, 'summary'],
    ['no summary, if it asks something', atSummary, 'Was Tom nice?', {}, 'follow-up'],
    [
      'a farewell in its own words',
      [...atSummary, 'summary'],
      'Take care, and have a nice day.',
      {},
      'close',
    ],
    [
      'the question that is due, after two strays that asked something else',
      [...atQ3, 'follow-up:q2', '> Hm.', 'follow-up:q2', '> Hm.'],
      'Und welchen Rat haben Sie?',
      {},
      'ask:q3',
    ],
    [
      'still a stray, if it asks nothing',
      [...atQ3, 'follow-up:q2', '> Hm.', 'follow-up:q2', '> Hm.'],
      'I see.',
      {},
      'follow-up:q2',
    ],
  ];
  for (const [name, before, text, how, expected] of table) {
    it(`is ${name}`, () => {
      expect(taken(before, text, how)).to.equal(expected);
    });
  }
});

describe('the first turn', () => {
  const hello = 'Hello and thank you for taking part in this study.';
  const first = 'What do you remember about your first day?';
  const table: [string, string, Parameters<typeof taken>[2], string][] = [
    ['opens and asks', `${hello} ${first}`, {}, 'opening:q1'],
    ['opens alone', hello, {}, 'opening'],
    ['opens in its own words', `Hi! ${first}`, {}, 'opening:q1'],
    ['opens, and is cut before its question', `${hello} ${first}`, { heardShare: 0.6 }, 'opening'],
    ['is cut before it has opened', `${hello} ${first}`, { heardShare: 0.2 }, 'opening (unheard)'],
    [
      'opens and asks, as declared',
      `${hello} Und woran erinnern Sie sich?`,
      { declared: ['opening', 'ask:q1'] },
      'opening:q1',
    ],
    ['opens and asks, when no words are known', '', {}, 'opening:q1'],
  ];
  for (const [name, text, how, expected] of table) {
    it(name, () => {
      expect(taken([], text, how)).to.equal(expected);
    });
  }
});

describe('lines in scripts without blanks', () => {
  it('are told apart by their letters', () => {
    const chinese = guideOf({
      opening: undefined,
      sections: [
        {
          id: 's',
          questions: [
            { id: 'a', ask: '您第一天记得什么？' },
            { id: 'b', ask: '谁帮助了您？' },
          ],
        },
      ],
    });
    const progress = progressAfter(chinese, ['ask:a', '> 电梯']);
    const legal = movesOf(progress, { elapsedMs: 0, summary: 'none' });
    const marks = new MoveRecognizer(chinese).recognize(progress, legal, {
      text: '明白了。那么，当时是谁帮助您的？',
      declared: [],
      heardShare: 1,
    });
    expect(marks).to.deep.equal({ act: 'ask', sectionId: 's', questionId: 'b' });
  });
});
