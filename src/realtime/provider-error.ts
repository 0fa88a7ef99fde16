import { list, text } from './lock-reading.js';
import type { Wild } from './lock-reading.js';

/** An error as the provider worded it, or one of the lock's own: `empty` (a response with nothing in it), `threw` (see `cause`). */
export interface ProviderError {
  /** The type, where the provider gave no code. */
  readonly code?: string | undefined;
  readonly message: string;
  /** The client event that it is about. */
  readonly eventId?: string | undefined;
  /** What a `send`, `before` or `response` function threw. */
  readonly cause?: unknown;
}

/** Reads the `error` of an error event, or of a failed response's `status_details`. Anything may come. */
export function readError(error: Wild): ProviderError {
  return {
    code: text(error?.code) ?? text(error?.type),
    message: text(error?.message) ?? '',
    eventId: text(error?.event_id),
  };
}

/** Older servers give no code: then only the message tells. */
function tells(pattern: RegExp): (error: ProviderError) => boolean {
  return ({ code, message }) => pattern.test(`${code} ${message}`);
}

/** No request of this account will succeed, neither again nor in a new connection. */
export const isFatal = tells(/_quota|_api_key|deactivated|billing_|beta_api/);
export const isConflict = tells(/has.(an.)?active.response/i);
export const isRateLimit = tells(/rate_limit/);
export const isServerError = tells(/server_error/);

/** The response that a conflict's message names. */
export function namedResponse({ message }: ProviderError): string | undefined {
  return /\bresp_[\w-]+/.exec(message)?.[0];
}

/** How long until the limits of `rate_limits.updated` that are used up are lifted. */
export function resetMs(event: Wild): number {
  const seconds = list(event?.rate_limits).map((limit) =>
    count(limit?.remaining) > 0 ? 0 : count(limit?.reset_seconds),
  );
  return 1000 * Math.max(0, ...seconds);
}

/** Nothing but a number: other values may not even let themselves be converted. */
function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** The wait that a message asks for: "try again in 1.5s". `NaN` when it asks for none, or for less than a second. */
export function askedWaitMs({ message }: ProviderError): number {
  return 1000 * Number(/again in ([\d.]+)s/.exec(message)?.[1]);
}
