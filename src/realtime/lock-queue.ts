import { groupOf } from './lock-ticket.js';
import type { LockTicket } from './lock-ticket.js';

/** @returns whether it was there */
export function remove<Item>(items: Item[], item: Item): boolean {
  const at = items.indexOf(item);
  if (at >= 0) items.splice(at, 1);
  return at >= 0;
}

/** By priority, then in the order of asking. */
export function enqueue(queue: LockTicket[], ticket: LockTicket): void {
  queue.push(ticket);
  queue.sort((a, b) => b.priority - a.priority || a.n - b.n);
}

/** The first that is ready and all that share its response, in the order of asking. Empty: nobody is ready. */
export function nextOf(queue: readonly LockTicket[], isReady: (ticket: LockTicket) => boolean): LockTicket[] {
  const first = queue.find(isReady);
  const group = first && groupOf(first);
  if (group === first) return first ? [first] : [];
  const ready = queue.filter(isReady);
  // `request_ids` holds 512 characters: 32 ids of 12 with a space between.
  const together = ready.filter((ticket) => groupOf(ticket) === group).slice(0, 32);
  return together.sort((a, b) => a.n - b.n);
}
