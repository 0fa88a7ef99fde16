import type { LinkedTurn } from '../turn.js';
import type { InterviewRecord } from './transcript-store.js';

/** Raised when a host that understands the old version would misread the new one. */
export const MESSAGE_VERSION = 1;

/** What is said about one thing of the interview: a turn, or its end. */
export type MessageContent =
  | { readonly kind: 'turn'; readonly turn: LinkedTurn }
  /** A turn that was posted never happened: the interviewer was interrupted before a word of it was heard. */
  | { readonly kind: 'removed'; readonly turnId: string }
  | {
      readonly kind: 'end';
      readonly reason: string;
      /** ISO 8601. */
      readonly endedAt?: string;
      /** How many turns the interview has, so that a host can see whether it has them all. */
      readonly turns: number;
      readonly consent?: unknown;
      readonly assessment?: unknown;
    };

/** The body of one request to `transcript-url`. */
export type TranscriptMessage = {
  readonly version: typeof MESSAGE_VERSION;
  /** The same as in the header `Idempotency-Key`: what comes again under a known key is the same message. */
  readonly key: string;
  /** Rises within an interview. Of two messages about one turn the higher one counts. */
  readonly sequence: number;
  readonly interviewId: string;
  readonly guideId: string;
  readonly guideRevision?: string;
  readonly participant?: string;
  /** ISO 8601: when the interview first became live. One that was begun anew has the same id and another beginning. */
  readonly startedAt: string;
} & MessageContent;

/** An interview that never became live has nothing to tell. */
export function startOf({ originEpochMs }: Pick<InterviewRecord, 'originEpochMs'>): string | undefined {
  return originEpochMs === undefined ? undefined : new Date(originEpochMs).toISOString();
}

/** What a message is about: the newest message about it takes the place of an older one. */
export function subjectOf(startedAt: string, content: MessageContent): string {
  switch (content.kind) {
    case 'turn':
      return `${startedAt} ${content.turn.id}`;
    case 'removed':
      return `${startedAt} ${content.turnId}`;
    case 'end':
      return startedAt;
  }
}

/** The same for the same, whoever wrote it: a turn from the store has its fields in another order than one that was just said. */
export function contentOf(content: MessageContent): string {
  switch (content.kind) {
    case 'turn':
      return JSON.stringify(content.turn, Object.keys(content.turn).sort());
    case 'removed':
      return 'removed';
    case 'end':
      return JSON.stringify([content.reason, content.endedAt, content.turns]);
  }
}

export function endOf(record: InterviewRecord, turns: readonly LinkedTurn[]): MessageContent | undefined {
  const { status, endReason, endedEpochMs, consent, assessment } = record;
  if (status !== 'finished') return undefined;
  return {
    kind: 'end',
    reason: endReason ?? 'completed',
    ...(endedEpochMs !== undefined && { endedAt: new Date(endedEpochMs).toISOString() }),
    turns: turns.length,
    ...(consent !== undefined && { consent }),
    ...(assessment !== undefined && { assessment }),
  };
}

export function bodyOf(
  record: InterviewRecord,
  content: MessageContent,
  { key, sequence, startedAt }: { key: string; sequence: number; startedAt: string },
): string {
  const { interviewId, guideId, guideRevision, participant } = record;
  const message: TranscriptMessage = {
    version: MESSAGE_VERSION,
    key,
    sequence,
    interviewId,
    guideId,
    ...(guideRevision !== undefined && { guideRevision }),
    ...(participant !== undefined && { participant }),
    startedAt,
    ...content,
  };
  return JSON.stringify(message);
}
