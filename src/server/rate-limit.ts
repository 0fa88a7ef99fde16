/** How often one client may ask. */
export interface RateLimit {
  readonly limit: number;
  readonly windowMs: number;
  /** Default: the memory of this process. On several machines, or where each request is a new process, give a shared one. */
  readonly store?: RateLimitStore;
}

/** What a store knows after a hit. */
export interface RateLimitCount {
  /** Hits in the running window, this one included. */
  readonly count: number;
  /** When the window ends, in the milliseconds of `nowMs`. */
  readonly resetAtMs: number;
}

/** Counts hits per key in fixed windows; in Redis it is an INCR and a PEXPIRE. */
export interface RateLimitStore {
  hit(key: string, windowMs: number, nowMs: number): RateLimitCount | Promise<RateLimitCount>;
}

/**
 * A store in memory. It holds at most `maxKeys` clients (default 10,000): ended windows go first, then the oldest one, so that
 * a flood of new names cannot grow it.
 */
export function memoryRateLimitStore({ maxKeys = 10_000 }: { maxKeys?: number } = {}): RateLimitStore {
  const windows = new Map<string, { count: number; resetAtMs: number }>();

  const makeRoom = (nowMs: number): void => {
    if (windows.size < maxKeys) return;
    for (const [key, window] of windows) if (window.resetAtMs <= nowMs) windows.delete(key);
    const oldest = windows.keys().next();
    if (windows.size >= maxKeys && !oldest.done) windows.delete(oldest.value);
  };

  return {
    hit(key, windowMs, nowMs) {
      const running = windows.get(key);
      if (running && running.resetAtMs > nowMs) {
        running.count++;
        return { ...running };
      }
      windows.delete(key);
      makeRoom(nowMs);
      const fresh = { count: 1, resetAtMs: nowMs + windowMs };
      windows.set(key, fresh);
      return { ...fresh };
    },
  };
}
