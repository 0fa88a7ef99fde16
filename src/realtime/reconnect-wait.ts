import type { Clock } from '../async/clock.js';
import { delay } from '../async/deadline.js';
import type { Network } from './network.js';

/** A shorter wait is over before anybody has read of it. */
const TOLD_MS = 3000;

export interface ReconnectWaitParts {
  readonly network: Network;
  readonly clock: Clock;
  /** How long a wait that has begun will take, if it takes a while; `undefined`: it is over. */
  readonly onRetry: (inMs: number | undefined) => void;
}

export interface ReconnectWaitOptions {
  /** What the host asked for. */
  readonly askedMs: number;
  /** From now on too: the longer of the two holds. */
  readonly backOffMs: number;
  /** Whether there is no network: then it is waited for without end. */
  readonly isGone: () => boolean;
  readonly signal: AbortSignal;
}

/** The wait before a try for a connection: one at a time. */
export class ReconnectWait {
  readonly #parts: ReconnectWaitParts;
  #hurry: (() => void) | undefined;

  constructor(parts: ReconnectWaitParts) {
    this.#parts = parts;
  }

  /** Somebody wants no longer to wait. Quiet where nobody waits. */
  hurry(): void {
    this.#hurry?.();
  }

  /**
   * As long as the host asked; then as long as it takes not to hurry, unless the network comes back meanwhile.
   *
   * @returns whether it ended because somebody wanted it to. Rejects with nothing but the signal's reason.
   */
  async over({ askedMs, backOffMs, isGone, signal }: ReconnectWaitOptions): Promise<boolean> {
    signal.throwIfAborted();
    const { network, clock, onRetry } = this.#parts;
    const early = new AbortController();
    const end = (): void => {
      early.abort();
    };
    const inMs = Math.max(askedMs, backOffMs);
    const isTold = inMs >= TOLD_MS && !isGone();
    let isHurried = false;
    let off = (): void => undefined;
    signal.addEventListener('abort', end, { once: true });
    this.#hurry = () => {
      isHurried = true;
      end();
    };
    if (isTold) onRetry(inMs);
    try {
      if (askedMs > 0) await delay(clock, askedMs, early);
      off = network.onOnline(end);
      await delay(clock, isGone() ? Infinity : Math.max(0, backOffMs - askedMs), early);
    } catch {
      // However it ended, it is over; only the signal's end is one of everything.
      signal.throwIfAborted();
    } finally {
      off();
      signal.removeEventListener('abort', end);
      this.#hurry = undefined;
      if (isTold) onRetry(undefined);
    }
    return isHurried;
  }
}
