import { toBase64 } from './pcm-base64.js';
import type { Wire } from './wire.js';

const SAMPLES_PER_MS = 24;
/** Two frames of 20 ms a message: half the messages, and voice detection hears it no later than it would notice. */
const BATCH_SAMPLES = 40 * SAMPLES_PER_MS;
/** Frames, of 20 ms: speech is detected within less, and the shortest silence that ends a turn is longer. */
const MOST_RECENT = 30;

/** Carries the microphone's frames into the server's input buffer, a few at a time. */
export class MicrophoneUplink {
  readonly #wire: Wire;
  readonly #isOpen: () => boolean;
  #waiting: Int16Array[] = [];
  /** The last of what was taken in and is no part of a turn yet. */
  #recent: Int16Array[] = [];
  #waitingSamples = 0;
  #samples = 0;

  /** @param isOpen whether the server knows what to do with sound; until then it is kept, at most until the commit */
  constructor(wire: Wire, isOpen: () => boolean) {
    this.#wire = wire;
    this.#isOpen = isOpen;
  }

  /** Milliseconds taken in since the last `clear` or `commit`. */
  get takenMs(): number {
    return this.#samples / SAMPLES_PER_MS;
  }

  take(frame: Int16Array): void {
    // The caller's array may be used again for the next frame.
    const kept = frame.slice();
    this.#recent = [...this.#recent.slice(1 - MOST_RECENT), kept];
    this.#add(kept);
    if (this.#waitingSamples >= BATCH_SAMPLES && this.#isOpen()) this.#flush();
  }

  /** Empties the server's buffer and what is on the way to it. */
  clear(): void {
    this.reset();
    // Refused: there was nothing to clear.
    this.#wire.tell({ type: 'input_audio_buffer.clear' }, () => undefined);
  }

  commit(onRefused: () => void): void {
    this.#flush();
    this.#samples = 0;
    this.taken();
    this.#wire.tell({ type: 'input_audio_buffer.commit' }, onRefused);
  }

  /** The buffer is gone with its connection. */
  reset(): void {
    this.#waiting = [];
    this.#waitingSamples = 0;
    this.#samples = 0;
    this.taken();
  }

  /** What came so far is part of a turn, or was none. */
  taken(): void {
    this.#recent = [];
  }

  /** The buffer is gone with its connection, and somebody may just have begun to speak: the last moment goes into the next one too. */
  repeat(): void {
    const recent = this.#recent;
    this.reset();
    for (const frame of recent) this.#add(frame);
    this.#recent = recent;
  }

  #add(frame: Int16Array): void {
    this.#waiting.push(frame);
    this.#waitingSamples += frame.length;
    this.#samples += frame.length;
  }

  #flush(): void {
    if (this.#waitingSamples === 0) return;
    const pcm = new Int16Array(this.#waitingSamples);
    let at = 0;
    for (const frame of this.#waiting) {
      pcm.set(frame, at);
      at += frame.length;
    }
    this.#waiting = [];
    this.#waitingSamples = 0;
    this.#wire.tell({ type: 'input_audio_buffer.append', audio: toBase64(pcm) });
  }
}
