import { assert } from '@open-wc/testing';
import type { WebSocketConstructor, WebSocketLike } from '../../src/realtime/websocket-transport.js';
import { settle } from '../../src/testing/fake-clock.js';

export type Json = Readonly<Record<string, unknown>>;
export type Sent = Json & { readonly type: string; readonly event_id: string };

type Listeners = Record<string, ((event: never) => void)[]>;

/** One WebSocket as the page sees it; its other end is the test. */
export class ScriptedSocket implements WebSocketLike {
  readonly url: string;
  readonly protocols: readonly string[];
  readyState = 0;
  bufferedAmount = 0;
  closedWith: number | undefined;
  /** Whether the server confirms what only asks if it still lives; otherwise that counts as sent. */
  isAlive = true;
  probes = 0;
  /** What the page sent and the test has not looked at yet. */
  readonly unread: Sent[] = [];
  readonly #listeners: Listeners = {};
  #events = 0;

  constructor(url: string, protocols: readonly string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    (this.#listeners[type] ??= []).push(listener);
  }

  send(data: string): void {
    if (this.readyState !== 1) throw new Error('sent on a socket that is not open');
    const sent = JSON.parse(data) as Sent;
    if (isProbe(sent)) {
      this.probes++;
      if (this.isAlive) this.raw(JSON.stringify({ type: 'session.updated', session: {} }));
    } else this.unread.push(sent);
  }

  close(code = 1005): void {
    if (this.readyState >= 2) return;
    this.readyState = 3;
    this.closedWith = code;
  }

  /** The server takes the connection. */
  accept(): void {
    this.readyState = 1;
    this.#fire('open', {});
  }

  /** The server (or the network) ends it. */
  lose(code = 1006, reason = ''): void {
    this.readyState = 3;
    this.#fire('error', {});
    this.#fire('close', { code, reason });
  }

  raw(data: unknown): void {
    this.#fire('message', { data });
  }

  /** A server event; what it made the page do is done when this resolves. */
  async say(event: Json): Promise<void> {
    this.raw(JSON.stringify({ event_id: `event_${++this.#events}`, ...event }));
    await settle();
  }

  /** Takes the next message, which has to be of this type and to hold these fields. */
  expect(type: string, fields: Json = {}): Sent {
    const next = this.unread.shift();
    assert.equal(next?.type, type, `the next message is ${JSON.stringify(next)}`);
    if (!next) throw new Error('nothing was sent');
    assert.match(next.event_id, /./, 'every client event carries an event_id');
    assert.deepInclude(next, fields);
    return next;
  }

  expectNothing(): void {
    const types = this.unread.map(({ type }) => type);
    assert.deepEqual(types, [], 'messages that nobody expected');
  }

  #fire(type: string, event: object): void {
    for (const listener of this.#listeners[type] ?? []) listener(event as never);
  }
}

/** The other end of every socket that a page opens. */
export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  readonly WebSocket: WebSocketConstructor;

  constructor() {
    const { sockets } = this;
    this.WebSocket = class extends ScriptedSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  }

  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('the page has opened no socket');
    return socket;
  }
}

/** A change of the session that changes nothing. */
function isProbe({ type, session }: Sent): boolean {
  return type === 'session.update' && Object.keys(session as Json).join() === 'type';
}
