import { WIRE_RATE } from './resampler.js';

/** `live`: waits or plays. `cut`: a flush is under way, its count may still come. `final`: its count stays as it is. */
interface PlayedTurn {
  status: 'live' | 'cut' | 'final';
  samples: number;
}

/** How much of each turn was played, as the main thread knows it. A turn that was cut short or has finished never comes back. */
export class PlayedTurns {
  readonly #turns = new Map<string, PlayedTurn>();

  /** A turn gets sound, or its end. @returns whether it may: it is new, or still live */
  admit(turnId: string): boolean {
    const turn = this.#turns.get(turnId);
    if (!turn) this.#turns.set(turnId, { status: 'live', samples: 0 });
    return !turn || turn.status === 'live';
  }

  isLive(turnId: string): boolean {
    return this.#turns.get(turnId)?.status === 'live';
  }

  get isAnyLive(): boolean {
    for (const turn of this.#turns.values()) if (turn.status === 'live') return true;
    return false;
  }

  /** The audio thread told how much it has played. */
  count(turnId: string, samples: number): void {
    const turn = this.#turns.get(turnId);
    if (turn && turn.status !== 'final') turn.samples = samples;
  }

  /** It was played to its end. @returns false when it had been cut short before that was known */
  finish(turnId: string, samples: number): boolean {
    this.count(turnId, samples);
    const turn = this.#turns.get(turnId);
    if (turn?.status !== 'live') return false;
    turn.status = 'final';
    return true;
  }

  /** Everything live is cut short. @returns whether anything was, and what makes those counts final */
  cut(): { readonly isAny: boolean; readonly settle: () => void } {
    const cut = [...this.#turns.values()].filter((turn) => turn.status === 'live');
    for (const turn of cut) turn.status = 'cut';
    return {
      isAny: cut.length > 0,
      settle: () => {
        for (const turn of cut) turn.status = 'final';
      },
    };
  }

  /** 0 for a turn it does not know. */
  playedMs(turnId: string): number {
    return ((this.#turns.get(turnId)?.samples ?? 0) / WIRE_RATE) * 1000;
  }
}
