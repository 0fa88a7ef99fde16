import type { Clock } from '../async/clock.js';
import type { Dialogue } from '../dialogue/dialogue.js';

/** A pause that lasts longer costs no connection any more. */
const LONG_PAUSE_MS = 5 * 60_000;

/** The pause of an interview: every reply waits, and after a while the connection is given up until somebody comes back. */
export class Pause {
  readonly #dialogue: Dialogue;
  readonly #clock: Clock;
  #goOn: (() => void) | undefined;
  #timer: unknown;
  /** The connection is given up for the pause; wants it back. */
  #wake: (() => void) | undefined;

  constructor(dialogue: Dialogue, clock: Clock) {
    this.#dialogue = dialogue;
    this.#clock = clock;
  }

  get isOn(): boolean {
    return this.#goOn !== undefined;
  }

  begin(): void {
    this.#goOn ??= this.#dialogue.hold('paused');
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => {
      this.rest();
    }, LONG_PAUSE_MS);
  }

  /** Nobody needs the connection for now. */
  rest(): void {
    this.#wake ??= this.#dialogue.rest?.();
  }

  /** The pause is about to end: a connection that was given up for it is made again. */
  wake(): void {
    this.close();
    this.#wake?.();
    this.#wake = undefined;
  }

  end(): void {
    this.wake();
    this.#goOn?.();
    this.#goOn = undefined;
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer);
  }
}
