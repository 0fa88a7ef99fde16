import * as v from 'valibot';

/** Ids of items and of calls are refused above this length. */
const id = v.pipe(v.string(), v.maxLength(32));

const itemFields = {
  id: v.optional(id),
  object: v.optional(v.literal('realtime.item')),
  status: v.optional(v.picklist(['completed', 'incomplete', 'in_progress'])),
};

const inputText = v.strictObject({ type: v.literal('input_text'), text: v.string() });

const systemMessage = v.strictObject({
  ...itemFields,
  type: v.literal('message'),
  role: v.literal('system'),
  content: v.array(inputText),
});

const userMessage = v.strictObject({
  ...itemFields,
  type: v.literal('message'),
  role: v.literal('user'),
  content: v.array(
    v.variant('type', [
      inputText,
      v.strictObject({
        type: v.literal('input_audio'),
        audio: v.optional(v.string()),
        transcript: v.optional(v.nullable(v.string())),
      }),
      v.strictObject({
        type: v.literal('input_image'),
        image_url: v.string(),
        detail: v.optional(v.picklist(['auto', 'low', 'high'])),
      }),
    ]),
  ),
});

/** An assistant's message can be told in words only: its sound cannot be put into a conversation. */
const assistantMessage = v.strictObject({
  ...itemFields,
  type: v.literal('message'),
  role: v.literal('assistant'),
  content: v.array(v.strictObject({ type: v.literal('output_text'), text: v.string() })),
});

const functionCall = v.strictObject({
  ...itemFields,
  type: v.literal('function_call'),
  call_id: v.optional(id),
  name: v.string(),
  arguments: v.string(),
});

const functionCallOutput = v.strictObject({
  ...itemFields,
  type: v.literal('function_call_output'),
  call_id: id,
  output: v.string(),
});

const message = v.variant('role', [systemMessage, userMessage, assistantMessage]);

/** What a client may put into a conversation. */
export const newItemSchema = v.variant('type', [message, functionCall, functionCallOutput]);
export type NewItem = v.InferOutput<typeof newItemSchema>;

const itemReferenceSchema = v.strictObject({ type: v.literal('item_reference'), id: v.string() });
export const inputItemSchema = v.variant('type', [
  message,
  functionCall,
  functionCallOutput,
  itemReferenceSchema,
]);

export type ItemStatus = 'completed' | 'incomplete' | 'in_progress';

type UserContent =
  | { type: 'input_text'; text: string }
  | { type: 'input_audio'; transcript: string | null; audio?: string }
  | { type: 'input_image'; image_url: string; detail?: 'auto' | 'low' | 'high' };

type AssistantContent = { type: 'output_text'; text: string } | { type: 'output_audio'; transcript: string };

interface Common {
  readonly id: string;
  readonly object: 'realtime.item';
  status: ItemStatus;
}

interface SystemItem extends Common {
  readonly type: 'message';
  readonly role: 'system';
  readonly content: { type: 'input_text'; text: string }[];
}

interface UserItem extends Common {
  readonly type: 'message';
  readonly role: 'user';
  readonly content: UserContent[];
}

export interface AssistantItem extends Common {
  readonly type: 'message';
  readonly role: 'assistant';
  content: AssistantContent[];
}

export interface FunctionCallItem extends Common {
  readonly type: 'function_call';
  readonly call_id: string;
  readonly name: string;
  arguments: string;
}

interface FunctionCallOutputItem extends Common {
  readonly type: 'function_call_output';
  readonly call_id: string;
  readonly output: string;
}

/** An item as it stands in a conversation and on the wire. */
export type Item = SystemItem | UserItem | AssistantItem | FunctionCallItem | FunctionCallOutputItem;
