import { assert } from '@open-wc/testing';
import type {
  LockOptions,
  LockRequest,
  LockStatus,
  OutgoingEvent,
  ResponseOutcome,
  ResponseTicket,
} from '../../src/realtime/lock-types.js';
import { ResponseLock } from '../../src/realtime/response-lock.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';

/** A ticket with its outcome to look at; `undefined` while it has none. */
export interface WatchedTicket extends ResponseTicket {
  settled: ResponseOutcome | undefined;
}

export type ScriptedOptions = Partial<LockOptions> & {
  /** Called with each event before it counts as sent; may throw, and may call the lock. */
  readonly onSend?: (event: OutgoingEvent) => void;
};

/**
 * A lock whose wire is the test: every event that the lock sends must be taken, in order, and every answer is told by the test.
 * `verify` fails for what nobody expected.
 */
export class ScriptedWire {
  readonly clock = new FakeClock();
  readonly statuses: LockStatus[] = [];
  readonly lock: ResponseLock;
  readonly #unread: OutgoingEvent[] = [];
  #responses = 0;

  constructor({ onSend, ...options }: ScriptedOptions = {}) {
    this.lock = new ResponseLock({
      clock: this.clock,
      send: (event) => {
        assert.isNotEmpty(event.event_id, `event_id of ${event.type}`);
        onSend?.(event);
        this.#unread.push(event);
      },
      onChange: (status) => this.statuses.push(status),
      ...options,
    });
    this.lock.open();
  }

  /** Asks, by default as the participant with a response of its own: it then shares with nobody. */
  ask(request: Partial<LockRequest> = {}): WatchedTicket {
    const ticket = this.lock.request({ reason: 'participant', response: {}, ...request });
    const watched: WatchedTicket = { id: ticket.id, outcome: ticket.outcome, settled: undefined };
    void ticket.outcome.then((outcome) => {
      assert.isUndefined(watched.settled, 'settled twice');
      watched.settled = outcome;
    });
    return watched;
  }

  /** The next event that the lock sent. */
  take(type: string): OutgoingEvent {
    const event = this.#unread.shift();
    assert.equal(event?.type, type, 'the next event on the wire');
    return event!;
  }

  /** The next event must be a create for exactly these tickets. @returns its `event_id` */
  takeCreate(...tickets: readonly ResponseTicket[]): string {
    const event = this.take('response.create');
    const { metadata } = event.response as { metadata: Record<string, string> };
    assert.equal(metadata.create_id, event.event_id);
    assert.equal(metadata.request_ids, tickets.map(({ id }) => id).join(' '));
    return event.event_id;
  }

  /** The next event must be a cancel of this response. @returns its `event_id` */
  takeCancel(responseId: string): string {
    const event = this.take('response.cancel');
    assert.equal(event.response_id, responseId);
    return event.event_id;
  }

  silence(): void {
    assert.deepEqual(
      this.#unread.map(({ type }) => type),
      [],
      'nobody expected',
    );
  }

  receive(event: { readonly type: string; readonly [field: string]: unknown }): void {
    this.lock.receive(event);
  }

  /** `createId`: of the create that it answers; none for the server's own. @returns the response's id */
  created(
    createId?: string,
    id = `resp_${++this.#responses}`,
    conversation: string | null = 'conv_1',
  ): string {
    const metadata = createId === undefined ? null : { create_id: createId };
    this.receive({ type: 'response.created', response: { id, metadata, conversation_id: conversation } });
    return id;
  }

  done(id: string, status = 'completed', more: Record<string, unknown> = {}): void {
    const output = [{ type: 'message', content: [{ type: 'output_audio', transcript: 'Yes.' }] }];
    this.receive({ type: 'response.done', response: { id, status, output, ...more } });
  }

  failed(id: string, code: string, message = ''): void {
    this.done(id, 'failed', { status_details: { type: 'failed', error: { code, message } } });
  }

  delta(id: string): void {
    this.receive({ type: 'response.output_audio.delta', response_id: id, delta: '' });
  }

  error(error: Record<string, unknown>): void {
    this.receive({ type: 'error', error: { type: 'invalid_request_error', ...error } });
  }

  conflict(createId: string | null, activeId = ''): void {
    this.error({
      code: 'conversation_already_has_active_response',
      message: `Conversation already has an active response in progress: ${activeId}. Wait until the response is finished before creating a new one.`,
      event_id: createId,
    });
  }

  notActive(cancelId: string | null): void {
    this.error({
      code: 'response_cancel_not_active',
      message: 'Cancellation failed: no active response found',
      event_id: cancelId,
    });
  }

  /** Takes the create of these tickets and answers it. @returns the response's id */
  begin(...tickets: readonly ResponseTicket[]): string {
    return this.created(this.takeCreate(...tickets));
  }

  async status(ticket: WatchedTicket): Promise<string> {
    await settle();
    return ticket.settled?.status ?? 'pending';
  }

  /** Nothing unread on the wire, and after `dispose` no timer. */
  verify(): void {
    this.silence();
    this.lock.dispose();
    assert.equal(this.clock.pending, 0, 'timers left');
  }
}
