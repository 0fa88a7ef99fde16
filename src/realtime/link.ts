import type { InterviewError } from '../errors.js';
import { WebSocketTransport, type WebSocketTransportOptions } from './websocket-transport.js';

/** One connection of the several that a dialogue has over its life. */
export interface Link {
  readonly outlet: { send(event: { readonly type: string; readonly event_id: string }): void };
  /** Aborts when it is lost, or no longer wanted. */
  readonly lost: AbortController;
  /** The interviewer may speak over it. */
  isReady: boolean;
  /** From now on its events are told, those first that came before. */
  begin(): void;
  /** Quiet: its loss is not told. */
  close(): void;
}

export interface LinkOptions extends Omit<WebSocketTransportOptions, 'onLost'> {
  readonly onSent: (type: string) => void;
  /** Once, after `connectLink` has resolved. */
  readonly onLost: (error: InterviewError) => void;
}

/** Opens a socket. What the server says is kept until `begin`. */
export async function connectLink({ onEvent, onSent, onLost, ...options }: LinkOptions): Promise<Link> {
  const lost = new AbortController();
  let early: unknown[] | undefined = [];
  const transport = await WebSocketTransport.connect({
    ...options,
    onEvent: (event) => {
      if (early) early.push(event);
      else onEvent(event);
    },
    onLost: (error) => {
      if (lost.signal.aborted) return;
      lost.abort(error);
      onLost(error);
    },
  });
  return {
    lost,
    isReady: false,
    outlet: {
      send: (event) => {
        onSent(event.type);
        transport.send(event);
      },
    },
    begin: () => {
      const kept = early ?? [];
      early = undefined;
      for (const event of kept) onEvent(event);
    },
    close: () => {
      transport.close();
    },
  };
}
