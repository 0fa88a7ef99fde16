// What the local Realtime server hears and speaks with. It knows sound and text, and nothing of the protocol: who is connected,
// what an item is and when a response starts are the server's own business.

import type { DetectionRequest } from './detection-worker.js';
import { fliteVoice } from './flite-voices.js';
import type { RecognitionData } from './recognition-worker.js';
import { sentences } from './sentences.js';
import type { SileroScores } from './silero.js';
import { FRAME_SAMPLES, freshMemory } from './silero-frames.js';
import { speakableText } from './speakable-text.js';
import type { DetectorOptions, SpeechDetector } from './speech-detector.js';
import { StreamDetector } from './stream-detector.js';
import type { VoiceRequest } from './voice-worker.js';
import { WorkerPart } from './worker-part.js';

export type { DetectorEvent, DetectorOptions, SpeechDetector } from './speech-detector.js';

/** One per server. Everything heavy runs in worker threads, so no call here blocks the event loop. */
export interface Speech {
  /** Settles once when every part is loaded or known to be missing. It never rejects: what is missing is told by the status. */
  readonly ready: Promise<SpeechStatus>;
  /** Calls the listener at once with the state of every part, then on each change. Returns its own undoing. */
  onProgress(listener: (progress: SpeechProgress) => void): () => void;
  /**
   * The words of one utterance, 24 kHz mono; '' where nobody speaks. Utterances are heard one after the other, in the order of
   * asking. Rejects with `signal.reason` on abort, and with an `Error` where recognition is missing or the speech was closed.
   */
  hear(pcm: Int16Array, options?: { signal?: AbortSignal }): Promise<string>;
  /**
   * The text aloud, 24 kHz mono, one chunk a sentence, each as soon as it is made. `voice` is a name of the provider (marin,
   * cedar, …); one that is not known gets the default. Text without a speakable letter gives no chunk.
   */
  speak(text: string, options: { voice: string; signal?: AbortSignal }): AsyncIterable<Int16Array>;
  /** A detector of its own for each connection. Nothing has to be closed: it holds no resource but memory. */
  detector(options: DetectorOptions): SpeechDetector;
  /** Ends the threads; whatever still waits rejects. Closing twice is quiet. */
  close(): Promise<void>;
}

export interface SpeechProgress {
  part: SpeechPart;
  state: SpeechPartState;
  /** What was loaded and how long it took, or why it is missing. */
  detail?: string;
}

export type SpeechPart = 'recognition' | 'voice' | 'detection';
export type SpeechPartState = 'loading' | 'ready' | 'missing';

export interface SpeechStatus {
  hears: boolean;
  speaks: boolean;
  detects: boolean;
  /** The recogniser by name, such as "moonshine-base". */
  model: string;
  /** Why something is missing; absent when nothing is. */
  reason?: string;
}

export interface SpeechOptions {
  /** Recognition weights: `base` (default) hears better in noise, `tiny` is about twice as fast. */
  model?: 'base' | 'tiny';
  /** Where the recogniser's weights lie, when not in their package. */
  weightsFolder?: string;
}

/** Starts loading at once; `ready` tells when. */
export function startSpeech(options: SpeechOptions = {}): Speech {
  return new LocalSpeech(options);
}

class LocalSpeech implements Speech {
  readonly ready: Promise<SpeechStatus>;
  readonly #recognition: WorkerPart<Int16Array, string>;
  readonly #voice: WorkerPart<VoiceRequest, Int16Array>;
  readonly #detection: WorkerPart<DetectionRequest, SileroScores>;
  readonly #progress = new Map<SpeechPart, SpeechProgress>();
  readonly #listeners = new Set<(progress: SpeechProgress) => void>();

  constructor({ model = 'base', weightsFolder }: SpeechOptions) {
    const data: RecognitionData = { size: model, weightsFolder };
    this.#recognition = new WorkerPart(new URL('./recognition-worker.ts', import.meta.url), data);
    this.#voice = new WorkerPart(new URL('./voice-worker.ts', import.meta.url), undefined);
    this.#detection = new WorkerPart(new URL('./detection-worker.ts', import.meta.url), undefined);
    this.ready = this.#load(`moonshine-${model}`);
  }

  async #load(model: string): Promise<SpeechStatus> {
    const parts = { recognition: this.#recognition, voice: this.#voice, detection: this.#detection };
    const follow = async (part: SpeechPart): Promise<string[]> => {
      this.#report({ part, state: 'loading' });
      const { state, detail } = await parts[part].loaded;
      this.#report({ part, state, detail });
      return state === 'missing' ? [`${part}: ${detail}`] : [];
    };
    const reasons = await Promise.all([follow('recognition'), follow('voice'), follow('detection')]);
    const [hears, speaks, detects] = reasons.map((reason) => reason.length === 0);
    const reason = reasons.flat().join('; ');
    return {
      hears: hears === true,
      speaks: speaks === true,
      detects: detects === true,
      model,
      ...(reason === '' ? {} : { reason }),
    };
  }

  onProgress(listener: (progress: SpeechProgress) => void): () => void {
    this.#listeners.add(listener);
    for (const progress of this.#progress.values()) listener(progress);
    return () => this.#listeners.delete(listener);
  }

  hear(pcm: Int16Array, options: { signal?: AbortSignal } = {}): Promise<string> {
    // A copy: a view into a larger buffer would take all of it along to the thread.
    return this.#recognition.call(pcm.slice(), options);
  }

  async *speak(text: string, options: { voice: string; signal?: AbortSignal }): AsyncGenerator<Int16Array> {
    const voice = fliteVoice(options.voice);
    const spoken = sentences(text)
      .map(speakableText)
      .filter((sentence) => sentence !== '');
    for (const [n, sentence] of spoken.entries()) {
      const pcm = await this.#voice.call({ sentence, voice }, { signal: options.signal });
      // The silence that Flite puts before each sentence is the pause between two; before the first it is only a delay.
      yield n === 0 ? withoutLead(pcm) : pcm;
    }
  }

  detector(options: DetectorOptions): SpeechDetector {
    const score = async (frames: Float32Array, memory: Float32Array): Promise<SileroScores | undefined> => {
      const { state } = await this.#detection.loaded;
      return state === 'missing' ? undefined : this.#detection.call({ frames, memory });
    };
    return new StreamDetector({ frameSamples: FRAME_SAMPLES, freshMemory, score }, options);
  }

  async close(): Promise<void> {
    await Promise.all([this.#recognition.close(), this.#voice.close(), this.#detection.close()]);
  }

  #report(progress: SpeechProgress): void {
    this.#progress.set(progress.part, progress);
    for (const listener of [...this.#listeners]) listener(progress);
  }
}

const QUIET = 300;
const LEAD_SAMPLES = 0.03 * 24_000;

/** From 30 ms before the first sound that can be heard. */
function withoutLead(pcm: Int16Array): Int16Array {
  const first = pcm.findIndex((sample) => Math.abs(sample) > QUIET);
  return pcm.subarray(Math.max(0, first - LEAD_SAMPLES));
}
