export interface BackOffOptions {
  /** The wait before the second try. Default 500. */
  readonly firstMs?: number;
  /** No wait is longer. Default 15,000. */
  readonly maxMs?: number;
  /** A number in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * How long to wait before the next try: doubles from `firstMs` to `maxMs`, half of it at random, so that many pages that lost
 * the same server do not come back in the same instant.
 *
 * @param attempt how many tries have failed already, from 1
 */
export function backOffMs(
  attempt: number,
  { firstMs = 500, maxMs = 15_000, random = Math.random }: BackOffOptions = {},
): number {
  const full = Math.min(maxMs, firstMs * 2 ** (attempt - 1));
  return full / 2 + (full / 2) * random();
}
