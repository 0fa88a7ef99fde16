import type { IncomingMessage } from 'node:http';
import { delay } from '../../../src/async/deadline.js';
import type { Clock } from '../../../src/async/clock.js';
import { FaultTimes } from '../faults/fault-times.js';
import { flag, integer, KnobError, readKnobs } from '../faults/knobs.js';
import type { Knobs } from '../faults/knobs.js';

/** Every fault that the address of the demo's token endpoint can ask for. The README's table says what each does. */
const KNOBS = {
  down: flag,
  slow: integer(0, 60_000),
  status: integer(400, 599),
  'retry-after': integer(0, 3_600),
  html: flag,
  shape: flag,
  expired: flag,
  skew: signedSeconds,
  times: integer(1, 1_000),
  run: (text: string) => text,
} as const;

type TokenKnobs = Knobs<typeof KNOBS>;

export interface TokenFaultsOptions {
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The endpoint as it is when nothing is wrong. */
  readonly answer: (request: IncomingMessage) => Promise<Response>;
}

/** The token endpoint behind the faults that its address asks for; without a query there are none. */
export class TokenFaults {
  readonly #options: TokenFaultsOptions;
  readonly #times = new FaultTimes();

  constructor(options: TokenFaultsOptions) {
    this.#options = options;
  }

  /** Undefined: there is to be no answer at all. */
  async answer(request: IncomingMessage): Promise<Response | undefined> {
    const { search, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    let knobs: TokenKnobs;
    try {
      knobs = readKnobs(KNOBS, searchParams, { 'retry-after': 'status' });
    } catch (error) {
      if (!(error instanceof KnobError)) throw error;
      return Response.json({ error: { code: 'invalid_fault', message: error.message } }, { status: 400 });
    }
    if (!this.#times.isStillOn(search, knobs.times)) return this.#options.answer(request);
    if (knobs.slow !== undefined) await delay(this.#options.clock, knobs.slow);
    return this.#spoilt(request, knobs);
  }

  async #spoilt(request: IncomingMessage, knobs: TokenKnobs): Promise<Response | undefined> {
    if (knobs.down) return undefined;
    if (knobs.status !== undefined) return refusal(knobs.status, knobs['retry-after']);
    if (knobs.html) {
      const headers = { 'content-type': 'text/html; charset=utf-8' };
      return new Response('<!doctype html><title>Sign in</title><p>Please sign in.</p>', { headers });
    }
    if (knobs.shape) return Response.json({ token: 'of another shape' });
    const answer = await this.#options.answer(request);
    if (knobs.expired) return retimed(answer, (_, nowSeconds) => nowSeconds - 60, this.#options.now());
    const { skew } = knobs;
    if (skew === undefined) return answer;
    const skewed = await retimed(answer, (expiresAt) => expiresAt + skew, this.#options.now());
    skewed.headers.set('date', new Date(this.#options.now() + skew * 1_000).toUTCString());
    return skewed;
  }
}

/** How far the clock of the endpoint is off from the page's: both what it promises and its `Date` are. */
function signedSeconds(text: string): number {
  if (/^-?\d{1,8}$/.test(text)) return Number(text);
  throw new KnobError('a number of seconds such as 7200 or -7200');
}

function refusal(status: number, retryAfterSeconds: number | undefined): Response {
  const response = Response.json(
    { error: { code: 'asked-to-fail', message: 'This endpoint was asked to fail' } },
    { status },
  );
  if (retryAfterSeconds !== undefined) response.headers.set('retry-after', String(retryAfterSeconds));
  return response;
}

/** A good answer whose secret ends at another time; any other answer as it is. */
async function retimed(
  answer: Response,
  expiry: (expiresAt: number, nowSeconds: number) => number,
  nowMs: number,
): Promise<Response> {
  if (!answer.ok) return answer;
  const token = (await answer.json()) as { readonly expires_at: number };
  const expires_at = expiry(token.expires_at, Math.floor(nowMs / 1_000));
  return Response.json({ ...token, expires_at }, { headers: { 'cache-control': 'no-store' } });
}
