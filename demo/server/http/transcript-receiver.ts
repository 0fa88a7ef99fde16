import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { readBody } from './body.js';
import { isLocalPage } from './loopback.js';

const MAX_BODY_BYTES = 262_144;
/** What came first goes first: the demo runs for days. */
const MAX_MESSAGES = 2000;

const text = v.pipe(v.string(), v.maxLength(1000));
const envelope = {
  version: v.literal(1),
  key: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/)),
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  interviewId: text,
  guideId: text,
  guideRevision: v.optional(text),
  participant: v.optional(text),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
};
/** What a host needs of a turn; the rest is kept as it came. */
const turn = v.looseObject({
  n: v.pipe(v.number(), v.safeInteger()),
  id: text,
  afterId: v.nullable(text),
  speaker: v.picklist(['interviewer', 'participant']),
  status: v.picklist(['final', 'failed']),
  text: v.string(),
  startedAtMs: v.pipe(v.number(), v.finite()),
});
const message = v.variant('kind', [
  v.object({ ...envelope, kind: v.literal('turn'), turn }),
  v.object({ ...envelope, kind: v.literal('removed'), turnId: text }),
  v.object({
    ...envelope,
    kind: v.literal('end'),
    reason: text,
    endedAt: v.optional(text),
    turns: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    consent: v.optional(v.unknown()),
    assessment: v.optional(v.unknown()),
  }),
]);

export type ReceivedMessage = v.InferOutput<typeof message> & { readonly receivedAt: string };

/**
 * What a host's end of `transcript-url` looks like, as small as it can be: `POST` takes one message, `GET` shows all that came, in
 * the order of coming. Kept in memory only. A message under a known key is taken for the one that is there already.
 */
export class TranscriptReceiver {
  readonly #now: () => number;
  readonly #messages = new Map<string, ReceivedMessage>();

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  async answer(request: IncomingMessage): Promise<Response> {
    // Whatever is here was said on this machine; no page of elsewhere reads or adds to it.
    if (!isLocalPage(request)) return refuse(403, 'Pages of other origins may not come here.');
    if (request.method === 'GET' || request.method === 'HEAD') return this.#show();
    if (request.method !== 'POST') return refuse(405, 'Expected GET or POST.', { allow: 'GET, HEAD, POST' });
    return this.#take(request);
  }

  #show(): Response {
    const body = `${JSON.stringify({ messages: [...this.#messages.values()] }, undefined, 2)}\n`;
    return new Response(body, {
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    });
  }

  async #take(request: IncomingMessage): Promise<Response> {
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
      return refuse(415, 'Expected application/json.');
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === undefined) return refuse(413, 'The message is too large.', { connection: 'close' });
    let data: unknown;
    try {
      data = JSON.parse(body);
    } catch {
      return refuse(400, 'Could not parse the body as JSON.');
    }
    const read = v.safeParse(message, data);
    if (!read.success) {
      const [{ message: problem }] = read.issues;
      return refuse(422, `${v.getDotPath(read.issues[0]) ?? '$'}: ${problem}`);
    }
    const { key } = read.output;
    if (request.headers['idempotency-key'] !== key)
      return refuse(400, 'Expected the same key in the body and in the header Idempotency-Key.');
    if (!this.#messages.has(key))
      this.#keep({ ...read.output, receivedAt: new Date(this.#now()).toISOString() });
    return new Response(null, { status: 204 });
  }

  #keep(received: ReceivedMessage): void {
    this.#messages.set(received.key, received);
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > MAX_MESSAGES && oldest !== undefined) this.#messages.delete(oldest);
  }
}

function refuse(status: number, problem: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: problem }, { status, headers });
}
