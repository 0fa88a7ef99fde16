import type { Clock } from '../async/clock.js';
import { abortable, deadline } from '../async/deadline.js';
import { InterviewError, type InterviewErrorCode } from '../errors.js';
import { withoutKeys } from './interview-errors.js';

/** What this client needs of a WebSocket: the browser's own, or that of a package on a server. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: string): void;
  close(code?: number): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: CloseDetail) => void): void;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

interface CloseDetail {
  readonly code: number;
  readonly reason: string;
}

export interface WebSocketTransportOptions {
  readonly url: string;
  /** Goes into a subprotocol and nowhere else. */
  readonly secret: string;
  readonly clock: Clock;
  readonly webSocket?: WebSocketConstructor | undefined;
  /** From the call to the open socket. Default 10,000. */
  readonly timeoutMs?: number;
  /** One server event each, parsed; never after `onLost`. */
  readonly onEvent: (event: unknown) => void;
  /** The connection went, and not because of `close`. Once. */
  readonly onLost: (error: InterviewError) => void;
  readonly signal?: AbortSignal | undefined;
}

const OPEN = 1;
/** A minute of unsent speech: nobody takes it any more, and it will not be answered in time. */
const MOST_BUFFERED_BYTES = 4_000_000;

/** Minutes of sound in one event: nobody sends that, and reading it would stop the page. */
const MOST_FRAME_LENGTH = 8_000_000;

/** One WebSocket in the GA dialect: text frames of JSON. Knows nothing of what the events mean. */
export class WebSocketTransport {
  readonly #socket: WebSocketLike;
  readonly #opened: Promise<void>;
  #status: 'connecting' | 'open' | 'closed' = 'connecting';
  readonly #onLost: (error: InterviewError) => void;

  private constructor(socket: WebSocketLike, { onEvent, onLost }: WebSocketTransportOptions) {
    this.#socket = socket;
    this.#onLost = onLost;
    this.#opened = new Promise((resolve, reject) => {
      socket.addEventListener('open', () => {
        if (this.#status === 'connecting') this.#status = 'open';
        resolve();
      });
      socket.addEventListener('close', (detail) => {
        reject(closeError('connection-failed', detail));
        this.#lost(closeError('connection-lost', detail));
      });
    });
    // What went wrong follows in `close`; without a listener, sockets on a server throw.
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('message', ({ data }) => {
      if (this.#status !== 'closed') onEvent(parsed(data));
    });
  }

  /** Rejects with `connection-failed`, or with the signal's reason. */
  static async connect(options: WebSocketTransportOptions): Promise<WebSocketTransport> {
    const { clock, timeoutMs = 10_000, signal } = options;
    signal?.throwIfAborted();
    const tooLate = (): InterviewError =>
      new InterviewError('connection-failed', `The server did not answer in ${timeoutMs} ms`);
    const limit = deadline(clock, timeoutMs, tooLate, { signal });
    const transport = new WebSocketTransport(openSocket(options), options);
    try {
      await abortable(transport.#opened, limit.signal);
      return transport;
    } catch (error) {
      transport.close();
      throw error;
    } finally {
      limit.clear();
    }
  }

  /** Bytes that the network has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** @throws InterviewError `connection-lost` when nothing can be sent (any more) */
  send(event: { readonly type: string }): void {
    if (this.#status !== 'open' || this.#socket.readyState !== OPEN)
      throw new InterviewError('connection-lost', `Expected an open connection to send ${event.type}`);
    if (this.#socket.bufferedAmount > MOST_BUFFERED_BYTES) {
      const error = new InterviewError('connection-lost', 'The network takes nothing any more');
      this.#lost(error);
      this.#socket.close();
      throw error;
    }
    this.#socket.send(JSON.stringify(event));
  }

  /** Quiet: `onLost` is not told. Closing twice is fine. */
  close(): void {
    this.#status = 'closed';
    this.#socket.close();
  }

  #lost(error: InterviewError): void {
    const wasOpen = this.#status === 'open';
    this.#status = 'closed';
    if (wasOpen) this.#onLost(error);
  }
}

function openSocket({ url, secret, webSocket }: WebSocketTransportOptions): WebSocketLike {
  const Socket: WebSocketConstructor = webSocket ?? WebSocket;
  try {
    return new Socket(url, ['realtime', `openai-insecure-api-key.${secret}`]);
  } catch {
    // A browser's own error would quote the subprotocol, and with it the secret.
    throw new InterviewError('connection-failed', 'The browser refused to open the connection');
  }
}

/** The provider closes with 4000 on a dialect that it no longer speaks: trying again would not help. */
function closeError(code: InterviewErrorCode, { code: number, reason }: CloseDetail): InterviewError {
  const isFinal = number === 4000;
  const words = `The connection was closed with ${number}${reason === '' ? '' : ` (${withoutKeys(reason)})`}`;
  return isFinal
    ? new InterviewError('protocol-error', words, { recoverable: false })
    : new InterviewError(code, words);
}

/** `undefined` for what is no JSON, or too much of it: the door for server events says what was expected. */
function parsed(data: unknown): unknown {
  try {
    return typeof data === 'string' && data.length < MOST_FRAME_LENGTH ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}
