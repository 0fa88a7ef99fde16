// The local Realtime server: WebSocket connections at one address, one session each. What a session does is its own business.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../../../src/async/clock.js';
import type { Speech } from '../speech/speech.js';
import { admit } from './admission.js';
import type { ClientSecrets } from './client-secrets.js';
import { KnobError } from '../faults/knobs.js';
import { FaultTimes } from '../faults/fault-times.js';
import { RequestError } from './errors.js';
import type { ErrorDetails } from './errors.js';
import { FailingResponses } from './faults/failing-responses.js';
import { FaultyLine } from './faults/faulty-line.js';
import { readRealtimeKnobs } from './faults/realtime-knobs.js';
import type { RealtimeKnobs } from './faults/realtime-knobs.js';
import { UnaskedResponses } from './faults/unasked-responses.js';
import { sendText, textOf } from './frames.js';
import { newId } from './ids.js';
import { RealtimeSession } from './realtime-session.js';
import type { ServerEvent } from './server-events.js';

export interface RealtimeServerOptions {
  readonly secrets: ClientSecrets;
  readonly speech: Speech;
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How many times faster than it sounds the interviewer's sound is sent. Default 10. */
  readonly pace?: number;
  /** Default 60 minutes. */
  readonly maxSessionMs?: number;
  /** For faults that come at random: a number in [0, 1). */
  readonly random?: () => number;
  /** Told of mistakes of this server's own: the client gets a `server_error`, and the session goes on. */
  readonly onError: (error: unknown) => void;
}

/** An event may hold 15 MiB of sound; its frame is a little larger. */
const MAX_PAYLOAD = 15 * 1_024 * 1_024 + 65_536;
const MAX_SESSIONS = 64;
const HEARTBEAT_MS = 30_000;

export class RealtimeServer {
  readonly #options: RealtimeServerOptions;
  readonly #times = new FaultTimes();
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has('realtime') ? 'realtime' : false),
  });

  constructor(options: RealtimeServerOptions) {
    this.#options = options;
  }

  /** Takes over a request that asks for a WebSocket. Its origin was judged before. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#server.clients.size >= MAX_SESSIONS) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const knobs = this.#knobs(request);
    if (!(knobs instanceof RequestError) && knobs.refuse !== undefined) {
      socket.end(`HTTP/1.1 ${knobs.refuse} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      // A broken frame ends the connection by itself; 'close' follows.
      webSocket.on('error', () => undefined);
      if (knobs instanceof RequestError) refuse(webSocket, knobs.details, 4_000);
      else this.#connect(webSocket, request, knobs);
    });
  }

  /** Ends every session, with the code for a server that goes away. */
  async close(): Promise<void> {
    for (const client of this.#server.clients) client.close(1_001, 'The server is shutting down.');
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    for (const client of this.#server.clients) client.terminate();
    await closed;
  }

  /** The faults that this connection is to have; an error when its address asks for one that there is not. */
  #knobs(request: IncomingMessage): RealtimeKnobs | RequestError {
    const { search, searchParams } = new URL(request.url ?? '/', 'ws://localhost');
    try {
      const knobs = readRealtimeKnobs(searchParams);
      return this.#times.isStillOn(search, knobs.times) ? knobs : {};
    } catch (error) {
      if (!(error instanceof KnobError)) throw error;
      return RequestError.unknownFault(error.message);
    }
  }

  #connect(webSocket: WebSocket, request: IncomingMessage, knobs: RealtimeKnobs): void {
    const admission = admit(request, this.#options.secrets, knobs);
    if (!admission.ok) {
      refuse(webSocket, admission.error, admission.closeCode);
      return;
    }
    const { speech, clock, now, pace, maxSessionMs, random = Math.random } = this.#options;
    const line = new FaultyLine({
      knobs,
      clock,
      random,
      sendText: (text) => {
        sendText(webSocket, text);
      },
      close: (code, reason) => {
        webSocket.close(code, reason);
      },
      destroy: () => {
        webSocket.terminate();
      },
    });
    const limitMs = knobs['session-seconds'] === undefined ? maxSessionMs : knobs['session-seconds'] * 1_000;
    const session = new RealtimeSession({
      config: admission.config,
      speech,
      clock,
      now,
      failing: new FailingResponses(knobs),
      ...(pace === undefined ? {} : { pace }),
      ...(limitMs === undefined ? {} : { maxSessionMs: limitMs }),
      send: (event) => {
        line.send(event);
        unasked.sent(event);
      },
      close: (code, reason) => {
        line.close(code, reason);
      },
    });
    const unasked = new UnaskedResponses({
      when: knobs.unasked,
      clock,
      respond: () => {
        session.respondUnasked();
      },
    });
    const stopHeartbeat = this.#heartbeat(webSocket);
    webSocket.on('close', () => {
      stopHeartbeat();
      unasked.end();
      line.end();
      session.end();
    });
    webSocket.on('message', (data: RawData, isBinary) => {
      try {
        // Binary is no JSON either: the session says so.
        session.receive(isBinary ? '' : textOf(data));
      } catch (error) {
        this.#options.onError(error);
        line.send(serverError());
      }
    });
    line.open();
    session.open();
  }

  /** A peer that is gone without a word answers no ping. */
  #heartbeat(webSocket: WebSocket): () => void {
    const { clock } = this.#options;
    let isAlive = true;
    let timer: unknown;
    const beat = (): void => {
      if (!isAlive) {
        webSocket.terminate();
        return;
      }
      isAlive = false;
      webSocket.ping();
      timer = clock.setTimeout(beat, HEARTBEAT_MS);
    };
    webSocket.on('pong', () => {
      isAlive = true;
    });
    timer = clock.setTimeout(beat, HEARTBEAT_MS);
    return () => {
      clock.clearTimeout(timer);
    };
  }
}

function refuse(webSocket: WebSocket, error: ErrorDetails, closeCode: number): void {
  const event = { type: 'error', event_id: newId('event'), error: { ...error, event_id: null } };
  sendText(webSocket, JSON.stringify(event));
  webSocket.close(closeCode, `${error.type}.${error.code ?? 'unknown'}`);
}

function serverError(): ServerEvent & { event_id: string } {
  return {
    type: 'error',
    event_id: newId('event'),
    error: {
      type: 'server_error',
      code: 'server_error',
      message: 'The server had an error while processing your request.',
      param: null,
      event_id: null,
    },
  };
}
