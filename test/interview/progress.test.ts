import { expect } from '@open-wc/testing';
import { coverageOf } from '../../src/interview/coverage-of.js';
import type { QuestionStatus } from '../../src/interview/coverage.js';
import { movesOf } from '../../src/interview/moves.js';
import { progressOf, type MarkedTurn } from '../../src/interview/progress.js';
import { guideOf } from './guides.js';
import { legalAfter, progressAfter } from './story.js';

const guide = guideOf();
const timed = guideOf({ time: { targetMinutes: 10, maxMinutes: 15 } });

describe('the legal moves', () => {
  const table: [string, string[], string][] = [
    ['begin with the opening and the first question in one turn', [], '[opening ask:q1]'],
    ['are the first question alone where the opening was said without it', ['opening'], 'ask:q1'],
    [
      'after an answer are its probes, a follow-up, the next question, or the same one again',
      ['opening:q1', '> I was lost.'],
      'probe:q1:p1 probe:q1:p2 follow-up:q1 ask:q2 repeat:q1',
    ],
    [
      'leave out a probe that was made',
      ['opening:q1', '> I was lost.', 'probe:q1:p1', '> In the lift.'],
      'probe:q1:p2 follow-up:q1 ask:q2 repeat:q1',
    ],
    [
      'count a follow-up against the same budget',
      ['opening:q1', '> Lost.', 'probe:q1:p1', '> In the lift.', 'follow-up:q1', '> Long.'],
      'ask:q2 repeat:q1',
    ],
    ['ask again what is required and was not heard', ['opening', 'ask:q1 (unheard)', '> What?'], 'repeat:q1'],
    [
      'ask a second time again',
      ['opening', 'ask:q1 (unheard)', 'repeat:q1 (unheard)', '> What?'],
      'repeat:q1',
    ],
    [
      'go on after two repeats that were not heard',
      ['opening', 'ask:q1 (unheard)', 'repeat:q1 (unheard)', 'repeat:q1 (unheard)', '> What?'],
      'ask:q2',
    ],
    [
      'do not insist on an optional question that was cut short by its answer',
      ['opening:q1', '> A.', 'ask:q2', '> B.', 'ask:q3 (unheard) (cut)', '> Patience!'],
      'anything-else repeat:q3',
    ],
    [
      'offer no third repeat of a question that was heard',
      ['opening:q1', '> A.', 'ask:q2', '> What?', 'repeat:q2', '> What?', 'repeat:q2', '> Oh, Tom.'],
      'ask:q3',
    ],
    [
      'go on without probes when the participant passes the question over',
      ['opening:q1', '> I would rather not say. (skip)'],
      'ask:q2',
    ],
    [
      'come back to the order after a question that was asked too early',
      ['opening:q1', '> A.', 'ask:q3', '> Patience.'],
      'ask:q2 repeat:q3',
    ],
    [
      'do not ask again what was asked too early',
      ['opening:q1', '> A.', 'ask:q3', '> Patience.', 'ask:q2', '> Tom.'],
      'anything-else repeat:q2',
    ],
    [
      'leave the guide no way out before its questions were asked',
      ['opening:q1', '> A.', 'close', '> Oh?'],
      'probe:q1:p1 probe:q1:p2 follow-up:q1 ask:q2 repeat:q1',
    ],
    [
      'after the last answer are the question for more, or the last one again',
      ['opening:q1', '> A.', 'ask:q2', '> B.', 'ask:q3', '> C.'],
      'anything-else repeat:q3',
    ],
    [
      'sum up before they close',
      ['opening:q1', '> A.', 'ask:q2', '> B.', 'ask:q3', '> C.', 'anything-else', '> No.'],
      'summary',
    ],
    [
      'close after the summary',
      ['opening:q1', '> A.', 'ask:q2', '> B.', 'ask:q3', '> C.', 'anything-else', '> No.', 'summary'],
      'close',
    ],
    [
      'close again when the farewell was not heard',
      ['opening:q1', '> A. (stop)', 'close (unheard)', '> Wait!'],
      'close',
    ],
    ['close at once when the participant wants to stop', ['opening:q1', '> A. (stop)'], 'close'],
    ['are none once it is over', ['opening:q1', '> A. (stop)', 'close'], ''],
    [
      'ask for what could not be made out, and block nothing',
      ['opening:q1', '> (failed)'],
      'probe:q1:p1 probe:q1:p2 follow-up:q1 ask:q2 repeat:q1',
    ],
    ['open again after a verbatim opening that was not heard', ['opening (unheard)'], 'ask:q1'],
  ];
  for (const [name, lines, expected] of table) {
    it(name, () => {
      expect(legalAfter(guide, lines)).to.equal(expected);
    });
  }

  it('repeat a verbatim opening that was not heard, at most twice', () => {
    const strict = guideOf({ opening: { say: 'This is recorded.', verbatim: true } });
    expect(legalAfter(strict, ['opening (unheard)'])).to.equal('[opening ask:q1]');
    expect(legalAfter(strict, Array(2).fill('opening (unheard)'))).to.equal('[opening ask:q1]');
    expect(legalAfter(strict, Array(3).fill('opening (unheard)'))).to.equal('ask:q1');
  });

  it('begin with the first question where the guide has no opening', () => {
    expect(legalAfter(guideOf({ opening: undefined }), [])).to.equal('ask:q1');
  });

  it('close without a summary where there is none to tell', () => {
    const asked = ['opening:q1', '> A.', 'ask:q2', '> B.', 'ask:q3', '> C.', 'anything-else', '> No.'];
    expect(legalAfter(guide, asked, { summary: 'none' })).to.equal('close');
    const plain = guideOf({ closing: undefined, assessment: undefined });
    expect(legalAfter(plain, asked.slice(0, 6))).to.equal('close repeat:q3');
  });

  it('past the target time leave out optional questions and probes', () => {
    const lines = ['opening:q1', '> A.'];
    expect(legalAfter(timed, lines, { minute: 10 })).to.equal('ask:q2 repeat:q1');
    expect(legalAfter(timed, [...lines, 'ask:q2', '> B.'], { minute: 10 })).to.equal(
      'anything-else repeat:q2',
    );
  });

  it('past the maximum are the closing alone, and nothing that invites more', () => {
    expect(legalAfter(timed, ['opening:q1', '> A.'], { minute: 15 })).to.equal('summary');
    expect(legalAfter(timed, ['opening:q1', '> A.'], { minute: 15, summary: 'none' })).to.equal('close');
  });
});

describe('an opening that a reload broke off', () => {
  const cut = (text: string): MarkedTurn => ({
    speaker: 'interviewer',
    status: 'failed',
    text,
    startedAtMs: 0,
  });
  const legal = (turn: MarkedTurn): string[] =>
    movesOf(progressOf(guide, [turn]), { elapsedMs: 0, summary: 'none' }).moves.map(({ id }) => id);

  it('is not said again: the first question follows', () => {
    expect(legal(cut('Hello, I am'))).to.deep.equal(['ask:q1']);
  });

  it('is said when not a word of it had come', () => {
    expect(legal(cut(''))).to.deep.equal(['opening', 'ask:q1']);
  });
});

describe('turns that make no legal move', () => {
  const strays = (count: number): string[] =>
    Array.from({ length: count }, () => ['follow-up:q2', '> Hm.']).flat();
  const asked = ['opening:q1', '> A.', 'ask:q2', '> B.'];

  it('change nothing at first', () => {
    expect(legalAfter(guide, [...asked, ...strays(2)])).to.equal('ask:q3 repeat:q2');
    expect(progressAfter(guide, [...asked, ...strays(2)]).strays).to.equal(2);
  });

  it('then count as a vain try at the optional question that was due, which is given up', () => {
    expect(legalAfter(guide, [...asked, ...strays(3)])).to.equal('anything-else repeat:q2');
    const { questions } = coverageOf(progressAfter(guide, [...asked, ...strays(3)]), 0).sections[1]!;
    expect(questions[0]?.status).to.equal('unheard');
  });

  it('and take three for a required one', () => {
    const begun = ['opening:q1', '> A.', 'probe:q1:p1', '> B.', 'probe:q1:p2', '> C.'];
    const after = (count: number): string =>
      legalAfter(guide, [...begun, ...Array.from({ length: count }, () => ['follow-up:q1', '> Hm.']).flat()]);
    expect(after(4)).to.equal('ask:q2 repeat:q1');
    expect(after(5)).to.equal('ask:q3 repeat:q1');
  });

  it('are forgotten after a legal one', () => {
    expect(progressAfter(guide, [...asked, ...strays(2), 'ask:q3']).strays).to.equal(0);
  });
});

describe('who is to speak', () => {
  const table: [string, string[], string][] = [
    ['the interviewer, at the beginning', [], 'interviewer'],
    ['the participant, once asked', ['opening:q1'], 'participant'],
    ['the interviewer, once answered', ['opening:q1', '> A.'], 'interviewer'],
    ['the interviewer, after an opening without a question', ['opening'], 'interviewer'],
    [
      'the interviewer, after a required question that nobody heard',
      ['opening', 'ask:q1 (unheard)'],
      'interviewer',
    ],
    [
      'the participant, who cut an optional question short',
      ['opening:q1', '> A.', 'ask:q2', '> B.', 'ask:q3 (unheard) (cut)'],
      'participant',
    ],
    [
      'the interviewer, whom a pause cut short',
      ['opening:q1', '> A.', 'probe:q1:p1 (unheard) (paused)'],
      'interviewer',
    ],
    ['the participant, after a stray question', ['opening:q1', '> A.', 'ask:q9'], 'participant'],
    ['the interviewer, after a stray remark', ['opening:q1', '> A.', 'ask:q9 (told)'], 'interviewer'],
    ['nobody, after the farewell', ['opening:q1', '> A. (stop)', 'close'], 'nobody'],
  ];
  for (const [name, lines, expected] of table) {
    it(`is ${name}`, () => {
      expect(progressAfter(guide, lines).awaits).to.equal(expected);
    });
  }
});

describe('coverage', () => {
  const statuses = (lines: string[]): QuestionStatus[] =>
    coverageOf(progressAfter(guide, lines), 0).sections.flatMap(({ questions }) =>
      questions.map(({ status }) => status),
    );

  const table: [string, string[], QuestionStatus[]][] = [
    ['nothing yet', [], ['pending', 'pending', 'pending']],
    ['asked', ['opening:q1'], ['asked', 'pending', 'pending']],
    ['answered', ['opening:q1', '> A.'], ['answered', 'pending', 'pending']],
    ['asked but not heard', ['opening', 'ask:q1 (unheard)', '> A.'], ['asked', 'pending', 'pending']],
    [
      'given up',
      ['opening', 'ask:q1 (unheard)', 'repeat:q1 (unheard)', 'repeat:q1 (unheard)', '> A.'],
      ['unheard', 'pending', 'pending'],
    ],
    [
      'heard at the second repeat',
      ['opening', 'ask:q1 (unheard)', 'repeat:q1 (unheard)', 'repeat:q1', '> A.'],
      ['answered', 'pending', 'pending'],
    ],
    ['passed over', ['opening:q1', '> No. (skip)'], ['skipped', 'pending', 'pending']],
    [
      'answered, then passed over in its probe',
      ['opening:q1', '> A.', 'probe:q1:p1', '> No. (skip)'],
      ['answered', 'pending', 'pending'],
    ],
    ['asked too early', ['opening:q1', '> A.', 'ask:q3', '> C.'], ['answered', 'pending', 'answered']],
  ];
  for (const [name, lines, expected] of table) {
    it(`tells: ${name}`, () => {
      expect(statuses(lines)).to.deep.equal(expected);
    });
  }

  it('does not pass over a question that is not skippable', () => {
    const strict = guideOf({
      sections: [{ id: 's', questions: [{ id: 'q', ask: 'Why?', skippable: false }] }],
    });
    const { sections } = coverageOf(progressAfter(strict, ['opening:q', '> No. (skip)']), 0);
    expect(sections[0]?.questions[0]?.status).to.equal('answered');
  });

  it('names the phase, the question that is open and what lies behind', () => {
    const at = (lines: string[], minute = 0): unknown => {
      const { phase, currentQuestionId, currentSectionId, done, total } = coverageOf(
        progressAfter(timed, lines),
        minute * 60_000,
      );
      return [phase, currentSectionId, currentQuestionId, done, total];
    };
    const asked = ['opening:q1', '> A.', 'ask:q2', '> B.', 'ask:q3', '> C.'];
    expect(at([])).to.deep.equal(['opening', undefined, undefined, 0, 3]);
    expect(at(['opening'])).to.deep.equal(['questions', undefined, undefined, 0, 3]);
    expect(at(['opening:q1', '> A.'])).to.deep.equal(['questions', 's1', 'q1', 0, 3]);
    expect(at(asked.slice(0, 3))).to.deep.equal(['questions', 's1', 'q2', 1, 3]);
    expect(at(asked)).to.deep.equal(['questions', 's2', 'q3', 2, 3]);
    expect(at([...asked, 'anything-else'])).to.deep.equal(['closing', undefined, undefined, 3, 3]);
    expect(at(asked.slice(0, 2), 15)).to.deep.equal(['closing', undefined, undefined, 1, 3]);
    expect(at(['opening:q1', '> A. (stop)', 'close'])).to.deep.equal(['closed', undefined, undefined, 1, 3]);
  });

  it('counts probes and follow-ups', () => {
    const lines = ['opening:q1', '> A.', 'probe:q1:p1', '> B.', 'follow-up:q1', '> C.'];
    expect(coverageOf(progressAfter(guide, lines), 0).sections[0]?.questions[0]?.probes).to.equal(2);
  });
});

describe('how it ended', () => {
  const all = ['opening:q1', '> A.', 'ask:q2', '> B.', 'ask:q3', '> C.', 'anything-else', '> No.', 'summary'];
  const table: [string, string[], string | undefined][] = [
    ['completed, with the guide done', [...all, 'close'], 'completed'],
    ['completed, although the time ran out over the farewell', [...all, 'close @16'], 'completed'],
    ['for time, with questions left', ['opening:q1', '> A. @16', 'summary', 'close'], 'time'],
    ['by the participant', ['opening:q1', '> A. (stop)', 'close'], 'participant'],
    ['not yet: the farewell was not heard', [...all, 'close (unheard)', 'close (unheard)'], undefined],
    ['after two more tries', [...all, 'close (unheard)', 'close (unheard)', 'close (unheard)'], 'completed'],
    ['not by a farewell before its time', ['opening:q1', '> A.', 'close'], undefined],
  ];
  for (const [name, lines, expected] of table) {
    it(`is ${name}`, () => {
      expect(progressAfter(timed, lines).ended).to.equal(expected);
    });
  }
});
