import type { Clock } from '../async/clock.js';
import type { Circle } from './model-script.js';

/** One direction of a connection: every message takes its own time, and none overtakes another. */
export class OrderedLine<Message> {
  readonly #clock: Clock;
  readonly #delaysMs: Circle<number>;
  readonly #deliver: (message: Message) => void;
  readonly #underWay: Message[] = [];
  #lastAt = 0;
  #isCut = false;
  #extraMs = 0;

  constructor(clock: Clock, delaysMs: Circle<number>, deliver: (message: Message) => void) {
    this.#clock = clock;
    this.#delaysMs = delaysMs;
    this.#deliver = deliver;
  }

  send(message: Message): void {
    const now = this.#clock.now();
    this.#lastAt = Math.max(this.#lastAt, now + this.#delaysMs.next());
    this.#underWay.push(message);
    this.#clock.setTimeout(() => {
      if (this.#extraMs > 0)
        this.#clock.setTimeout(() => {
          this.#arrive();
        }, this.#extraMs);
      else this.#arrive();
    }, this.#lastAt - now);
  }

  /** What is still under way arrives so much later. To be called at most once, and then nothing is sent any more. */
  delay(ms: number): void {
    this.#extraMs = ms;
  }

  #arrive(): void {
    const [first] = this.#underWay.splice(0, 1);
    if (first !== undefined && !this.#isCut) this.#deliver(first);
  }

  /** What is still under way arrives nowhere. */
  cut(): void {
    this.#isCut = true;
  }
}
