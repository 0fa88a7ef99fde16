import type {
  LockCounts,
  OutgoingEvent,
  ResponseOutcome,
  ResponseTicket,
} from '../../../src/realtime/lock-types.js';
import type { RealtimeModel } from '../../../src/testing/index.js';
import type { Interview } from './interview-plan.js';

/** One request to the lock. */
export interface Asked {
  readonly ticket: ResponseTicket;
  readonly atMs: number;
  readonly reason: string;
  readonly mayBeSkipped: boolean;
  readonly mayExpire: boolean;
  /** Whether a response that the server started by itself may answer it. */
  readonly mayBeCovered: boolean;
  /** The turn that it is about, if voice detection took it in. */
  readonly turnId: string | undefined;
  /** The number of its item, which goes out before its create. */
  readonly item: number | undefined;
  readonly controller: AbortController;
  abortedAtMs?: number;
  /** How many events had gone out when it was aborted. */
  abortedAfter?: number;
  readonly outcomes: ResponseOutcome[];
}

export interface Sent {
  readonly event: OutgoingEvent;
  readonly atMs: number;
  readonly connection: number;
}

export interface Drop {
  readonly atMs: number;
  /** Ids of tickets. */
  readonly unanswered: readonly string[];
}

/** All that can be judged when an interview is over. */
export interface InterviewRecord {
  readonly interview: Interview;
  readonly model: RealtimeModel;
  readonly asked: readonly Asked[];
  readonly sent: readonly Sent[];
  /** When the application told the lock to interrupt. */
  readonly interruptions: readonly number[];
  /** When the client heard that the participant had begun to speak. */
  readonly speechHeard: readonly number[];
  /** When the talk button was held. */
  readonly presses: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** When the client noticed that its connection was gone, and who was then asked for and had no answer. */
  readonly drops: readonly Drop[];
  /** Responses whose end came to the client, and how many events had gone out by then. */
  readonly heard: ReadonlyMap<string, number>;
  /** What was wrong at the moment when it happened, by the invariant's name. */
  readonly remarks: readonly { readonly invariant: string; readonly problem: string }[];
  readonly end: { readonly status: string; readonly queued: number; readonly timers: number };
  readonly counts: LockCounts;
}

/** Whom a create serves. Empty for everything else. */
export function idsOf(event: OutgoingEvent): string[] {
  return event.type === 'response.create' ? metadataOf(event).request_ids!.split(' ') : [];
}

export function isInBand(event: OutgoingEvent): boolean {
  return (
    event.type === 'response.create' &&
    (event.response as { conversation?: string } | undefined)?.conversation !== 'none'
  );
}

function metadataOf(event: OutgoingEvent): Readonly<Record<string, string>> {
  return (event.response as { metadata: Record<string, string> }).metadata;
}
