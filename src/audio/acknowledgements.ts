import type { Clock } from '../async/clock.js';

interface Waiting {
  readonly resolve: (isAnswered: boolean) => void;
  readonly timer: unknown;
}

/** Questions to the audio thread and their answers, matched by id. No question waits longer than the limit. */
export class Acknowledgements {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** @returns whether the answer came in time; always resolves */
  ask(send: (id: number) => void): Promise<boolean> {
    const id = ++this.#asked;
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => this.#settle(id, false), this.#limitMs);
      this.#waiting.set(id, { resolve, timer });
      send(id);
    });
  }

  /** @returns false when nobody waits for it any more */
  answer(id: number): boolean {
    return this.#settle(id, true);
  }

  /** No answer will come: everything that waits goes on at once. */
  giveUp(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, false);
  }

  #settle(id: number, isAnswered: boolean): boolean {
    const waiting = this.#waiting.get(id);
    if (!waiting) return false;
    this.#waiting.delete(id);
    this.#clock.clearTimeout(waiting.timer);
    waiting.resolve(isAnswered);
    return true;
  }
}
