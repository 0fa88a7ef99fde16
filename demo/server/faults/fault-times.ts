/** More addresses than a demo ever has; the one that was asked for longest ago goes first. */
const MAX_ADDRESSES = 1_000;

/** Counts how often an address was asked for, so that a fault can be over after some times. */
export class FaultTimes {
  readonly #asked = new Map<string, number>();

  /** Counts this time. `times` undefined: the fault never ends. */
  isStillOn(address: string, times: number | undefined): boolean {
    if (times === undefined) return true;
    const asked = (this.#asked.get(address) ?? 0) + 1;
    this.#asked.delete(address);
    this.#asked.set(address, asked);
    const oldest = this.#asked.keys().next();
    if (this.#asked.size > MAX_ADDRESSES && !oldest.done) this.#asked.delete(oldest.value);
    return asked <= times;
  }
}
