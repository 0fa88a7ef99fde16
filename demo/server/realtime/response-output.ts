import type { Conversation, Entry } from './conversation.js';
import { newId } from './ids.js';
import type { AssistantItem, FunctionCallItem, Item, ItemStatus } from './items.js';
import { encodePcm } from './pcm-codec.js';
import { wireItem } from './server-events.js';
import type { Send } from './server-events.js';

export interface ResponseOutputOptions {
  readonly responseId: string;
  readonly send: Send;
  /** Where the items go; undefined for an out-of-band response, whose items are in no conversation. */
  readonly conversation: Conversation | undefined;
}

interface OpenMessage {
  readonly item: AssistantItem;
  readonly entry: Entry;
  readonly where: { response_id: string; item_id: string; output_index: number; content_index: number };
}

/** Writes what one response says and calls: the events of its items in the provider's order, and the items themselves. */
export class ResponseOutput {
  readonly items: Item[] = [];
  readonly #options: ResponseOutputOptions;
  #message: OpenMessage | undefined;

  constructor(options: ResponseOutputOptions) {
    this.#options = options;
  }

  openMessage(modality: 'text' | 'audio'): void {
    const item: AssistantItem = { ...this.#newItem(), type: 'message', role: 'assistant', content: [] };
    const { entry, output_index } = this.#add(item);
    item.content.push(
      modality === 'audio' ? { type: 'output_audio', transcript: '' } : { type: 'output_text', text: '' },
    );
    const where = { response_id: this.#options.responseId, item_id: item.id, output_index, content_index: 0 };
    this.#message = { item, entry, where };
    this.#options.send({
      type: 'response.content_part.added',
      ...where,
      part: modality === 'audio' ? { type: 'audio', transcript: '' } : { type: 'text', text: '' },
    });
  }

  /** Words of the open message: its text, or the transcript of its sound. */
  addWords(delta: string): void {
    if (!this.#message || delta === '') return;
    const { item, where } = this.#message;
    const [part] = item.content;
    if (part?.type === 'output_audio') {
      part.transcript += delta;
      this.#options.send({ type: 'response.output_audio_transcript.delta', ...where, delta });
    } else if (part) {
      part.text += delta;
      this.#options.send({ type: 'response.output_text.delta', ...where, delta });
    }
  }

  addSound(pcm: Int16Array): void {
    if (!this.#message) return;
    const { entry, where } = this.#message;
    entry.spokenSamples += pcm.length;
    this.#options.send({ type: 'response.output_audio.delta', ...where, delta: encodePcm(pcm) });
  }

  /** Ends the open message, if there is one. */
  closeMessage(status: ItemStatus): void {
    if (!this.#message) return;
    const { send } = this.#options;
    const { item, where } = this.#message;
    this.#message = undefined;
    const [part] = item.content;
    if (part?.type === 'output_audio') {
      const { transcript } = part;
      send({ type: 'response.output_audio.done', ...where });
      send({ type: 'response.output_audio_transcript.done', ...where, transcript });
      send({ type: 'response.content_part.done', ...where, part: { type: 'audio', transcript } });
    } else if (part) {
      const { text } = part;
      send({ type: 'response.output_text.done', ...where, text });
      send({ type: 'response.content_part.done', ...where, part: { type: 'text', text } });
    }
    this.#finish(item, where.output_index, status);
  }

  call(name: string, args: string): void {
    const { send, responseId } = this.#options;
    const item: FunctionCallItem = {
      ...this.#newItem(),
      type: 'function_call',
      call_id: newId('call'),
      name,
      arguments: '',
    };
    const { output_index } = this.#add(item);
    const where = { response_id: responseId, item_id: item.id, output_index, call_id: item.call_id };
    for (const delta of args.match(/[^]{1,24}/g) ?? []) {
      send({ type: 'response.function_call_arguments.delta', ...where, delta });
    }
    item.arguments = args;
    send({ type: 'response.function_call_arguments.done', ...where, name, arguments: args });
    this.#finish(item, output_index, 'completed');
  }

  #newItem(): { id: string; object: 'realtime.item'; status: ItemStatus } {
    return { id: newId('item'), object: 'realtime.item', status: 'in_progress' };
  }

  #add(item: Item): { entry: Entry; output_index: number } {
    const { send, conversation, responseId } = this.#options;
    const output_index = this.items.push(item) - 1;
    send({ type: 'response.output_item.added', response_id: responseId, output_index, item: wireItem(item) });
    const entry: Entry = { item, spokenSamples: 0 };
    if (conversation) {
      const previous_item_id = conversation.lastId;
      conversation.insert(entry);
      send({ type: 'conversation.item.added', previous_item_id, item: wireItem(item) });
    }
    return { entry, output_index };
  }

  #finish(item: Item, output_index: number, status: ItemStatus): void {
    const { send, conversation, responseId } = this.#options;
    item.status = status;
    // The client may have deleted it in the meantime: then it is done for nobody.
    if (conversation?.find(item.id)) {
      send({
        type: 'conversation.item.done',
        previous_item_id: conversation.previousOf(item.id),
        item: wireItem(item),
      });
    }
    send({ type: 'response.output_item.done', response_id: responseId, output_index, item: wireItem(item) });
  }
}
