import type { Clock } from '../async/clock.js';
import { abortable, deadline } from '../async/deadline.js';
import { retryAfterMs } from '../async/retry-after.js';
import type { Answer } from './delivery-plan.js';
import type { OutboxEntry } from './outbox.js';

export interface PostOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Default: the page's `fetch`. */
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly wallNow?: () => number;
}

export type Post = (
  entry: Pick<OutboxEntry, 'key' | 'body'>,
  options: { keepalive: boolean; signal: AbortSignal },
) => Promise<Answer>;

const TIMEOUT_MS = 30_000;

/** Posts one message. Whatever goes wrong on the way is an answer; it rejects only with the signal's reason. */
export function httpPost({
  url,
  clock,
  fetch = globalThis.fetch.bind(globalThis),
  wallNow = () => Date.now(),
}: PostOptions): Post {
  return async ({ key, body }, { keepalive, signal }) => {
    const limit = deadline(clock, TIMEOUT_MS, () => new DOMException('No answer', 'TimeoutError'), {
      signal,
    });
    try {
      const response = await abortable(
        fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body,
          credentials: 'same-origin',
          redirect: 'manual',
          keepalive,
          signal: limit.signal,
        }),
        limit.signal,
      );
      // Nobody needs the words, but an answer that is not read to its end holds its connection.
      response.text().catch(() => undefined);
      return {
        type: 'answered',
        status: response.status,
        retryAfterMs: retryAfterMs(response.headers.get('retry-after'), wallNow()),
      };
    } catch {
      signal.throwIfAborted();
      // Offline, a name that is not found, a policy of the page's or no answer in time: a browser does not tell them apart.
      return { type: 'unreachable' };
    } finally {
      limit.clear();
    }
  };
}
