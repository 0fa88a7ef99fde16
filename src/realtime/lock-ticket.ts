import { isOutOfBand, wild } from './lock-reading.js';
import type {
  LockRequest,
  OutgoingEvent,
  RequestReason,
  ResponseOutcome,
  ResponseTicket,
} from './lock-types.js';

const PRIORITY: Readonly<Record<RequestReason, number>> = {
  opening: 50,
  assessment: 40,
  tool: 35,
  participant: 30,
  text: 30,
  keepalive: 10,
};

/** One request and what is known of it. The lock moves it between its queue and its flights. */
export interface LockTicket extends ResponseTicket {
  /** Its place in the order of asking. */
  readonly n: number;
  readonly request: LockRequest;
  /** The first outcome stays. */
  readonly settle: (outcome: ResponseOutcome) => void;
  /** Above all others once it was sent and refused. */
  priority: number;
  /** Whether it goes on in the next connection. */
  readonly survives: boolean;
  readonly whenBusy: 'wait' | 'skip' | 'interrupt';
  readonly isAside: boolean;
  /** On the lock's clock; put off while nothing could be sent, and for good by the first sending. */
  expiresAt: number;
  /** What of its `before` is still to be sent in this connection. */
  before?: OutgoingEvent[] | undefined;
  /** How often it went back to the queue, by how often it may. */
  readonly tries: Record<number, number>;
}

export function newTicket(n: number, request: LockRequest, now: number, onAbort: () => void): LockTicket {
  const { reason, response, signal, priority, whenBusy, timeToLiveMs, survivesReconnection } = request;
  let resolve: LockTicket['settle'] = () => undefined;
  signal?.addEventListener('abort', onAbort);
  return {
    n,
    id: `t${n.toString(36)}`,
    request,
    outcome: new Promise((resolveOutcome) => {
      resolve = resolveOutcome;
    }),
    settle: (outcome) => {
      signal?.removeEventListener('abort', onAbort);
      resolve(outcome);
    },
    priority: priority ?? PRIORITY[reason],
    whenBusy: whenBusy ?? (reason === 'keepalive' ? 'skip' : 'wait'),
    survives: survivesReconnection ?? reason !== 'tool',
    isAside: isOutOfBand(wild(request)) || isOutOfBand(wild(response)),
    expiresAt: now + (timeToLiveMs ?? (reason === 'text' ? 30_000 : Infinity)),
    tries: {},
  };
}

/** Tickets of one group share a response. Who shares with nobody is a group alone. */
export function groupOf(ticket: LockTicket): unknown {
  const { reason, response, coalesceKey } = ticket.request;
  const mayShare = !ticket.isAside && (reason === 'tool' || reason === 'participant');
  return mayShare ? (coalesceKey ?? (response ? ticket : '')) : ticket;
}
