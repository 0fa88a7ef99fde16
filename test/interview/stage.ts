import { foldTurn, type TurnFold } from '../../src/dialogue/turn-fold.js';
import type { Assessment } from '../../src/interview/assessment-types.js';
import type { Coverage } from '../../src/interview/coverage.js';
import type { LocalGuide } from '../../src/interview/guide.js';
import { Interview, type InterviewOptions } from '../../src/interview/interview.js';
import type { InterviewError } from '../../src/errors.js';
import { silentPlayback } from '../../src/dialogue/playback-port.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import type { FakeDialogue } from '../../src/testing/fake-dialogue.js';
import type { LinkedTurn, TurnMarks } from '../../src/turn.js';

/** Turns in the order in which they began, with their marks: what the real transcript does, without its storage. */
export class PlainTranscript {
  readonly #folds = new Map<string, TurnFold | 'removed'>();
  readonly #marks = new Map<string, TurnMarks>();
  readonly #earlier: readonly LinkedTurn[];

  constructor(dialogue: FakeDialogue, earlier: readonly LinkedTurn[] = [], originMs = 0) {
    this.#earlier = earlier;
    dialogue.events.on('change', (change) => {
      const next = foldTurn(this.#folds.get(change.id), change, (at) => at - originMs);
      if (next !== undefined) this.#folds.set(change.id, next);
    });
  }

  get turns(): readonly LinkedTurn[] {
    const here = [...this.#folds.values()]
      .filter((fold) => fold !== 'removed')
      .map(({ turn }, n) => ({ n, ...turn, afterId: null, ...this.#marks.get(turn.id) }));
    return [...this.#earlier.map((turn) => ({ ...turn, ...this.#marks.get(turn.id) })), ...here];
  }

  mark(id: string, marks: TurnMarks): void {
    this.#marks.set(id, { ...this.#marks.get(id), ...marks });
  }
}

export interface Stage {
  readonly interview: Interview;
  readonly dialogue: FakeDialogue;
  readonly transcript: PlainTranscript;
  readonly clock: FakeClock;
  readonly errors: InterviewError[];
  readonly ends: string[];
  readonly coverages: Coverage[];
  readonly assessments: Assessment[];
  /** Moves time on, and everything that follows from it. */
  pass(ms?: number): Promise<void>;
  /** The participant types, and hears the reply. */
  answer(text: string): Promise<void>;
  /** `ask:q1` for each of the interviewer's turns, with what was wrong with it. */
  acts(): string[];
}

export async function stage(
  guide: LocalGuide,
  makeDialogue: (clock: FakeClock) => FakeDialogue,
  options: Partial<InterviewOptions> & { earlier?: readonly LinkedTurn[]; clock?: FakeClock } = {},
): Promise<Stage> {
  const { earlier = [], clock = new FakeClock(), ...rest } = options;
  const dialogue = makeDialogue(clock);
  const errors: InterviewError[] = [];
  const ends: string[] = [];
  const coverages: Coverage[] = [];
  const assessments: Assessment[] = [];
  let transcript = undefined as unknown as PlainTranscript;
  const interview = new Interview({
    guide,
    dialogue,
    transcript: {
      get turns() {
        return transcript.turns;
      },
      mark: (id, marks) => {
        transcript.mark(id, marks);
      },
    },
    clock,
    elapsedMs: () => clock.now(),
    seed: 'p-017',
    ...rest,
  });
  // As in the session: the transcript begins to listen after the interview.
  transcript = new PlainTranscript(dialogue, earlier);
  interview.events.on('error', (error) => errors.push(error));
  interview.events.on('end', ({ reason }) => ends.push(reason));
  interview.events.on('coverage', (coverage) => coverages.push(coverage));
  interview.events.on('assessment', (assessment) => assessments.push(assessment));
  await dialogue.open({
    instructions: interview.instructions,
    tools: interview.toolDefinitions,
    history: [],
    mode: 'text',
    output: 'text',
    language: guide.language,
    playback: silentPlayback,
    guidance: () => interview.guidance(),
    beforeReply: () => Promise.resolve(),
    resume: () => [],
  });
  const pass = async (ms = 0): Promise<void> => {
    for (let round = 0; round < 6; round++) await settle();
    await clock.advanceAsync(ms);
    for (let round = 0; round < 6; round++) await settle();
  };
  return {
    interview,
    dialogue,
    transcript,
    clock,
    errors,
    ends,
    coverages,
    assessments,
    pass,
    answer: async (text) => {
      dialogue.sendText(text);
      await pass(1000);
    },
    acts: () =>
      transcript.turns
        .filter(({ speaker }) => speaker === 'interviewer')
        .map(({ act, questionId, probeId, unheard }) =>
          [[act, questionId, probeId].filter(Boolean).join(':'), unheard && '(unheard)']
            .filter(Boolean)
            .join(' '),
        ),
  };
}
