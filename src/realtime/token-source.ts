import type { Clock } from '../async/clock.js';
import { abortable, deadline } from '../async/deadline.js';
import { retryAfterMs } from '../async/retry-after.js';
import { InterviewError } from '../errors.js';
import { hasExpired, readToken, type Token } from './token-answer.js';

const BUSY_MS = 5000;

/** Asked before every connection. Rejects with an `InterviewError`, or with the signal's reason. */
export type TokenSource = (context: { signal: AbortSignal }) => Promise<Token>;

/** What the host's endpoint is told: whom the token is for. */
export interface TokenContext {
  readonly interviewId?: string | undefined;
  readonly guideId?: string | undefined;
  readonly participant?: string | undefined;
  readonly language?: string | undefined;
}

export interface HttpTokenSourceOptions {
  readonly tokenUrl: string;
  readonly context?: TokenContext;
  readonly clock: Clock;
  /** For the whole answer. Default 10,000. */
  readonly timeoutMs?: number;
  /** Default: the page's `fetch`. */
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly wallClock?: () => number;
}

/**
 * A token from the host's endpoint; every call asks for a new one. Rejects with `token-refused`, `token-unreachable` or
 * `token-malformed`, or with the signal's reason. No message and no cause of these ever quotes the answer.
 */
export function httpTokenSource({
  tokenUrl,
  context = {},
  clock,
  timeoutMs = 10_000,
  fetch = globalThis.fetch.bind(globalThis),
  wallClock = () => Date.now(),
}: HttpTokenSourceOptions): TokenSource {
  return async ({ signal }) => {
    const tooLate = (): InterviewError =>
      new InterviewError('token-unreachable', `No answer from the token endpoint in ${timeoutMs} ms`);
    const limit = deadline(clock, timeoutMs, tooLate, { signal });
    try {
      const response = await abortable(
        fetch(tokenUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify(context),
          credentials: 'same-origin',
          signal: limit.signal,
        }),
        limit.signal,
      );
      if (!response.ok) throw refusal(response, wallClock());
      return await abortable(readAnswer(response, wallClock()), limit.signal);
    } catch (error) {
      limit.signal.throwIfAborted();
      if (error instanceof InterviewError) throw error;
      throw new InterviewError('token-unreachable', 'The token endpoint could not be reached', {
        cause: error,
      });
    } finally {
      limit.clear();
    }
  };
}

async function readAnswer(response: Response, nowMs: number): Promise<Token> {
  const malformed = (why: string): InterviewError =>
    new InterviewError('token-malformed', `Expected a token from the token endpoint, got ${why}`);
  const type = response.headers.get('content-type') ?? 'no content type';
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) throw malformed(type.slice(0, 80));
  const text = await response.text();
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // The parser's own error quotes the text, and a secret may be in it.
    throw malformed('a text that is no JSON');
  }
  const token = readToken(answer);
  if (!token) throw malformed('JSON of another shape');
  const date = Date.parse(response.headers.get('date') ?? '');
  const serverMs = Number.isNaN(date) ? undefined : date;
  if (hasExpired(token, { serverMs, localMs: nowMs })) throw malformed('one that has expired');
  return token;
}

function refusal({ status, headers }: Response, nowMs: number): InterviewError {
  const isRefused = status < 500 && status !== 404 && status !== 408;
  // Too many requests are over some time later, also where nobody says when.
  const waitMs = retryAfterMs(headers.get('retry-after'), nowMs) ?? (status === 429 ? BUSY_MS : undefined);
  return new InterviewError(
    isRefused ? 'token-refused' : 'token-unreachable',
    `The token endpoint answered ${status}`,
    waitMs === undefined ? {} : { retryAfterMs: waitMs },
  );
}
