// The demo's server process as a function: the page, its token endpoint and the local Realtime server on one port.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/async/clock.js';
import type { Clock } from '../../src/async/clock.js';
import { createTokenEndpoint } from '../../src/server/index.js';
import { sendResponse, toRequest } from './http/fetch-adapter.js';
import { watchStatus } from './http/demo-status.js';
import { isLocalPage, isLoopbackHost } from './http/loopback.js';
import { answerSecretRequest } from './http/secrets-endpoint.js';
import { securityHeaders } from './http/security-headers.js';
import { StaticFiles } from './http/static-files.js';
import { TokenFaults } from './http/token-faults.js';
import { TranscriptReceiver } from './http/transcript-receiver.js';
import { chooseProvider } from './provider.js';
import type { Environment, Provider } from './provider.js';
import { ClientSecrets } from './realtime/client-secrets.js';
import { RealtimeServer } from './realtime/realtime-server.js';
import { startSpeech } from './speech/speech.js';
import type { Speech } from './speech/speech.js';

export interface DemoOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Default: the real one, started here and closed with the demo; none where a provider is in use. */
  readonly speech?: Speech;
  /** `OPENAI_API_KEY` and `OPENAI_BASE_URL` are read. Default: nothing set, so the local server. */
  readonly env?: Environment;
  readonly clock?: Clock;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** How many times faster than it sounds the interviewer's sound is sent. Default 10. */
  readonly pace?: number;
  readonly onError?: (error: unknown) => void;
}

export interface Demo {
  readonly url: string;
  readonly provider: Provider['kind'];
  /** What hears and speaks; undefined where a provider does. */
  readonly speech: Speech | undefined;
  /** Ends every session, the server and the speech that it started itself. Closing twice is quiet. */
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const REALTIME = '/v1/realtime';

/** Resolves once the page can be opened; the speech models may still be loading. Rejects when the port is taken. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { env = {}, clock = systemClock, now = Date.now, pace, onError = () => undefined } = options;
  const provider = chooseProvider(env);
  const server = createServer();
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const port = (server.address() as AddressInfo).port;

  const ownSpeech = !options.speech && provider.kind === 'local' ? startSpeech() : undefined;
  const speech = options.speech ?? ownSpeech;
  const secrets = new ClientSecrets(now);
  const realtime =
    speech && provider.kind === 'local'
      ? new RealtimeServer({ secrets, speech, clock, now, onError, ...(pace === undefined ? {} : { pace }) })
      : undefined;
  const token = createTokenEndpoint({
    apiKey: provider.apiKey,
    public: true,
    session: { model: env['OPENAI_REALTIME_MODEL'] ?? 'gpt-realtime-2.1' },
    onError,
    now,
    ...(provider.kind === 'local'
      ? {
          upstreamUrl: `http://127.0.0.1:${port}/v1`,
          // The page connects to the name by which it knows this server, also through a forwarded port.
          realtimeUrl: (request: Request) => `ws://${new URL(request.url).host}${REALTIME}`,
        }
      : { upstreamUrl: provider.baseUrl }),
  });
  const tokens = new TokenFaults({ clock, now, answer: (request) => token(toRequest(request)) });
  const files = new StaticFiles(ROOT);
  const transcripts = new TranscriptReceiver(now);
  const status = watchStatus(provider.kind, speech);

  /** Undefined: the connection ends without an answer. */
  const respond = async (request: IncomingMessage): Promise<Response | undefined> => {
    if (!isLoopbackHost(request))
      return new Response('This server answers to localhost only.\n', { status: 421 });
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/api/token') return tokens.answer(request);
    if (pathname === '/api/transcript') return transcripts.answer(request);
    if (pathname === '/status') return Response.json(status(), { headers: { 'cache-control': 'no-store' } });
    if (realtime && pathname === `${REALTIME}/client_secrets`) return answerSecretRequest(request, secrets);
    if (realtime && pathname === REALTIME) {
      return new Response('Expected a WebSocket.\n', { status: 426, headers: { upgrade: 'websocket' } });
    }
    return answerFile(request, pathname, files);
  };

  server.on('request', (request, response) => {
    const host = request.headers.host ?? `localhost:${port}`;
    const origin = provider.kind === 'remote' ? provider.origin : undefined;
    for (const [name, value] of Object.entries(securityHeaders(host, origin)))
      response.setHeader(name, value);
    respond(request).then(
      async (answer) => {
        if (answer) await sendResponse(answer, response);
        else request.destroy();
      },
      (error: unknown) => {
        onError(error);
        fail(response);
      },
    );
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined);
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (!isLoopbackHost(request) || !isLocalPage(request)) refuse(socket, '403 Forbidden');
    else if (!realtime || pathname !== REALTIME) refuse(socket, '404 Not Found');
    else realtime.upgrade(request, socket, head);
  });

  let closing: Promise<void> | undefined;
  return {
    url: `http://localhost:${port}`,
    provider: provider.kind,
    speech,
    close: () => (closing ??= closeAll(server, realtime, ownSpeech)),
  };
}

async function closeAll(
  server: Server,
  realtime: RealtimeServer | undefined,
  speech: Speech | undefined,
): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await realtime?.close();
  server.closeAllConnections();
  await closed;
  await speech?.close();
}

async function answerFile(request: IncomingMessage, pathname: string, files: StaticFiles): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response('Expected GET.\n', { status: 405, headers: { allow: 'GET, HEAD' } });
  }
  const file = await files.find(pathname);
  if (!file) return new Response('There is nothing at this address.\n', { status: 404 });
  const headers = { 'content-type': file.type, 'cache-control': 'no-cache', etag: file.tag };
  if (request.headers['if-none-match'] === file.tag) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(file.body), { headers });
}

function fail(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'content-type': 'text/plain' }).end('The server failed.\n');
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
