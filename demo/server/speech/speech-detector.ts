/** Finds where speech starts and stops in a stream of sound. Times count all sound pushed since its creation, also across `reset`. */
export interface SpeechDetector {
  /** 24 kHz mono, in chunks of any length, which are judged in the order of pushing. Without a detection model: never an event. */
  push(pcm: Int16Array): Promise<DetectorEvent[]>;
  /** From now on this much silence ends speech; speech that has started goes on. */
  setSilence(silenceDurationMs: number): void;
  /** Forgets speech that has started; sound already pushed gives no event any more. */
  reset(): void;
}

/** As in the session's `turn_detection`: threshold from 0 to 1. */
export interface DetectorOptions {
  threshold: number;
  prefixPaddingMs: number;
  silenceDurationMs: number;
}

/** As the provider counts: the start lies `prefixPaddingMs` before the first speech, the end includes `silenceDurationMs`. */
export type DetectorEvent =
  { type: 'started'; audioStartMs: number } | { type: 'stopped'; audioEndMs: number };
