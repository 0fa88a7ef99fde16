import type { Speech } from '../speech/speech.js';
import type { Conversation, Entry } from './conversation.js';
import { SAMPLES_PER_MS } from './pcm-codec.js';
import type { Send } from './server-events.js';

export interface HearingOptions {
  readonly speech: Speech;
  readonly send: Send;
  readonly conversation: Conversation;
  /** Ends all of it: the connection is gone. */
  readonly signal: AbortSignal;
}

/**
 * Understands the participant's sound, once for both who need it: the interviewer, as a speech model would, and the client, as
 * the provider's asynchronous transcription, where the session asks for that.
 */
export class Hearing {
  readonly #options: HearingOptions;

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  /** Sets `entry.heard` at once and goes on by itself. `contentIndex` is the part of the item that holds the sound. */
  listen(
    entry: Entry,
    pcm: Int16Array,
    { contentIndex, isTold }: { contentIndex: number; isTold: boolean },
  ): void {
    const { speech, signal } = this.#options;
    entry.heard = speech.hear(pcm, { signal }).then(
      (text) => {
        if (!signal.aborted) this.#understood(entry, contentIndex, text, isTold ? pcm : undefined);
        return text;
      },
      (error: unknown) => {
        if (!signal.aborted && isTold) this.#failed(entry, contentIndex, error);
        return undefined;
      },
    );
  }

  #understood(entry: Entry, contentIndex: number, transcript: string, told: Int16Array | undefined): void {
    const { item } = entry;
    const part = item.type === 'message' && item.role === 'user' ? item.content[contentIndex] : undefined;
    if (part?.type === 'input_audio') part.transcript = transcript;
    if (!told || !this.#options.conversation.find(item.id)) return;
    const where = { item_id: item.id, content_index: contentIndex };
    for (const delta of transcript.match(/\s*(?:\S+\s*){1,4}/g) ?? []) {
      this.#options.send({ type: 'conversation.item.input_audio_transcription.delta', ...where, delta });
    }
    this.#options.send({
      type: 'conversation.item.input_audio_transcription.completed',
      ...where,
      transcript,
      usage: { type: 'duration', seconds: Math.round(told.length / SAMPLES_PER_MS / 10) / 100 },
    });
  }

  #failed(entry: Entry, contentIndex: number, error: unknown): void {
    if (!this.#options.conversation.find(entry.item.id)) return;
    this.#options.send({
      type: 'conversation.item.input_audio_transcription.failed',
      item_id: entry.item.id,
      content_index: contentIndex,
      error: {
        type: 'transcription_error',
        code: 'audio_unintelligible',
        message: error instanceof Error ? error.message : 'The audio could not be transcribed.',
      },
    });
  }
}
