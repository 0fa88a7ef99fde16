import type { Clock } from '../async/clock.js';
import type { Dialogue, SayOptions } from '../dialogue/dialogue.js';
import { InterviewError } from '../errors.js';

export interface PrompterParts {
  readonly dialogue: Dialogue;
  readonly clock: Clock;
  /** Whether the interviewer is to speak now. */
  readonly isDue: () => boolean;
  /** How to ask for it. `tries` counts the failures so far. */
  readonly options: (tries: number) => SayOptions;
  readonly onError: (error: InterviewError) => void;
}

/** How long everybody is quiet before the interviewer is asked again. Longer than any server takes to begin. */
const STALL_MS = 8000;
const RETRY_MS = 1000;
const MAX_TRIES = 3;

/**
 * Sees to it that the interviewer speaks when it is the interviewer's turn: asks for it, asks again when that failed, and when
 * nothing comes although somebody is owed an answer. Gives up after some tries with an error; a new turn makes it try again.
 */
export class Prompter {
  readonly #parts: PrompterParts;
  readonly #lifetime = new AbortController();
  readonly #speaking = new Set<string>();
  #isHearing = false;
  #isThinking = false;
  #isAsking = false;
  /** Asked for again while the last request was not settled. */
  #isWanted = false;
  #tries = 0;
  #timer: unknown;

  constructor(parts: PrompterParts) {
    this.#parts = parts;
    const { events } = parts.dialogue;
    const { signal } = this.#lifetime;
    const listen: typeof events.on = (type, listener) => events.on(type, listener, { signal });
    listen('hearing', ({ isHearing }) => {
      this.#isHearing = isHearing;
    });
    listen('thinking', ({ isThinking }) => {
      this.#isThinking = isThinking;
    });
    listen('change', (change) => {
      if (change.type === 'began' && change.speaker === 'interviewer') this.#speaking.add(change.id);
      if (change.type === 'removed') this.#speaking.delete(change.id);
    });
    listen('spoken', ({ turnId }) => this.#speaking.delete(turnId));
  }

  get isQuiet(): boolean {
    return !this.#isHearing && !this.#isThinking && this.#speaking.size === 0;
  }

  /** A turn of the interviewer has begun and is not over: what comes next is decided when it is. */
  get isSpeaking(): boolean {
    return this.#speaking.size > 0;
  }

  /** Something was said: whatever was tried in vain is forgotten. */
  settle(): void {
    this.#tries = 0;
    this.#parts.clock.clearTimeout(this.#timer);
  }

  /** Asks for a turn now, unless one is already asked for. */
  speak(how: Partial<SayOptions> = {}): void {
    if (this.#lifetime.signal.aborted) return;
    this.#isWanted = this.#isAsking;
    if (this.#isAsking) return;
    const { dialogue, options } = this.#parts;
    this.#parts.clock.clearTimeout(this.#timer);
    this.#isAsking = true;
    const { signal } = this.#lifetime;
    void dialogue.say({ ...options(this.#tries), signal, ...how }).outcome.then(({ status, error }) => {
      this.#isAsking = false;
      if (signal.aborted) return;
      switch (status) {
        case 'completed':
        case 'incomplete':
        case 'cancelled':
        case 'aborted':
          if (this.#isWanted && this.#parts.isDue()) this.speak();
          else this.watch();
          return;
        case 'skipped':
          // Busy is not silent: it does not count as a try.
          this.#tries = Math.max(0, this.#tries - 1);
          this.watch();
          return;
        case 'failed':
        case 'expired':
        case 'disconnected':
        case 'lost':
          this.#again(error);
      }
    });
  }

  /** Looks again in a while, whether somebody still waits for the interviewer. */
  watch(afterMs = STALL_MS): void {
    this.#later(afterMs, () => {
      if (!this.#parts.isDue()) return;
      if (!this.isQuiet || this.#isAsking || this.#parts.dialogue.status !== 'open') this.watch();
      else if (this.#fails(undefined)) this.speak({ whenBusy: 'skip' });
    });
  }

  close(): void {
    this.settle();
    this.#lifetime.abort(new InterviewError('invalid-state', 'The interview is over'));
  }

  #again(error: InterviewError | undefined): void {
    if (!this.#fails(error)) return;
    this.#later(RETRY_MS * 2 ** this.#tries, () => {
      if (this.#parts.isDue()) this.speak();
    });
  }

  /** Counts a vain try. @returns whether another one makes sense */
  #fails(cause: InterviewError | undefined): boolean {
    this.#tries += 1;
    if (this.#tries <= MAX_TRIES) return true;
    const code = cause?.code ?? 'provider-error';
    this.#parts.onError(
      new InterviewError(code, 'The interviewer did not speak', { recoverable: true, cause }),
    );
    return false;
  }

  #later(ms: number, fn: () => void): void {
    const { clock } = this.#parts;
    clock.clearTimeout(this.#timer);
    if (!this.#lifetime.signal.aborted) this.#timer = clock.setTimeout(fn, ms);
  }
}
