import type { Clock } from '../async/clock.js';

export interface InterviewClockOptions {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wallNow: () => number;
  /** Of an interview that goes on after a reload: when it first became live. */
  readonly originEpochMs?: number | undefined;
  /** The latest time that the interview has seen: it does not go back behind it although somebody set the wall clock. */
  readonly atLeastMs?: number | undefined;
}

/** The interview's own time: whole milliseconds since it first became live, through pauses and reloads, never going back. */
export class InterviewClock {
  readonly #clock: Clock;
  readonly #wallNow: () => number;
  #originEpochMs: number | undefined;
  /** The clock's reading at the interview's zero; it may lie before this page began. */
  #zeroAt: number | undefined;

  constructor({ clock, wallNow, originEpochMs, atLeastMs = 0 }: InterviewClockOptions) {
    this.#clock = clock;
    this.#wallNow = wallNow;
    this.#originEpochMs = originEpochMs;
    if (originEpochMs !== undefined) {
      this.#zeroAt = clock.now() - Math.max(0, atLeastMs, wallNow() - originEpochMs);
    }
  }

  /** The interview became live. Only the first time counts. @returns milliseconds since 1970 at its zero */
  start(): number {
    this.#zeroAt ??= this.#clock.now();
    this.#originEpochMs ??= this.#wallNow();
    return this.#originEpochMs;
  }

  get originEpochMs(): number | undefined {
    return this.#originEpochMs;
  }

  /** 0 before the interview became live. */
  now(): number {
    return this.toInterviewMs(this.#clock.now());
  }

  /** @param at a reading of the clock */
  readonly toInterviewMs = (at: number): number =>
    this.#zeroAt === undefined ? 0 : Math.max(0, Math.round(at - this.#zeroAt));
}
