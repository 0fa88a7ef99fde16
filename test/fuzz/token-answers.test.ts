import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { InterviewError } from '../../src/errors.js';
import { readToken, type Token } from '../../src/realtime/token-answer.js';
import { httpTokenSource } from '../../src/realtime/token-source.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import { Escapes } from './escapes.js';
import { mutated, mutation, rubbish, textOf } from './mutations.js';

const ANSWERS = 1000;
const NOW = Date.UTC(2026, 10, 22, 12);
const SECRET = 'ek_very-secret';
/** Stands for everything else that only the answer says. */
const PRIVATE = 'only-the-answer-says-this';

const shapes = [
  {
    value: SECRET,
    expires_at: NOW / 1000 + 60,
    url: 'wss://example.org/v1/realtime',
    session: { instructions: PRIVATE },
  },
  { client_secret: { value: SECRET, expires_at: NOW / 1000 + 60 }, id: PRIVATE },
  { error: { message: `${PRIVATE}: ${SECRET}`, type: 'invalid_request_error' } },
];

const bodies = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...shapes).map((shape) => JSON.stringify(shape)) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...shapes), fc.array(mutation, { minLength: 1, maxLength: 3 }))
      .map(([shape, mutations]) => textOf(mutated(shape, mutations))),
  },
  { weight: 1, arbitrary: fc.nat(80).map((length) => JSON.stringify(shapes[0]).slice(0, length)) },
  fc.constantFrom(
    `<!doctype html><title>502</title><p>${PRIVATE} ${SECRET}`,
    '',
    `"${SECRET}"`,
    `\ufeff${JSON.stringify(shapes[0])}`,
    JSON.stringify({ ...shapes[0], value: `${SECRET}\r\nX: ${PRIVATE}` }),
    JSON.stringify({ ...shapes[0], padding: PRIVATE.repeat(20_000) }),
    JSON.stringify(Array.from({ length: 500 }, () => shapes[0])),
  ),
);

const answers = fc.record({
  body: bodies,
  status: fc.oneof(
    { weight: 3, arbitrary: fc.constant(200) },
    fc.constantFrom(
      201,
      202,
      206,
      299,
      300,
      304,
      400,
      401,
      403,
      404,
      408,
      418,
      429,
      451,
      500,
      502,
      503,
      504,
      599,
    ),
  ),
  type: fc.oneof(
    { weight: 3, arbitrary: fc.constant('application/json') },
    fc.constantFrom(
      'application/problem+json; charset=utf-8',
      'text/html',
      'application/jsonp',
      'x'.repeat(5000),
      '',
    ),
  ),
  date: fc.constantFrom(
    undefined,
    new Date(NOW).toUTCString(),
    new Date(NOW + 3e8).toUTCString(),
    'yesterday',
    '-1',
  ),
  retryAfter: fc.oneof(
    fc.constantFrom(
      undefined,
      '5',
      '-5',
      '1e9',
      '9'.repeat(400),
      'NaN',
      new Date(NOW + 9000).toUTCString(),
      'soon',
    ),
    rubbish.map((value) =>
      textOf(value)
        .replace(/[^\x20-\x7e]/g, '?')
        .slice(0, 200),
    ),
  ),
  /** How the answer comes, or why it does not. */
  way: fc.oneof(
    { weight: 6, arbitrary: fc.constant('at once' as const) },
    fc.constantFrom('network error', 'not an error', 'never', 'body never ends', 'body breaks off', 'late'),
  ),
});

type Answer = typeof answers extends fc.Arbitrary<infer One> ? One : never;

function responseOf({ body, status, type, date, retryAfter, way }: Answer): Response {
  const headers = new Headers({ 'content-type': type });
  if (date !== undefined) headers.set('date', date);
  if (retryAfter !== undefined) headers.set('retry-after', retryAfter);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(body));
      if (way === 'body breaks off') controller.error(new TypeError('network error'));
      else if (way !== 'body never ends') controller.close();
    },
  });
  return new Response(status === 304 ? null : stream, { status, headers });
}

function ask(answer: Answer, clock: FakeClock): Promise<Token> {
  const reply = async (): Promise<Response> => {
    if (answer.way === 'network error') throw new TypeError('Failed to fetch');
    // What a service worker, or a host's own `fetch`, may do.
    if (answer.way === 'not an error') throw undefined as unknown as Error;
    if (answer.way === 'never') return new Promise(() => undefined);
    if (answer.way === 'late') await new Promise<void>((resolve) => clock.setTimeout(resolve, 9_999));
    return responseOf(answer);
  };
  const source = httpTokenSource({ tokenUrl: '/api/token', clock, wallClock: () => NOW, fetch: reply });
  return source({ signal: new AbortController().signal });
}

describe('a token endpoint gone wrong', () => {
  const escapes = new Escapes();
  before(() => {
    escapes.start();
  });
  after(() => {
    escapes.stop();
  });

  it(`gives a token or one of three errors that keep its secret: ${ANSWERS} mutated answers`, async () => {
    const told = new Map<string, number>();
    const count = (what: string): unknown => told.set(what, (told.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        const clock = new FakeClock();
        let end: { readonly token: Token } | { readonly error: unknown } | undefined;
        const work = ask(answer, clock).then(
          (token) => (end = { token }),
          (error: unknown) => (end = { error }),
        );
        await settle();
        // Streams take turns of the event loop; those that never end are ended by the clock.
        if (answer.way !== 'at once') await escapes.check();
        if (answer.way !== 'at once') await clock.advanceAsync(9_999);
        if (answer.way === 'late') await work;
        else if (answer.way !== 'at once') await clock.advanceAsync(1);
        await work;
        if (end && 'token' in end) {
          count('token');
          expect(readToken(end.token)).to.deep.equal(end.token);
          expect(answer.status).to.be.within(200, 299);
        } else {
          const { error } = end ?? {};
          expectTyped(error);
          count((error as InterviewError).code);
        }
        expect(clock.pending, 'timers that remain').to.equal(0);
        await escapes.check();
      }),
      { numRuns: ANSWERS, includeErrorInReport: true },
    );
    for (const what of ['token', 'token-refused', 'token-unreachable', 'token-malformed'])
      expect(told.get(what) ?? 0, what).to.be.above(ANSWERS / 100);
  });
});

function expectTyped(error: unknown): void {
  expect(error).to.be.instanceOf(InterviewError);
  const { code, message, retryAfterMs, stack } = error as InterviewError;
  expect(code).to.be.oneOf(['token-refused', 'token-unreachable', 'token-malformed']);
  expect(message.length, 'a message of a readable length').to.be.within(1, 300);
  if (retryAfterMs !== undefined) expect(retryAfterMs, 'retryAfterMs').to.be.within(0, Number.MAX_VALUE);
  const words: string[] = [message, stack ?? ''];
  for (let cause = (error as Error).cause; cause !== undefined; cause = (cause as Error | null)?.cause)
    words.push(cause instanceof Error ? `${cause.message} ${cause.stack}` : JSON.stringify(cause));
  for (const never of [SECRET, 'very-secret', PRIVATE])
    expect(words.join('\n').includes(never), `quotes the answer: ${words.join(' ').slice(0, 300)}`).to.be
      .false;
}
