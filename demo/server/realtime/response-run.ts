import type { RealtimeResponse } from 'openai/resources/realtime/realtime';
import { delay } from '../../../src/async/deadline.js';
import type { Clock } from '../../../src/async/clock.js';
import type { Reply } from '../interviewer/interviewer.js';
import type { Speech } from '../speech/speech.js';
import type { Conversation } from './conversation.js';
import { ResponseFailure } from './faults/failing-responses.js';
import { newId } from './ids.js';
import { SAMPLES_PER_MS } from './pcm-codec.js';
import { ResponseOutput } from './response-output.js';
import { splitSentences, splitWords } from './sentences.js';
import { wireItem } from './server-events.js';
import type { Send } from './server-events.js';
import type { SessionConfig } from './session-config.js';
import { firstTokens, outputAudioTokens, textTokens, usageOf } from './usage.js';
import type { Tokens } from './usage.js';

interface Thought {
  readonly reply: Reply;
  /** What had to be read for it. */
  readonly input: Tokens;
}

export interface ResponseRunOptions {
  /** The session as this response sees it. */
  readonly config: SessionConfig;
  readonly metadata: Record<string, string> | null;
  /** Undefined for an out-of-band response. */
  readonly conversation: Conversation | undefined;
  readonly send: Send;
  readonly speech: Speech;
  readonly clock: Clock;
  /** How many times faster than it sounds the sound is sent. */
  readonly pace: number;
  readonly think: (signal: AbortSignal) => Promise<Thought>;
  /** What the response before this one read, which is cached. */
  readonly readBefore: Tokens;
  /** Called when the first sound goes out. */
  readonly onSpoken: () => void;
  /** Called once, after `response.done` went out. */
  readonly onDone: (run: ResponseRun) => void;
}

type FinalStatus = 'completed' | 'cancelled' | 'failed' | 'incomplete';
type StatusDetails = NonNullable<RealtimeResponse['status_details']>;

const PIECE_MS = 200;
const PAUSE_BETWEEN_SENTENCES_MS = 250;

/** One response, from `response.created` to `response.done`. Cancelling it ends it within the same call. */
export class ResponseRun {
  readonly id = newId('resp');
  readonly #options: ResponseRunOptions;
  readonly #output: ResponseOutput;
  readonly #abort = new AbortController();
  #input: Tokens = { text: 0, audio: 0 };
  #words = 0;
  #spokenSamples = 0;

  constructor(options: ResponseRunOptions) {
    this.#options = options;
    this.#output = new ResponseOutput({
      responseId: this.id,
      send: options.send,
      conversation: options.conversation,
    });
  }

  get isInBand(): boolean {
    return this.#options.conversation !== undefined;
  }

  /** What it read, known once it has begun to speak. */
  get input(): Tokens {
    return this.#input;
  }

  get spokenMs(): number {
    return this.#spokenSamples / SAMPLES_PER_MS;
  }

  start(): void {
    this.#options.send({ type: 'response.created', response: this.#snapshot('in_progress', null) });
    void this.#run().then(
      (status) => {
        if (status === 'incomplete') this.#finish(status, { type: status, reason: 'max_output_tokens' });
        else this.#finish(status, null);
      },
      (error: unknown) => {
        this.#finish('failed', {
          type: 'failed',
          error: {
            type: error instanceof ResponseFailure ? error.type : 'server_error',
            code: error instanceof ResponseFailure ? error.code : 'server_error',
            message: error instanceof Error ? error.message : 'The response failed.',
          },
        });
      },
    );
  }

  cancel(reason: 'turn_detected' | 'client_cancelled'): void {
    this.#finish('cancelled', { type: 'cancelled', reason });
  }

  /** Ends it without a word: the connection is gone. */
  abandon(): void {
    this.#abort.abort();
  }

  async #run(): Promise<'completed' | 'incomplete'> {
    const { config } = this.#options;
    const { reply, input } = await this.#options.think(this.#abort.signal);
    if (this.#isOver()) return 'completed';
    this.#input = input;
    if (reply.say) {
      const [modality = 'audio'] = config.output_modalities;
      this.#output.openMessage(modality);
      const isWhole = modality === 'audio' ? await this.#speak(reply.say) : await this.#write(reply.say);
      if (this.#isOver()) return 'completed';
      if (!isWhole) return 'incomplete';
      this.#output.closeMessage('completed');
    }
    for (const { name, arguments: args } of reply.calls) {
      const text = JSON.stringify(args);
      if (textTokens(name + text) > this.#tokensLeft()) return 'incomplete';
      this.#words += textTokens(name + text);
      this.#output.call(name, text);
    }
    return 'completed';
  }

  /** @returns whether all of it fitted into the response's tokens */
  async #write(text: string): Promise<boolean> {
    const fitting = firstTokens(text, this.#tokensLeft());
    const words = splitWords(fitting);
    for (let at = 0; at < words.length; at += 4) {
      const delta = words.slice(at, at + 4).join('');
      this.#output.addWords(delta);
      await this.#breathe(0);
      if (this.#isOver()) return false;
    }
    this.#words += textTokens(fitting);
    return fitting.length === text.length;
  }

  async #speak(text: string): Promise<boolean> {
    const { speech, config, onSpoken, pace } = this.#options;
    const { voice } = config.audio.output;
    for (const sentence of splitSentences(text)) {
      let words = splitWords(sentence);
      const chunks = speech.speak(sentence, {
        voice: typeof voice === 'string' ? voice : voice.id,
        signal: this.#abort.signal,
      });
      for await (const chunk of chunks) {
        const pieces = Math.ceil(chunk.length / (PIECE_MS * SAMPLES_PER_MS));
        for (let n = 0; n < pieces; n++) {
          if (this.#isOver()) return false;
          const piece = chunk.subarray(n * PIECE_MS * SAMPLES_PER_MS, (n + 1) * PIECE_MS * SAMPLES_PER_MS);
          const told = words.slice(0, Math.ceil(words.length / (pieces - n)));
          const cost = textTokens(told.join('')) + outputAudioTokens(piece.length);
          if (cost > this.#tokensLeft()) return false;
          words = words.slice(told.length);
          this.#words += textTokens(told.join(''));
          this.#output.addWords(told.join(''));
          if (this.#spokenSamples === 0) onSpoken();
          else if (n === 0) this.#addSound(new Int16Array(PAUSE_BETWEEN_SENTENCES_MS * SAMPLES_PER_MS));
          this.#addSound(piece);
          await this.#breathe(piece.length / SAMPLES_PER_MS / pace);
        }
      }
      if (this.#isOver()) return false;
      this.#output.addWords(words.join(''));
    }
    return true;
  }

  #addSound(pcm: Int16Array): void {
    this.#spokenSamples += pcm.length;
    this.#output.addSound(pcm);
  }

  /** Lets the server read what came in, and keeps the pace. */
  async #breathe(ms: number): Promise<void> {
    try {
      await (ms > 0
        ? delay(this.#options.clock, ms, { signal: this.#abort.signal })
        : new Promise<void>((resolve) => {
            setImmediate(resolve);
          }));
    } catch {
      // Cancelled in between: the caller asks `#isOver`.
    }
  }

  /** A call, since what it tells changes during every wait. */
  #isOver(): boolean {
    return this.#abort.signal.aborted;
  }

  #tokensLeft(): number {
    const { max_output_tokens: max } = this.#options.config;
    return max === 'inf' ? Infinity : max - this.#words - outputAudioTokens(this.#spokenSamples);
  }

  #finish(status: FinalStatus, details: StatusDetails | null): void {
    if (this.#isOver()) return;
    this.#abort.abort();
    this.#output.closeMessage('incomplete');
    this.#options.send({ type: 'response.done', response: this.#snapshot(status, details) });
    this.#options.onDone(this);
  }

  #snapshot(status: FinalStatus | 'in_progress', details: StatusDetails | null): RealtimeResponse {
    const { config, metadata, conversation, readBefore } = this.#options;
    const { format, voice } = config.audio.output;
    const snapshot = {
      object: 'realtime.response',
      id: this.id,
      status,
      status_details: details,
      output: this.#output.items.map(wireItem),
      conversation_id: conversation?.id ?? null,
      output_modalities: config.output_modalities,
      max_output_tokens: config.max_output_tokens,
      audio: { output: { format, voice } },
      usage:
        status === 'in_progress'
          ? null
          : usageOf(
              this.#input,
              { text: this.#words, audio: outputAudioTokens(this.#spokenSamples) },
              readBefore,
            ),
      metadata,
    };
    // The provider writes null where its types know only absence.
    return snapshot as unknown as RealtimeResponse;
  }
}
