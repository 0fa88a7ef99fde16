/** What the page says when it asks for a token. All of it comes from the page: names for a log, never a proof of anything. */
export interface TokenOrder {
  readonly interviewId?: string;
  readonly guideId?: string;
  readonly participant?: string;
  readonly language?: string;
}

export type TokenOrderReading =
  | { readonly ok: true; readonly order: TokenOrder }
  | { readonly ok: false; readonly status: 400 | 413 | 415; readonly message: string };

const FIELDS = ['interviewId', 'guideId', 'participant', 'language'] as const;
const MAX_FIELD_LENGTH = 512;
/** Four names of the greatest length in any script fit. */
const MAX_BODY_BYTES = 16_384;

/** Reads at most `MAX_BODY_BYTES`, whatever the headers claim. An empty body is an order without names. */
export async function readTokenOrder(request: Request): Promise<TokenOrderReading> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return tooLarge();
  const body = await readAtMost(request, MAX_BODY_BYTES);
  if (body === undefined) return tooLarge();
  if (body.trim() === '') return { ok: true, order: {} };
  // A page of another origin can post a form or plain text without asking first; JSON it cannot.
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return refuse(415, 'Expected content-type application/json');

  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return refuse(400, 'Expected the body to be JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(400, 'Expected the body to be a JSON object');
  }
  const order: Partial<Record<(typeof FIELDS)[number], string>> = {};
  for (const field of FIELDS) {
    const entry = (value as Record<string, unknown>)[field];
    if (entry === undefined || entry === null) continue;
    if (typeof entry !== 'string' || entry.length > MAX_FIELD_LENGTH) {
      return refuse(
        400,
        `Expected ${field} to be a string of at most ${String(MAX_FIELD_LENGTH)} characters`,
      );
    }
    order[field] = entry;
  }
  return { ok: true, order };
}

async function readAtMost(request: Request, maxBytes: number): Promise<string | undefined> {
  if (!request.body) return '';
  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function tooLarge(): TokenOrderReading {
  return refuse(413, `Expected a body of at most ${String(MAX_BODY_BYTES)} bytes`);
}

function refuse(status: 400 | 413 | 415, message: string): TokenOrderReading {
  return { ok: false, status, message };
}
