import type { Clock } from '../async/clock.js';
import type { Dialogue } from '../dialogue/dialogue.js';

/** A press shorter than this says nothing: it is discarded, with a hint. */
export const SHORTEST_PRESS_MS = 150;

export interface TalkButtonParts {
  readonly dialogue: Pick<Dialogue, 'beginTurn' | 'hear' | 'commitTurn' | 'discardTurn'>;
  /** Resolves when everything that was said before the call has come out as frames. */
  readonly flush: () => Promise<void>;
  readonly clock: Clock;
  /** Sound from before a press that may be sent with it. */
  readonly preRollMs: number;
  /** While the interviewer is heard, sound from before the press is hers and never sent. */
  readonly isInterviewerHeard: () => boolean;
}

type Button =
  | { readonly status: 'up' }
  | { readonly status: 'down'; readonly sinceMs: number }
  | { readonly status: 'releasing'; readonly done: Promise<unknown> };

/** Push-to-talk: turns presses and frames into turns of the participant. */
export class TalkButton {
  readonly #parts: TalkButtonParts;
  #button: Button = { status: 'up' };
  #press = 0;
  #before: { readonly at: number; readonly frame: Int16Array }[] = [];

  constructor(parts: TalkButtonParts) {
    this.#parts = parts;
  }

  get isDown(): boolean {
    return this.#button.status === 'down';
  }

  /** Begins a turn; while the one before is still being sent off, as soon as that is done and unless it was let go meanwhile. */
  async press(): Promise<void> {
    if (this.#button.status === 'down') return;
    const press = ++this.#press;
    if (this.#button.status === 'releasing') await this.#button.done;
    if (press !== this.#press) return;
    const { dialogue, clock } = this.#parts;
    const before = this.#preRoll();
    this.#button = { status: 'down', sinceMs: clock.now() };
    dialogue.beginTurn();
    for (const frame of before) dialogue.hear(frame);
  }

  /** Ends the turn and asks for a reply. Resolves once the last frames are in; letting go twice is quiet. */
  async release(): Promise<{ tooShort: boolean }> {
    this.#press++;
    if (this.#button.status !== 'down') return { tooShort: true };
    const { dialogue, clock, flush } = this.#parts;
    if (clock.now() - this.#button.sinceMs < SHORTEST_PRESS_MS) {
      this.#button = { status: 'up' };
      dialogue.discardTurn();
      return { tooShort: true };
    }
    const done = flush();
    this.#button = { status: 'releasing', done };
    try {
      await done;
    } finally {
      this.#button = { status: 'up' };
    }
    dialogue.commitTurn();
    return { tooShort: false };
  }

  /** Lets go without a turn: the mode changed, the interview was paused or is over. */
  discard(): void {
    this.#press++;
    if (this.#button.status !== 'down') return;
    this.#button = { status: 'up' };
    this.#parts.dialogue.discardTurn();
  }

  hear(frame: Int16Array): void {
    if (this.#button.status === 'up') this.#keep(frame);
    else this.#parts.dialogue.hear(frame);
  }

  #keep(frame: Int16Array): void {
    const { preRollMs, clock, isInterviewerHeard } = this.#parts;
    if (preRollMs <= 0) return;
    const now = clock.now();
    if (isInterviewerHeard()) this.#before = [];
    else this.#before = [...this.#before.filter(({ at }) => now - at < preRollMs), { at: now, frame }];
  }

  #preRoll(): Int16Array[] {
    const now = this.#parts.clock.now();
    const kept = this.#before.filter(({ at }) => now - at < this.#parts.preRollMs).map(({ frame }) => frame);
    this.#before = [];
    return kept;
  }
}
