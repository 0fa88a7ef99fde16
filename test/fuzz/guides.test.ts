import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { InterviewError } from '../../src/errors.js';
import { coverageOf } from '../../src/interview/coverage-of.js';
import { localizeGuide, parseGuide, type Guide } from '../../src/interview/guide.js';
import { guidanceText, sessionInstructions } from '../../src/interview/instructions.js';
import { movesOf } from '../../src/interview/moves.js';
import { foldProgress, progressOf, type MarkedTurn } from '../../src/interview/progress.js';
import { situationOf } from '../../src/interview/situation.js';
import { written } from '../interview/guides.js';
import { Escapes } from './escapes.js';
import { mutated, mutation } from './mutations.js';

const GUIDES = 1000;
const MOST_TURNS = 60;

/** Everything that a guide can hold. */
const whole = {
  ...written,
  $schema: './guide.schema.json',
  revision: '7',
  title: { en: 'Your first week', de: 'Ihre erste Woche' },
  disclosure: { 'en-GB': 'You talk with a machine.', de: 'Sie sprechen mit einer Maschine.' },
  consent: {
    version: '3',
    text: 'We want to learn.',
    items: [{ id: 'take-part', label: { en: 'I take part.' }, required: true }],
  },
  persona: { name: 'Ada', manner: 'warm', voice: 'cedar' },
  time: { targetMinutes: 10, maxMinutes: 20 },
  sections: [
    { ...written.sections[0], order: 'shuffle' },
    {
      id: 's2',
      questions: [
        {
          id: 'q3',
          ask: { de: 'Welchen Rat?' },
          maxProbes: 2,
          skippable: false,
          probes: [{ id: 'p', type: 'depth', say: 'Why?' }],
        },
      ],
    },
  ],
  assessment: { ...written.assessment, run: 'background' },
};

/** Does what the guide makes the interviewer do, and answers, until the interview is over. @returns how many turns that took */
function hold(guide: Guide, language: string): number {
  const local = localizeGuide(guide, { language, pageLanguage: 'fr', seed: 'p-017' });
  sessionInstructions(local);
  let progress = progressOf(local, []);
  let turns = 0;
  const take = (turn: Partial<MarkedTurn>): void => {
    progress = foldProgress(progress, {
      speaker: 'interviewer',
      status: 'final',
      text: 'Well?',
      startedAtMs: turns++ * 1000,
      ...turn,
    });
  };
  while (!progress.ended && turns < MOST_TURNS) {
    const now = { elapsedMs: turns * 1000, summary: 'own-words' } as const;
    const moves = movesOf(progress, now);
    const situation = situationOf(progress, moves, { elapsedMs: now.elapsedMs, isResumed: false });
    guidanceText({ number: turns, language, situation, assess: false }, moves);
    coverageOf(progress, now.elapsedMs);
    expect(moves.moves, 'until the end there is something to do').to.not.be.empty;
    const { act, sectionId, questionId, probeId } = moves.moves.at(-1) ?? {};
    take({ act, sectionId, questionId, probeId });
    take({ speaker: 'participant' });
  }
  return turns;
}

describe('a guide gone wrong', () => {
  const escapes = new Escapes();
  before(() => {
    escapes.start();
  });
  after(() => {
    escapes.stop();
  });

  it('is held to its end when nothing is wrong', () => {
    expect(hold(parseGuide(whole), 'de')).to.be.within(10, MOST_TURNS - 1);
  });

  it(`is refused with the path of each problem, or can be held: ${GUIDES} mutated guides`, async () => {
    const told = { held: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('en', 'de-AT', '', '__proto__'),
        async (mutations, language) => {
          const value = mutated(whole, mutations);
          const before = JSON.stringify(value);
          let guide: Guide | undefined;
          try {
            guide = parseGuide(value);
          } catch (error) {
            told.refused++;
            expectRefusal(error, value);
          }
          if (guide) {
            told.held++;
            hold(guide, language);
          }
          expect(JSON.stringify(value), 'what was given is left as it was').to.equal(before);
          await escapes.check();
        },
      ),
      { numRuns: GUIDES, includeErrorInReport: true },
    );
    expect(told.held, 'some are still guides').to.be.above(GUIDES / 50);
    expect(told.refused, 'most are not').to.be.above(GUIDES / 4);
  });
});

function expectRefusal(error: unknown, value: unknown): void {
  expect(error).to.be.instanceOf(InterviewError);
  const { code, problems } = error as InterviewError;
  expect(code).to.equal('guide-invalid');
  expect(problems).to.not.be.empty;
  for (const problem of problems) expectPath(problem, value);
}

/** The path leads to something in the guide, or to what is missing in something that is there. */
function expectPath(problem: string, value: unknown): void {
  if (problem.startsWith('guide: ')) return;
  const isAt = (at: unknown, rest: string, isRoot = false): boolean => {
    if (rest.startsWith(': ') && rest.length > 2) return true;
    if (typeof at !== 'object' || at === null) return /^[.\w[\]$-]+: ./.test(rest);
    // What is missing is named as well.
    const keys = [...Object.keys(at), ...(/^[.[]?([\w$]*)/.exec(rest) ?? []).slice(1)];
    return keys.some((key) => {
      const step = Array.isArray(at) ? `[${key}]` : isRoot ? key : `.${key}`;
      const next: unknown = Object.getOwnPropertyDescriptor(at, key)?.value;
      return rest.startsWith(step) && step !== '' && isAt(next, rest.slice(step.length));
    });
  };
  if (!isAt(value, problem, true)) throw new Error(`No path of the guide: ${problem.slice(0, 200)}`);
}
