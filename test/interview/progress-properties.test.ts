import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { coverageOf } from '../../src/interview/coverage-of.js';
import { localizeGuide, parseGuide, type LocalGuide } from '../../src/interview/guide.js';
import { guidanceText } from '../../src/interview/instructions.js';
import { movesOf } from '../../src/interview/moves.js';
import { startOf } from '../../src/interview/progress-state.js';
import { foldProgress, progressOf, type MarkedTurn } from '../../src/interview/progress.js';
import { MoveRecognizer } from '../../src/interview/recognize-move.js';
import { situationOf } from '../../src/interview/situation.js';

const WORDS = [
  'lift',
  'first',
  'team',
  'why',
  'remember',
  'who',
  'advice',
  'long',
  'day',
  'help',
  'most',
  'when',
];
const sentence = fc
  .array(fc.constantFrom(...WORDS), { minLength: 2, maxLength: 8 })
  .map((words) => `${words.join(' ')}?`);

const guides: fc.Arbitrary<LocalGuide> = fc
  .record({
    opening: fc.option(fc.record({ say: sentence, verbatim: fc.boolean() }), { nil: undefined }),
    questions: fc.array(
      fc.record({
        ask: sentence,
        verbatim: fc.boolean(),
        required: fc.boolean(),
        skippable: fc.boolean(),
        maxProbes: fc.nat(3),
        probes: fc.array(sentence, { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    anythingElse: fc.boolean(),
    summary: fc.constantFrom('spoken' as const, 'none' as const),
    isClosingVerbatim: fc.boolean(),
  })
  .map(({ opening, questions, anythingElse, summary, isClosingVerbatim }) =>
    localizeGuide(
      parseGuide({
        version: 1,
        id: 'g',
        opening,
        sections: questions.map(({ probes, ...question }, n) => ({
          id: `s${n}`,
          questions: [{ ...question, id: `q${n}`, probes: probes.map((say, p) => ({ id: `p${p}`, say })) }],
        })),
        closing: { anythingElse, summary, say: 'That was all. Goodbye.', verbatim: isClosingVerbatim },
      }),
      { seed: 's' },
    ),
  );

/** How one turn of the model comes out, whatever the guidance said. */
const behaviours = fc.record({
  /** Which of all lines: an index into the legal moves, or into everything that the guide knows. */
  pick: fc.nat(20),
  kind: fc.constantFrom('legal', 'legal', 'any line', 'nonsense', 'nonsense question', 'silent words'),
  declares: fc.constantFrom('what it says', 'nothing', 'another', 'rubbish'),
  heardShare: fc.constantFrom(1, 1, 1, 0.95, 0.5, 0),
  cutBy: fc.constantFrom(undefined, 'participant' as const, 'host' as const),
  answer: fc.constantFrom('final', 'final', 'final', 'failed', 'skip', 'none'),
});

type Behaviour = typeof behaviours extends fc.Arbitrary<infer One> ? One : never;

/** The turns of one step, by the same parts that a live interview uses. */
function step(
  guide: LocalGuide,
  recognizer: MoveRecognizer,
  turns: readonly MarkedTurn[],
  how: Behaviour,
): MarkedTurn[] {
  const progress = progressOf(guide, turns);
  const startedAtMs = turns.length * 1000;
  const legal = movesOf(progress, { elapsedMs: startedAtMs, summary: 'own-words' });
  const lines = guide.sections.flatMap(({ questions }) =>
    questions.flatMap(({ id, ask, probes }) => [
      { id: `ask:${id}`, say: ask },
      ...probes.map((probe) => ({ id: `probe:${id}:${probe.id}`, say: probe.say })),
    ]),
  );
  const move = legal.moves[how.pick % legal.moves.length];
  const line = lines[how.pick % lines.length];
  const [text, said] = {
    legal: [
      legal.make === 'all' ? legal.moves.map(({ say }) => say).join(' ') : (move?.say ?? 'My own words.'),
      move?.id,
    ],
    'any line': [line?.say ?? '', line?.id],
    nonsense: ['Umbrella.', undefined],
    'nonsense question': ['Umbrella or parasol?', undefined],
    'silent words': ['', undefined],
  }[how.kind] as [string, string | undefined];
  const declared = {
    'what it says': said === undefined ? [] : [said],
    nothing: [],
    another: [lines[(how.pick + 1) % lines.length]?.id ?? ''],
    rubbish: ['ask:nothing-like-it'],
  }[how.declares];
  const marks = recognizer.recognize(progress, legal, { text, declared, heardShare: how.heardShare });
  const own: MarkedTurn = {
    speaker: 'interviewer',
    status: 'final',
    text,
    startedAtMs,
    ...marks,
    ...(how.heardShare < 1 && how.cutBy && { interruptedBy: how.cutBy }),
  };
  if (how.answer === 'none') return [own];
  return [
    own,
    {
      speaker: 'participant',
      status: how.answer === 'failed' ? 'failed' : 'final',
      text: how.answer === 'failed' ? '' : 'So it was.',
      startedAtMs: startedAtMs + 500,
      ...(how.answer === 'skip' && { act: 'skip' }),
    },
  ];
}

/** More than the worst model needs for the largest of these guides. */
const ENOUGH = 400;

describe('any model with any guide', () => {
  it('comes to the end, with every required question asked or given up', () => {
    fc.assert(
      fc.property(guides, fc.array(behaviours, { minLength: 1, maxLength: 25 }), (guide, hows) => {
        const recognizer = new MoveRecognizer(guide);
        const turns: MarkedTurn[] = [];
        let progress = startOf(guide);
        for (let n = 0; n < ENOUGH && !progress.ended; n++) {
          // The same behaviours over and over: also a model that is stuck in one of them.
          turns.push(...step(guide, recognizer, turns, hows[n % hows.length]!));
          progress = progressOf(guide, turns);
        }
        expect(progress.ended, 'has ended').to.equal('completed');
        const left = coverageOf(progress, 0)
          .sections.flatMap(({ questions }) => questions)
          .filter(({ status }) => status === 'pending');
        expect(left).to.deep.equal([]);
      }),
      { numRuns: 400 },
    );
  });

  it('is offered probes only within their budget, each once', () => {
    fc.assert(
      fc.property(guides, fc.array(behaviours, { minLength: 1, maxLength: 40 }), (guide, hows) => {
        const recognizer = new MoveRecognizer(guide);
        const turns: MarkedTurn[] = [];
        for (const how of hows) {
          const progress = progressOf(guide, turns);
          const { moves } = movesOf(progress, { elapsedMs: 0, summary: 'own-words' });
          for (const { act, questionId, probeId } of moves) {
            if (act !== 'probe' && act !== 'follow-up') continue;
            const known = progress.questions.find(({ question }) => question.id === questionId)!;
            expect(known.probes).to.be.lessThan(known.question.maxProbes);
            if (probeId) expect(known.probeIds).not.to.include(probeId);
          }
          turns.push(...step(guide, recognizer, turns, how));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('finds the same place after a reload at any point as without one', () => {
    fc.assert(
      fc.property(guides, fc.array(behaviours, { minLength: 1, maxLength: 30 }), (guide, hows) => {
        const recognizer = new MoveRecognizer(guide);
        const turns: MarkedTurn[] = [];
        let live = startOf(guide);
        for (const how of hows) {
          if (live.ended) break;
          const next = step(guide, recognizer, turns, how);
          turns.push(...next);
          live = next.reduce(foldProgress, live);
          const stored = JSON.parse(JSON.stringify(turns)) as MarkedTurn[];
          expect(progressOf(guide, stored)).to.deep.equal(live);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('always has a legal move, and guidance under 500 tokens', () => {
    fc.assert(
      fc.property(guides, fc.array(behaviours, { maxLength: 20 }), (guide, hows) => {
        const recognizer = new MoveRecognizer(guide);
        const turns: MarkedTurn[] = [];
        for (const how of hows) turns.push(...step(guide, recognizer, turns, how));
        const progress = progressOf(guide, turns);
        if (progress.ended) return;
        const moves = movesOf(progress, { elapsedMs: 0, summary: 'own-words' });
        expect(moves.moves).not.to.be.empty;
        const text = guidanceText(
          {
            number: 12,
            language: 'en',
            situation: situationOf(progress, moves, { elapsedMs: 0, isResumed: false }),
            assess: true,
          },
          moves,
        );
        expect(text.length / 4).to.be.lessThan(500);
      }),
      { numRuns: 200 },
    );
  });
});
