import { InterviewError } from '../errors.js';
import type { ClientMessage, CreateId } from './client-events.js';
import type { ServerErrorEvent } from './server-events.js';

type ServerError = ServerErrorEvent['error'];

interface Outlet {
  send(event: { readonly type: string; readonly event_id: string }): void;
}

/** Answers to our own events come within seconds; older ones need no memory. */
const MOST_AWAITED = 100;

/** Where every part's events leave: through the connection of the moment, each with an `event_id` by which a refusal comes back. */
export class Wire {
  readonly #createId: CreateId;
  readonly #awaited = new Map<string, (error: ServerError) => void>();
  #outlet: Outlet | undefined;

  constructor(createId: CreateId) {
    this.#createId = createId;
  }

  connect(outlet: Outlet): void {
    this.#outlet = outlet;
  }

  /** What was sent before will not be answered. */
  disconnect(): void {
    this.#outlet = undefined;
    this.#awaited.clear();
  }

  /** @throws InterviewError `connection-lost` without a connection */
  send(event: { readonly type: string; readonly event_id: string }): void {
    if (!this.#outlet)
      throw new InterviewError('connection-lost', `Not connected: ${event.type} was not sent`);
    this.#outlet.send(event);
  }

  /**
   * For what means nothing without the connection that it belongs to: quiet when that is gone, since its loss is told elsewhere.
   *
   * @param onRefused the server's error about this very event; without it the error is reported as everybody's
   */
  tell(message: ClientMessage, onRefused?: (error: ServerError) => void): void {
    const event_id = this.#createId();
    if (onRefused) this.expect(event_id, onRefused);
    try {
      this.send({ ...message, event_id });
    } catch (error) {
      if (!(error instanceof InterviewError)) throw error;
    }
  }

  /** @param onRefused takes the server's error about the event with this id, should there be one */
  expect(eventId: string, onRefused: (error: ServerError) => void): void {
    this.#awaited.set(eventId, onRefused);
    const [oldest] = this.#awaited.keys();
    if (this.#awaited.size > MOST_AWAITED && oldest !== undefined) this.#awaited.delete(oldest);
  }

  /** Hands an error to whoever sent the event that it is about. @returns whether there was one */
  refused(error: ServerError): boolean {
    const eventId = error.event_id;
    const onRefused = this.#awaited.get(eventId ?? '');
    if (!eventId || !onRefused) return false;
    this.#awaited.delete(eventId);
    onRefused(error);
    return true;
  }
}
