import { systemItem, type ClientMessage, type CreateId } from './client-events.js';
import { text, wild } from './lock-reading.js';

type Guidance = () => string | undefined;
type Sent = { readonly type: string; readonly event_id: string };

/**
 * Guidance is a system item just before its create. Every request that wants some sends a mark ahead of itself; the marks of
 * requests that share a create become one item, whose words are asked for when that create really goes out.
 */
export class GuidanceItems {
  readonly #createId: CreateId;
  readonly #marks = new Map<string, Guidance>();
  #due: { readonly mark: Sent; readonly words: Guidance } | undefined;

  constructor(createId: CreateId) {
    this.#createId = createId;
  }

  /** Goes among the events before a create. */
  mark(words: Guidance): ClientMessage {
    const id = this.#createId();
    this.#marks.set(id, words);
    return { type: 'conversation.item.create', item: systemItem(id, '') };
  }

  /** Passes an event of the lock's on to `send`: marks are kept back, and the item that they stand for goes out with their create. */
  pass(event: Sent, send: (event: Sent) => void): void {
    const itemId = text(wild(event)?.item?.id) ?? '';
    const words = this.#marks.get(itemId);
    if (words) {
      this.#marks.delete(itemId);
      this.#due = { mark: event, words };
      return;
    }
    if (this.#due && event.type === 'response.create' && !isBeside(event)) {
      const { mark } = this.#due;
      const said = this.#due.words();
      if (said !== undefined) {
        const id = text(wild(mark)?.item?.id) ?? this.#createId();
        const item: Sent & ClientMessage = {
          type: 'conversation.item.create',
          event_id: mark.event_id,
          item: systemItem(id, said),
        };
        send(item);
      }
      this.#due = undefined;
    }
    send(event);
  }

  disconnect(): void {
    this.#due = undefined;
    this.#marks.clear();
  }
}

function isBeside(create: Sent): boolean {
  return text(wild(create)?.response?.conversation) === 'none';
}
