/** Compiled, never run: our side of the protocol against the provider's own types. A drift of either fails the type check. */
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { ClientEvent } from '../../src/realtime/client-events.js';
import type { ServerEvent } from '../../src/realtime/server-events.js';

type Assert<Holds extends true> = Holds;
type Mutable<T> = T extends readonly (infer Element)[]
  ? Mutable<Element>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

/** The provider's types leave the ids of responses and items open, since a client may create items without one; a server never does. */
type Identified<T> = T extends { object?: 'realtime.response' }
  ? { [Key in keyof T]: Identified<T[Key]> } & { id: string }
  : T extends { type: string; id?: string }
    ? T & { id: string }
    : T extends (infer Element)[]
      ? Identified<Element>[]
      : T;
type FromServer = RealtimeServerEvent extends infer Event
  ? Event extends RealtimeServerEvent
    ? { [Key in keyof Event]: Identified<Event[Key]> }
    : never
  : never;

/** Every event that we act on is one of theirs, and what they send passes our door. */
type TheirsOf<Type extends string> = Extract<FromServer, { type: Type }>;
type Misfits = {
  [Type in ServerEvent['type']]: [TheirsOf<Type>] extends [never]
    ? Type
    : TheirsOf<Type> extends Extract<ServerEvent, { type: Type }>
      ? never
      : Type;
}[ServerEvent['type']];

export type Checks = [
  Assert<Mutable<ClientEvent> extends RealtimeClientEvent ? true : false>,
  Assert<[Misfits] extends [never] ? true : false>,
];
