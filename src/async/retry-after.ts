/**
 * How long a server asked to wait, from its `Retry-After` header: seconds, or a date. `undefined`: it did not say, or nothing that can be waited for.
 *
 * @param nowMs milliseconds since 1970
 */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
