import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { Item } from './items.js';
import type { SessionConfig } from './session-config.js';

type WithoutId<Event> = Event extends { event_id?: string } ? Omit<Event, 'event_id'> : never;

/** Every event that this server can send, as the provider types it; its `event_id` is given on the way out. */
export type ServerEvent = WithoutId<RealtimeServerEvent>;
export type Send = (event: ServerEvent) => void;

type EventOf<Type extends ServerEvent['type']> = Extract<ServerEvent, { type: Type }>;
export type WireItem = EventOf<'conversation.item.added'>['item'];
type WireSession = EventOf<'session.created'>['session'];

/**
 * An item as it goes out. The provider writes `null` for a transcript that is still to come and for cleared settings, where its
 * types know only the absence: hence the two assertions here, and nowhere else.
 */
export function wireItem(item: Item): WireItem {
  return structuredClone(item) as WireItem;
}

export function wireSession(config: SessionConfig, details: { id: string; expires_at: number }): WireSession {
  return { object: 'realtime.session', ...details, ...config } as unknown as WireSession;
}
