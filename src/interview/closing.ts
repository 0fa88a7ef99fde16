import type { Dialogue } from '../dialogue/dialogue.js';
import type { InterviewError } from '../errors.js';
import type { LinkedTurn } from '../turn.js';
import type { Assessment } from './assessment-types.js';
import { runAssessment, type AssessmentParts } from './assessment.js';
import { isForcedToClose, movesOf, nextQuestion, type Circumstances } from './moves.js';
import type { Progress } from './progress-state.js';

export interface ClosingParts extends AssessmentParts {
  readonly dialogue: Pick<Dialogue, 'runAside' | 'capabilities' | 'hold'>;
  readonly turns: () => readonly LinkedTurn[];
  readonly elapsedMs: () => number;
  /** An assessment that was made before a reload. */
  readonly known?: Assessment | undefined;
  readonly onResult: (assessment: Assessment) => void;
  readonly onError: (error: InterviewError) => void;
  /** Replies that waited for the assessment may go. */
  readonly onRelease: () => void;
}

/** How long a reply, or the end, waits for the assessment. */
const WAIT_MS = 10_000;

/** What happens before the farewell: the assessment, made once beside the conversation, and the summary that may wait for it. */
export class Closing {
  readonly #parts: ClosingParts;
  readonly #lifetime = new AbortController();
  readonly #waiting = new Set<() => void>();
  #status: 'none' | 'waiting' | 'running' | 'settled';
  #result: Assessment | undefined;
  #release: (() => void) | undefined;

  constructor(parts: ClosingParts) {
    this.#parts = parts;
    this.#result = parts.known;
    this.#status = !parts.guide.assessment ? 'none' : parts.known ? 'settled' : 'waiting';
  }

  get result(): Assessment | undefined {
    return this.#result;
  }

  /** What may be said of a summary by what is known now. */
  get summary(): Circumstances['summary'] {
    if (this.#isSpoken && this.#result) return { text: this.#result.summary };
    return this.#parts.guide.closing.isSummarySpoken ? 'own-words' : 'none';
  }

  /** Whether enough was said for an assessment that was not made: the last question was asked. */
  mayAssess(progress: Progress): boolean {
    const elapsedMs = this.#parts.elapsedMs();
    return (
      this.#status === 'waiting' &&
      (isForcedToClose(progress, elapsedMs) || (progress.isOpened && !nextQuestion(progress, elapsedMs)))
    );
  }

  /** @returns whether an assessment is under way, or was made */
  assess(progress: Progress): boolean {
    if (this.mayAssess(progress)) this.#start();
    return this.#status !== 'waiting';
  }

  /** Before the farewell there is an assessment, if the guide wants one; its summary, if it is to be spoken, is waited for. */
  prepare(progress: Progress): void {
    const { guide, elapsedMs, dialogue, onRelease } = this.#parts;
    const isLastAsked = guide.closing.anythingElse === undefined || progress.anythingElse !== 'pending';
    if (!isLastAsked && !isForcedToClose(progress, elapsedMs())) return;
    this.assess(progress);
    const acts = movesOf(progress, { elapsedMs: elapsedMs(), summary: 'maybe' }).moves.map(({ act }) => act);
    const isNext = acts.includes('summary') && !acts.includes('follow-up');
    const isOpen = acts.includes('anything-else');
    if (!(isNext || isOpen) || this.#release || !this.#isSpoken || this.#status !== 'running') return;
    // Held from the question on: a typed answer is replied to in the same instant.
    this.#release = dialogue.hold('assessment');
    this.afterwards(() => {
      this.#letGo();
      onRelease();
    });
  }

  /** Calls back, once: when no assessment is running, at once if none is, or after some seconds. */
  afterwards(fn: () => void): void {
    const { clock } = this.#parts;
    if (this.#status !== 'running') {
      fn();
      return;
    }
    const once = (): void => {
      clock.clearTimeout(timer);
      this.#waiting.delete(once);
      fn();
    };
    const timer = clock.setTimeout(once, WAIT_MS);
    this.#waiting.add(once);
  }

  close(): void {
    this.#lifetime.abort(new DOMException('The interview is over', 'AbortError'));
    this.#settle();
    this.#letGo();
  }

  /** Whether the summary of the assessment is meant for the participant's ears. */
  get #isSpoken(): boolean {
    return (this.#parts.guide.assessment?.audience ?? 'host') !== 'host';
  }

  #start(): void {
    const { guide, turns, elapsedMs, onResult, onError } = this.#parts;
    const { signal } = this.#lifetime;
    this.#status = 'running';
    void runAssessment(this.#parts, turns(), { signal })
      .then(
        (judgement) => {
          if (signal.aborted) return;
          const audience = guide.assessment?.audience ?? 'host';
          this.#result = { ...judgement, audience, atMs: elapsedMs() };
          onResult(this.#result);
        },
        (cause: unknown) => {
          // What runAssessment throws is an InterviewError, or the reason of our own signal.
          if (!signal.aborted) onError(cause as InterviewError);
        },
      )
      .then(() => {
        this.#settle();
      });
  }

  #settle(): void {
    this.#status = 'settled';
    for (const fn of [...this.#waiting]) fn();
  }

  #letGo(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
