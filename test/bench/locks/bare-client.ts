import type { LockRequest, OutgoingEvent } from '../../../src/realtime/lock-types.js';
import type { ClientLock } from '../../realtime/lock-campaign/interview-client.js';
import type { LockReport } from './lock-under-test.js';

type ServerEvent = Parameters<ClientLock['receive']>[0];

/** What a client without our lock does, where clients differ. */
export interface BareRules {
  /** Asks for a response, while there is a connection. */
  readonly ask: (request: LockRequest, id: string) => void;
  readonly interrupt: () => void;
  readonly receive: (event: ServerEvent) => void;
  readonly close?: () => void;
}

/**
 * The rest of what the interview's application calls, the same for every lock that is not ours: nobody holds, nobody tells an outcome, and
 * what is asked for while there is no connection waits for one.
 */
export function bareClient(rules: BareRules, { requests }: LockReport): ClientLock {
  const waiting: (() => void)[] = [];
  const never = new Promise<never>(() => undefined);
  let generation = 0;
  let isOpen = false;
  let made = 0;
  return {
    serverCreatesResponses: false,
    isPlaying: false,
    status: 'idle',
    queued: 0,
    counts: { adopted: 0, conflicts: 0, ignored: 0, orphans: 0, lost: 0, empty: 0, unsent: 0 },
    get generation() {
      return generation;
    },
    open: () => {
      isOpen = true;
      for (const ask of waiting.splice(0)) ask();
    },
    close: () => {
      isOpen = false;
      generation++;
      rules.close?.();
    },
    dispose: () => undefined,
    hold: () => () => undefined,
    interrupt: () => {
      if (isOpen) rules.interrupt();
    },
    receive: (event, of) => {
      if (of === undefined || of === generation) rules.receive(event);
    },
    request: (request) => {
      const id = `t${(++made).toString(36)}`;
      requests.set(id, request);
      const ask = (): void => {
        // A turn that the server itself will answer: nobody but our lock makes sure that it did.
        if (request.isCovered || request.signal?.aborted) return;
        if (request.whenBusy === 'interrupt') rules.interrupt();
        rules.ask(request, id);
      };
      if (isOpen) ask();
      else waiting.push(ask);
      return { id, outcome: never };
    },
  };
}

/** Sends what belongs before a create. */
export function sendBefore({ before = [] }: LockRequest, send: (event: OutgoingEvent) => void): void {
  for (const event of typeof before === 'function' ? before() : before)
    send({ ...event, event_id: event.event_id ?? crypto.randomUUID() });
}

/** The parameters of its own that a request has; `undefined` for one that any response would do for. */
export function parametersOf({ response }: LockRequest): object | undefined {
  return typeof response === 'function' ? (response as () => object)() : response;
}

/** Which responses this client has heard begin and not yet end: what an interruption may cancel. */
export class HeardResponses {
  readonly #open = new Set<unknown>();

  receive(event: ServerEvent): void {
    const { response } = event as { response?: { id: unknown; conversation_id: unknown } };
    if (event.type === 'response.created' && response?.conversation_id !== null) this.#open.add(response?.id);
    if (event.type === 'response.done') this.#open.delete(response?.id);
  }

  clear(): void {
    this.#open.clear();
  }

  get any(): boolean {
    return this.#open.size > 0;
  }
}

/** The create of a client that knows for whom it asks. */
export function createFor(request: LockRequest, id: string): OutgoingEvent {
  return {
    type: 'response.create',
    event_id: crypto.randomUUID(),
    response: { ...parametersOf(request), metadata: { request_ids: id } },
  };
}

/** A failed send means that the connection is about to go; such a client has nobody to tell. */
export function tried(work: () => void): void {
  try {
    work();
  } catch {
    // The request is lost, and that is what is measured.
  }
}
