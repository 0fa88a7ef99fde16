// One connection's speech detector: sound in, starts and stops out. It keeps all state; the model behind `score` keeps none.
import { toFloat } from './pcm16.js';
import { RateConverter } from './rate-converter.js';
import type { DetectorEvent, DetectorOptions, SpeechDetector } from './speech-detector.js';
import { detect, type DetectionState, SILENT } from './turn-detection.js';

export interface FrameScorer {
  frameSamples: number;
  freshMemory(): Float32Array;
  /** Scores whole frames of 16 kHz sound, and gives what to remember for the next ones; undefined where there is no model. */
  score(
    frames: Float32Array,
    memory: Float32Array,
  ): Promise<{ probabilities: Float32Array; memory: Float32Array } | undefined>;
}

const RATE = 16_000;

export class StreamDetector implements SpeechDetector {
  readonly #scorer: FrameScorer;
  #options: DetectorOptions;
  readonly #converter = new RateConverter(24_000, RATE);
  /** Converted sound that does not fill a frame yet. */
  #rest = new Float32Array(0);
  #memory: Float32Array;
  #state: DetectionState = SILENT;
  #framesJudged = 0;
  #lastEndMs = 0;
  /** Raised by reset: an answer for sound from before it comes back late and is dropped. */
  #generation = 0;
  #previous: Promise<unknown> = Promise.resolve();

  constructor(scorer: FrameScorer, options: DetectorOptions) {
    this.#scorer = scorer;
    this.#options = options;
    this.#memory = scorer.freshMemory();
  }

  push(pcm: Int16Array): Promise<DetectorEvent[]> {
    const frames = this.#wholeFrames(this.#converter.push(toFloat(pcm)));
    const generation = this.#generation;
    // Frames are a chain: each push is judged after the one before, also when that one failed.
    const events = this.#previous.then(() => this.#judge(frames, generation));
    this.#previous = events.catch(() => undefined);
    return events;
  }

  setSilence(silenceDurationMs: number): void {
    this.#options = { ...this.#options, silenceDurationMs };
  }

  reset(): void {
    this.#generation += 1;
    this.#state = SILENT;
    this.#memory = this.#scorer.freshMemory();
  }

  #wholeFrames(converted: Float32Array): Float32Array {
    const sound = new Float32Array(this.#rest.length + converted.length);
    sound.set(this.#rest);
    sound.set(converted, this.#rest.length);
    const whole = sound.length - (sound.length % this.#scorer.frameSamples);
    this.#rest = sound.slice(whole);
    return sound.slice(0, whole);
  }

  async #judge(frames: Float32Array, generation: number): Promise<DetectorEvent[]> {
    const count = frames.length / this.#scorer.frameSamples;
    const first = this.#framesJudged;
    this.#framesJudged += count;
    if (count === 0 || generation !== this.#generation) return [];
    const scores = await this.#scorer.score(frames, this.#memory);
    if (!scores || generation !== this.#generation) return [];
    this.#memory = scores.memory;
    return Array.from(scores.probabilities).flatMap((probability, n) => this.#frame(probability, first + n));
  }

  #frame(probability: number, n: number): DetectorEvent[] {
    const frameMs = (this.#scorer.frameSamples / RATE) * 1000;
    const { threshold, prefixPaddingMs, silenceDurationMs } = this.#options;
    const frame = { probability, startMs: n * frameMs, endMs: (n + 1) * frameMs };
    const { state, change } = detect(this.#state, frame, { threshold, silenceMs: silenceDurationMs });
    this.#state = state;
    if (change?.type === 'started') {
      // The padding never reaches back into the turn before.
      return [
        {
          type: 'started',
          audioStartMs: Math.max(this.#lastEndMs, Math.round(change.sinceMs - prefixPaddingMs)),
        },
      ];
    }
    if (change?.type === 'stopped') {
      this.#lastEndMs = Math.round(change.untilMs + silenceDurationMs);
      return [{ type: 'stopped', audioEndMs: this.#lastEndMs }];
    }
    return [];
  }
}
