import type { Clock } from '../async/clock.js';

const TICK_MS = 2000;
/** A tick that comes so much later was not just busy: the machine slept, or the tab was throttled. */
const LATE_MS = 4000;
/** Everything but sound is answered at once. */
const ANSWERED_MS = 6000;
/** Sound is not; but a server that hears it for so long and says nothing is asked. */
const HEARD_MS = 20_000;
const LONGEST_MS = 3_600_000;
/** A shorter session is not believed: a clock that is wrong makes them. */
const SHORTEST_MS = 30_000;

/** By the monotonic clock, and by the one on the wall. */
interface Moment {
  readonly at: number;
  readonly epochMs: number;
}

export interface ConnectionWatchOptions {
  readonly clock: Clock;
  /** Milliseconds since 1970: some machines stop their monotonic clock while they sleep. */
  readonly wallNow: () => number;
  /** Sends something that has to be answered. */
  readonly probe: () => void;
  /** Nothing was answered that was sent `since`: the connection is dead, although nobody closed it. */
  readonly onDead: (since: number) => void;
  /** Every 2 s. */
  readonly onTick: () => void;
}

/**
 * Looks after an open connection: whether it still answers, also after the machine slept, and how old it is. Late timers alone
 * prove nothing, since a hidden tab's are late: they make it ask, and only what is not answered then is dead.
 */
export class ConnectionWatch {
  readonly #options: ConnectionWatchOptions;
  #timer: unknown;
  #ticked: Moment = { at: 0, epochMs: 0 };
  #opened: Moment = { at: 0, epochMs: 0 };
  #limitMs = LONGEST_MS;
  /** Nothing has come since this was sent. */
  #unansweredSince: number | undefined;
  #dueAt = Infinity;
  #probed: Moment | undefined;
  #stoodStillSince: number | undefined;
  /** The answer to the last probe could not be waited for properly; to this one it can. */
  #isSecondProbe = false;

  constructor(options: ConnectionWatchOptions) {
    this.#options = options;
  }

  /** `due`: the provider ends it soon, so it is to be replaced at a quiet moment. `overdue`: at any. */
  get age(): 'young' | 'due' | 'overdue' {
    const ageMs = this.#since(this.#opened);
    return ageMs < (this.#limitMs * 55) / 60
      ? 'young'
      : ageMs < (this.#limitMs * 59) / 60
        ? 'due'
        : 'overdue';
  }

  /** Nothing ran from then on until just now: what is lost now may have been lost since. */
  get stoodStillSince(): number | undefined {
    return this.#stoodStillSince ?? (this.#isLate ? this.#ticked.at : undefined);
  }

  /** A new connection took over. `expiresAt`: when the provider ends it, in seconds since 1970, where it said so. */
  start(expiresAt: number | undefined): void {
    this.stop();
    this.#opened = this.#ticked = this.#moment();
    const leftMs = expiresAt === undefined ? LONGEST_MS : expiresAt * 1000 - this.#opened.epochMs;
    this.#limitMs = leftMs < SHORTEST_MS ? LONGEST_MS : Math.min(LONGEST_MS, leftMs);
    this.received();
    this.#wait();
  }

  stop(): void {
    this.#options.clock.clearTimeout(this.#timer);
  }

  sent(type: string): void {
    const patienceMs = type.endsWith('append') ? HEARD_MS : ANSWERED_MS;
    const now = this.#options.clock.now();
    this.#unansweredSince ??= now;
    this.#dueAt = Math.min(this.#dueAt, now + patienceMs);
  }

  received(): void {
    this.#unansweredSince = undefined;
    this.#dueAt = Infinity;
    this.#probed = undefined;
    this.#isSecondProbe = false;
    this.#stoodStillSince = undefined;
  }

  /** Something happened that connections often do not survive. */
  verify(): void {
    this.#isSecondProbe = this.#probed !== undefined;
    this.#probed = this.#moment();
    this.#options.probe();
  }

  #tick(): void {
    const { clock, onDead, onTick } = this.#options;
    const isLate = this.#isLate;
    this.#stoodStillSince = this.stoodStillSince;
    this.#ticked = this.#moment();
    this.#wait();
    const now = clock.now();
    const isUnanswered = this.#probed !== undefined && this.#since(this.#probed) >= ANSWERED_MS;
    // What was answered while everything stood still may not have been delivered yet.
    if (isUnanswered && (!isLate || this.#isSecondProbe))
      onDead(this.#stoodStillSince ?? this.#unansweredSince ?? now);
    else {
      if (isLate || (this.#probed === undefined && now >= this.#dueAt)) this.verify();
      onTick();
    }
  }

  get #isLate(): boolean {
    return this.#since(this.#ticked) > TICK_MS + LATE_MS;
  }

  #wait(): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#tick();
    }, TICK_MS);
  }

  #moment(): Moment {
    return { at: this.#options.clock.now(), epochMs: this.#options.wallNow() };
  }

  /** By the clock that saw more of it. */
  #since(then: Moment): number {
    const { at, epochMs } = this.#moment();
    return Math.max(at - then.at, epochMs - then.epochMs);
  }
}
