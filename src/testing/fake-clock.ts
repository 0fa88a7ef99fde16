import type { Clock } from '../async/clock.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fn: () => void;
}

/** A clock that stands still until a test moves it. Timers fire in the order of their time, then of their making. */
export class FakeClock implements Clock {
  #now: number;
  #made = 0;
  readonly #timers = new Map<number, Timer>();

  constructor(startMs = 0) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(fn: () => void, ms: number): unknown {
    const handle = ++this.#made;
    this.#timers.set(handle, { at: this.#now + (Math.max(0, ms) || 0), order: handle, fn });
    return handle;
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle as number);
  }

  /** How many timers are waiting: a closed part leaves none. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time and fires what became due, each timer at its own time, without waiting for promises. */
  advance(ms: number): void {
    const until = this.#until(ms);
    for (let due = this.#next(until); due; due = this.#next(until)) {
      this.#timers.delete(due.order);
      this.#now = Math.max(this.#now, due.at);
      due.fn();
    }
    this.#now = Math.max(this.#now, until);
  }

  /** Like `advance`, and lets promises settle before the first timer, after each timer and at the end. */
  async advanceAsync(ms: number): Promise<void> {
    const until = this.#until(ms);
    await settle();
    for (let due = this.#next(until); due; due = this.#next(until)) {
      this.#timers.delete(due.order);
      this.#now = Math.max(this.#now, due.at);
      due.fn();
      await settle();
    }
    this.#now = Math.max(this.#now, until);
    await settle();
  }

  /** Time passes and no timer fires, as on a machine that sleeps: those that became due do when time next moves. */
  standStill(ms: number): void {
    this.#now = this.#until(ms);
  }

  #until(ms: number): number {
    if (!(ms >= 0)) throw new RangeError(`Expected time to go forward, got ${ms} ms`);
    return this.#now + ms;
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (timer.at > until) continue;
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    }
    return first;
  }
}

/** Lets every promise that can settle now do so, also chains of several steps. */
export async function settle(): Promise<void> {
  for (let step = 0; step < 100; step++) await Promise.resolve();
}
