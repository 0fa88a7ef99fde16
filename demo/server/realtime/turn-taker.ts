import type { Speech } from '../speech/speech.js';
import { newId } from './ids.js';
import type { InputBuffer } from './input-buffer.js';
import { SEMANTIC_PAUSE_MS, semanticWaitMs } from './semantic-wait.js';
import type { Send } from './server-events.js';
import type { SemanticVad, TurnDetectionConfig } from './session-schema.js';
import { TurnDetection } from './turn-detection.js';

export interface TurnTakerOptions {
  readonly send: Send;
  readonly speech: Speech;
  readonly buffer: InputBuffer;
  /** Speech began; comes before anything else that follows from it. */
  readonly onSpeech: (config: TurnDetectionConfig) => void;
  /** A turn ended: this sound is to become the item of this id. */
  readonly onTurn: (itemId: string, pcm: Int16Array, config: TurnDetectionConfig) => void;
}

/** A detector is sure of speech only some time after its start. */
const ONSET_MS = 1_000;

/** Takes turns out of the stream of sound while voice detection is on, with the events that tell of it. */
export class TurnTaker {
  readonly #options: TurnTakerOptions;
  #detection: TurnDetection | undefined;
  /** The turn that is being spoken; its item has an id before it exists. */
  #turn: { itemId: string; startMs: number } | undefined;
  /** A pause in the turn under semantic detection: it ends the turn at `untilMs`, as soon as the words tell when that is. */
  #pause: { readonly endMs: number; untilMs: number } | undefined;
  #judgedMs = 0;

  constructor(options: TurnTakerOptions) {
    this.#options = options;
  }

  get isSpeaking(): boolean {
    return this.#turn !== undefined;
  }

  configure(config: TurnDetectionConfig | null): void {
    if (JSON.stringify(config) === JSON.stringify(this.#detection?.config ?? null)) return;
    if (this.#detection?.retune(config)) return;
    this.reset();
    this.#detection = undefined;
    if (!config) return;
    const { speech, buffer } = this.#options;
    const detection = new TurnDetection(config, speech, buffer.receivedMs, {
      onStarted: (startMs) => {
        if (this.#detection === detection) this.#started(startMs, config);
      },
      onStopped: (endMs) => {
        if (this.#detection !== detection) return;
        if (config.type === 'semantic_vad') this.#ponder(endMs, config);
        else this.#stopped(endMs, config);
      },
      onJudged: (untilMs) => {
        if (this.#detection !== detection) return;
        this.#judgedMs = untilMs;
        this.#endPause(config);
        if (!this.#turn) buffer.dropBefore(untilMs - detection.prefixMs - ONSET_MS);
      },
    });
    this.#detection = detection;
  }

  /** Sound that was just put into the buffer. */
  push(pcm: Int16Array): void {
    this.#detection?.push(pcm);
  }

  /** The client cleared or committed the buffer by itself: what was being spoken is no turn any more. */
  reset(): void {
    this.#turn = undefined;
    this.#pause = undefined;
    this.#detection?.reset();
  }

  #started(startMs: number, config: TurnDetectionConfig): void {
    // Only a pause: the turn goes on.
    if (this.#pause) {
      this.#pause = undefined;
      return;
    }
    this.#turn = { itemId: newId('item'), startMs };
    this.#options.send({
      type: 'input_audio_buffer.speech_started',
      item_id: this.#turn.itemId,
      audio_start_ms: Math.round(startMs),
    });
    this.#options.onSpeech(config);
  }

  /** Looks at the words so far, and waits the longer the less they look complete. */
  #ponder(endMs: number, config: SemanticVad): void {
    if (!this.#turn) return;
    const { speech, buffer } = this.#options;
    const pause = { endMs, untilMs: Infinity };
    this.#pause = pause;
    const decide = (words: string): void => {
      if (this.#pause !== pause) return;
      pause.untilMs = endMs - SEMANTIC_PAUSE_MS + semanticWaitMs(config, words);
      this.#endPause(config);
    };
    speech.hear(buffer.peek(this.#turn.startMs, endMs)).then(decide, () => {
      // Without words it is silence that counts.
      decide('');
    });
  }

  #endPause(config: TurnDetectionConfig): void {
    const pause = this.#pause;
    if (!pause || this.#judgedMs < pause.untilMs) return;
    this.#pause = undefined;
    this.#stopped(Math.max(pause.endMs, pause.untilMs), config);
  }

  #stopped(endMs: number, config: TurnDetectionConfig): void {
    if (!this.#turn) return;
    const { itemId, startMs } = this.#turn;
    this.#turn = undefined;
    this.#options.send({
      type: 'input_audio_buffer.speech_stopped',
      item_id: itemId,
      audio_end_ms: Math.round(endMs),
    });
    this.#options.onTurn(itemId, this.#options.buffer.take(startMs, endMs), config);
  }
}
