import type { IncomingMessage } from 'node:http';
import type { ClientSecrets } from './client-secrets.js';
import type { ErrorDetails } from './errors.js';
import type { RealtimeKnobs } from './faults/realtime-knobs.js';
import { defaultSession } from './session-config.js';
import type { SessionConfig } from './session-config.js';

/** Whether a connection may become a session: with these settings, or with this error and close code. */
export type Admission =
  | { readonly ok: true; readonly config: SessionConfig }
  | { readonly ok: false; readonly error: ErrorDetails; readonly closeCode: number };

const SECRET_PROTOCOL = 'openai-insecure-api-key.';

/**
 * Judges a connection as the provider does, once its socket is open: a browser is told nothing about a refused handshake, so the
 * reason goes out as an `error` event before the socket is closed.
 */
export function admit(
  request: IncomingMessage,
  secrets: ClientSecrets,
  knobs: RealtimeKnobs = {},
): Admission {
  const protocols = protocolsOf(request);
  const { searchParams } = new URL(request.url ?? '/', 'ws://localhost');
  if (
    protocols.includes('openai-beta.realtime-v1') ||
    String(request.headers['openai-beta'] ?? '').includes('realtime=v1')
  ) {
    return refuse(
      4_000,
      'beta_api_shape_disabled',
      'The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.',
    );
  }
  const session = knobs['invalid-key'] ? undefined : sessionFor(request, protocols, secrets);
  if (!session) return refuse(3_000, 'invalid_api_key', 'The client secret is unknown or has expired.');

  const model = searchParams.get('model');
  const given = ['model', 'call_id', 'intent'].filter((name) => searchParams.has(name));
  if (given.length > 1) {
    return refuse(
      4_000,
      'invalid_value',
      `Expected only one of model, call_id and intent, got ${given.join(' and ')}.`,
    );
  }
  if (given.length === 1 && model === null) {
    return refuse(4_000, 'unsupported_value', `'${given.join('')}' is not supported by this local server.`);
  }
  // A secret made for a model needs no other; the connection's own wins.
  if (model === null) {
    return session === 'any key'
      ? refuse(4_000, 'missing_required_parameter', 'You must provide a model parameter.')
      : { ok: true, config: session };
  }
  if (!/^gpt-[\w.-]+$/.test(model))
    return refuse(4_000, 'model_not_found', `The model '${model}' does not exist.`);
  return { ok: true, config: session === 'any key' ? defaultSession(model) : { ...session, model } };
}

function protocolsOf(request: IncomingMessage): string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
}

/** A secret in a subprotocol is what browsers send; servers send a key in a header, and here any key does. */
function sessionFor(
  request: IncomingMessage,
  protocols: readonly string[],
  secrets: ClientSecrets,
): SessionConfig | 'any key' | undefined {
  const inProtocol = protocols.find((protocol) => protocol.startsWith(SECRET_PROTOCOL));
  const secret =
    inProtocol?.slice(SECRET_PROTOCOL.length) ??
    /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (secret === undefined) return undefined;
  if (inProtocol === undefined && !secret.startsWith('ek_')) return 'any key';
  return secrets.redeem(secret);
}

function refuse(closeCode: number, code: string, message: string): Admission {
  return { ok: false, closeCode, error: { type: 'invalid_request_error', code, message, param: null } };
}
