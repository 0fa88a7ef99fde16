import type { Clock } from '../async/clock.js';
import type { PlaybackEvent, PlaybackPort } from '../dialogue/playback-port.js';
import { receivedMs } from './interviewer-turn.js';
import type { InterviewerTurns } from './interviewer-turns.js';

/** Sound that should have been played this long ago, while nothing at all was played, will not be. */
const STALLED_MS = 5000;

/**
 * Tells the interviewer's turns what became of their sound. A page whose sound stands still (nothing plays it, or the system took it
 * away) must not keep the interview waiting: its turns end with what was heard.
 */
export class PlaybackWatch {
  readonly #clock: Clock;
  readonly #turns: InterviewerTurns;
  readonly #playback: PlaybackPort;
  readonly #unwatch: () => void;
  #timer: unknown;

  constructor(clock: Clock, turns: InterviewerTurns, playback: PlaybackPort) {
    this.#clock = clock;
    this.#turns = turns;
    this.#playback = playback;
    this.#unwatch = playback.watch((event) => {
      this.#take(event);
    });
  }

  close(): void {
    this.#unwatch();
    this.#clock.clearTimeout(this.#timer);
  }

  /** Call whenever sound has come to its end. */
  expect(): void {
    this.#clock.clearTimeout(this.#timer);
    const waiting = this.#turns.open.filter(({ hasSpeechEnded }) => hasSpeechEnded);
    if (waiting.length === 0) return;
    const played = (): number[] => waiting.map(({ id }) => this.#playback.playedMs(id));
    const before = played();
    const leastMs = Math.min(...waiting.map((turn, n) => receivedMs(turn) - (before[n] ?? 0)));
    this.#timer = this.#clock.setTimeout(
      () => {
        if (played().every((ms, n) => ms === before[n]))
          for (const turn of waiting)
            if (turn.status === 'generated') this.#turns.conclude(turn, this.#clock.now());
        this.expect();
      },
      Math.max(0, leastMs) + STALLED_MS,
    );
  }

  #take(event: PlaybackEvent): void {
    if (event.type === 'silent') return;
    const turn = this.#turns.open.find(({ id }) => id === event.turnId);
    if (!turn) return;
    if (event.type === 'started') this.#turns.sounded(turn, event.at);
    else this.#turns.played(turn, event.at);
  }
}
