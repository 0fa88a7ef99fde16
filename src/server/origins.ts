/** Which pages may ask from a browser. `'same'` and `'none'` need no answer headers: nothing there crosses an origin. */
export type Origin =
  | { readonly kind: 'same' }
  | { readonly kind: 'none' }
  | { readonly kind: 'allowed'; readonly origin: string }
  | { readonly kind: 'foreign' };

/** @throws TypeError naming the first entry that is not an origin as a browser writes it */
export function parseAllowedOrigins(entries: readonly string[]): ReadonlySet<string> {
  for (const entry of entries) {
    if (!URL.canParse(entry) || new URL(entry).origin !== entry) {
      throw new TypeError(
        `Expected allowedOrigins to hold origins such as "https://example.com", got "${entry}"`,
      );
    }
  }
  return new Set(entries);
}

/**
 * Judges by what a browser sends and a page cannot change. No `Origin` at all is a caller outside a browser: `authorize` has to
 * judge that one. The `Host` header wins over the request's URL, which behind a proxy names a machine that no page knows.
 */
export function judgeOrigin(request: Request, allowed: ReadonlySet<string>): Origin {
  const origin = request.headers.get('origin');
  if (origin === null) {
    return { kind: request.headers.get('sec-fetch-site') === 'cross-site' ? 'foreign' : 'none' };
  }
  if (allowed.has(origin)) return { kind: 'allowed', origin };
  if (!URL.canParse(origin)) return { kind: 'foreign' };
  const page = new URL(origin);
  const here = new URL(request.url);
  const host = request.headers.get('host') ?? here.host;
  // A proxy may have taken off TLS, so http here and https there is the usual case; the reverse is somebody in between.
  const isDowngraded = here.protocol === 'https:' && page.protocol === 'http:';
  return { kind: page.host === host && !isDowngraded ? 'same' : 'foreign' };
}

/** Headers that let the page read the answer. `Vary` always: one cache may serve several origins. */
export function crossOriginHeaders(origin: Origin): Record<string, string> {
  if (origin.kind !== 'allowed') return { vary: 'origin' };
  return {
    vary: 'origin',
    'access-control-allow-origin': origin.origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after',
  };
}

export function preflight(origin: Origin): Response {
  if (origin.kind === 'foreign')
    return new Response(null, { status: 403, headers: crossOriginHeaders(origin) });
  return new Response(null, {
    status: 204,
    headers: {
      ...crossOriginHeaders(origin),
      allow: 'POST, OPTIONS',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, authorization',
      'access-control-max-age': '600',
    },
  });
}
