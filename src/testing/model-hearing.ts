import type { Clock } from '../async/clock.js';
import { commitEmpty } from './model-errors.js';
import type { ModelServerEvent } from './model-events.js';

/** The session's `turn_detection`, as far as it matters here. */
export interface ModelDetection {
  readonly create_response: boolean;
  readonly interrupt_response: boolean;
  readonly idle_timeout_ms: number | null;
}

/** When the server heard the participant speak: the last one may still last. */
export interface ModelSpeech {
  readonly fromMs: number;
  toMs?: number;
  /** Whether voice detection was to interrupt the interviewer for it. */
  readonly interrupts: boolean;
}

/** What the server took in as an item of the conversation: a turn, or the silence that it answers after a long wait. */
export interface ModelTurn {
  readonly itemId: string;
  readonly takenAtMs: number;
}

export interface ModelHearingOptions {
  readonly clock: Clock;
  readonly send: (event: ModelServerEvent) => void;
  readonly newId: () => string;
  readonly thinkMs: () => number;
  readonly onSpeech: (speech: ModelSpeech) => void;
  readonly onTurn: (turn: ModelTurn) => void;
  readonly interrupt: () => void;
  /** Voice detection wants a response. */
  readonly author: () => void;
}

const LEAST_MS = 100;

/** What the server makes of sound: turns by voice detection, or a buffer that the client commits. */
export class ModelHearing {
  readonly #options: ModelHearingOptions;
  /** The provider's default. */
  #detection: ModelDetection | null = {
    create_response: true,
    interrupt_response: true,
    idle_timeout_ms: null,
  };
  #speech: { readonly itemId: string; readonly told: ModelSpeech } | undefined;
  #bufferMs = 0;
  #isClosed = false;
  /** A response that is to come: after a turn, or after a long silence. */
  #pending: { readonly timer: unknown; readonly isIdle: boolean } | undefined;

  constructor(options: ModelHearingOptions) {
    this.#options = options;
  }

  configure(detection: ModelDetection | null): void {
    this.#fallSilent();
    this.#stopWaiting();
    this.#detection = detection;
  }

  begin(): void {
    const detection = this.#detection;
    if (!detection || this.#speech) return;
    const { clock, send, newId, onSpeech, interrupt } = this.#options;
    this.#stopWaiting();
    const told: ModelSpeech = { fromMs: clock.now(), interrupts: detection.interrupt_response };
    this.#speech = { itemId: `item_${newId()}`, told };
    onSpeech(told);
    send({ type: 'input_audio_buffer.speech_started', item_id: this.#speech.itemId, audio_start_ms: 0 });
    if (detection.interrupt_response) interrupt();
  }

  end(forMs: number): void {
    this.#bufferMs += forMs;
    const detection = this.#detection;
    const speech = this.#speech;
    if (!detection || !speech) return;
    const { send, thinkMs } = this.#options;
    this.#fallSilent();
    send({ type: 'input_audio_buffer.speech_stopped', item_id: speech.itemId, audio_end_ms: forMs });
    this.#taken(speech.itemId);
    if (detection.create_response) this.#later('thinking', thinkMs(), this.#options.author);
  }

  commit(eventId: string | null): void {
    const { send, newId } = this.#options;
    if (this.#bufferMs < LEAST_MS) send(commitEmpty(this.#bufferMs, eventId));
    else this.#taken(`item_${newId()}`);
  }

  clear(): void {
    this.#fallSilent();
    this.#bufferMs = 0;
    this.#options.send({ type: 'input_audio_buffer.cleared' });
  }

  /** The interviewer has just finished: from now on it is silent, if nobody speaks. */
  responseEnded(): void {
    const idleMs = this.#detection?.idle_timeout_ms;
    if (idleMs === null || idleMs === undefined || this.#speech || this.#pending) return;
    const { send, newId } = this.#options;
    this.#later('idle', idleMs, () => {
      const itemId = `item_${newId()}`;
      send({ type: 'input_audio_buffer.timeout_triggered', item_id: itemId, audio_start_ms: 0 });
      this.#taken(itemId);
      this.#options.author();
    });
  }

  responseStarted(): void {
    if (this.#pending?.isIdle) this.#stopWaiting();
  }

  close(): void {
    this.#isClosed = true;
    this.#fallSilent();
    this.#stopWaiting();
  }

  #taken(itemId: string): void {
    const { clock, send, onTurn } = this.#options;
    this.#bufferMs = 0;
    onTurn({ itemId, takenAtMs: clock.now() });
    send({ type: 'input_audio_buffer.committed', item_id: itemId, previous_item_id: null });
    send({ type: 'conversation.item.added', previous_item_id: null, item: { id: itemId, type: 'message' } });
  }

  #fallSilent(): void {
    if (this.#speech) this.#speech.told.toMs = this.#options.clock.now();
    this.#speech = undefined;
  }

  #later(what: 'thinking' | 'idle', ms: number, work: () => void): void {
    if (this.#isClosed) return;
    this.#stopWaiting();
    const timer = this.#options.clock.setTimeout(() => {
      this.#pending = undefined;
      work();
    }, ms);
    this.#pending = { timer, isIdle: what === 'idle' };
  }

  #stopWaiting(): void {
    if (this.#pending) this.#options.clock.clearTimeout(this.#pending.timer);
    this.#pending = undefined;
  }
}
