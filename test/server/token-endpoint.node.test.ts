import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { createTokenEndpoint } from '../../src/server/index.js';
import type { TokenEndpointOptions } from '../../src/server/index.js';
import { UpstreamError } from '../../src/server/client-secret.js';
import { startProvider } from './provider-stand-in.js';
import type { ProviderStandIn } from './provider-stand-in.js';

const KEY = 'sk-test-0123456789';
const HERE = 'https://interviews.example/api/token';

function ask(headers: Record<string, string> = {}, body: unknown = {}): Request {
  return new Request(HERE, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

interface Refusal {
  error: { code: string; message: string };
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as Refusal).error.code;
}

describe('createTokenEndpoint', () => {
  let provider: ProviderStandIn;
  let errors: unknown[];
  const good = (overrides: Partial<TokenEndpointOptions> = {}): TokenEndpointOptions => ({
    apiKey: KEY,
    public: true,
    upstreamUrl: provider.url,
    onError: (error) => errors.push(error),
    ...overrides,
  });
  const endpoint = (options: Partial<TokenEndpointOptions> = {}): ((request: Request) => Promise<Response>) =>
    createTokenEndpoint(good(options));

  before(async () => {
    provider = await startProvider();
  });
  after(() => provider.close());
  let usual: ProviderStandIn['answer'];
  beforeEach(() => {
    usual = provider.answer;
    errors = [];
    provider.received.length = 0;
  });
  afterEach(() => {
    provider.answer = usual;
  });

  it('asks the provider for a secret of 60 seconds with the session’s defaults', async () => {
    const response = await endpoint({ session: { model: 'gpt-realtime-2.1', type: 'transcription' } })(ask());
    assert.equal(response.status, 200);
    assert.equal(provider.received.length, 1);
    const request = provider.received[0]!;
    assert.equal(request.method, 'POST');
    assert.equal(request.path, '/v1/realtime/client_secrets');
    assert.equal(request.headers.authorization, `Bearer ${KEY}`);
    assert.deepEqual(request.body, {
      expires_after: { anchor: 'created_at', seconds: 60 },
      session: { model: 'gpt-realtime-2.1', type: 'realtime' },
    });
  });

  it('answers with the secret, its expiry and the provider’s socket, never cached, and nothing else of the answer', async () => {
    const response = await endpoint()(ask());
    assert.deepEqual(await response.json(), {
      value: 'ek_1',
      expires_at: 1_800_000_060,
      url: `${provider.url.replace('http', 'ws')}/v1/realtime`,
    });
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  });

  it('names no url when it asks the usual provider', async () => {
    const asked: string[] = [];
    const answer = endpoint({
      upstreamUrl: undefined,
      fetch: (url) => {
        asked.push(url as string);
        return Promise.resolve(Response.json({ value: 'ek_2', expires_at: 5 }));
      },
    });
    assert.deepEqual(await (await answer(ask())).json(), { value: 'ek_2', expires_at: 5 });
    assert.deepEqual(asked, ['https://api.openai.com/v1/realtime/client_secrets']);
  });

  it('understands the address of the API, of its realtime part and of client_secrets', async () => {
    for (const [upstreamUrl, path] of [
      [`${provider.url}/v1/`, '/v1/realtime/client_secrets'],
      [`${provider.url}/openai/v1`, '/openai/v1/realtime/client_secrets'],
      [`${provider.url}/openai/v1/realtime`, '/openai/v1/realtime/client_secrets'],
      [`${provider.url}/v1/realtime/client_secrets`, '/v1/realtime/client_secrets'],
    ] as const) {
      await endpoint({ upstreamUrl })(ask());
      assert.equal(provider.received.at(-1)?.path, path, upstreamUrl);
    }
  });

  it('hands out the socket’s address that the host names', async () => {
    const fixed = await endpoint({ realtimeUrl: 'wss://speech.example/v1/realtime' })(ask());
    assert.equal(((await fixed.json()) as { url: string }).url, 'wss://speech.example/v1/realtime');
    const made = await endpoint({ realtimeUrl: (request) => `wss://${new URL(request.url).host}/rt` })(ask());
    assert.equal(((await made.json()) as { url: string }).url, 'wss://interviews.example/rt');
  });

  describe('refuses to be made', () => {
    for (const [name, options, message] of [
      ['without a key', { apiKey: '' }, /apiKey/],
      ['without authorize', { public: undefined }, /authorize/],
      ['with `public: false` and nobody who authorises', { public: false }, /authorize/],
      [
        'with an allowed origin that no browser writes',
        { allowedOrigins: ['https://a.example/'] },
        /a\.example\//,
      ],
      ['with "*" for an origin', { allowedOrigins: ['*'] }, /allowedOrigins/],
      ['with an upstream that is no web address', { upstreamUrl: 'ws://a.example' }, /upstreamUrl/],
      ['with a limit of nothing', { rateLimit: { limit: 0, windowMs: 1 } }, /rateLimit/],
      ['with no time for the provider', { timeoutMs: 0 }, /timeoutMs/],
    ] as const) {
      it(name, () => {
        assert.throws(() => createTokenEndpoint(good(options)), { name: 'TypeError', message });
      });
    }
  });

  describe('the request', () => {
    it('must be a POST', async () => {
      const response = await endpoint()(new Request(HERE));
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'POST, OPTIONS');
      assert.equal(provider.received.length, 0);
    });

    it('may have no body at all', async () => {
      assert.equal((await endpoint()(new Request(HERE, { method: 'POST' }))).status, 200);
    });

    for (const [name, request, status] of [
      ['is refused as plain text', ask({ 'content-type': 'text/plain' }), 415],
      ['is refused when it is not JSON', ask({}, '{'), 400],
      ['is refused when it is not an object', ask({}, '[]'), 400],
      ['is refused with a field of the wrong type', ask({}, { guideId: 7 }), 400],
      ['is refused with a name that is too long', ask({}, { participant: 'p'.repeat(513) }), 400],
      ['is refused when it says that it is too large', ask({ 'content-length': '99999999' }), 413],
      ['is refused when it is too large', ask({}, { participant: 'p'.repeat(20_000) }), 413],
    ] as const) {
      it(name, async () => {
        assert.equal((await endpoint()(request)).status, status);
        assert.equal(provider.received.length, 0);
      });
    }

    it('is read no further than the limit, also when it never ends', async () => {
      let pulled = 0;
      let isCancelled = false;
      const endless = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled += 1_000;
          controller.enqueue(new Uint8Array(1_000).fill(0x20));
        },
        cancel() {
          isCancelled = true;
        },
      });
      const response = await endpoint()(
        new Request(HERE, { method: 'POST', body: endless, duplex: 'half' } as RequestInit),
      );
      assert.equal(response.status, 413);
      assert.ok(isCancelled);
      assert.ok(pulled < 20_000, `pulled ${String(pulled)} bytes`);
    });
  });

  describe('authorize', () => {
    it('is asked with the request and what the page said', async () => {
      const calls: unknown[] = [];
      const answer = endpoint({
        public: undefined,
        authorize: (request, order) => {
          calls.push([request.headers.get('cookie'), order]);
          return true;
        },
      });
      const order = { interviewId: 'i', guideId: 'g', participant: 'p-017', language: 'en' };
      assert.equal((await answer(ask({ cookie: 'session=1' }, { ...order, other: 'dropped' }))).status, 200);
      assert.deepEqual(calls, [['session=1', order]]);
    });

    it('refuses, and neither the count nor the provider hears of it', async () => {
      const answer = endpoint({
        authorize: (request) => request.headers.has('x-good'),
        rateLimit: { limit: 1, windowMs: 60_000 },
      });
      for (let n = 0; n < 3; n++) {
        const response = await answer(ask());
        assert.equal(response.status, 403);
        assert.equal(await codeOf(response), 'not-authorized');
      }
      assert.equal(provider.received.length, 0);
      assert.equal((await answer(ask({ 'x-good': '1' }))).status, 200);
    });

    it('that throws is a failure of the host, told to the host alone', async () => {
      const broken = new Error(`database at 10.0.0.1, ${KEY}`);
      const response = await endpoint({ authorize: () => Promise.reject(broken) })(ask());
      assert.equal(response.status, 500);
      assert.equal(await codeOf(response), 'internal');
      assert.deepEqual(errors, [broken]);
      assert.equal(provider.received.length, 0);
    });
  });

  describe('origins', () => {
    const allowedOrigins = ['https://study.example'];
    for (const [name, headers, status] of [
      ['lets the own page ask', { origin: 'https://interviews.example' }, 200],
      ['lets a caller outside a browser ask', {}, 200],
      ['lets an allowed page ask', { origin: 'https://study.example' }, 200],
      [
        'goes by the Host that a proxy passed on',
        { origin: 'https://public.example', host: 'public.example' },
        200,
      ],
      ['refuses a foreign page', { origin: 'https://evil.example' }, 403],
      ['refuses another port', { origin: 'https://interviews.example:8443' }, 403],
      ['refuses a page without TLS where this has it', { origin: 'http://interviews.example' }, 403],
      ['refuses a sandboxed frame', { origin: 'null' }, 403],
      [
        'refuses a name that only begins like an allowed one',
        { origin: 'https://study.example.evil.example' },
        403,
      ],
      ['refuses what the browser marks as cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ] as const) {
      it(name, async () => {
        const response = await endpoint({ allowedOrigins })(ask(headers));
        assert.equal(response.status, status);
        assert.equal(provider.received.length, status === 200 ? 1 : 0);
      });
    }

    it('answers an allowed page so that its browser shows the answer, refusals too', async () => {
      const answer = endpoint({ allowedOrigins, authorize: () => false });
      const response = await answer(ask({ origin: 'https://study.example' }));
      assert.equal(response.status, 403);
      assert.equal(response.headers.get('access-control-allow-origin'), 'https://study.example');
      assert.equal(response.headers.get('vary'), 'origin');
      assert.equal((await answer(ask())).headers.get('access-control-allow-origin'), null);
    });

    it('answers the preflight of an allowed page, and of no other', async () => {
      const preflight = (origin: string): Promise<Response> =>
        endpoint({ allowedOrigins })(new Request(HERE, { method: 'OPTIONS', headers: { origin } }));
      const allowed = await preflight('https://study.example');
      assert.equal(allowed.status, 204);
      assert.equal(allowed.headers.get('access-control-allow-methods'), 'POST');
      assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /content-type/);
      const foreign = await preflight('https://evil.example');
      assert.equal(foreign.status, 403);
      assert.equal(foreign.headers.get('access-control-allow-origin'), null);
      assert.equal(provider.received.length, 0);
    });
  });

  describe('the rate limit', () => {
    it('counts each client by itself, says how long to wait, and starts anew', async () => {
      let nowMs = 1_000_000;
      const answer = endpoint({
        clientKey: (request) => request.headers.get('x-client') ?? undefined,
        rateLimit: { limit: 2, windowMs: 60_000 },
        now: () => nowMs,
      });
      const from = async (client: string): Promise<Response> => answer(ask({ 'x-client': client }));
      assert.equal((await from('a')).status, 200);
      nowMs += 10_500;
      assert.equal((await from('a')).status, 200);
      const refused = await from('a');
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get('retry-after'), '50');
      assert.equal(await codeOf(refused), 'rate-limited');
      assert.equal((await from('b')).status, 200);
      nowMs += 50_000;
      assert.equal((await from('a')).status, 200);
      assert.equal(provider.received.length, 4);
    });

    it('holds by default, and can be taken off', async () => {
      const statuses = async (options: Partial<TokenEndpointOptions>): Promise<number[]> => {
        const answer = endpoint({
          ...options,
          fetch: () => Promise.resolve(Response.json({ value: 'e', expires_at: 1 })),
        });
        const all: number[] = [];
        for (let n = 0; n < 121; n++) all.push((await answer(ask())).status);
        return all;
      };
      assert.deepEqual([...new Set((await statuses({ clientKey: () => 'a' })).slice(0, 20))], [200]);
      assert.equal((await statuses({ clientKey: () => 'a' }))[20], 429);
      assert.equal((await statuses({})).indexOf(429), 120);
      assert.equal((await statuses({ rateLimit: false })).indexOf(429), -1);
    });

    it('asks a shared store, and lets nobody through while that is broken', async () => {
      const hits: unknown[] = [];
      const store = {
        hit: (key: string, windowMs: number, nowMs: number) => {
          hits.push([key, windowMs, nowMs]);
          return Promise.resolve({ count: hits.length, resetAtMs: nowMs + 1 });
        },
      };
      const answer = endpoint({
        clientKey: () => 'a',
        rateLimit: { limit: 1, windowMs: 500, store },
        now: () => 7,
      });
      assert.equal((await answer(ask())).status, 200);
      assert.equal((await answer(ask())).status, 429);
      assert.deepEqual(hits, [
        ['a', 500, 7],
        ['a', 500, 7],
      ]);
      const broken = { hit: () => Promise.reject(new Error('down')) };
      assert.equal(
        (await endpoint({ rateLimit: { limit: 1, windowMs: 500, store: broken } })(ask())).status,
        500,
      );
      assert.equal(provider.received.length, 1);
    });
  });

  describe('the provider', () => {
    const cases: readonly (readonly [
      string,
      ProviderStandIn['answer'],
      number,
      UpstreamError['code'],
      number | undefined,
    ])[] = [
      ['that never answers', 'never', 504, 'upstream-timeout', undefined],
      ['that stalls in its body', 'stalls in its body', 504, 'upstream-timeout', undefined],
      [
        'that refuses the key',
        { status: 401, body: { error: { message: `Incorrect API key provided: ${KEY}` } } },
        502,
        'upstream-refused',
        401,
      ],
      [
        'that asks to wait',
        { status: 429, headers: { 'retry-after': '12' }, body: { error: { message: 'slow down' } } },
        503,
        'upstream-busy',
        429,
      ],
      [
        'that redirects',
        { status: 307, headers: { location: 'http://127.0.0.1:9/' }, body: 'moved' },
        502,
        'upstream-refused',
        307,
      ],
      ['that answers in HTML', { body: '<html>secret notes</html>' }, 502, 'upstream-malformed', 200],
      ['that answers in another shape', { body: { client_secret: 'ek' } }, 502, 'upstream-malformed', 200],
      ['that answers without an expiry', { body: { value: 'ek' } }, 502, 'upstream-malformed', 200],
      ['that echoes the key', { body: { value: KEY, expires_at: 1 } }, 502, 'upstream-malformed', 200],
    ];
    for (const [name, providerAnswer, status, code, upstreamStatus] of cases) {
      it(`${name} gives ${String(status)} ${code} with nothing of its answer`, async () => {
        provider.answer = providerAnswer;
        const response = await endpoint({ timeoutMs: 100 })(ask());
        assert.equal(response.status, status);
        if (code === 'upstream-busy') assert.equal(response.headers.get('retry-after'), '12');
        const text = await response.text();
        assert.equal((JSON.parse(text) as Refusal).error.code, code);
        for (const leak of [KEY, 'Incorrect', 'slow down', 'secret notes', 'moved'])
          assert.ok(!text.includes(leak), leak);
        assert.equal(errors.length, 1);
        const [error] = errors;
        assert.ok(error instanceof UpstreamError);
        assert.equal(error.upstreamStatus, upstreamStatus);
        assert.ok(!JSON.stringify([error, error.message, String(error.cause)]).includes(KEY));
      });
    }

    it('that cannot be reached gives 502', async () => {
      const gone = await startProvider();
      await gone.close();
      const response = await endpoint({ upstreamUrl: gone.url })(ask());
      assert.equal(response.status, 502);
      assert.equal(await codeOf(response), 'upstream-unreachable');
    });
  });
});
