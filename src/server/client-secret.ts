/** A short-lived secret with which a page may start sessions. `expires_at` is in epoch seconds. */
export interface ClientSecret {
  readonly value: string;
  readonly expires_at: number;
}

/** Why the provider gave no secret, in words that may be shown: nothing of its answer is in them. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly code:
    'upstream-timeout' | 'upstream-unreachable' | 'upstream-refused' | 'upstream-busy' | 'upstream-malformed';
  /** What the provider answered with; undefined when it did not answer. */
  readonly upstreamStatus: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: UpstreamError['code'],
    message: string,
    details: { upstreamStatus?: number; retryAfterSeconds?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.upstreamStatus = details.upstreamStatus;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

export interface SecretRequest {
  readonly url: string;
  readonly apiKey: string;
  readonly session: Record<string, unknown>;
  readonly secondsToLive: number;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

/** @throws UpstreamError always, and nothing else, when there is no usable secret */
export async function fetchClientSecret(request: SecretRequest): Promise<ClientSecret> {
  const signal = AbortSignal.timeout(request.timeoutMs);
  const answer = await ask(request, signal);
  if (answer.status === 429) {
    throw new UpstreamError('upstream-busy', 'The provider asks to wait', {
      upstreamStatus: answer.status,
      retryAfterSeconds: readRetryAfter(answer),
    });
  }
  if (!answer.ok) {
    throw new UpstreamError('upstream-refused', 'The provider refused to give a secret', {
      upstreamStatus: answer.status,
    });
  }
  const secret = readSecret(await readBody(answer, signal));
  // A provider that echoes what it was sent must not make this endpoint hand out the key.
  if (!secret || secret.value.includes(request.apiKey)) {
    throw new UpstreamError('upstream-malformed', 'The provider gave an answer that holds no secret', {
      upstreamStatus: answer.status,
    });
  }
  return secret;
}

async function ask(request: SecretRequest, signal: AbortSignal): Promise<Response> {
  // Called without a receiver: some runtimes refuse a fetch whose `this` is not the global object.
  const { fetch: send } = request;
  try {
    return await send(request.url, {
      method: 'POST',
      // Following one would carry the session, and in some runtimes the key, to wherever it points.
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${request.apiKey}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify({
        expires_after: { anchor: 'created_at', seconds: request.secondsToLive },
        session: request.session,
      }),
      signal,
    });
  } catch (cause) {
    throw unreached(signal, cause);
  }
}

async function readBody(answer: Response, signal: AbortSignal): Promise<unknown> {
  let text: string;
  try {
    text = await answer.text();
  } catch (cause) {
    throw unreached(signal, cause);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's message quotes the body, so it is not kept as a cause.
    return undefined;
  }
}

function unreached(signal: AbortSignal, cause: unknown): UpstreamError {
  return signal.aborted
    ? new UpstreamError('upstream-timeout', 'The provider did not answer in time', { cause })
    : new UpstreamError('upstream-unreachable', 'The provider could not be reached', { cause });
}

function readSecret(body: unknown): ClientSecret | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { value, expires_at } = body as { value?: unknown; expires_at?: unknown };
  if (
    typeof value !== 'string' ||
    value === '' ||
    typeof expires_at !== 'number' ||
    !Number.isFinite(expires_at)
  ) {
    return undefined;
  }
  return { value, expires_at };
}

function readRetryAfter(answer: Response): number | undefined {
  const header = answer.headers.get('retry-after');
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(Math.ceil(seconds), 3_600) : undefined;
}
