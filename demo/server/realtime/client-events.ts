import * as v from 'valibot';
import { RequestError } from './errors.js';
import { newItemSchema } from './items.js';
import { responseSchema, sessionSchema } from './session-schema.js';
import { strict } from './strict.js';

const common = { event_id: v.optional(v.pipe(v.string(), v.maxLength(512))) };
const itemId = v.string();

const schemas = {
  'session.update': v.strictObject({ ...common, type: v.literal('session.update'), session: sessionSchema }),
  'conversation.item.create': v.strictObject({
    ...common,
    type: v.literal('conversation.item.create'),
    previous_item_id: v.optional(v.nullable(v.string())),
    item: newItemSchema,
  }),
  'conversation.item.delete': v.strictObject({
    ...common,
    type: v.literal('conversation.item.delete'),
    item_id: itemId,
  }),
  'conversation.item.retrieve': v.strictObject({
    ...common,
    type: v.literal('conversation.item.retrieve'),
    item_id: itemId,
  }),
  'conversation.item.truncate': v.strictObject({
    ...common,
    type: v.literal('conversation.item.truncate'),
    item_id: itemId,
    content_index: v.pipe(v.number(), v.integer()),
    audio_end_ms: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  'input_audio_buffer.append': v.strictObject({
    ...common,
    type: v.literal('input_audio_buffer.append'),
    audio: v.string(),
  }),
  'input_audio_buffer.clear': v.strictObject({ ...common, type: v.literal('input_audio_buffer.clear') }),
  'input_audio_buffer.commit': v.strictObject({ ...common, type: v.literal('input_audio_buffer.commit') }),
  'response.create': v.strictObject({
    ...common,
    type: v.literal('response.create'),
    response: v.optional(v.nullable(responseSchema)),
  }),
  'response.cancel': v.strictObject({
    ...common,
    type: v.literal('response.cancel'),
    response_id: v.optional(v.nullable(v.string())),
  }),
} satisfies Record<string, v.GenericSchema>;

type Schemas = typeof schemas;
export type ClientEvent = { [Type in keyof Schemas]: v.InferOutput<Schemas[Type]> }[keyof Schemas];

/** @throws RequestError for text that is no JSON or no object */
export function parseMessage(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError('invalid_json', 'Could not parse the message as JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError('invalid_event', 'Expected the message to be a JSON object.');
  }
  return value as Record<string, unknown>;
}

/** @throws RequestError naming the first field that is unknown, missing or wrong */
export function parseClientEvent(message: Record<string, unknown>): ClientEvent {
  const { type } = message;
  if (type === undefined) throw RequestError.missing('type');
  if (type === 'output_audio_buffer.clear') {
    throw new RequestError('invalid_event', `'${type}' exists on WebRTC and SIP connections only.`, 'type');
  }
  if (typeof type !== 'string' || !Object.hasOwn(schemas, type)) {
    const known = Object.keys(schemas).map((name) => `'${name}'`);
    throw RequestError.invalidValue(
      `Invalid value: '${typeof type === 'string' ? type : JSON.stringify(type)}'. Supported values are: ${known.slice(0, -1).join(', ')}, and ${known.at(-1) ?? ''}.`,
      'type',
    );
  }
  return strict<v.GenericSchema<unknown, ClientEvent>>(schemas[type as keyof Schemas], message);
}
