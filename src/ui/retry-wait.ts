import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Clock } from '../async/clock.js';

/** Nobody is kept from trying for longer, whatever the other side asked for. */
const LONGEST_MS = 600_000;

/** Counts down to the next try. */
export class RetryWait implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #clock: Clock;
  #until = 0;
  #timer: unknown;

  constructor(host: ReactiveControllerHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
    host.addController(this);
  }

  /** Whole seconds; 0: try as you like. */
  get secondsLeft(): number {
    return Math.max(0, Math.ceil((this.#until - this.#clock.now()) / 1000));
  }

  /** The wait begins now, in the place of any other. */
  begin(ms: number): void {
    this.#until = this.#clock.now() + Math.min(ms, LONGEST_MS);
    this.#tick();
  }

  hostConnected(): void {
    this.#tick();
  }

  hostDisconnected(): void {
    this.#clock.clearTimeout(this.#timer);
  }

  #tick(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#host.requestUpdate();
    const leftMs = this.#until - this.#clock.now();
    if (leftMs <= 0) return;
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#tick();
      },
      Math.min(leftMs, 1000),
    );
  }
}
