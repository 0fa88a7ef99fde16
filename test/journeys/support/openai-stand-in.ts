import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../src/async/clock.js';
import { readBody } from '../../../demo/server/http/body.js';
import { ClientSecrets, type IssuedSecret } from '../../../demo/server/realtime/client-secrets.js';
import { RealtimeServer } from '../../../demo/server/realtime/realtime-server.js';
import type { Speech } from '../../../demo/server/speech/speech.js';

export interface SecretOrder {
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** A provider on loopback, as the demo knows OpenAI: it sells secrets for one key, and holds conversations for those secrets. */
export interface OpenAiStandIn {
  /** What `OPENAI_BASE_URL` is to be. */
  readonly baseUrl: string;
  readonly orders: readonly SecretOrder[];
  readonly secrets: readonly IssuedSecret[];
  /** The headers of each request for a socket. */
  readonly handshakes: readonly IncomingMessage['headers'][];
  close(): Promise<void>;
}

export async function startOpenAiStandIn({
  apiKey,
  speech,
  onError,
}: {
  apiKey: string;
  speech: Speech;
  onError: (error: unknown) => void;
}): Promise<OpenAiStandIn> {
  const issuer = new ClientSecrets(Date.now);
  const orders: SecretOrder[] = [];
  const secrets: IssuedSecret[] = [];
  const handshakes: IncomingMessage['headers'][] = [];
  const realtime = new RealtimeServer({
    secrets: issuer,
    speech,
    clock: systemClock,
    now: Date.now,
    onError,
  });

  const sell = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method !== 'POST' || request.url !== '/v1/realtime/client_secrets') {
      answer(404, { error: { message: 'Nothing here' } });
      return;
    }
    const body: unknown = JSON.parse((await readBody(request, 65_536)) ?? '{}');
    const { authorization } = request.headers;
    orders.push({ authorization, body });
    if (authorization !== `Bearer ${apiKey}`) {
      answer(401, { error: { message: `Incorrect API key provided: ${authorization ?? 'none'}` } });
      return;
    }
    const secret = issuer.issue(body);
    secrets.push(secret);
    answer(200, secret);
  };

  const server = createServer((request, response) => {
    sell(request, response).catch((error: unknown) => {
      onError(error);
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => undefined);
    handshakes.push(request.headers);
    if (request.url?.startsWith('/v1/realtime?')) realtime.upgrade(request, socket, head);
    else socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`,
    orders,
    secrets,
    handshakes,
    async close() {
      await realtime.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
