import { completeItem } from './conversation.js';
import type { Conversation, Entry } from './conversation.js';
import { RequestError } from './errors.js';
import type { Hearing } from './hearing.js';
import type { NewItem } from './items.js';
import { decodePcm } from './pcm-codec.js';
import { wireItem } from './server-events.js';
import type { Send } from './server-events.js';

export interface ItemIntakeOptions {
  readonly conversation: Conversation;
  readonly hearing: Hearing;
  readonly send: Send;
}

/** How items come into the conversation that no response wrote: made by the client, or out of the participant's sound. */
export class ItemIntake {
  readonly #options: ItemIntakeOptions;

  constructor(options: ItemIntakeOptions) {
    this.#options = options;
  }

  /** @throws RequestError for a place, an id or a call that does not exist */
  create(fresh: NewItem, after: string | null | undefined): void {
    const { conversation, hearing } = this.#options;
    if (fresh.type === 'function_call_output' && !conversation.hasCall(fresh.call_id)) {
      throw RequestError.invalidValue(
        `Tool call ID '${fresh.call_id}' not found in conversation.`,
        'item.call_id',
      );
    }
    const sounds = soundsOf(fresh);
    const contentIndex = sounds.findIndex((pcm) => pcm !== undefined);
    const pcm = sounds[contentIndex];
    const entry: Entry = { item: completeItem(fresh), spokenSamples: 0, ...(pcm ? { audio: pcm } : {}) };
    conversation.insert(entry, after);
    this.#tell(entry);
    // Sound within an item is understood for the interviewer; only committed sound is transcribed for the client.
    if (pcm) hearing.listen(entry, pcm, { contentIndex, isTold: false });
  }

  /** Makes the participant's sound an item. @param isTranscribed whether the client is told its words */
  commit(itemId: string, pcm: Int16Array, { isTranscribed }: { isTranscribed: boolean }): void {
    const { conversation, hearing, send } = this.#options;
    const entry: Entry = {
      item: {
        id: itemId,
        object: 'realtime.item',
        type: 'message',
        status: 'completed',
        role: 'user',
        content: [{ type: 'input_audio', transcript: null }],
      },
      audio: pcm,
      spokenSamples: 0,
    };
    send({ type: 'input_audio_buffer.committed', item_id: itemId, previous_item_id: conversation.lastId });
    conversation.insert(entry);
    this.#tell(entry);
    hearing.listen(entry, pcm, { contentIndex: 0, isTold: isTranscribed });
  }

  #tell({ item }: Entry): void {
    const { conversation, send } = this.#options;
    const previous_item_id = conversation.previousOf(item.id);
    send({ type: 'conversation.item.added', previous_item_id, item: wireItem(item) });
    send({ type: 'conversation.item.done', previous_item_id, item: wireItem(item) });
  }
}

function soundsOf(fresh: NewItem): (Int16Array | undefined)[] {
  if (fresh.type !== 'message' || fresh.role !== 'user') return [];
  return fresh.content.map((part, n) =>
    part.type === 'input_audio' && part.audio !== undefined
      ? decodePcm(part.audio, `item.content[${n}].audio`)
      : undefined,
  );
}
