import * as v from 'valibot';

/** A short-lived secret for one connection. */
export interface Token {
  readonly value: string;
  /** Seconds since 1970. */
  readonly expires_at: number;
  /** Where to connect; default: the provider. */
  readonly url?: string;
}

// The secret travels as a subprotocol: only these characters can, and an invalid one would be quoted in the browser's error.
const secret = v.pipe(v.string(), v.regex(/^[\w!#$%&'*+.^`|~-]+$/));
const expiry = v.pipe(v.number(), v.finite());

const token = v.object({ value: secret, expires_at: expiry, url: v.nullish(v.string()) });
const olderShape = v.object({
  client_secret: v.object({ value: secret, expires_at: expiry }),
  url: v.nullish(v.string()),
});

/** Either of the two shapes of a token endpoint's answer; `undefined` for anything else. Says nothing of why: the secret is in it. */
export function readToken(answer: unknown): Token | undefined {
  const result = v.safeParse(v.union([token, olderShape]), answer);
  if (!result.success) return undefined;
  const { url } = result.output;
  const { value, expires_at } = 'value' in result.output ? result.output : result.output.client_secret;
  return { value, expires_at, ...(url && { url }) };
}

// A clock that is further off than this is set wrong in a way that nothing here can repair.
const SKEW_MS = 5 * 60_000;

/**
 * Whether a token came too late to be used. `serverNowMs` is the `Date` of the answer that brought it; without one this machine's
 * own clock is asked, which may be minutes off.
 */
export function hasExpired(
  { expires_at: expiresAt }: Token,
  now: { readonly serverMs: number | undefined; readonly localMs: number },
): boolean {
  const expiresAtMs = expiresAt * 1000;
  return now.serverMs === undefined ? expiresAtMs + SKEW_MS < now.localMs : expiresAtMs <= now.serverMs;
}
