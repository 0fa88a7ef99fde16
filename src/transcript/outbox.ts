import { promisifyRequest } from 'idb-keyval';
import * as v from 'valibot';
import type { IndexedDbStore } from './indexeddb-store.js';

/**
 * `waiting`: to be sent. `refused`: the host will not have it; kept, and tried again when the interview is next opened.
 * `delivered`: a receipt without words, so that the same is not sent again.
 */
export interface OutboxEntry {
  readonly subject: string;
  readonly sequence: number;
  readonly key: string;
  /** Of what is said in it: tells whether something new is to be said. */
  readonly fingerprint: number;
  readonly state: 'waiting' | 'refused' | 'delivered';
  /** Empty once delivered. */
  readonly body: string;
}

/** Where messages wait for their delivery. One entry for each subject. Methods reject with what the store threw. */
export interface Outbox {
  load(): Promise<readonly OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  /** Tells that what was kept may be gone, and is to be put again. @returns a function that stops listening */
  onLoss?(listener: () => void): () => void;
}

const ENTRY_VERSION = 1;
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const storedEntry = v.object({
  version: v.literal(ENTRY_VERSION),
  subject: v.string(),
  sequence: count,
  key: v.pipe(v.string(), v.minLength(1)),
  fingerprint: count,
  state: v.picklist(['waiting', 'refused', 'delivered']),
  body: v.string(),
});

/** An interview's outbox, in the database of the interview. It is erased there, together with the interview. */
export class IndexedDbOutbox implements Outbox {
  readonly #store: Pick<IndexedDbStore, 'use' | 'onLoss'>;
  readonly #interviewId: string;

  constructor(store: Pick<IndexedDbStore, 'use' | 'onLoss'>, interviewId: string) {
    this.#store = store;
    this.#interviewId = interviewId;
  }

  onLoss(listener: () => void): () => void {
    return this.#store.onLoss(listener);
  }

  /** What makes no sense is left out: its turn is then taken for one that was never told. */
  async load(): Promise<readonly OutboxEntry[]> {
    const range = IDBKeyRange.bound(['outbox', this.#interviewId], ['outbox', this.#interviewId, []]);
    const stored = await this.#store.use('readonly', (records) =>
      promisifyRequest<unknown[]>(records.getAll(range)),
    );
    return stored.flatMap((value) => {
      const read = v.safeParse(storedEntry, value);
      if (!read.success) return [];
      const { subject, sequence, key, fingerprint, state, body } = read.output;
      return [{ subject, sequence, key, fingerprint, state, body }];
    });
  }

  async put(entry: OutboxEntry): Promise<void> {
    await this.#store.use('readwrite', (records) => {
      records.put({ version: ENTRY_VERSION, ...entry }, ['outbox', this.#interviewId, entry.subject]);
      // Left to itself it would wait for an answer that a page on its way out never sees, and be undone.
      records.transaction.commit();
      return promisifyRequest(records.transaction);
    });
  }
}

/** For a store without a database: what waits lives as long as the page. */
export const memoryOutbox: Outbox = {
  load: () => Promise.resolve([]),
  put: () => Promise.resolve(),
};
