import type { ServerEvent } from './server-events.js';

const LIMITS = { requests: 1_000, tokens: 400_000 } as const;
const WINDOW_MS = 60_000;

type RateLimits = Extract<ServerEvent, { type: 'rate_limits.updated' }>['rate_limits'];

/** Counts requests and tokens of the last minute, as the provider does. Nothing is refused here. */
export class RateMeter {
  readonly #now: () => number;
  #spent: { atMs: number; tokens: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  spend(tokens: number): void {
    this.#spent.push({ atMs: this.#now(), tokens });
  }

  limits(): RateLimits {
    const nowMs = this.#now();
    this.#spent = this.#spent.filter(({ atMs }) => nowMs - atMs < WINDOW_MS);
    const [oldest] = this.#spent;
    const reset_seconds = oldest ? Math.round((oldest.atMs + WINDOW_MS - nowMs) / 10) / 100 : 0;
    const tokens = this.#spent.reduce((sum, spent) => sum + spent.tokens, 0);
    return [
      {
        name: 'requests',
        limit: LIMITS.requests,
        remaining: Math.max(0, LIMITS.requests - this.#spent.length),
        reset_seconds,
      },
      { name: 'tokens', limit: LIMITS.tokens, remaining: Math.max(0, LIMITS.tokens - tokens), reset_seconds },
    ];
  }
}
