/** Where every part gets its time from, so that a test can move it. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. Its zero means nothing. */
  now(): number;
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** The platform's timers hold 31 bits of milliseconds; a longer wait, `Infinity` too, would be over at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The clock of the machine: monotonic, unmoved when somebody sets the time. A wait ends after 24.8 days at the latest. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, Math.min(ms, LONGEST_MS)),
  clearTimeout: (handle) => {
    clearTimeout(handle as ReturnType<typeof setTimeout>);
  },
};
