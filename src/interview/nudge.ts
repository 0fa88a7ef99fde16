import type { Clock } from '../async/clock.js';
import type { Dialogue } from '../dialogue/dialogue.js';

/** So often in a row; then somebody who is not there is left in peace. */
const MOST = 2;

export interface NudgeParts {
  readonly dialogue: Dialogue;
  readonly clock: Clock;
  /** Silence before the first; the next takes twice as long. 0: never. */
  readonly afterMs: number;
  /** Whether it is the participant's turn, nobody speaks, and nobody types. */
  readonly isDue: () => boolean;
  /** Called when one is really sent. */
  readonly guidance: () => string | undefined;
}

/** After a long silence the interviewer asks, gently and not for ever, whether the participant is still there. */
export class Nudge {
  readonly #parts: NudgeParts;
  readonly #lifetime = new AbortController();
  #made = 0;
  #timer: unknown;

  constructor(parts: NudgeParts) {
    this.#parts = parts;
    const { events } = parts.dialogue;
    const { signal } = this.#lifetime;
    // Whatever happens, silence begins anew behind it.
    for (const type of ['hearing', 'thinking', 'spoken', 'change', 'status'] as const)
      events.on(
        type,
        () => {
          this.wait();
        },
        { signal },
      );
    events.on(
      'heard',
      () => {
        this.#made = 0;
      },
      { signal },
    );
  }

  /** Silence is counted from here on. */
  wait(): void {
    const { clock, afterMs } = this.#parts;
    clock.clearTimeout(this.#timer);
    if (afterMs <= 0 || this.#made >= MOST || this.#lifetime.signal.aborted) return;
    this.#timer = clock.setTimeout(
      () => {
        this.#look();
      },
      afterMs * 2 ** this.#made,
    );
  }

  close(): void {
    this.#lifetime.abort(new DOMException('The interview is over', 'AbortError'));
    this.#parts.clock.clearTimeout(this.#timer);
  }

  #look(): void {
    const { dialogue, isDue, guidance } = this.#parts;
    const { signal } = this.#lifetime;
    if (!isDue()) {
      this.wait();
      return;
    }
    void dialogue
      .say({ reason: 'keepalive', whenBusy: 'skip', guidance, signal })
      .outcome.then(({ status }) => {
        if (status === 'completed' || status === 'incomplete') this.#made++;
        this.wait();
      });
  }
}
