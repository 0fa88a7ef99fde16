import type { StateTable } from '../async/state-table.js';
import type { LockTicket } from './lock-ticket.js';
import type { LockStatus, OutcomeStatus, ResponseOutcome } from './lock-types.js';

/**
 * One response on its way, from its create (ours) or from the first that was heard of it (the server's) to its end. Its status is
 * the state machine of the lock; the lock itself is whatever its flights are.
 */
export interface Flight {
  /** `requested`: the server has not answered the create. `cancelling`: a cancel was sent. */
  status: Exclude<LockStatus, 'idle'>;
  /** What the server would call it: the create's `event_id` until that is answered, then the response's id. */
  id: string;
  /** When this status began; while active, when it was last heard of. */
  since: number;
  /** Whether it answers a create of ours. */
  readonly isOurs: boolean;
  /** Out of band: it runs beside the lock. */
  isAside: boolean;
  /** Who is served by it and has no outcome yet. */
  readonly tickets: LockTicket[];
  /** Why it shall end. Remembered while only requested: a cancel without a response's id would hit whatever is active. */
  cause?: string;
  /** The cancel's `event_id`. */
  cancelId?: string;
}

/** Cancelled to learn whether it still lives. */
export const SILENT = 'lock-silent';

/** What the lock may become, by what it is. From `cancelling` back to `active` or `requested`: the cancelled one was not alone. */
export const NEXT = {
  idle: ['requested', 'active'],
  requested: ['idle', 'active'],
  active: ['idle', 'requested', 'cancelling'],
  cancelling: ['idle', 'requested', 'active'],
} satisfies StateTable<LockStatus>;

export function newFlight(known: Partial<Flight>): Flight {
  return { status: 'requested', id: '', since: 0, isOurs: false, isAside: false, tickets: [], ...known };
}

/**
 * The furthest that any flight of the conversation is. Several at a time: a create of ours beside a response that the server
 * started before it came, and whatever the server itself lets overlap.
 */
export function statusOf(flights: readonly Flight[]): LockStatus {
  let furthest: LockStatus = 'idle';
  for (const { isAside, status } of flights)
    // Nothing is further than to be cancelled, and a request only further than nothing.
    if (!isAside && furthest !== 'cancelling' && (status !== 'requested' || furthest === 'idle'))
      furthest = status;
  return furthest;
}

/** How a flight ends that was not completed: what we did to it tells more than what became of it. */
export function endOf({ cause, status, id }: Flight, otherwise: OutcomeStatus): ResponseOutcome {
  return {
    status: cause === SILENT ? 'lost' : cause ? 'cancelled' : otherwise,
    responseId: status === 'requested' ? undefined : id,
    reason: cause,
  };
}

export function settle(flight: Flight, outcome: ResponseOutcome): void {
  for (const ticket of flight.tickets.splice(0)) ticket.settle(outcome);
}
