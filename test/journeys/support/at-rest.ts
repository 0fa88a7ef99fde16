import type { Told } from './interview-page.js';

/** The floor is free, and the interviewer was the last to say something. */
export function isAtRest(events: readonly Told[]): boolean {
  const turn = events.findLast(({ type }) => type === 'turn')?.turn;
  return (
    events.findLast(({ type }) => type === 'status')?.status === 'live' &&
    events.findLast(({ type }) => type === 'activity')?.activity === 'listening' &&
    turn?.speaker === 'interviewer'
  );
}

/** Turns that were told, of one speaker. */
export function turnsOf(events: readonly Told[], speaker: 'interviewer' | 'participant'): readonly Told[] {
  return events.filter(({ type, turn }) => type === 'turn' && turn?.speaker === speaker);
}

/** What its status was, from when it was live. */
export function statusesOf(events: readonly Told[]): readonly string[] {
  const all = events.flatMap(({ type, status }) => (type === 'status' && status ? [status] : []));
  return all.slice(all.indexOf('live'));
}
