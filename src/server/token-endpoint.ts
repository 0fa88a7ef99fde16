import { fetchClientSecret, UpstreamError } from './client-secret.js';
import { crossOriginHeaders, judgeOrigin, parseAllowedOrigins, preflight } from './origins.js';
import { memoryRateLimitStore } from './rate-limit.js';
import type { RateLimit } from './rate-limit.js';
import { readTokenOrder } from './token-order.js';
import type { TokenOrder } from './token-order.js';

export interface TokenEndpointOptions {
  /** The provider's key. It goes into the one request to the provider and nowhere else. */
  readonly apiKey: string;
  /**
   * Defaults of the session: model, voice, instructions and so on. A page can override all of them once it is connected, so they
   * are a convenience and not a security boundary.
   */
  readonly session?: Readonly<Record<string, unknown>>;
  /** Whether this caller may hold an interview. Required, unless `public: true` says that everybody may. */
  readonly authorize?: (request: Request, order: TokenOrder) => boolean | Promise<boolean>;
  /** Written out by hosts whose interviews are open to anybody. */
  readonly public?: boolean;
  /** Pages of other origins that may ask, each as the browser writes it: `https://example.com`. The own origin always may. */
  readonly allowedOrigins?: readonly string[];
  /**
   * Names whom to limit: a session's user, or the address as the host's own proxy reports it. A fetch Request has none. Without
   * it, or where it gives nothing, callers share one count.
   */
  readonly clientKey?: (request: Request) => string | undefined | Promise<string | undefined>;
  /** Default: 20 a minute for each client; 120 a minute for all together without `clientKey`. `false`: no limit. */
  readonly rateLimit?: RateLimit | false;
  /**
   * The provider's API, such as `https://api.openai.com/v1` (default); the whole address of its `client_secrets` does as well.
   * Any other than the default also decides `url` of the answer, since the page has to connect to the same provider.
   */
  readonly upstreamUrl?: string;
  /** Where the page is to connect, when that does not follow from `upstreamUrl` (a proxy, another public name). */
  readonly realtimeUrl?: string | ((request: Request) => string);
  /** How long the provider may take, from asking to the end of its answer. Default 10,000. */
  readonly timeoutMs?: number;
  /** Told of what went wrong behind an answer 5xx: `UpstreamError`s, and what a hook or a store threw. Never holds the key. */
  readonly onError?: (error: unknown) => void;
  readonly fetch?: typeof fetch;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

const PROVIDER_URL = 'https://api.openai.com/v1';
/** Long enough to connect, too short to be worth passing on. */
const SECRET_SECONDS = 60;

/**
 * The host's token endpoint: `POST` answers `{ value, expires_at, url? }`, a secret that starts sessions for 60 seconds. Every
 * refusal is JSON `{ error: { code, message } }`; no answer ever holds the key or anything of what the provider said.
 *
 * @throws TypeError at creation for options that cannot be right: no key, nobody who authorises
 */
export function createTokenEndpoint(options: TokenEndpointOptions): (request: Request) => Promise<Response> {
  const { apiKey, session, authorize, clientKey, timeoutMs = 10_000, now = Date.now, onError } = options;
  if (typeof apiKey !== 'string' || !/^\S+$/.test(apiKey)) {
    throw new TypeError('Expected apiKey to be the key of the provider, got nothing or a text with spaces');
  }
  if (!authorize && options.public !== true) {
    throw new TypeError(
      'Expected authorize(request), or `public: true` for interviews that anybody may hold',
    );
  }
  if (!(timeoutMs > 0)) throw new TypeError(`Expected timeoutMs to be positive, got ${String(timeoutMs)}`);
  const allowed = parseAllowedOrigins(options.allowedOrigins ?? []);
  const upstream = parseUpstream(options.upstreamUrl ?? PROVIDER_URL);
  const rateLimit = parseRateLimit(options);
  const store = rateLimit && (rateLimit.store ?? memoryRateLimitStore());

  const tooOften = async (request: Request): Promise<number | undefined> => {
    if (!rateLimit || !store) return undefined;
    const key = (await clientKey?.(request)) ?? 'everyone';
    const atMs = now();
    const { count, resetAtMs } = await store.hit(key, rateLimit.windowMs, atMs);
    return count > rateLimit.limit ? Math.max(1, Math.ceil((resetAtMs - atMs) / 1_000)) : undefined;
  };

  const answer = async (request: Request): Promise<Response> => {
    const reading = await readTokenOrder(request);
    if (!reading.ok) return refusal(reading.status, 'bad-request', reading.message);
    if (authorize && !(await authorize(request, reading.order))) {
      return refusal(403, 'not-authorized', 'This caller may not hold an interview here');
    }
    const waitSeconds = await tooOften(request);
    if (waitSeconds !== undefined)
      return refusal(429, 'rate-limited', 'Too many interviews were started', waitSeconds);

    const secret = await fetchClientSecret({
      url: upstream.secretsUrl,
      apiKey,
      session: { ...session, type: 'realtime' },
      secondsToLive: SECRET_SECONDS,
      timeoutMs,
      fetch: options.fetch ?? fetch,
    });
    const url =
      typeof options.realtimeUrl === 'function'
        ? options.realtimeUrl(request)
        : (options.realtimeUrl ?? upstream.realtimeUrl);
    return json(200, {
      value: secret.value,
      expires_at: secret.expires_at,
      ...(url === undefined ? {} : { url }),
    });
  };

  return async (request) => {
    const origin = judgeOrigin(request, allowed);
    if (request.method === 'OPTIONS') return preflight(origin);
    const response =
      request.method !== 'POST'
        ? refusal(405, 'method-not-allowed', 'Expected POST')
        : origin.kind === 'foreign'
          ? refusal(403, 'origin-not-allowed', 'Pages of this origin may not ask here')
          : await answer(request).catch((error: unknown) => {
              onError?.(error);
              return failure(error);
            });
    if (response.status === 405) response.headers.set('allow', 'POST, OPTIONS');
    for (const [name, value] of Object.entries(crossOriginHeaders(origin))) response.headers.set(name, value);
    return response;
  };
}

function failure(error: unknown): Response {
  if (!(error instanceof UpstreamError)) return refusal(500, 'internal', 'The token endpoint failed');
  switch (error.code) {
    case 'upstream-timeout':
      return refusal(504, error.code, error.message);
    case 'upstream-busy':
      return refusal(503, error.code, error.message, error.retryAfterSeconds ?? 5);
    case 'upstream-unreachable':
    case 'upstream-refused':
    case 'upstream-malformed':
      return refusal(502, error.code, error.message);
  }
}

function refusal(status: number, code: string, message: string, retryAfterSeconds?: number): Response {
  const response = json(status, { error: { code, message } });
  if (retryAfterSeconds !== undefined) response.headers.set('retry-after', String(retryAfterSeconds));
  return response;
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}

function parseRateLimit({ rateLimit, clientKey }: TokenEndpointOptions): RateLimit | undefined {
  if (rateLimit === false) return undefined;
  const { limit, windowMs } = rateLimit ?? { limit: clientKey ? 20 : 120, windowMs: 60_000 };
  if (!(limit >= 1 && windowMs > 0)) {
    throw new TypeError(
      `Expected rateLimit to allow at least 1 in a positive window, got ${String(limit)} in ${String(windowMs)} ms`,
    );
  }
  return { limit, windowMs, ...(rateLimit?.store ? { store: rateLimit.store } : {}) };
}

function parseUpstream(text: string): { secretsUrl: string; realtimeUrl: string | undefined } {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new TypeError('Expected upstreamUrl to be an http(s) address of the API');
  }
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '').replace(/(\/realtime)?\/client_secrets$|\/realtime$/, '');
  const realtime = new URL(url);
  realtime.pathname = `${path === '' ? '/v1' : path}/realtime`;
  const secrets = new URL(realtime);
  secrets.pathname += '/client_secrets';
  if (secrets.href === `${PROVIDER_URL}/realtime/client_secrets`)
    return { secretsUrl: secrets.href, realtimeUrl: undefined };
  realtime.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  realtime.search = '';
  realtime.username = realtime.password = '';
  return { secretsUrl: secrets.href, realtimeUrl: realtime.href };
}
