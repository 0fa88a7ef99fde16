/**
 * Brings what was said to the host: every settled turn and the end of the interview, one message at a time and in order, until the
 * host has taken it. What waits is kept in the outbox before it is sent, so that a page that is killed sends the same message under
 * the same key again. It knows nothing of pages: it is told when one is hidden.
 */
import type { Clock } from '../async/clock.js';
import { abortable, deadline } from '../async/deadline.js';
import { Emitter } from '../async/emitter.js';
import { unreachable } from '../async/state-table.js';
import type { LinkedTurn } from '../turn.js';
import { bodyOf, contentOf, endOf, startOf, subjectOf, type MessageContent } from './delivery-message.js';
import {
  afterAnswer,
  bytesOf,
  judge,
  KEEPALIVE_BYTES,
  nextStep,
  openPlan,
  parting,
  tell,
  tryNow,
  waiting,
  type Answer,
  type DeliveryPlan,
} from './delivery-plan.js';
import type { Outbox, OutboxEntry } from './outbox.js';
import type { Post } from './post-message.js';
import type { Transcript } from './transcript.js';
import type { InterviewRecord } from './transcript-store.js';

/** How the delivery stands. Nothing that a participant must act on: the interview goes on whatever it says. */
export interface DeliveryState {
  /** Messages on their way, or waiting for another try. */
  readonly waiting: number;
  /** Messages that the host refused. They are kept, and tried again when the interview is next opened. */
  readonly refused: number;
  /** The HTTP status of the latest refusal; 0 for a redirection, which is not followed. */
  readonly refusedStatus?: number;
  /** Tries in a row that came to nothing. */
  readonly failures: number;
  /** `false`: the outbox could not be written; what waits is gone with the page. It is tried again with the next write that succeeds. */
  readonly isKept: boolean;
}

export interface DeliveryOptions {
  readonly outbox: Outbox;
  readonly post: Post;
  readonly clock: Clock;
  /** A number in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Default `crypto.randomUUID`. */
  readonly newKey?: () => string;
  readonly isPageHidden?: () => boolean;
}

/** A turn is settled a little before everything about it is known; so much later it goes out in one message. */
const SETTLE_MS = 250;
const STORE_TIMEOUT_MS = 5000;

export class Delivery {
  readonly events = new Emitter<{ state: DeliveryState }>();
  readonly #options: Required<DeliveryOptions>;
  readonly #leaving = new AbortController();
  readonly #writes = new Map<string, Promise<void>>();
  readonly #parting = new Set<string>();
  /** Subjects whose entry could not be written. */
  readonly #unwritten = new Set<string>();
  #status: 'open' | 'closed' | 'forgotten' = 'open';
  #plan: DeliveryPlan;
  #state: DeliveryState = { waiting: 0, refused: 0, failures: 0, isKept: true };
  #sending: string | undefined;
  #timer: unknown;
  #sync: () => void = () => undefined;

  /** Reads what an earlier page left, and begins to send it. A store that fails or hangs is told in the state. */
  static async open(options: DeliveryOptions, { signal }: { signal?: AbortSignal } = {}): Promise<Delivery> {
    const { clock, outbox } = options;
    const limit = deadline(clock, STORE_TIMEOUT_MS, tooSlow, { signal });
    try {
      return new Delivery(options, await abortable(outbox.load(), limit.signal), { isKept: true });
    } catch {
      signal?.throwIfAborted();
      return new Delivery(options, [], { isKept: false });
    } finally {
      limit.clear();
    }
  }

  private constructor(
    options: DeliveryOptions,
    stored: readonly OutboxEntry[],
    { isKept }: { isKept: boolean },
  ) {
    this.#options = {
      random: Math.random,
      newKey: () => crypto.randomUUID(),
      isPageHidden: () => false,
      ...options,
    };
    this.#plan = openPlan(stored);
    this.#state = { ...this.#state, isKept, waiting: waiting(this.#plan).length };
    this.#step();
  }

  get state(): DeliveryState {
    return this.#state;
  }

  /** Tells everything settled of an interview that was not told yet. */
  take(record: InterviewRecord, turns: readonly LinkedTurn[]): void {
    this.#take(record, turns, new Map());
  }

  /** Tells what is there of a transcript and what becomes of it. The undoing tells the last of it. */
  follow(transcript: Pick<Transcript, 'record' | 'turns' | 'events'>): () => void {
    const { clock } = this.#options;
    let known: ReadonlyMap<string, LinkedTurn> = new Map();
    let timer: unknown;
    const sync = (): void => {
      clock.clearTimeout(timer);
      timer = undefined;
      known = this.#take(transcript.record, transcript.turns, known);
    };
    const off = transcript.events.on('change', () => {
      timer ??= clock.setTimeout(sync, SETTLE_MS);
    });
    const offLoss = this.#options.outbox.onLoss?.(() => {
      this.#keepAgain(this.#plan.entries.keys());
    });
    this.#sync = sync;
    sync();
    return () => {
      off();
      offLoss?.();
      sync();
      this.#sync = () => undefined;
    };
  }

  /** Something changed for the better: tries again at once, unless the host asked to wait. */
  wake(): void {
    this.#plan = tryNow(this.#plan);
    this.#step();
  }

  /** The page may be gone at any moment: all that fits goes out now, in requests that outlive it. */
  part(): void {
    if (this.#status === 'forgotten') return;
    this.#sync();
    const { clock } = this.#options;
    for (const entry of parting(this.#plan, clock.now())) {
      if (!this.#parting.has(entry.key)) void this.#sendParting(entry);
    }
  }

  /** Sends what it can as if the page went, and tries no more. Resolves when the outbox is written. Closing twice is quiet. */
  async close(): Promise<void> {
    if (this.#status === 'open') {
      this.part();
      this.#status = 'closed';
      this.#options.clock.clearTimeout(this.#timer);
    }
    while (this.#writes.size > 0) await Promise.all(this.#writes.values());
  }

  /** The interview is being erased: nothing of it is sent or written any more. Resolves when no write is under way. */
  async forget(): Promise<void> {
    this.#status = 'forgotten';
    this.#options.clock.clearTimeout(this.#timer);
    this.#leaving.abort(new DOMException('The interview was erased', 'AbortError'));
    this.#plan = openPlan([]);
    await Promise.all(this.#writes.values());
    this.#report();
  }

  /** @param known as this gave it back the last time: what is the same was told, and what is gone never happened */
  #take(
    record: InterviewRecord,
    turns: readonly LinkedTurn[],
    known: ReadonlyMap<string, LinkedTurn>,
  ): ReadonlyMap<string, LinkedTurn> {
    const all = new Map(turns.map((turn) => [turn.id, turn]));
    for (const { id, status } of known.values()) {
      if (status !== 'partial' && !all.has(id)) this.#tell(record, { kind: 'removed', turnId: id });
    }
    for (const turn of turns) {
      if (turn.status !== 'partial' && known.get(turn.id) !== turn)
        this.#tell(record, { kind: 'turn', turn });
    }
    const end = endOf(record, turns);
    if (end) this.#tell(record, end);
    this.#step();
    return all;
  }

  #tell(record: InterviewRecord, content: MessageContent): void {
    const startedAt = startOf(record);
    if (startedAt === undefined || this.#status === 'forgotten') return;
    const subject = subjectOf(startedAt, content);
    this.#change(
      tell(this.#plan, {
        subject,
        content: contentOf(content),
        key: this.#options.newKey,
        write: (key, sequence) => bodyOf(record, content, { key, sequence, startedAt }),
      }),
    );
  }

  #change(plan: DeliveryPlan): void {
    const before = this.#plan;
    this.#plan = plan;
    for (const [subject, entry] of plan.entries) if (before.entries.get(subject) !== entry) this.#keep(entry);
    this.#report();
  }

  #keepAgain(subjects: Iterable<string>): void {
    for (const subject of subjects) {
      const entry = this.#plan.entries.get(subject);
      if (entry) this.#keep(entry);
    }
  }

  /** Writes of one subject follow each other, so that the newest is the last. */
  #keep(entry: OutboxEntry): void {
    const { subject } = entry;
    const write = this.#write(entry, this.#writes.get(subject));
    this.#writes.set(subject, write);
    void write.then(() => {
      if (this.#writes.get(subject) === write) this.#writes.delete(subject);
    });
  }

  async #write(entry: OutboxEntry, before: Promise<void> | undefined): Promise<void> {
    await before;
    if (this.#status === 'forgotten') return;
    const limit = deadline(this.#options.clock, STORE_TIMEOUT_MS, tooSlow);
    try {
      await abortable(this.#options.outbox.put(entry), limit.signal);
      this.#unwritten.delete(entry.subject);
      const again = [...this.#unwritten];
      this.#unwritten.clear();
      this.#keepAgain(again);
      // The last of them is the one to tell.
      if (this.#writes.size === 1) this.#report({ isKept: true });
    } catch {
      this.#unwritten.add(entry.subject);
      // The transcript's own writes tell the participant; here it only says what a lost page would cost.
      this.#report({ isKept: false });
    } finally {
      limit.clear();
    }
  }

  #step(): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timer);
    if (this.#status !== 'open' || this.#sending !== undefined || this.#parting.size > 0) return;
    const step = nextStep(this.#plan, clock.now());
    switch (step.type) {
      case 'rest':
        return;
      case 'wait':
        this.#timer = clock.setTimeout(() => {
          this.#step();
        }, step.ms);
        return;
      case 'send':
        void this.#send(step.entry);
        return;
      default:
        unreachable(step);
    }
  }

  async #send(entry: OutboxEntry): Promise<void> {
    this.#sending = entry.key;
    // Kept before it is sent: a page killed in between sends it again under the same key.
    await this.#writes.get(entry.subject);
    // Meanwhile the page may have begun to go, or another message taken its place.
    const isNeeded =
      this.#status === 'open' &&
      !this.#parting.has(entry.key) &&
      this.#plan.entries.get(entry.subject) === entry;
    const keepalive = this.#options.isPageHidden() && bytesOf(entry.body) <= KEEPALIVE_BYTES;
    const answer = isNeeded ? await this.#post(entry, keepalive) : undefined;
    this.#sending = undefined;
    if (answer) this.#learn(entry, answer);
    this.#step();
  }

  async #sendParting(entry: OutboxEntry): Promise<void> {
    this.#parting.add(entry.key);
    const answer = await this.#post(entry, true);
    this.#parting.delete(entry.key);
    // Many requests at once that fail are one failure, and the loop will find out by itself.
    if (
      answer &&
      (judge(answer) !== 'again' || ('retryAfterMs' in answer && answer.retryAfterMs !== undefined))
    )
      this.#learn(entry, answer);
    this.#step();
  }

  async #post(entry: OutboxEntry, keepalive: boolean): Promise<Answer | undefined> {
    const { signal } = this.#leaving;
    try {
      return await this.#options.post(entry, { keepalive, signal });
    } catch (cause) {
      if (!signal.aborted) throw cause;
      return undefined;
    }
  }

  #learn(entry: OutboxEntry, answer: Answer): void {
    if (this.#status === 'forgotten') return;
    const { clock, random } = this.#options;
    this.#change(afterAnswer(this.#plan, entry, answer, { nowMs: clock.now(), random }));
    if (answer.type === 'answered' && judge(answer) === 'refused')
      this.#report({ refusedStatus: answer.status });
  }

  #report(more: Partial<DeliveryState> = {}): void {
    let refused = 0;
    for (const { state } of this.#plan.entries.values()) if (state === 'refused') refused++;
    const { failures } = this.#plan;
    const next = { ...this.#state, waiting: waiting(this.#plan).length, refused, failures, ...more };
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return;
    this.#state = next;
    this.events.emit('state', next);
  }
}

function tooSlow(): Error {
  return new DOMException(`The store did not answer within ${STORE_TIMEOUT_MS} ms`, 'TimeoutError');
}
