import type {
  DetectorEvent,
  DetectorOptions,
  Speech,
  SpeechDetector,
  SpeechProgress,
  SpeechStatus,
} from '../../demo/server/speech/speech.js';

/** Samples of 24 kHz sound that carry a sign for the fake: what they are worth to the recogniser and to the detector. */
const MS = 24;
export const SPEECH_STARTS = 1_001;
export const SPEECH_STOPS = 1_002;

/** Sound of a length, its first sample a sign. */
export function sound(ms: number, sign = 0): Int16Array {
  const pcm = new Int16Array(ms * MS);
  if (pcm.length > 0) pcm[0] = sign;
  return pcm;
}

/** A speech that hears what the test says, and speaks 10 ms for each letter. It can be held at any moment. */
export class FakeSpeech implements Speech {
  readonly ready: Promise<SpeechStatus> = Promise.resolve({
    hears: true,
    speaks: true,
    detects: true,
    model: 'fake',
  });
  readonly spoken: { text: string; voice: string }[] = [];
  readonly detectors: DetectorOptions[] = [];
  /** What detectors were set to after they were made. */
  readonly silences: number[] = [];
  /** What the next utterances are: words, or an error that makes the recogniser fail. */
  readonly utterances: (string | Error)[] = [];
  readonly heard: number[] = [];
  #hearing: Promise<void> = Promise.resolve();
  #speaking: Promise<void> = Promise.resolve();
  #detecting: Promise<void> = Promise.resolve();

  /** Nothing is understood until the returned function is called. */
  holdHearing(): () => void {
    let release = (): void => undefined;
    this.#hearing = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  /** No sound is made until the returned function is called. */
  holdSpeaking(): () => void {
    let release = (): void => undefined;
    this.#speaking = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  /** No sound is judged until the returned function is called. */
  holdDetecting(): () => void {
    let release = (): void => undefined;
    this.#detecting = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  onProgress(listener: (progress: SpeechProgress) => void): () => void {
    listener({ part: 'recognition', state: 'ready' });
    return () => undefined;
  }

  async hear(pcm: Int16Array, { signal }: { signal?: AbortSignal } = {}): Promise<string> {
    const utterance = this.utterances.shift() ?? '';
    this.heard.push(pcm.length / MS);
    await this.#hearing;
    signal?.throwIfAborted();
    if (utterance instanceof Error) throw utterance;
    return utterance;
  }

  async *speak(
    text: string,
    { voice, signal }: { voice: string; signal?: AbortSignal },
  ): AsyncIterable<Int16Array> {
    this.spoken.push({ text, voice });
    await this.#speaking;
    signal?.throwIfAborted();
    if (/\p{L}/u.test(text)) yield sound(text.length * 10, 7);
  }

  detector(options: DetectorOptions): SpeechDetector {
    this.detectors.push(options);
    let pushedMs = 0;
    return {
      push: (pcm) => {
        const events: DetectorEvent[] = [];
        if (pcm[0] === SPEECH_STARTS) {
          events.push({ type: 'started', audioStartMs: Math.max(0, pushedMs - options.prefixPaddingMs) });
        }
        pushedMs += pcm.length / MS;
        if (pcm[0] === SPEECH_STOPS) events.push({ type: 'stopped', audioEndMs: pushedMs });
        return this.#detecting.then(() => events);
      },
      setSilence: (ms) => this.silences.push(ms),
      reset: () => undefined,
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
