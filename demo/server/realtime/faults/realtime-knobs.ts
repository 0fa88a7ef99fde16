import { flag, integer, KnobError, moment, readKnobs, word } from '../../faults/knobs.js';
import type { Knobs, Moment } from '../../faults/knobs.js';

const ms = integer(0, 60_000);
const nthEvent = integer(1, 1_000_000);

/** Every fault that the address of the Realtime server can ask for. The README's table says what each does. */
const KNOBS = {
  latency: ms,
  jitter: ms,
  'drop-after': moment,
  close: closeCode,
  'close-after': moment,
  'close-reason': closeReason,
  refuse: integer(400, 599),
  'invalid-key': flag,
  malformed: nthEvent,
  oversized: nthEvent,
  lose: lostTypes,
  error: word,
  'error-after': moment,
  'null-ids': flag,
  unasked: unaskedWhen,
  'session-seconds': integer(1, 3_600),
  fail: word,
  'fail-times': integer(1, 1_000),
  'reset-seconds': integer(0, 3_600),
  times: integer(1, 1_000),
  run: (text: string) => text,
} as const;

const NEEDS = {
  'close-after': 'close',
  'close-reason': 'close',
  'error-after': 'error',
  'fail-times': 'fail',
  'reset-seconds': 'fail',
} as const;

export type RealtimeKnobs = Knobs<typeof KNOBS>;

/** What is of the protocol itself in the query. */
const OF_THE_PROTOCOL = ['model', 'call_id', 'intent'];

/** @throws KnobError */
export function readRealtimeKnobs(search: URLSearchParams): RealtimeKnobs {
  const query = new URLSearchParams(search);
  for (const name of OF_THE_PROTOCOL) query.delete(name);
  return readKnobs(KNOBS, query, NEEDS);
}

/** What a server can put into a close frame: not the codes that only a browser reports. */
function closeCode(text: string): number {
  const code = /^\d{4}$/.test(text) ? Number(text) : 0;
  const isSendable =
    (code >= 1_000 && code <= 1_014 && ![1_004, 1_005, 1_006].includes(code)) || code >= 3_000;
  if (isSendable && code <= 4_999) return code;
  throw new KnobError('1000 to 1003, 1007 to 1014, or 3000 to 4999 (for 1006 use drop-after)');
}

function closeReason(text: string): string {
  if (Buffer.byteLength(text) <= 123) return text;
  throw new KnobError('at most 123 bytes');
}

/** One type of event of which some are lost: only the nth, or all. */
export interface LostType {
  readonly type: string;
  readonly nth?: number;
}

function lostTypes(text: string): readonly LostType[] {
  return text.split(',').map((part) => {
    const [, type, nth] = /^([a-z_]+(?:\.[a-z_]+)*)(?::([1-9]\d{0,5}))?$/.exec(part) ?? [];
    if (type === undefined)
      throw new KnobError('types of events with commas between, such as response.created,response.done:2');
    return nth === undefined ? { type } : { type, nth: Number(nth) };
  });
}

function unaskedWhen(text: string): 'turn' | { readonly everyMs: number } {
  const when: Moment | undefined = /\ds$|ms$/.test(text) ? moment(text) : undefined;
  if (when && 'ms' in when && when.ms >= 100) return { everyMs: when.ms };
  if (text === 'turn') return text;
  throw new KnobError('turn, or a time of at least 100ms such as 5s');
}
