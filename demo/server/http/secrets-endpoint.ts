import type { IncomingMessage } from 'node:http';
import type { ClientSecrets } from '../realtime/client-secrets.js';
import { RequestError } from '../realtime/errors.js';
import { readBody } from './body.js';
import { isLocalPage } from './loopback.js';

const MAX_BODY_BYTES = 262_144;

/** `POST /v1/realtime/client_secrets`: any key is good enough here, but as with the provider there has to be one. */
export async function answerSecretRequest(
  request: IncomingMessage,
  secrets: ClientSecrets,
): Promise<Response> {
  if (request.method !== 'POST') return refuse(405, null, 'Expected POST.', { allow: 'POST' });
  if (!isLocalPage(request)) return refuse(403, null, 'Pages of other origins may not ask here.');
  if (!/^Bearer \S+$/i.test(request.headers.authorization ?? '')) {
    return refuse(401, 'invalid_api_key', "You didn't provide an API key in an Authorization header.");
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) return refuse(413, null, 'The body is too large.', { connection: 'close' });
  let data: unknown;
  try {
    data = body.trim() === '' ? {} : JSON.parse(body);
  } catch {
    return refuse(400, 'invalid_json', 'Could not parse the body as JSON.');
  }
  try {
    return Response.json(secrets.issue(data), { headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return Response.json({ error: error.details }, { status: 400 });
  }
}

function refuse(
  status: number,
  code: string | null,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    { error: { type: 'invalid_request_error', code, message, param: null } },
    { status, headers },
  );
}
