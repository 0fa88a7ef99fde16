import type { Clock } from '../async/clock.js';
import { abortable, deadline } from '../async/deadline.js';
import { InterviewError } from '../errors.js';
import { readToken, type Token } from './token-answer.js';
import type { TokenSource } from './token-source.js';

/** For a token source of the host's, which may know no limit of its own. */
const TOKEN_MS = 20_000;

/** @throws InterviewError `token-unreachable`, `token-malformed`, and what the source throws */
export async function takeToken(
  tokenSource: TokenSource,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<Token> {
  const tooLate = (): InterviewError => new InterviewError('token-unreachable', `No token in ${TOKEN_MS} ms`);
  const limit = deadline(clock, TOKEN_MS, tooLate, { signal });
  try {
    const token = readToken(await abortable(tokenSource({ signal: limit.signal }), limit.signal));
    if (!token) throw new InterviewError('token-malformed', 'Expected a token from the token source');
    return token;
  } finally {
    limit.clear();
  }
}
