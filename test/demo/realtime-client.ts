import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { Demo } from '../../demo/server/demo.js';

export type Received<Type extends RealtimeServerEvent['type']> = Extract<RealtimeServerEvent, { type: Type }>;

export interface Secret {
  value: string;
  expires_at: number;
  session: Record<string, unknown> & { id: string };
}

export async function mintSecret(demo: Demo, body: unknown = {}): Promise<Secret> {
  const response = await fetch(`${demo.url}/v1/realtime/client_secrets`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-any', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()) as Secret;
}

/** A plain client of the protocol, as a stranger would write it: it sends JSON and reads events in their order. */
export class RealtimeClient {
  readonly socket: WebSocket;
  /** Everything that ever came. */
  readonly events: RealtimeServerEvent[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #read = 0;
  #arrived: (() => void)[] = [];

  constructor(url: string, protocols: string[], options: ClientOptions = {}) {
    this.socket = new WebSocket(url, protocols, options);
    this.socket.on('message', (data: Buffer) => {
      this.events.push(JSON.parse(data.toString()) as RealtimeServerEvent);
      for (const arrived of this.#arrived.splice(0)) arrived();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        for (const arrived of this.#arrived.splice(0)) arrived();
      });
    });
    this.socket.on('error', () => undefined);
  }

  /** Connects as a browser does, with a fresh secret, and waits for `session.created`. */
  static async connect(demo: Demo, session?: Record<string, unknown>): Promise<RealtimeClient> {
    const { value } = await mintSecret(demo, session ? { session: { type: 'realtime', ...session } } : {});
    const client = new RealtimeClient(`${realtimeUrl(demo)}?model=gpt-realtime-2.1`, [
      'realtime',
      `openai-insecure-api-key.${value}`,
    ]);
    await client.next('session.created');
    await client.next('conversation.created');
    return client;
  }

  send(event: Record<string, unknown>): void {
    this.socket.send(JSON.stringify(event));
  }

  /** The next event that was not read yet. */
  async read(): Promise<RealtimeServerEvent> {
    for (;;) {
      const event = this.events[this.#read];
      if (event) {
        this.#read++;
        return event;
      }
      assert.notEqual(
        this.socket.readyState,
        WebSocket.CLOSED,
        'The connection closed while an event was awaited',
      );
      await this.#arrival();
    }
  }

  /** Waits only as long as a broken server could make it wait; a sound one never takes so long. */
  async #arrival(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#arrived.push(resolve);
        timer = setTimeout(() => {
          const last = this.events.slice(-5).map(({ type }) => type);
          reject(new Error(`No further event came; the last ones were ${last.join(', ')}`));
        }, 10_000);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads on to the first event of a type; those before it are passed over. */
  async next<Type extends RealtimeServerEvent['type']>(type: Type): Promise<Received<Type>> {
    for (;;) {
      const event = await this.read();
      if (event.type === type) return event as Received<Type>;
    }
  }

  /** Reads on to the first event of a type, and gives all of them. */
  async until(type: RealtimeServerEvent['type']): Promise<RealtimeServerEvent[]> {
    const read: RealtimeServerEvent[] = [];
    for (;;) {
      const event = await this.read();
      read.push(event);
      if (event.type === type) return read;
    }
  }

  /** What came until the server had carried out everything sent so far. */
  async settled(): Promise<RealtimeServerEvent[]> {
    const marker = `settled-${String(this.events.length)}`;
    this.send({ type: 'conversation.item.retrieve', item_id: marker });
    const read: RealtimeServerEvent[] = [];
    for (;;) {
      const event = await this.read();
      if (event.type === 'error' && event.error.message.includes(marker)) return read;
      read.push(event);
    }
  }

  async error(): Promise<Received<'error'>['error']> {
    return (await this.next('error')).error;
  }

  /** Changes the session; `type` is filled in. */
  async update(session: Record<string, unknown>): Promise<Received<'session.updated'>> {
    this.send({ type: 'session.update', session: { type: 'realtime', ...session } });
    return this.next('session.updated');
  }

  /** Takes a turn in writing. */
  async say(text: string, item: Record<string, unknown> = {}): Promise<string> {
    return this.add({ type: 'message', role: 'user', content: [{ type: 'input_text', text }], ...item });
  }

  async add(item: Record<string, unknown>, previous_item_id?: string): Promise<string> {
    this.send({ type: 'conversation.item.create', item, previous_item_id });
    const { item: added } = await this.next('conversation.item.done');
    return added.id ?? '';
  }

  append(pcm: Int16Array): void {
    this.send({ type: 'input_audio_buffer.append', audio: Buffer.from(pcm.buffer).toString('base64') });
  }

  /** Asks for a response and reads it to its end. */
  async respond(response: Record<string, unknown> = {}): Promise<RealtimeServerEvent[]> {
    this.send({ type: 'response.create', response });
    return this.until('response.done');
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

export function realtimeUrl(demo: Demo): string {
  return `${demo.url.replace('http', 'ws')}/v1/realtime`;
}

export function typesOf(events: readonly RealtimeServerEvent[]): string[] {
  return events.map(({ type }) => type);
}

export function ofType<Type extends RealtimeServerEvent['type']>(
  events: readonly RealtimeServerEvent[],
  type: Type,
): Received<Type>[] {
  return events.filter((event): event is Received<Type> => event.type === type);
}

/** What a response said, in writing or aloud. */
export function saidIn(events: readonly RealtimeServerEvent[]): string {
  return [
    ...ofType(events, 'response.output_text.done').map(({ text }) => text),
    ...ofType(events, 'response.output_audio_transcript.done').map(({ transcript }) => transcript),
  ].join(' ');
}

export function callsIn(
  events: readonly RealtimeServerEvent[],
): { name: string; arguments: unknown; call_id: string }[] {
  return ofType(events, 'response.function_call_arguments.done').map(
    ({ name, arguments: args, call_id }) => ({
      name,
      arguments: JSON.parse(args) as unknown,
      call_id,
    }),
  );
}
