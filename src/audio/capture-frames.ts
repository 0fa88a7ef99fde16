import { toPcm16 } from './pcm.js';
import { Resampler } from './resampler.js';
import { FRAME_SAMPLES } from './worklet-messages.js';

/** Called when a frame is full, or flushed: `samples` of `pcm` count. `pcm` is the receiver's until it is given back. */
export type FrameSink = (pcm: Int16Array<ArrayBuffer>, samples: number, rms: number) => void;

/** How many frames may be on their way before one has to be allocated: half a second. */
const SPARE_FRAMES = 25;

/**
 * Cuts sound at the device's rate into frames of 20 ms at 24 kHz. Runs on the audio thread: allocates nothing as long as frames
 * come back within half a second, and loses nothing when they do not.
 */
export class CaptureFrames {
  readonly #resampler: Resampler;
  readonly #sink: FrameSink;
  readonly #spare: Int16Array<ArrayBuffer>[] = [];
  #resampled = new Float32Array(0);
  #frame: Int16Array<ArrayBuffer>;
  #filled = 0;
  /** In an array, since an engine may box a fraction anew for every write to a field. */
  readonly #energy = new Float64Array(1);
  #isOpen = true;

  constructor(inputRate: number, sink: FrameSink) {
    this.#resampler = new Resampler(inputRate);
    this.#sink = sink;
    for (let i = 0; i < SPARE_FRAMES; i++) this.#spare.push(new Int16Array(FRAME_SAMPLES));
    this.#frame = new Int16Array(FRAME_SAMPLES);
  }

  /** While the gate is closed nothing is kept and nothing comes out; the filter goes on, so that opening makes no click. */
  set isOpen(isOpen: boolean) {
    this.#isOpen = isOpen;
    if (!isOpen) this.#startOver();
  }

  push(input: Float32Array): void {
    const needed = this.#resampler.maxOutput(input.length);
    if (this.#resampled.length < needed) this.#resampled = new Float32Array(needed);
    const resampled = this.#resampled;
    const count = this.#resampler.process(input, resampled);
    if (!this.#isOpen) return;
    for (let i = 0; i < count; i++) {
      const sample = resampled[i] ?? 0;
      this.#frame[this.#filled++] = toPcm16(sample);
      this.#energy[0] = (this.#energy[0] ?? 0) + sample * sample;
      if (this.#filled === FRAME_SAMPLES) this.flush();
    }
  }

  /** Hands out what there is of the frame being filled. */
  flush(): void {
    if (this.#filled === 0) return;
    const full = this.#frame;
    const samples = this.#filled;
    const rms = Math.min(1, Math.sqrt((this.#energy[0] ?? 0) / samples));
    this.#frame = this.#spare.pop() ?? new Int16Array(FRAME_SAMPLES);
    this.#startOver();
    this.#sink(full, samples, rms);
  }

  giveBack(pcm: Int16Array<ArrayBuffer>): void {
    if (this.#spare.length < SPARE_FRAMES) this.#spare.push(pcm);
  }

  #startOver(): void {
    this.#filled = 0;
    this.#energy[0] = 0;
  }
}
