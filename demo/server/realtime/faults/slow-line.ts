import type { Clock } from '../../../../src/async/clock.js';

export interface SlowLineOptions {
  readonly clock: Clock;
  readonly latencyMs: number;
  /** At most that much more, at random. */
  readonly jitterMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Does things later, in the order in which they were asked for: a late one holds up those behind it. */
export class SlowLine {
  readonly #options: SlowLineOptions;
  readonly #timers = new Set<unknown>();
  readonly #waiting: (() => void)[] = [];
  #lastAtMs = -Infinity;

  constructor(options: SlowLineOptions) {
    this.#options = options;
  }

  /** Without latency it happens at once. */
  pass(action: () => void): void {
    const { clock, latencyMs, jitterMs, random } = this.#options;
    if (latencyMs + jitterMs === 0) {
      action();
      return;
    }
    const nowMs = clock.now();
    this.#waiting.push(action);
    this.#lastAtMs = Math.max(this.#lastAtMs, nowMs + latencyMs + random() * jitterMs);
    const timer = clock.setTimeout(() => {
      this.#timers.delete(timer);
      // Timers that end together end in any order: the first to end does what was asked for first.
      this.#waiting.shift()?.();
    }, this.#lastAtMs - nowMs);
    this.#timers.add(timer);
  }

  /** What is still on its way never arrives. */
  close(): void {
    for (const timer of this.#timers) this.#options.clock.clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.length = 0;
  }
}
