import type { Clock } from '../async/clock.js';
import type { ProviderError } from './provider-error.js';

/** `cancelling`: a cancel was sent and the server has not confirmed it yet. Only the conversation's own responses count. */
export type LockStatus = 'idle' | 'requested' | 'active' | 'cancelling';

export type RequestReason = 'opening' | 'assessment' | 'tool' | 'participant' | 'text' | 'keepalive';

/** A client event on its way out. The lock gives an `event_id` to those that have none. */
export interface LockEvent {
  readonly type: string;
  readonly event_id?: string;
  readonly [field: string]: unknown;
}

export interface OutgoingEvent extends LockEvent {
  readonly event_id: string;
}

export interface LockOptions {
  /** May throw: the request is then not sent, and tried again after a back-off or in the next connection. */
  readonly send: (event: OutgoingEvent) => void;
  readonly clock: Clock;
  /** Told of every change of status, in order, once the call that caused it has done its work. It may call the lock. */
  readonly onChange?: (status: LockStatus) => void;
  /** How long a create may stay without any answer. Default 10,000. */
  readonly createdTimeoutMs?: number;
  /** How long a response may stay without any event before it is asked about with a cancel. Default 30,000. */
  readonly silentTimeoutMs?: number;
  /** How long a cancel may stay without an answer before its response is given up. Default 5,000. */
  readonly cancelTimeoutMs?: number;
  /** How long the server has to start its own response after a turn, while `serverCreatesResponses`. Default 1,000. */
  readonly graceMs?: number;
  /** The longest hold, also the lock's own while the participant is heard to speak. Default 60,000. */
  readonly maxHoldMs?: number;
  /** How often one ticket is tried again after a rate limit, a lost create, a failed send or a conflict without a cause. Default 3. */
  readonly maxRetries?: number;
  /** How many out-of-band responses may run at a time. Default 4. */
  readonly maxAsides?: number;
}

export interface LockRequest {
  readonly reason: RequestReason;
  /** Parameters of `response.create`. A function is called at the moment of sending, also for a retry. If it throws, its ticket fails. */
  readonly response?: object | (() => object);
  /**
   * Sent just before the create, once per connection: a retry repeats only the create. If it throws, its ticket fails; if the
   * server refuses one of its events, the ticket fails and the response is cancelled unless another ticket wants it.
   */
  readonly before?: readonly LockEvent[] | (() => readonly LockEvent[]);
  /** Higher goes first. Default by reason: opening 50, assessment 40, tool 35, participant 30, text 30, keepalive 10. */
  readonly priority?: number;
  /** `interrupt` cancels what is active and waits for its end. Default `wait`; for a keepalive `skip`: now or never. */
  readonly whenBusy?: 'wait' | 'skip' | 'interrupt';
  /** Tool and participant tickets with the same key share one response; those without `response` and key share one too. */
  readonly coalesceKey?: string;
  /** `playback` waits also while `lock.isPlaying`. Default `done`. */
  readonly waitFor?: 'done' | 'playback';
  /** How long it may wait for its first sending; holds, pauses and lost connections do not count. Default 30,000 for text, else no limit. */
  readonly timeToLiveMs?: number;
  /** Settles the ticket as `aborted`; a response that serves nobody else is cancelled. */
  readonly signal?: AbortSignal;
  /** Out of band, for a `response` function that will say so too: known before it is called, the ticket need not wait for the lock. */
  readonly conversation?: 'none';
  /**
   * Asked when the server starts a response of its own: true when everything that this ticket is about is in the conversation already.
   * That response then serves the ticket as well. Default, and for a ticket with `before`: only a response of its own does.
   */
  readonly isCovered?: () => boolean;
  /** Whether it goes on in the next connection. Default true; false for a tool, whose call the next session does not know. */
  readonly survivesReconnection?: boolean;
}

/**
 * `completed`, `incomplete`, `cancelled`, `failed`: what became of its response. `skipped`: the lock was busy. `expired`: its time
 * to live ran out before it was sent. `aborted`: by its signal. `disconnected`: the connection went while it was being answered, or
 * the lock was disposed of. `lost`: the server never answered, fell silent in mid-response, or refused it too often because another response was active.
 */
export type OutcomeStatus =
  | 'completed'
  | 'incomplete'
  | 'cancelled'
  | 'failed'
  | 'skipped'
  | 'expired'
  | 'aborted'
  | 'disconnected'
  | 'lost';

export interface ResponseOutcome {
  readonly status: OutcomeStatus;
  readonly responseId?: string | undefined;
  /** As it came in `response.done`. Not validated. */
  readonly response?: unknown;
  readonly error?: ProviderError;
  /** Of a cancelled one: what `interrupt` was told, or `speech` when the participant spoke before it had begun. */
  readonly reason?: string | undefined;
}

export interface ResponseTicket {
  /** At most 12 characters; stands in `response.metadata.request_ids`. */
  readonly id: string;
  /** Always resolves, exactly once. */
  readonly outcome: Promise<ResponseOutcome>;
}

/** What the lock met since it was made; for diagnosis only. */
export interface LockCounts {
  /** Responses that the server started by itself. */
  adopted: number;
  /** Creates that the server refused because another response was active. */
  conflicts: number;
  /** Events that were malformed, unknown, repeated, or of an earlier connection. */
  ignored: number;
  /** Creates that nobody answered in time. */
  orphans: number;
  /** Responses given up: silent, and not confirmed as ended. */
  lost: number;
  /** Completed responses without speech or call. */
  empty: number;
  /** Calls of `send` that threw. */
  unsent: number;
}
