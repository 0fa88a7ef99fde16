import type { Clock } from '../async/clock.js';
import { abortable } from '../async/deadline.js';
import type { InterviewError } from '../errors.js';
import { fetchGuide } from '../interview/fetch-guide.js';
import { localizeGuide, type LocalGuide } from '../interview/guide.js';
import type { EndReason, InterviewSessionOptions } from './session-options.js';
import { MemoryStore } from '../transcript/memory-store.js';
import { openStore } from '../transcript/open-store.js';
import { storageError } from '../transcript/storage-error.js';
import { eraseExpired } from '../transcript/retention.js';
import type { EraseOptions, StoredInterview, TranscriptStore } from '../transcript/transcript-store.js';

const RETAIN_DAYS = 30;

/** Which interview this is, in which words, and what this device has kept of it. */
export interface SessionArchive {
  readonly guide: LocalGuide;
  readonly interviewId: string;
  readonly store: TranscriptStore;
  /** Why what is said is kept in memory only. */
  readonly storageError: InterviewError | undefined;
  /** An unfinished interview that may be restored is there. */
  readonly isUnfinished: boolean;
  /** What is kept of it now. */
  load(): Promise<StoredInterview | undefined>;
  /** An interview that failed is over after all. @returns what is kept of it, unless nothing was or it was over already */
  finish(reason: EndReason): Promise<StoredInterview | undefined>;
  erase(options?: EraseOptions): Promise<void>;
  /** Lets go of a database that was opened here: an open one stays in memory, and everything with it. The next use opens it again. */
  close(): Promise<void>;
}

/**
 * Fetches the guide, opens the store, enforces the retention and looks for an unfinished interview.
 *
 * Devices are shared: without a participant or an id of the host's nobody could ask for the interview again, so it is kept in memory
 * and gone with the page.
 */
export async function openArchive(
  options: InterviewSessionOptions,
  { clock, signal }: { clock: Clock; signal?: AbortSignal | undefined },
): Promise<SessionArchive> {
  const source = await fetchGuide(options.guide, { clock, signal });
  const named =
    options.interviewId ?? (options.participant && JSON.stringify([source.id, options.participant]));
  const interviewId = named || crypto.randomUUID();
  const guide = localizeGuide(source, {
    language: options.language,
    pageLanguage: typeof document === 'undefined' ? undefined : document.documentElement.lang,
    seed: interviewId,
  });
  const opened = await storeOf(options, { isNamed: Boolean(named), clock, signal });
  const closeIfOwn = async (store: TranscriptStore): Promise<void> => {
    if (store !== options.storage) await store.close();
  };
  const look = async (): Promise<StoredInterview | undefined> => {
    const stored = await opened.store.load(interviewId);
    // A use after its close would open it again.
    signal?.throwIfAborted();
    await eraseExpired(opened.store, { retainDays: options.retainDays ?? RETAIN_DAYS, wallNow: Date.now });
    return stored;
  };
  const { store, error, stored } = await abortable(look(), signal)
    .then((stored) => ({ ...opened, stored }))
    .catch(async (cause: unknown) => {
      await closeIfOwn(opened.store);
      signal?.throwIfAborted();
      // The host's own mistake.
      if (cause instanceof RangeError) throw cause;
      // What cannot be read is left as it is, and the interview held without it.
      return { store: new MemoryStore(), error: storageError(cause), stored: undefined };
    });
  const load = (): Promise<StoredInterview | undefined> => store.load(interviewId);
  return {
    guide,
    interviewId,
    store,
    storageError: error,
    isUnfinished:
      options.restore !== 'never' && stored?.record.status === 'unfinished' && stored.turns.length > 0,
    load,
    finish: async (endReason) => {
      const stored = await load();
      if (stored?.record.status !== 'unfinished') return undefined;
      const record = { ...stored.record, status: 'finished', endReason, endedEpochMs: Date.now() } as const;
      await store.putRecord(record);
      return { ...stored, record };
    },
    erase: (options) => store.erase(interviewId, options),
    close: () => closeIfOwn(store),
  };
}

async function storeOf(
  { storage = 'indexeddb' }: InterviewSessionOptions,
  { isNamed, ...waiting }: { isNamed: boolean; clock: Clock; signal?: AbortSignal | undefined },
): Promise<{ store: TranscriptStore; error?: InterviewError }> {
  if (typeof storage === 'object') return { store: storage };
  return storage === 'indexeddb' && isNamed ? openStore(waiting) : { store: new MemoryStore() };
}
