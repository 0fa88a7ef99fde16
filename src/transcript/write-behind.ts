import type { Clock } from '../async/clock.js';
import { abortable, deadline } from '../async/deadline.js';
import { unreachable } from '../async/state-table.js';
import { InterviewError } from '../errors.js';
import { storageError } from './storage-error.js';

export interface WriteBehindOptions {
  readonly clock: Clock;
  /**
   * Writes what is true of `key` at this moment. One write of a key is under way at a time, save that `flush` does not wait for it:
   * a store must keep the later of two.
   */
  readonly write: (key: string) => Promise<void>;
  /** Told when writes begin to fail, and with `undefined` once everything is written again. */
  readonly onTrouble: (error: InterviewError | undefined) => void;
}

/**
 * `waiting`: a change is to be written. `writing`: a write is under way; `again` says when another must follow it, or that it is only
 * about to begin and takes along what changes until then.
 */
type Slot =
  | { readonly status: 'written' | 'failed'; readonly startedAt: number }
  | { readonly status: 'waiting'; readonly timer: unknown }
  | {
      readonly status: 'writing';
      /** Of the newest write: what comes of those before it no longer counts. */
      readonly run: number;
      readonly again: 'begins' | 'no' | 'later' | 'now';
      readonly done: Promise<unknown>;
    };

/** A growing record is written at most this often. */
const INTERVAL_MS = 250;
/** A store that has not answered by then is taken for one that failed. */
const WRITE_TIMEOUT_MS = 5000;

/**
 * Writes records behind the back of whoever changes them: at most every 250 ms each, at once where asked. A record that could not be
 * written is tried again with its next change, with the next success of another, and by `flush`.
 */
export class WriteBehind {
  readonly #clock: Clock;
  readonly #write: (key: string) => Promise<void>;
  readonly #onTrouble: (error: InterviewError | undefined) => void;
  readonly #slots = new Map<string, Slot>();
  #runs = 0;
  #isFailing = false;
  #isClosed = false;

  constructor({ clock, write, onTrouble }: WriteBehindOptions) {
    this.#clock = clock;
    this.#write = write;
    this.#onTrouble = onTrouble;
  }

  /** The record changed. The first change is written at once, later ones when 250 ms have passed since the last write. */
  changed(key: string, { isUrgent = false }: { isUrgent?: boolean } = {}): void {
    if (this.#isClosed) return;
    const slot = this.#slots.get(key);
    switch (slot?.status) {
      case 'writing':
        if (slot.again === 'no' || slot.again === 'later') {
          this.#slots.set(key, { ...slot, again: isUrgent ? 'now' : 'later' });
        }
        return;
      case 'waiting':
        if (isUrgent) this.#start(key);
        return;
      case 'written':
      case 'failed': {
        const waitMs = slot.startedAt + INTERVAL_MS - this.#clock.now();
        if (!isUrgent && waitMs > 0) this.#wait(key, waitMs);
        else this.#start(key);
        return;
      }
      case undefined:
        this.#start(key);
        return;
      default:
        unreachable(slot);
    }
  }

  /** Resolves when everything that is known of `key` now has been written, or could not be. */
  async written(key: string): Promise<void> {
    for (let slot = this.#slots.get(key); slot; slot = this.#slots.get(key)) {
      if (slot.status === 'waiting') this.#start(key);
      else if (slot.status !== 'writing') return;
      else {
        if (slot.again === 'later') this.#slots.set(key, { ...slot, again: 'now' });
        await slot.done;
        if (slot.again === 'no') return;
      }
    }
  }

  /**
   * Writes all that waits, also what waits for an older write of the same record, and tries again what failed: the page may be gone
   * in a moment. Resolves when that is done, whatever came of it; 10 s at most.
   */
  async flush(): Promise<void> {
    this.#retry({ isUrgent: true });
    for (const [key, slot] of this.#slots) {
      const isBehind = slot.status === 'writing' && (slot.again === 'later' || slot.again === 'now');
      if (isBehind && !this.#isClosed) this.#start(key);
    }
    await Promise.all(Array.from(this.#slots.keys(), (key) => this.written(key)));
  }

  /** Nothing is begun any more; resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const underWay: Promise<unknown>[] = [];
    for (const [key, slot] of this.#slots) {
      if (slot.status === 'waiting') this.#clock.clearTimeout(slot.timer);
      if (slot.status === 'writing') underWay.push(slot.done);
      else this.#slots.delete(key);
    }
    await Promise.all(underWay);
  }

  #wait(key: string, ms: number): void {
    const timer = this.#clock.setTimeout(() => {
      this.#start(key);
    }, ms);
    this.#slots.set(key, { status: 'waiting', timer });
  }

  #start(key: string): void {
    const slot = this.#slots.get(key);
    if (slot?.status === 'waiting') this.#clock.clearTimeout(slot.timer);
    const before = slot?.status === 'writing' ? slot.done : undefined;
    const run = ++this.#runs;
    const done = Promise.all([before, this.#run(key, run)]);
    this.#slots.set(key, { status: 'writing', run, again: 'begins', done });
  }

  async #run(key: string, run: number): Promise<void> {
    const startedAt = this.#clock.now();
    const limit = deadline(this.#clock, WRITE_TIMEOUT_MS, tooSlow);
    let error: InterviewError | undefined;
    try {
      // One step later, so that the slot says `writing` before a write can end, and throws of the store are rejections.
      await Promise.resolve();
      const slot = this.#slots.get(key);
      if (slot?.status === 'writing' && slot.run === run) this.#slots.set(key, { ...slot, again: 'no' });
      await abortable(this.#write(key), limit.signal);
    } catch (cause) {
      error = storageError(cause);
    } finally {
      limit.clear();
    }
    const slot = this.#slots.get(key);
    if (slot?.status !== 'writing' || slot.run !== run) return;
    this.#slots.set(key, { status: error ? 'failed' : 'written', startedAt });
    if (slot.again === 'later' || slot.again === 'now') this.changed(key, { isUrgent: slot.again === 'now' });
    this.#report(error);
  }

  #report(error: InterviewError | undefined): void {
    if (error) {
      if (this.#isFailing) return;
      this.#isFailing = true;
      this.#onTrouble(error);
    } else if (this.#isFailing) {
      this.#retry({ isUrgent: false });
      for (const { status } of this.#slots.values()) if (status !== 'written') return;
      this.#isFailing = false;
      this.#onTrouble(undefined);
    }
  }

  #retry({ isUrgent }: { isUrgent: boolean }): void {
    for (const [key, { status }] of this.#slots) if (status === 'failed') this.changed(key, { isUrgent });
  }
}

function tooSlow(): InterviewError {
  return new InterviewError('storage-unavailable', `The store did not answer within ${WRITE_TIMEOUT_MS} ms`);
}
