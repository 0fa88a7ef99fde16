import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { httpTokenSource } from '../../src/realtime/token-source.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const SECRET = 'ek_very-secret';
const TOKEN = { value: SECRET, expires_at: NOW / 1000 + 60 };

type Init = Omit<ResponseInit, 'headers'> & { readonly headers?: Record<string, string> };

function answer(body: unknown, init: Init = {}): Response {
  const headers = { 'content-type': 'application/json', ...init.headers };
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), { ...init, headers });
}

interface Asked {
  readonly url: unknown;
  readonly init: RequestInit | undefined;
}

function source(reply: () => Promise<Response>) {
  const clock = new FakeClock();
  const asked: Asked[] = [];
  const ask = httpTokenSource({
    tokenUrl: '/api/token',
    context: { interviewId: 'i', participant: 'p', guideId: undefined },
    clock,
    wallClock: () => NOW,
    fetch: (url, init) => {
      asked.push({ url, init });
      return reply();
    },
  });
  const signal = new AbortController().signal;
  return { ask: () => ask({ signal }), clock, asked, source: ask };
}

async function failure(work: Promise<unknown>): Promise<InterviewError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(InterviewError);
  // Whatever happens: the secret is nowhere in what is reported.
  const { message, cause } = error as InterviewError;
  expect(`${message} ${String(cause)}`).to.not.contain(SECRET);
  return error as InterviewError;
}

describe('the token source', () => {
  it('asks the host for whom the token is, with the page’s own credentials', async () => {
    const { ask, asked } = source(() => Promise.resolve(answer(TOKEN)));
    expect(await ask()).to.deep.equal(TOKEN);
    await ask();
    expect(asked).to.have.length(2);
    expect(asked[0]?.url).to.equal('/api/token');
    expect(asked[0]?.init).to.include({ method: 'POST', credentials: 'same-origin' });
    expect(asked[0]?.init?.body).to.equal('{"interviewId":"i","participant":"p"}');
  });

  it('understands the older shape and an address', async () => {
    const url = 'wss://example.com/v1/realtime';
    const { ask } = source(() => Promise.resolve(answer({ client_secret: TOKEN, url })));
    expect(await ask()).to.deep.equal({ ...TOKEN, url });
  });

  for (const [status, headers, code, retryAfterMs] of [
    [401, {}, 'token-refused', undefined],
    [403, {}, 'token-refused', undefined],
    [400, {}, 'token-refused', undefined],
    [429, { 'retry-after': '7' }, 'token-refused', 7000],
    [429, { 'retry-after': new Date(NOW + 3000).toUTCString() }, 'token-refused', 3000],
    [404, {}, 'token-unreachable', undefined],
    [500, {}, 'token-unreachable', undefined],
    [503, { 'retry-after': '2' }, 'token-unreachable', 2000],
    // More than a number holds: nobody can wait for that.
    [503, { 'retry-after': '9'.repeat(400) }, 'token-unreachable', undefined],
    // Too many requests are fewer a little later, whoever counts.
    [429, {}, 'token-refused', 5000],
  ] as const)
    it(`tells a ${status} ${JSON.stringify(headers)} as ${code}`, async () => {
      const { ask } = source(() => Promise.resolve(answer(TOKEN, { status, headers })));
      const error = await failure(ask());
      expect(error.code).to.equal(code);
      expect(error.retryAfterMs).to.equal(retryAfterMs);
      expect(error.recoverable).to.equal(true);
    });

  for (const [what, reply] of [
    ['a page', answer('<!doctype html>', { headers: { 'content-type': 'text/html' } })],
    ['a token with the type of a page', answer(TOKEN, { headers: { 'content-type': 'text/html' } })],
    ['broken JSON', answer(`{"value":"${SECRET}",}`)],
    ['JSON without a secret', answer({ expires_at: 5 })],
    ['a secret that cannot travel', answer({ ...TOKEN, value: `${SECRET} with spaces` })],
    ['an expiry that is a text', answer({ value: SECRET, expires_at: 'tomorrow' })],
    [
      'a token that has expired by the server’s own clock',
      answer(
        { value: SECRET, expires_at: NOW / 1000 - 1 },
        { headers: { date: new Date(NOW).toUTCString() } },
      ),
    ],
    ['a token that expired long ago', answer({ value: SECRET, expires_at: NOW / 1000 - 400 })],
  ] as const)
    it(`tells ${what} as malformed`, async () => {
      const { ask } = source(() => Promise.resolve(reply));
      expect((await failure(ask())).code).to.equal('token-malformed');
    });

  it('trusts a token that has expired only by a clock which may be minutes off', async () => {
    const skewed = { value: SECRET, expires_at: NOW / 1000 - 200 };
    const { ask } = source(() => Promise.resolve(answer(skewed)));
    expect(await ask()).to.deep.equal(skewed);
    const date = new Date(NOW - 300_000).toUTCString();
    const { ask: askDated } = source(() => Promise.resolve(answer(skewed, { headers: { date } })));
    expect(await askDated()).to.deep.equal(skewed);
  });

  it('tells a network without an answer as unreachable', async () => {
    const { ask } = source(() => Promise.reject(new TypeError('Failed to fetch')));
    expect((await failure(ask())).code).to.equal('token-unreachable');
  });

  it('waits ten seconds, also for the rest of an answer that has begun', async () => {
    for (const reply of [
      () => new Promise<Response>(() => undefined),
      () =>
        Promise.resolve(
          new Response(new ReadableStream(), { headers: { 'content-type': 'application/json' } }),
        ),
    ]) {
      const { ask, clock } = source(reply);
      const asking = failure(ask());
      await clock.advanceAsync(9999);
      expect(clock.pending).to.equal(1);
      await clock.advanceAsync(1);
      expect((await asking).code).to.equal('token-unreachable');
      expect(clock.pending).to.equal(0);
    }
  });

  it('stops with the reason of its signal', async () => {
    const stop = new AbortController();
    const { source: ask, clock } = source(() => new Promise<Response>(() => undefined));
    const asking = ask({ signal: stop.signal }).catch((reason: unknown) => reason);
    await settle();
    const reason = new Error('left the page');
    stop.abort(reason);
    expect(await asking).to.equal(reason);
    expect(clock.pending).to.equal(0);
  });
});
