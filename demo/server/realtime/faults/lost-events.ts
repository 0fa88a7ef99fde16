import type { LostType } from './realtime-knobs.js';

/** Decides which events never arrive, by their type and how many of that type there were. */
export class LostEvents {
  readonly #lost: readonly LostType[];
  readonly #seen = new Map<string, number>();

  constructor(lost: readonly LostType[]) {
    this.#lost = lost;
  }

  /** To be asked once for every event. */
  takes(type: string): boolean {
    const nth = (this.#seen.get(type) ?? 0) + 1;
    this.#seen.set(type, nth);
    return this.#lost.some((lost) => lost.type === type && (lost.nth === undefined || lost.nth === nth));
  }
}
