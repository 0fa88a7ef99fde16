import { completeItem } from './conversation.js';
import type { Conversation, Entry } from './conversation.js';
import { RequestError } from './errors.js';
import { inputItemSchema } from './items.js';
import { strict } from './strict.js';

/**
 * What a response is to read: the conversation as it stands, or exactly what the client names.
 *
 * @throws RequestError for an item that is malformed, or refers to one that is not there
 */
export function contextOf(
  conversation: Conversation,
  input: readonly unknown[] | undefined,
): readonly Entry[] {
  if (!input) return [...conversation.entries];
  return input.map((data, n) => {
    const param = `response.input[${n}]`;
    const item = strict(inputItemSchema, data, param);
    if (item.type !== 'item_reference') return { item: completeItem(item), spokenSamples: 0 };
    const referred = conversation.find(item.id);
    if (!referred) throw RequestError.invalidValue(`Item with id '${item.id}' not found.`, `${param}.id`);
    return referred;
  });
}
