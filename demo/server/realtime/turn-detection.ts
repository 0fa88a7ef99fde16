import type { DetectorEvent, Speech, SpeechDetector } from '../speech/speech.js';
import { SAMPLES_PER_MS } from './pcm-codec.js';
import { SEMANTIC_PAUSE_MS } from './semantic-wait.js';
import type { TurnDetectionConfig } from './session-schema.js';

const SEMANTIC_PREFIX_MS = 300;

export interface TurnDetectionEvents {
  /** Positions are milliseconds of the session's sound. */
  onStarted(audioStartMs: number): void;
  onStopped(audioEndMs: number): void;
  /** All sound up to here was judged, and its events were told. It comes late when sound is sent faster than it is spoken. */
  onJudged(untilMs: number): void;
}

/** Speech detection for as long as one setting holds: pushes sound in order and tells of turns until it is stopped. */
export class TurnDetection {
  #config: TurnDetectionConfig;
  readonly prefixMs: number;
  readonly #detector: SpeechDetector;
  readonly #beginsAtMs: number;
  readonly #events: TurnDetectionEvents;
  #pushed = 0;
  #work: Promise<void> = Promise.resolve();
  /** Raised by a reset: events of sound pushed before it are dropped. */
  #generation = 0;

  constructor(config: TurnDetectionConfig, speech: Speech, receivedMs: number, events: TurnDetectionEvents) {
    this.#config = config;
    this.prefixMs = config.type === 'server_vad' ? config.prefix_padding_ms : SEMANTIC_PREFIX_MS;
    this.#beginsAtMs = receivedMs;
    this.#events = events;
    this.#detector = speech.detector({
      threshold: config.type === 'server_vad' ? config.threshold : 0.5,
      prefixPaddingMs: this.prefixMs,
      silenceDurationMs: config.type === 'server_vad' ? config.silence_duration_ms : SEMANTIC_PAUSE_MS,
    });
  }

  get config(): TurnDetectionConfig {
    return this.#config;
  }

  /** Takes over another length of silence, and nothing of a turn that is being spoken is lost. @returns whether that was all */
  retune(config: TurnDetectionConfig | null): boolean {
    const known = this.#config;
    if (config?.type !== 'server_vad' || known.type !== 'server_vad') return false;
    const { silence_duration_ms } = known;
    if (JSON.stringify({ ...config, silence_duration_ms }) !== JSON.stringify(known)) return false;
    this.#config = config;
    this.#detector.setSilence(config.silence_duration_ms);
    return true;
  }

  push(pcm: Int16Array): void {
    const generation = this.#generation;
    this.#pushed += pcm.length;
    const untilMs = this.#beginsAtMs + this.#pushed / SAMPLES_PER_MS;
    const judged = this.#detector.push(pcm);
    this.#work = Promise.all([judged, this.#work]).then(
      ([events]) => {
        for (const event of events) if (generation === this.#generation) this.#tell(event);
        if (generation === this.#generation) this.#events.onJudged(untilMs);
      },
      // A detector that failed hears nothing: the client can still commit by itself.
      () => undefined,
    );
  }

  reset(): void {
    this.#generation++;
    this.#detector.reset();
  }

  #tell(event: DetectorEvent): void {
    if (event.type === 'started') this.#events.onStarted(Math.max(0, this.#beginsAtMs + event.audioStartMs));
    else this.#events.onStopped(this.#beginsAtMs + event.audioEndMs);
  }
}
