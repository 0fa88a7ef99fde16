import { RequestError } from './errors.js';
import { newId } from './ids.js';
import type { Item, NewItem } from './items.js';
import { SAMPLES_PER_MS } from './pcm-codec.js';

/** An item with what the server knows beside it and does not show. */
export interface Entry {
  readonly item: Item;
  /** The participant's sound. */
  readonly audio?: Int16Array;
  /** How much of the assistant's sound was sent and not truncated since. */
  spokenSamples: number;
  /** Set for an item with sound: what was understood, undefined when nothing could be. Never rejects. */
  heard?: Promise<string | undefined>;
}

/** The default conversation: a chain of items in which every one knows its predecessor. */
export class Conversation {
  readonly id = newId('conv');
  readonly #entries: Entry[] = [];

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get lastId(): string | null {
    return this.#entries.at(-1)?.item.id ?? null;
  }

  find(itemId: string): Entry | undefined {
    return this.#entries.find(({ item }) => item.id === itemId);
  }

  previousOf(itemId: string): string | null {
    const at = this.#entries.findIndex(({ item }) => item.id === itemId);
    return at > 0 ? (this.#entries[at - 1]?.item.id ?? null) : null;
  }

  hasCall(callId: string): boolean {
    return this.#entries.some(({ item }) => item.type === 'function_call' && item.call_id === callId);
  }

  /**
   * @param after an item's id, "root" for the front; nothing for the end
   * @throws RequestError for an id that is taken, or an `after` that is not there
   */
  insert(entry: Entry, after?: string | null): void {
    if (this.find(entry.item.id)) {
      throw RequestError.invalidValue(
        `Error adding item: an item with id '${entry.item.id}' already exists.`,
        'item.id',
      );
    }
    if (after === 'root') {
      this.#entries.unshift(entry);
    } else if (after) {
      const at = this.#entries.findIndex(({ item }) => item.id === after);
      if (at < 0) {
        throw new RequestError(
          'item_create_invalid_previous_item_id',
          `Error adding item: the previous item with id '${after}' does not exist.`,
          'previous_item_id',
        );
      }
      this.#entries.splice(at + 1, 0, entry);
    } else {
      this.#entries.push(entry);
    }
  }

  /** @throws RequestError when it is not there */
  delete(itemId: string): void {
    const at = this.#entries.findIndex(({ item }) => item.id === itemId);
    if (at < 0) throw RequestError.unknownItem('deleting', itemId);
    this.#entries.splice(at, 1);
  }

  /**
   * Cuts the assistant's sound and forgets its words: what was not heard must not be in the context.
   *
   * @throws RequestError for anything but spoken words of the assistant, and beyond their end
   */
  truncate(itemId: string, contentIndex: number, audioEndMs: number): void {
    const entry = this.find(itemId);
    if (!entry) throw RequestError.unknownItem('truncating', itemId);
    const { item } = entry;
    const part =
      item.type === 'message' && item.role === 'assistant' ? item.content[contentIndex] : undefined;
    if (contentIndex === 0 && part?.type !== 'output_audio') {
      throw RequestError.invalidValue('Only model output audio messages can be truncated', 'item_id');
    }
    if (part?.type !== 'output_audio') {
      throw RequestError.invalidValue(
        `Invalid 'content_index': the item has no part ${contentIndex}.`,
        'content_index',
      );
    }
    const lengthMs = Math.floor(entry.spokenSamples / SAMPLES_PER_MS);
    if (audioEndMs > lengthMs) {
      throw RequestError.invalidValue(
        `Audio content of ${lengthMs}ms is already shorter than ${audioEndMs}ms`,
        'audio_end_ms',
      );
    }
    entry.spokenSamples = audioEndMs * SAMPLES_PER_MS;
    part.transcript = '';
  }
}

/** The item that a client asked for, completed: an id where it gave none, and everything in its final state. */
export function completeItem(fresh: NewItem): Item {
  const common = { id: fresh.id ?? newId('item'), object: 'realtime.item', status: 'completed' } as const;
  switch (fresh.type) {
    case 'function_call':
      return {
        ...common,
        type: fresh.type,
        call_id: fresh.call_id ?? newId('call'),
        name: fresh.name,
        arguments: fresh.arguments,
      };
    case 'function_call_output':
      return { ...common, type: fresh.type, call_id: fresh.call_id, output: fresh.output };
    case 'message':
      return completeMessage(fresh, common);
  }
}

function completeMessage(
  fresh: Extract<NewItem, { type: 'message' }>,
  common: { id: string; object: 'realtime.item'; status: 'completed' },
): Item {
  switch (fresh.role) {
    case 'system':
      return { ...common, type: 'message', role: 'system', content: fresh.content };
    case 'assistant':
      return { ...common, type: 'message', role: 'assistant', content: fresh.content };
    case 'user':
      return {
        ...common,
        type: 'message',
        role: 'user',
        content: fresh.content.map((part) => {
          switch (part.type) {
            case 'input_text':
              return part;
            case 'input_audio':
              return { type: part.type, transcript: part.transcript ?? null };
            case 'input_image':
              return {
                type: part.type,
                image_url: part.image_url,
                ...(part.detail ? { detail: part.detail } : {}),
              };
          }
        }),
      };
  }
}
