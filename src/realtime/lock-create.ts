import { wild } from './lock-reading.js';
import type { LockTicket } from './lock-ticket.js';
import type { OutgoingEvent } from './lock-types.js';

/** Whose parameters a shared create takes: the newest that has some, among the participant's where there are any. */
export function authorOf(tickets: readonly LockTicket[]): LockTicket | undefined {
  const participants = tickets.filter(({ request }) => request.reason === 'participant');
  return (participants[0] ? participants : tickets).filter(({ request }) => request.response).at(-1);
}

/** `create_id` tells this try from every other, `request_ids` whom it serves. */
export function createEvent(id: string, tickets: readonly LockTicket[], parameters: object): OutgoingEvent {
  const metadata = {
    ...wild(parameters)?.metadata,
    create_id: id,
    request_ids: tickets.map((ticket) => ticket.id).join(' '),
  };
  return { type: 'response.create', event_id: id, response: { ...parameters, metadata } };
}
