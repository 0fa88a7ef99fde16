import type { CDPSession } from 'puppeteer-core';

interface TurnDetection {
  readonly type?: string;
  readonly create_response: boolean;
  readonly interrupt_response: boolean;
}

export interface WireEvent {
  readonly from: 'page' | 'server';
  readonly at: number;
  readonly type: string;
  readonly response?: {
    readonly id?: string;
    readonly status?: string;
    readonly conversation_id?: string | null;
  };
  readonly session?: {
    readonly audio?: { readonly input?: { readonly turn_detection?: TurnDetection | null } };
  };
  readonly audio_end_ms?: number;
  readonly item_id?: string;
  /** Of sound: base64. */
  readonly delta?: string;
  readonly error?: { readonly code?: string | null; readonly message?: string };
}

/** Everything that went over the page's sockets, as the browser saw it. */
export class WireLog {
  readonly events: WireEvent[] = [];

  static async on(session: CDPSession): Promise<WireLog> {
    const log = new WireLog();
    await session.send('Network.enable');
    session.on('Network.webSocketFrameSent', ({ response, timestamp }) => {
      log.#add('page', response.payloadData, timestamp);
    });
    session.on('Network.webSocketFrameReceived', ({ response, timestamp }) => {
      log.#add('server', response.payloadData, timestamp);
    });
    return log;
  }

  of(type: string): readonly WireEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  /** The sound of one item as it came: 16 bit, 24 kHz. */
  soundOf(itemId: string): Int16Array {
    const bytes = Buffer.concat(
      this.of('response.output_audio.delta')
        .filter(({ item_id }) => item_id === itemId)
        .map(({ delta = '' }) => Buffer.from(delta, 'base64')),
    );
    return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  }

  /** Responses of the conversation that were begun and are not over. */
  get open(): readonly string[] {
    const over = new Set(this.of('response.done').map(({ response }) => response?.id));
    return this.of('response.created')
      .map(({ response }) => response?.id ?? '')
      .filter((id) => !over.has(id));
  }

  /** The largest number of responses of the default conversation that were under way together. */
  get mostAtOnce(): number {
    let most = 0;
    const active = new Set<string>();
    for (const { type, response } of this.events) {
      if (response?.conversation_id === null) continue;
      if (type === 'response.created') active.add(response?.id ?? '');
      if (type === 'response.done') active.delete(response?.id ?? '');
      most = Math.max(most, active.size);
    }
    return most;
  }

  #add(from: WireEvent['from'], payload: string, at: number): void {
    this.events.push({ ...eventIn(payload), from, at });
  }
}

/** A frame that was broken on purpose is an event of its own type. */
function eventIn(payload: string): Omit<WireEvent, 'from' | 'at'> {
  try {
    return JSON.parse(payload) as Omit<WireEvent, 'from' | 'at'>;
  } catch {
    return { type: 'malformed' };
  }
}
