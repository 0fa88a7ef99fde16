import type { InterviewRecord, TranscriptStore } from './transcript-store.js';

const DAY_MS = 86_400_000;

export interface RetentionOptions {
  /** 0 erases every finished interview, `Infinity` none. */
  readonly retainDays: number;
  /** Milliseconds since 1970. */
  readonly wallNow: () => number;
}

/** Erases the finished interviews that ended longer ago than `retainDays`. Unfinished ones stay: they may be resumed. */
export async function eraseExpired(
  store: TranscriptStore,
  { retainDays, wallNow }: RetentionOptions,
): Promise<void> {
  if (!(retainDays >= 0)) throw new RangeError(`Expected \`retainDays\` to be 0 or more, got ${retainDays}`);
  if (retainDays === Infinity) return;
  await store.eraseFinishedBefore(wallNow() - retainDays * DAY_MS);
}

/** Of a finished interview whose end is not known its beginning counts. */
export function isExpired(
  { status, endedEpochMs, originEpochMs }: Pick<InterviewRecord, 'status' | 'endedEpochMs' | 'originEpochMs'>,
  epochMs: number,
): boolean {
  return status === 'finished' && (endedEpochMs ?? originEpochMs ?? 0) < epochMs;
}
