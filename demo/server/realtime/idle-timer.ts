import type { Clock } from '../../../src/async/clock.js';

/** Runs out when nobody speaks for a while after the interviewer did. Starting it anew, or stopping it, forgets the old wait. */
export class IdleTimer {
  readonly #clock: Clock;
  #timer: unknown;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(ms: number, onIdle: () => void): void {
    this.stop();
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      onIdle();
    }, ms);
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
