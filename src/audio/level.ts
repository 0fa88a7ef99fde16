const QUIETEST_DB = -55;
const LOUDEST_DB = -12;
const HALF_LIFE_MS = 90;

/** A root mean square from 0 to 1 as what an eye takes for loudness: 0 for a quiet room, 1 for loud speech. */
export function displayLevel(rms: number): number {
  if (!(rms > 0)) return 0;
  const share = (20 * Math.log10(rms) - QUIETEST_DB) / (LOUDEST_DB - QUIETEST_DB);
  return Math.min(1, Math.max(0, share));
}

/** A level that rises at once and sinks softly, also when no more measurements come. Times in milliseconds, of any one clock. */
export class FallingLevel {
  #level = 0;
  #measuredAt = 0;

  /** @param rms from 0 to 1 */
  measure(rms: number, now: number): void {
    this.#level = Math.max(displayLevel(rms), this.at(now));
    this.#measuredAt = now;
  }

  /** From 0 to 1. */
  at(now: number): number {
    const level = this.#level * 0.5 ** (Math.max(0, now - this.#measuredAt) / HALF_LIFE_MS);
    return level < 0.005 ? 0 : level;
  }

  reset(): void {
    this.#level = 0;
  }
}
