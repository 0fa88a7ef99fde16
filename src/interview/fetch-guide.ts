import type { Clock } from '../async/clock.js';
import { deadline } from '../async/deadline.js';
import { InterviewError } from '../errors.js';
import { parseGuide, type Guide } from './guide.js';

const TIMEOUT_MS = 15_000;

export interface FetchGuideOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly fetch?: typeof fetch;
}

/**
 * @param source the guide itself, or its URL
 * @throws InterviewError `guide-unreachable` when it cannot be fetched, `guide-invalid` when it is no guide
 */
export async function fetchGuide(
  source: unknown,
  { clock, signal, fetch = globalThis.fetch }: FetchGuideOptions,
): Promise<Guide> {
  if (typeof source !== 'string') return parseGuide(source);
  const limit = deadline(
    clock,
    TIMEOUT_MS,
    () => unreachable(source, `gave no answer within ${TIMEOUT_MS / 1000} s`),
    { signal },
  );
  try {
    const response = await fetch(source, { signal: limit.signal, headers: { accept: 'application/json' } });
    if (!response.ok) throw unreachable(source, `answered ${response.status}`);
    return parseGuide(parseJson(await response.text(), source));
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof InterviewError) throw cause;
    throw unreachable(source, 'could not be fetched', cause);
  } finally {
    limit.clear();
  }
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InterviewError('guide-invalid', `The guide at ${source} is not JSON`, {
      cause,
      problems: [`$: expected JSON, got ${JSON.stringify(text.slice(0, 40))}`],
    });
  }
}

function unreachable(source: string, what: string, cause?: unknown): InterviewError {
  return new InterviewError('guide-unreachable', `The guide at ${source} ${what}`, { cause });
}
