/** What a record of the store must look like to be believed: it may be older than this code, or damaged, or somebody else's. */
import * as v from 'valibot';
import type { LinkedTurn } from '../turn.js';
import type { InterviewRecord } from './transcript-store.js';

/** The version that is written. A record of another version is not understood. */
export const STORED_VERSION = 1;

const text = v.string();
const optionalText = v.optional(text);
const number = v.pipe(v.number(), v.finite());
const optionalNumber = v.optional(number);
/** No date lies beyond. */
const epochMs = v.optional(v.pipe(number, v.minValue(-8.64e15), v.maxValue(8.64e15)));
const ofThisVersion = v.object({ version: v.literal(STORED_VERSION) });

const storedTurn = v.object({
  n: v.pipe(v.number(), v.safeInteger()),
  id: v.pipe(text, v.nonEmpty()),
  afterId: v.nullable(text),
  speaker: v.picklist(['interviewer', 'participant']),
  medium: v.picklist(['voice', 'text']),
  status: v.picklist(['partial', 'final', 'failed']),
  text,
  heard: optionalText,
  heardMs: optionalNumber,
  startedAtMs: number,
  endedAtMs: optionalNumber,
  sectionId: optionalText,
  questionId: optionalText,
  act: optionalText,
  probeId: optionalText,
  unheard: v.optional(v.boolean()),
  interruptedBy: v.optional(v.picklist(['participant', 'host'])),
  latencyMs: optionalNumber,
});

const storedRecord = v.object({
  interviewId: text,
  guideId: text,
  guideRevision: optionalText,
  participant: optionalText,
  language: text,
  originEpochMs: epochMs,
  status: v.picklist(['unfinished', 'finished']),
  endReason: optionalText,
  endedEpochMs: epochMs,
  consent: v.optional(v.unknown()),
  assessment: v.optional(v.unknown()),
  usage: v.optional(v.unknown()),
});

/** Written by code that comes after this. */
export function isNewer(stored: unknown): boolean {
  return v.is(v.object({ version: v.pipe(v.number(), v.safeInteger(), v.gtValue(STORED_VERSION)) }), stored);
}

/** `undefined`: malformed. */
export function readTurn(stored: unknown): LinkedTurn | undefined {
  return read(storedTurn, stored);
}

/** `undefined`: malformed. */
export function readRecord(stored: unknown): InterviewRecord | undefined {
  return read(storedRecord, stored);
}

function read<T>(schema: v.GenericSchema<unknown, T>, stored: unknown): T | undefined {
  if (!v.is(ofThisVersion, stored)) return undefined;
  const result = v.safeParse(schema, stored);
  return result.success ? result.output : undefined;
}
