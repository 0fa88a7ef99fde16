/** What holds in every interview, each under its own name. A check returns what is wrong, one line each. */
import type { ModelResponse } from '../../../src/testing/index.js';
import type { OutgoingEvent } from '../../../src/realtime/lock-types.js';
import { isOnlyAuthor } from './interview-plan.js';
import { idsOf, type Asked, type InterviewRecord } from './interview-record.js';

/** The lock's own default. */
const CREATED_TIMEOUT_MS = 10_000;

export type Check = (record: InterviewRecord) => readonly string[];

export const INVARIANTS = {
  'one unanswered create at most': remarked,
  'no create meets an active response': (record) =>
    isOnlyAuthor(record.interview) && !mayLose(record) && record.model.conflicts > 0
      ? [`${record.model.conflicts} conflicts on the wire`]
      : [],
  'every ticket settles once': ({ asked }) =>
    problems(asked, ({ outcomes }) => outcomes.length !== 1 && `${outcomes.length} outcomes`),
  'served after it was asked, or told why not': (record) =>
    problems(record.asked, (asked) => whyNotServed(record, asked)),
  'a reconnection costs only what was being answered': (record) =>
    problems(record.asked, (asked) => isDropped(record, asked) && JSON.stringify(asked.outcomes)),
  'nobody is served twice': (record) => problems(record.asked, (asked) => servedTwice(record, asked)),
  'no error of the protocol surfaces': ({ asked }) =>
    problems(asked, ({ outcomes: [outcome] }) => {
      const { code = '', message = '' } = outcome?.error ?? {};
      return /active|cancel|threw/i.test(`${code} ${message}`) && `${code}: ${message}`;
    }),
  '`before` goes once a connection, ahead of its create': (record) => misplacedItems(record),
  'nothing late changes anything': remarked,
  'an aborted ticket leaves nothing on the wire': (record) =>
    problems(record.asked, (asked) => {
      const later = record.sent.slice(asked.abortedAfter ?? Infinity);
      return later.some(({ event }) => serves(event, asked)) && 'sent after it was aborted';
    }),
  'a response that serves nobody any more is cancelled': (record) => unwanted(record),
  'nobody talks over the participant for longer than a round trip': (record) => talkedOver(record),
  'nothing is asked for while the participant speaks': remarked,
  "the server's own response has its time": remarked,
  'what has ended is left alone': ({ sent, heard }) =>
    sent.flatMap(({ event }, at) =>
      event.type === 'response.cancel' && (heard.get(String(event.response_id)) ?? Infinity) <= at
        ? [`${String(event.response_id)} was cancelled after its end`]
        : [],
    ),
  'a cancel names its response': ({ sent }) =>
    sent.flatMap(({ event }) =>
      event.type === 'response.cancel' && !event.response_id ? [event.event_id] : [],
    ),
  'nothing is given up where nothing is lost': (record) =>
    !mayLose(record) && record.counts.orphans + record.counts.lost > 0 ? [JSON.stringify(record.counts)] : [],
  'every event_id is new': ({ sent }) => {
    const ids = sent.map(({ event }) => event.event_id);
    return new Set(ids).size === ids.length ? [] : ['an event_id was used twice'];
  },
  'the lock comes to rest': remarked,
  'idle at the end': ({ end }) =>
    end.status === 'idle' && end.queued === 0 && end.timers === 0 ? [] : [JSON.stringify(end)],
} satisfies Record<string, Check>;

export type InvariantName = keyof typeof INVARIANTS;

/** @returns what is wrong, by the invariant's name; empty when all hold */
export function violations(record: InterviewRecord): Partial<Record<InvariantName, readonly string[]>> {
  const found: Partial<Record<InvariantName, readonly string[]>> = {};
  for (const [name, check] of Object.entries(INVARIANTS) as [InvariantName, Check][]) {
    const wrong =
      check === remarked
        ? record.remarks.filter(({ invariant }) => invariant === name).map(({ problem }) => problem)
        : check(record);
    if (wrong.length > 0) found[name] = wrong;
  }
  return found;
}

/** Judged at the moment when it happens: see the record's remarks. */
function remarked(): readonly string[] {
  return [];
}

function problems(asked: readonly Asked[], judge: (asked: Asked) => string | false): string[] {
  return asked.flatMap((each) => {
    const problem = judge(each);
    return problem === false ? [] : [`${each.ticket.id} (${each.reason}): ${problem}`];
  });
}

function mayLose({ interview }: InterviewRecord): boolean {
  return interview.mode === 'faults';
}

function responsesOf({ model }: InterviewRecord, { ticket }: Asked): ModelResponse[] {
  return model.responses.filter(({ metadata }) => metadata?.request_ids?.split(' ').includes(ticket.id));
}

/** The server acted on its create after it was given up, and was done before a cancel could come. */
function cameTooLate(record: InterviewRecord, response: ModelResponse): boolean {
  const { startedAtMs, endedAtMs = Infinity, metadata } = response;
  const create = record.sent.find(({ event }) => event.event_id === metadata?.create_id);
  return (
    create !== undefined &&
    startedAtMs - create.atMs >= CREATED_TIMEOUT_MS &&
    endedAtMs - startedAtMs <= roundTripMs(record)
  );
}

/** Whether an event speaks for it: its create, or its item. */
function serves(event: OutgoingEvent, { ticket, item }: Asked): boolean {
  return idsOf(event).includes(ticket.id) || (item !== undefined && itemOf(event) === item);
}

/** Responses that answered it and were heard to their end. */
function servings(record: InterviewRecord, asked: Asked): ModelResponse[] {
  const own = responsesOf(record, asked);
  const covering = record.model.responses.filter(
    ({ id, metadata }) => !metadata && asked.outcomes.some(({ responseId }) => responseId === id),
  );
  return [...own, ...covering].filter(
    ({ id, status, plan }) =>
      (status === 'completed' || status === 'incomplete') && plan.end !== 'empty' && record.heard.has(id),
  );
}

function servedTwice(record: InterviewRecord, asked: Asked): string | false {
  const all = servings(record, asked);
  const knownAfter = Math.min(...all.map(({ id }) => record.heard.get(id) ?? Infinity));
  if (record.sent.some(({ event }, at) => at >= knownAfter && idsOf(event).includes(asked.ticket.id)))
    return 'asked for again after it was served';
  // Where `created` did not come in time, another try may have been spoken before anybody could know that the first one was.
  const { length } = all.filter((response) => !isUnannounced(response) && !cameTooLate(record, response));
  return length > 1 && `served ${length} times`;
}

function isUnannounced({ plan: { fault } }: ModelResponse): boolean {
  return fault === 'created lost' || fault === 'answer lost' || fault === 'created late';
}

/**
 * What waited, or was asked for and had no answer, goes on in the next connection; not so a tool, whose call died with the old one.
 * Speech in a connection that is gone is no reason against it: it will never be a turn.
 */
function isDropped({ drops, speechHeard, model }: InterviewRecord, asked: Asked): boolean {
  const [outcome] = asked.outcomes;
  if (asked.reason === 'tool') return false;
  if (outcome?.status === 'disconnected') return !model.responses.some(({ id }) => id === outcome.responseId);
  return (
    outcome?.status === 'cancelled' &&
    outcome.reason === 'speech' &&
    !outcome.responseId &&
    drops.some(
      ({ atMs, unanswered }) =>
        unanswered.includes(asked.ticket.id) && !speechHeard.some((heardMs) => heardMs >= atMs),
    )
  );
}

/** Whether it was asked for in one connection and served in a later one. */
export function wasCarried({ drops, model }: InterviewRecord, { atMs, outcomes }: Asked): boolean {
  const served = outcomes.find(({ status }) => status === 'completed' || status === 'incomplete');
  const response = model.responses.find(({ id }) => id === served?.responseId);
  return (
    response !== undefined && drops.some((drop) => drop.atMs >= atMs && drop.atMs <= response.startedAtMs)
  );
}

function whyNotServed(record: InterviewRecord, asked: Asked): string | false {
  const [outcome] = asked.outcomes;
  if (!outcome) return false; // another invariant's business
  const { model, sent } = record;
  const { ticket, atMs } = asked;
  const response = model.responses.find(({ id }) => id === outcome.responseId);
  const wasSent = sent.some(({ event }) => idsOf(event).includes(ticket.id));
  const why = (isSo: boolean): string | false => !isSo && JSON.stringify({ ...outcome, response: undefined });
  switch (outcome.status) {
    case 'completed':
    case 'incomplete':
      if (!response) return 'served by a response that never was';
      if (response.startedAtMs < (response.metadata ? atMs : takenAtMs(record, asked)))
        return `served by ${response.id}, which began before it was asked`;
      if (response.metadata ? !responsesOf(record, asked).includes(response) : !asked.mayBeCovered)
        return `served by ${response.id}, which is not its own`;
      return response.status !== outcome.status && `${outcome.status}, but ${response.id} ${response.status}`;
    case 'cancelled':
      return why(outcome.reason !== 'aborted' && wasInterrupted(record, asked));
    case 'failed':
      return why(
        !!outcome.error &&
          !!response &&
          ['rate limited', 'server error', 'refused', 'empty'].includes(response.plan.end),
      );
    case 'skipped':
      return why(asked.mayBeSkipped);
    case 'expired':
      return why(asked.mayExpire && !wasSent);
    case 'aborted':
      return why(asked.abortedAtMs !== undefined);
    case 'disconnected':
      return why(record.drops.some((drop) => drop.atMs >= atMs));
    case 'lost':
      return why(mayLose(record) && (wasSent || !!response));
  }
}

/** The server may begin to answer a turn before the client has heard that it took it in. */
function takenAtMs({ model }: InterviewRecord, { turnId, atMs }: Asked): number {
  return model.turns.find(({ itemId }) => itemId === turnId)?.takenAtMs ?? atMs;
}

/** By the application or by voice detection, since it was asked for. */
function wasInterrupted({ interruptions, speechHeard }: InterviewRecord, { atMs }: Asked): boolean {
  return [...interruptions, ...speechHeard].some((thenMs) => thenMs >= atMs);
}

function misplacedItems({ asked, sent }: InterviewRecord): string[] {
  const wrong: string[] = [];
  const told = new Set<string>();
  for (const { event, connection } of sent) {
    const item = itemOf(event);
    if (item !== undefined) {
      if (told.has(`${connection} ${item}`)) wrong.push(`item ${item} twice in connection ${connection}`);
      told.add(`${connection} ${item}`);
    }
    for (const id of idsOf(event)) {
      const own = asked.find(({ ticket }) => ticket.id === id)?.item;
      if (own !== undefined && !told.has(`${connection} ${own}`)) wrong.push(`${id} without its item`);
    }
  }
  return wrong;
}

function itemOf(event: OutgoingEvent): number | undefined {
  return (event.item as { item?: number } | undefined)?.item;
}

function roundTripMs({ interview }: InterviewRecord): number {
  const { upMs, downMs } = interview.script;
  return Math.max(...upMs) + Math.max(...downMs);
}

/** Of which the client knew in time, in a connection that lasted. */
function wellKnown({ model }: InterviewRecord): ModelResponse[] {
  return model.responses.filter((response) => !isUnannounced(response) && response.status !== 'dropped');
}

function unwanted(record: InterviewRecord): string[] {
  return wellKnown(record).flatMap(({ id, metadata, startedAtMs, endedAtMs = Infinity }) => {
    if (!metadata) return [];
    const ids = metadata.request_ids?.split(' ') ?? [];
    const served = record.asked.filter(({ ticket }) => ids.includes(ticket.id));
    const last = Math.max(startedAtMs, ...served.map(({ abortedAtMs = Infinity }) => abortedAtMs));
    return endedAtMs > last + roundTripMs(record) ? [`${id} went on for ${endedAtMs - last} ms`] : [];
  });
}

function talkedOver(record: InterviewRecord): string[] {
  const spoken = wellKnown(record).filter(({ isOutOfBand }) => !isOutOfBand);
  const over = (fromMs: number, toMs: number, responses: readonly ModelResponse[]): string[] =>
    responses.flatMap(({ id, startedAtMs, endedAtMs = Infinity }) => {
      const overlapMs = Math.min(toMs, endedAtMs) - Math.max(fromMs, startedAtMs);
      return overlapMs > roundTripMs(record) ? [`${id} for ${overlapMs} ms`] : [];
    });
  return [
    ...record.model.speeches.flatMap(({ fromMs, toMs = Infinity, interrupts }) =>
      interrupts ? over(fromMs, toMs, spoken) : [],
    ),
    // What the server starts by itself while the talk button is held, it was told to before.
    ...record.presses.flatMap(({ fromMs, toMs }) =>
      over(
        fromMs,
        toMs,
        spoken.filter(({ metadata }) => metadata),
      ),
    ),
  ];
}
