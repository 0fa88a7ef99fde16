/** The door: every server event that this client acts on is checked here once; behind it are plain types. */
import * as v from 'valibot';
import { InterviewError } from '../errors.js';
import { checkOf } from './check-of.js';
import { wild } from './lock-reading.js';

const text = v.string();
const optionalText = v.nullish(v.string());
const count = v.nullish(v.number());

const item = v.object({
  id: text,
  type: text,
  role: optionalText,
  status: optionalText,
  content: v.nullish(v.array(v.object({ type: optionalText, text: optionalText, transcript: optionalText }))),
  call_id: optionalText,
  name: optionalText,
  arguments: optionalText,
});

const failure = v.object({ type: optionalText, code: optionalText, message: optionalText });

const response = v.object({
  id: text,
  status: optionalText,
  status_details: v.nullish(
    v.object({ type: optionalText, reason: optionalText, error: v.nullish(failure) }),
  ),
  conversation_id: optionalText,
  metadata: v.nullish(v.record(text, text)),
  output: v.nullish(v.array(item)),
  output_modalities: v.nullish(v.array(text)),
  usage: v.nullish(
    v.object({
      input_tokens: count,
      output_tokens: count,
      input_token_details: v.nullish(
        v.object({
          audio_tokens: count,
          cached_tokens: count,
          cached_tokens_details: v.nullish(v.object({ audio_tokens: count })),
        }),
      ),
      output_token_details: v.nullish(v.object({ audio_tokens: count })),
    }),
  ),
});

const transcription = v.object({
  type: optionalText,
  seconds: count,
  input_token_details: v.nullish(v.object({ audio_tokens: count })),
});

const placed = v.object({ item, previous_item_id: optionalText });
const ofItem = v.object({ item_id: text });
const ofOutput = v.object({ response_id: text, item });
const ofPart = { response_id: text, item_id: text };
const delta = v.object({ ...ofPart, delta: text });
const transcript = v.object({ ...ofPart, transcript: text });
const whole = v.object({ response });
const nothing = v.object({});

const schemas = {
  'session.created': v.object({ session: v.optional(v.unknown()) }),
  'session.updated': nothing,
  'conversation.item.added': placed,
  'conversation.item.done': placed,
  'conversation.item.deleted': ofItem,
  'conversation.item.input_audio_transcription.delta': v.object({ item_id: text, delta: optionalText }),
  'conversation.item.input_audio_transcription.completed': v.object({
    item_id: text,
    transcript: text,
    usage: v.nullish(transcription),
  }),
  'conversation.item.input_audio_transcription.failed': ofItem,
  'input_audio_buffer.committed': v.object({ item_id: text, previous_item_id: optionalText }),
  'input_audio_buffer.speech_started': ofItem,
  'input_audio_buffer.speech_stopped': ofItem,
  'response.created': whole,
  'response.done': whole,
  'response.output_item.added': ofOutput,
  'response.output_item.done': ofOutput,
  'response.output_text.delta': delta,
  'response.output_text.done': v.object({ ...ofPart, text }),
  'response.output_audio.delta': delta,
  'response.output_audio_transcript.delta': delta,
  'response.output_audio_transcript.done': transcript,
  error: v.object({ error: v.object({ ...failure.entries, event_id: optionalText }) }),
};

type Schemas = typeof schemas;
export type ServerEvent = {
  [Type in keyof Schemas]: { readonly type: Type } & Readonly<v.InferOutput<Schemas[Type]>>;
}[keyof Schemas];
export type ServerErrorEvent = Extract<ServerEvent, { type: 'error' }>;
export type ServerTranscription = v.InferOutput<typeof transcription>;
export type ServerItem = v.InferOutput<typeof item>;
export type ServerResponse = v.InferOutput<typeof response>;

export type Arrival =
  | { readonly kind: 'event'; readonly event: ServerEvent }
  /** Well-formed, but nothing that this client acts on. */
  | { readonly kind: 'ignored'; readonly type: string }
  | { readonly kind: 'malformed'; readonly error: InterviewError };

const malformed = (message: string): Arrival => ({
  kind: 'malformed',
  error: new InterviewError('protocol-error', message, { isDiagnostic: true }),
});

const doors = new Map(
  Object.entries(schemas).map(([type, schema]) => [type, { schema, isPassed: checkOf(schema) }]),
);

/** Never throws: what cannot be understood is told as `malformed`, with the path of the field that is wrong. */
export function readServerEvent(raw: unknown): Arrival {
  const type: unknown = wild(raw)?.type;
  if (typeof type !== 'string') return malformed('Expected a server event with a "type"');
  const door = doors.get(type);
  if (!door) return { kind: 'ignored', type };
  // It has just been checked by the schema of this very type.
  if (door.isPassed(raw)) return { kind: 'event', event: raw as ServerEvent };
  const result = v.safeParse<v.GenericSchema<unknown, object>>(door.schema, raw);
  if (result.success) return { kind: 'event', event: { ...result.output, type } as ServerEvent };
  const [issue] = result.issues;
  return malformed(`${type}, "${v.getDotPath(issue) ?? ''}": ${issue.message}`.slice(0, 300));
}
