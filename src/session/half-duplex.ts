import type { Clock } from '../async/clock.js';
import type { PlaybackEvent } from '../dialogue/playback-port.js';

/** How long a loudspeaker is behind, and a room goes on sounding. */
const ECHO_MS = 300;

/**
 * Hands-free where the interviewer is not to be interrupted by a voice, her own among them: while she is heard, silence takes the
 * place of the participant's sound. It goes on flowing, so that whoever detects speech in it hears the end of what was begun.
 */
export class HalfDuplex {
  readonly #clock: Clock;
  #isHeard = false;
  #silentAt = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  watch({ type, at }: PlaybackEvent): void {
    if (type === 'started') this.#isHeard = true;
    if (type !== 'silent') return;
    this.#isHeard = false;
    this.#silentAt = at;
  }

  pass(frame: Int16Array): Int16Array {
    const isEchoing = this.#clock.now() - this.#silentAt < ECHO_MS;
    return this.#isHeard || isEchoing ? new Int16Array(frame.length) : frame;
  }
}
