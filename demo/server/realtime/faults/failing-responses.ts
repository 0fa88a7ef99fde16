import type { ServerEvent } from '../server-events.js';
import type { RealtimeKnobs } from './realtime-knobs.js';

type RateLimits = Extract<ServerEvent, { type: 'rate_limits.updated' }>['rate_limits'];

/** Ends a response as `failed` with this code. */
export class ResponseFailure extends Error {
  override readonly name = 'ResponseFailure';
  readonly code: string;
  /** The provider types a failure for want of money after its code. */
  readonly type: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
    this.type = code === 'server_error' || code === 'insufficient_quota' ? code : 'invalid_request_error';
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  insufficient_quota: 'You exceeded your current quota, please check your plan and billing details.',
  rate_limit_exceeded: 'Rate limit reached for requests per min. Limit: 1000 / min.',
};

/** Makes responses fail with a code, the first few or all, and tells rate limits to match. */
export class FailingResponses {
  readonly #knobs: RealtimeKnobs;
  #left: number;

  constructor(knobs: RealtimeKnobs) {
    this.#knobs = knobs;
    this.#left = knobs.fail === undefined ? 0 : (knobs['fail-times'] ?? Infinity);
  }

  /** What becomes of the next response; undefined: nothing that it would not become anyhow. */
  get failure(): ResponseFailure | undefined {
    const { fail } = this.#knobs;
    if (fail === undefined || this.#left <= 0) return undefined;
    return new ResponseFailure(fail, MESSAGES[fail] ?? `This server was asked to fail with ${fail}.`);
  }

  /** A response failed. */
  spend(): void {
    this.#left--;
  }

  /** The limits to tell with a response that fails: used up until the time that was asked for. Without such a time none are told. */
  limits(): RateLimits | undefined {
    const seconds = this.#knobs['reset-seconds'];
    if (seconds === undefined) return undefined;
    return [{ name: 'requests', limit: 1_000, remaining: 0, reset_seconds: seconds }];
  }
}
