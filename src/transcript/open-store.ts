import type { Clock } from '../async/clock.js';
import { abortable, deadline } from '../async/deadline.js';
import { InterviewError } from '../errors.js';
import { IndexedDbStore } from './indexeddb-store.js';
import { MemoryStore } from './memory-store.js';
import { storageError } from './storage-error.js';
import type { TranscriptStore } from './transcript-store.js';

/** Some browsers neither open nor refuse the database of a private window. */
const OPEN_TIMEOUT_MS = 2000;

export interface OpenStoreOptions {
  readonly clock: Clock;
  /** What to try first. Default: the browser's database. */
  readonly database?: () => TranscriptStore & { probe(): Promise<void> };
  readonly signal?: AbortSignal | undefined;
}

/**
 * The best store that this page has. `error` says why it is only memory. Rejects with nothing but the signal's reason.
 */
export async function openStore({
  clock,
  database = () => new IndexedDbStore(),
  signal,
}: OpenStoreOptions): Promise<{ store: TranscriptStore; error?: InterviewError }> {
  const limit = deadline(clock, OPEN_TIMEOUT_MS, tooSlow, { signal });
  let store: ReturnType<typeof database> | undefined;
  try {
    // Inside: where storage is blocked the very touch of it may throw.
    store = database();
    await abortable(store.probe(), limit.signal);
    return { store };
  } catch (cause) {
    // Also of one that opens after all: an open database keeps others from it.
    await store?.close();
    signal?.throwIfAborted();
    return { store: new MemoryStore(), error: storageError(cause) };
  } finally {
    limit.clear();
  }
}

function tooSlow(): InterviewError {
  return new InterviewError('storage-unavailable', `The database did not open within ${OPEN_TIMEOUT_MS} ms`);
}
