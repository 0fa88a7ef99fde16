/** What became of the requests of one interview, told from the server's side: the same for a lock that tells outcomes and one that does not. */
import type { LockRequest } from '../../../src/realtime/lock-types.js';
import type { ModelResponse } from '../../../src/testing/index.js';
import { idsOf, type Asked, type InterviewRecord } from '../../realtime/lock-campaign/interview-record.js';

/** A create that the server swallowed stays unanswered for as long as anybody waits for it. */
const SWALLOWED_MS = 10_000;

export interface Verdict {
  /** Requests that had to be served. */
  readonly asked: number;
  /** Those of them for which no response ever began. */
  readonly lost: number;
  /** Requests for which more than one response was spoken to its end, and the client was told so. */
  readonly twice: number;
  /**
   * Of those, the ones that no client could have spared: every create was out before the first end was heard of. Only of a lock that
   * says in the metadata which create a response answers.
   */
  readonly crossed: number;
}

export function judge(record: InterviewRecord, requests: ReadonlyMap<string, LockRequest>): Verdict {
  let asked = 0;
  let lost = 0;
  let twice = 0;
  let crossed = 0;
  for (const each of record.asked) {
    const request = requests.get(each.ticket.id);
    if (!request) continue;
    const own = record.model.responses.filter(({ metadata }) =>
      metadata?.request_ids?.split(' ').includes(each.ticket.id),
    );
    // One whose end was lost on the way was not heard of: asking again is all that anybody can do.
    const spoken = own.filter(
      ({ id, status, plan }) => status === 'completed' && plan.end !== 'empty' && record.heard.has(id),
    );
    if (spoken.length > 1) twice++;
    if (spoken.length > 1 && haveCrossed(spoken, record)) crossed++;
    if (!hadToBeServed(each, request, record)) continue;
    asked++;
    if (own.length === 0 && !wasCovered(each, request, record)) lost++;
  }
  return { asked, lost, twice, crossed };
}

/** The server took a create for longer than anybody waits, or never said that it had: it was asked again, and then there are two. */
function haveCrossed(spoken: readonly ModelResponse[], { heard, sent }: InterviewRecord): boolean {
  const firstEnd = Math.min(...spoken.map(({ id }) => heard.get(id) ?? 0));
  return spoken.every(({ metadata }) => {
    const at = sent.findIndex(({ event }) => event.event_id === metadata?.create_id);
    return at >= 0 && at < firstEnd;
  });
}

/** A turn that the server may answer by itself: it can begin before the client hears that the turn was taken. */
function wasCovered({ atMs }: Asked, { isCovered }: LockRequest, record: InterviewRecord): boolean {
  const sinceMs = atMs - downMs(record);
  return (
    isCovered !== undefined &&
    record.model.responses.some(({ isOutOfBand, startedAtMs }) => !isOutOfBand && startedAtMs >= sinceMs)
  );
}

function hadToBeServed(
  { reason, abortedAtMs, atMs, ticket }: Asked,
  { whenBusy, timeToLiveMs }: LockRequest,
  record: InterviewRecord,
): boolean {
  const maySkip = (whenBusy ?? (reason === 'keepalive' ? 'skip' : 'wait')) === 'skip';
  if (maySkip || timeToLiveMs !== undefined || abortedAtMs !== undefined) return false;
  // The next session does not know the call.
  if (reason === 'tool' && record.drops.some((drop) => drop.atMs >= atMs)) return false;
  return !wasInterrupted(ticket.id, record);
}

/** An interruption takes back what the server has not answered yet. */
function wasInterrupted(id: string, record: InterviewRecord): boolean {
  const { sent, interruptions, model, interview } = record;
  const roundTripMs = downMs(record) + Math.max(...interview.script.upMs);
  const unansweredMs = roundTripMs + (interview.mode === 'faults' ? SWALLOWED_MS : 0);
  // The client hears of speech some time after the server.
  const heard = model.speeches.flatMap(({ fromMs }) => [fromMs, fromMs + downMs(record)]);
  const times = [...interruptions, ...heard];
  return sent.some(
    ({ event, atMs }) =>
      idsOf(event).includes(id) && times.some((ms) => ms >= atMs && ms <= atMs + unansweredMs),
  );
}

function downMs({ interview }: InterviewRecord): number {
  return Math.max(...interview.script.downMs);
}
