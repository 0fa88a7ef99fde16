/**
 * One response at a time. Every `response.create` of a connection goes through this lock, which is told of requests, server events
 * and time, and says what to send. It knows no socket, no item and no sound; that only one response may write to the conversation
 * is all it is for.
 *
 * How to read it: a request is a ticket in `#queue`; `#sendNext` puts tickets on a flight when nothing speaks against it; a flight
 * is requested, active, perhaps cancelling, and `#done` ends it. Whatever goes wrong ends in `#again` (back to the queue, so often
 * and no more) or in a settled ticket. Responses out of band are flights too; they neither take the lock nor wait for it.
 */
import { authorOf, createEvent } from './lock-create.js';
import { SILENT, endOf, newFlight, settle, statusOf } from './lock-flight.js';
import type { Flight } from './lock-flight.js';
import { enqueue, nextOf, remove } from './lock-queue.js';
import { isEmpty, isOutOfBand, text, wild } from './lock-reading.js';
import type { Wild } from './lock-reading.js';
import { newTicket } from './lock-ticket.js';
import type { LockTicket } from './lock-ticket.js';
import type {
  LockCounts,
  LockOptions,
  LockRequest,
  LockStatus,
  ResponseOutcome,
  ResponseTicket,
} from './lock-types.js';
import {
  askedWaitMs,
  isConflict,
  isFatal,
  isRateLimit,
  isServerError,
  namedResponse,
  readError,
  resetMs,
} from './provider-error.js';
import type { ProviderError } from './provider-error.js';

/** Holds of the lock's own. */
const SPEECH = 'speech';
const GRACE = 'grace';
const PAUSE = 'pause';

/** All ids that this lock gives begin so: an answer to a create that it no longer knows is still known to be its own. */
const OWN = 'lock-';

export class ResponseLock {
  /** True while the session's voice detection may start responses of its own: creates then leave it room after a turn. */
  serverCreatesResponses = false;
  readonly counts: LockCounts = {
    adopted: 0,
    conflicts: 0,
    ignored: 0,
    orphans: 0,
    lost: 0,
    empty: 0,
    unsent: 0,
  };
  readonly #options: LockOptions;
  readonly #queue: LockTicket[] = [];
  readonly #flights: Flight[] = [];
  /** What keeps creates back, and until when. */
  readonly #holds = new Map<unknown, number>();
  /** Responses of this connection that are done: nothing revives them. */
  readonly #ended = new Set<string | undefined>();
  /** Who sent which `before`, by its `event_id`. */
  readonly #senders = new Map<string | undefined, LockTicket>();
  readonly #unreported: LockStatus[] = [];
  #status: LockStatus = 'idle';
  #connection: 'closed' | 'open' | 'disposed' = 'closed';
  #generation = 0;
  #isPlaying = false;
  #limitedUntil = 0;
  #made = 0;
  #isActing = false;
  /** The moment of the call under way. */
  #now = 0;
  #timer: unknown;

  constructor(options: LockOptions) {
    this.#options = options;
  }

  get status(): LockStatus {
    return this.#status;
  }

  /** How many tickets wait to be sent, those out of band included. */
  get queued(): number {
    return this.#queue.length;
  }

  /** The number of the connection, for `receive`: `close()` raises it. */
  get generation(): number {
    return this.#generation;
  }

  /** Kept by the owner of playback: true while the interviewer is still heard. Tickets that wait for `playback` wait for false. */
  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  set isPlaying(value: boolean) {
    this.#isPlaying = value;
    this.#act();
  }

  /** The connection is ready: the session's configuration was confirmed. Opening twice is quiet. */
  open(): void {
    if (this.#connection === 'closed') this.#connection = 'open';
    this.#act();
  }

  /**
   * The connection is gone. What was being answered settles as `disconnected`; what was never acknowledged goes back to the queue
   * and on to the next connection, with its `before` again. Closing twice is quiet.
   */
  close(): void {
    // Also of a connection that never got so far as to open: what comes late from it is no concern of the next.
    this.#generation++;
    if (this.#connection !== 'open') return;
    this.#act(() => {
      this.#connection = 'closed';
      this.#ended.clear();
      this.#freeFloor();
      this.#senders.clear();
      for (const flight of this.#flights.splice(0)) {
        // Speech is gone with its connection, and so is what it had against a create.
        if (flight.status !== 'requested' || isTakenBack(flight))
          settle(flight, endOf(flight, 'disconnected'));
        for (const ticket of flight.tickets) enqueue(this.#queue, ticket);
      }
      this.#changed();
      for (const ticket of [...this.#queue]) {
        ticket.before = undefined;
        if (!ticket.survives) this.#withdraw(ticket, { status: 'disconnected' });
      }
    });
  }

  /** For good: every ticket, also one asked for later, settles as `disconnected`; no timer remains. */
  dispose(): void {
    this.close();
    this.#connection = 'disposed';
    this.#holds.clear();
    this.#act();
  }

  /** Asks for a response. What becomes of it is the ticket's outcome. */
  request(request: LockRequest): ResponseTicket {
    const abort = (): void => {
      this.#act(() => {
        this.#withdraw(ticket, { status: 'aborted' });
      });
    };
    const ticket = newTicket(++this.#made, request, this.#options.clock.now(), abort);
    this.#act(() => {
      enqueue(this.#queue, ticket);
      if (request.signal?.aborted) abort();
      else if (ticket.whenBusy === 'interrupt' && !ticket.isAside) this.interrupt(request);
    });
    return ticket;
  }

  /** Cancels what is active and what was asked for; asks for nothing, and leaves the queue and responses out of band alone. */
  interrupt({ reason }: { readonly reason: string }): void {
    this.#act(() => {
      for (const flight of [...this.#flights])
        if (!flight.isAside) this.#cancel(flight, reason || 'interrupt');
    });
  }

  /** Keeps creates back until the returned function is called, at most `maxMs` (default `maxHoldMs`; `Infinity` for a pause). */
  hold(reason: string, { maxMs }: { readonly maxMs?: number } = {}): () => void {
    const hold = Symbol(reason);
    this.#act(() => {
      this.#holdFor(hold, maxMs);
    });
    return () => {
      this.#act(() => this.#holds.delete(hold));
    };
  }

  /**
   * Takes every server event, in order. Never throws for what a server sends: what makes no sense is ignored and counted.
   *
   * @param generation of the connection that it came from; events of an earlier one are ignored
   */
  receive(event: { readonly type: string }, generation = this.#generation): void {
    const flight = this.#flightOf(text(wild(event)?.response_id));
    if (this.#connection !== 'open' || generation !== this.#generation) this.counts.ignored++;
    else if (!flight)
      this.#act(() => {
        this.#read(wild(event));
      });
    // Most events are deltas: they prove life and change nothing.
    else if (flight.status === 'active') flight.since = this.#options.clock.now();
  }

  #read(event: Wild): void {
    const type: unknown = event?.type;
    const response = event?.response;
    switch (type) {
      case 'response.created':
        this.#created(response);
        break;
      case 'response.done':
        this.#done(response);
        break;
      case 'error':
        this.#failed(readError(event?.error));
        break;
      case 'rate_limits.updated':
        this.#limitedUntil = this.#now + resetMs(event);
        break;
      case 'input_audio_buffer.speech_started': {
        this.#freeFloor();
        this.#holdFor(SPEECH);
        // Voice detection interrupts only what is active already; our create on its way would talk over the participant.
        const asked = this.#asked();
        if (asked) asked.cause ??= SPEECH;
        break;
      }
      case 'input_audio_buffer.committed':
        this.#freeFloor();
        if (this.serverCreatesResponses) this.#holdFor(GRACE, this.#options.graceMs ?? 1000);
        break;
      case 'input_audio_buffer.cleared':
        this.#freeFloor();
    }
  }

  #created(response: Wild): void {
    const id = text(response?.id);
    const createId = text(response?.metadata?.create_id);
    const asked = this.#flightOf(createId);
    const isOurs = !!createId?.startsWith(OWN);
    const flight = this.#enter(asked ?? newFlight({ isOurs, isAside: isOutOfBand(response) }), id);
    if (!flight) this.counts.ignored++;
    // No longer wanted: interrupted meanwhile, given up as unanswered, or of a connection before.
    else if (isOurs) {
      if (!asked || asked.cause) this.#cancel(flight);
    } else if (!flight.isAside) {
      this.#holds.delete(GRACE);
      for (const ticket of [...this.#queue])
        if (!ticket.request.before && ticket.request.isCovered?.()) this.#board(ticket, flight);
    }
  }

  #done(response: Wild): void {
    const responseId = text(response?.id);
    const status = text(response?.status);
    const metadata = response?.metadata;
    // If its `created` was lost, only the metadata can tell that it was the answer to our create.
    const flight = this.#flightOf(responseId) ?? this.#flightOf(text(metadata?.create_id)) ?? newFlight({});
    const isRepeated = this.#ended.has(responseId);
    const isKnown = !isRepeated && this.#leave(flight);
    if (!isKnown) this.counts.ignored++;
    // A flight that has left is settled below, even where the server forgot to name the response.
    if (responseId && !isRepeated) this.#ended.add(responseId);
    else if (!isKnown) return;
    const details = { responseId, response };
    if (status === 'completed' && isEmpty(response)) {
      this.counts.empty++;
      this.#again(flight, { ...failure('empty', 'output'), ...details }, 0, 1);
    } else if (status === 'completed' || status === 'incomplete') {
      if (flight.tickets[0]) settle(flight, { status, ...details });
      // Nobody is on it. It may have been given up as unanswered, and yet it was spoken: whoever waits for another try is served.
      else
        for (const ticket of this.#tickets()) {
          if (text(metadata?.request_ids)?.split(' ').includes(ticket.id))
            this.#withdraw(ticket, { status, ...details });
        }
    } else if (status === 'cancelled') settle(flight, { ...endOf(flight, status), ...details });
    else this.#refused(flight, readError(response?.status_details?.error), details);
  }

  #failed(error: ProviderError): void {
    const { eventId } = error;
    const flight = eventId
      ? this.#flights.find(({ id, cancelId }) => id === eventId || cancelId === eventId)
      : // A server that names no event means the one create that it has not answered.
        isConflict(error)
        ? this.#asked()
        : undefined;
    if (flight?.cancelId) {
      this.#giveUp(flight);
    } else if (flight || isFatal(error)) {
      this.#refused(flight ?? newFlight({}), error);
    } else {
      const sender = this.#senders.get(eventId);
      if (sender) this.#withdraw(sender, { status: 'failed', error });
    }
  }

  /** The server said no, to a create or at the end of its response. */
  #refused(flight: Flight, error: ProviderError, details?: Partial<ResponseOutcome>): void {
    // Who is given up for a conflict was lost: the conflict itself is nobody's affair but ours.
    const outcome: ResponseOutcome = isConflict(error)
      ? endOf(flight, 'lost')
      : { status: 'failed', ...details, error };
    this.#leave(flight);
    if (isConflict(error)) {
      this.counts.conflicts++;
      const named = namedResponse(error);
      this.#enter(newFlight({}), named);
      // What it names is done already: try at once.
      if (named && this.#status === 'idle') this.#again(flight, outcome, 0);
      // It is active and will end: that many in a row are no coincidence. Nobody may have told us which it is: wait a little.
      else this.#again(flight, outcome, this.#status === 'idle' ? undefined : 0, 16);
    } else if (isRateLimit(error) || isServerError(error)) {
      const waitMs = Math.max(0, this.#limitedUntil - this.#now) || askedWaitMs(error) || undefined;
      this.#again(flight, outcome, waitMs, isServerError(error) ? 1 : undefined);
    } else {
      this.#again(flight, outcome, 0, 0);
      if (isFatal(error)) for (const ticket of this.#tickets()) this.#withdraw(ticket, outcome);
    }
  }

  /** Back to the head of the queue, unless it was tried too often or is no longer wanted. Without `waitMs` it backs off. */
  #again(
    flight: Flight,
    outcome: ResponseOutcome,
    waitMs?: number,
    most = this.#options.maxRetries ?? 3,
  ): void {
    let tries = 1;
    if (flight.cause) settle(flight, endOf(flight, 'cancelled'));
    for (const ticket of flight.tickets) {
      tries = ticket.tries[most] = (ticket.tries[most] ?? 0) + 1;
      ticket.priority = 1e9;
      if (tries > most) ticket.settle(outcome);
      else enqueue(this.#queue, ticket);
    }
    this.#holdFor(PAUSE, waitMs ?? Math.min(8000, 250 * 2 ** tries));
  }

  #cancel(flight: Flight, cause = flight.cause ?? 'aborted'): void {
    if (!isTakenBack(flight)) flight.cause = cause;
    if (flight.status !== 'active') return;
    flight.cancelId = this.#id();
    this.#become(flight, 'cancelling');
    try {
      this.#options.send({
        type: 'response.cancel',
        event_id: flight.cancelId,
        response_id: flight.id,
      });
    } catch {
      // The connection is about to go. If it does not, the flight's own patience ends this.
      this.counts.unsent++;
    }
  }

  /** The server does not know it as active, or says nothing about it any more. */
  #giveUp(flight: Flight): void {
    this.counts.lost++;
    this.#leave(flight);
    settle(flight, endOf(flight, 'lost'));
  }

  /** From now on it is active. @returns `undefined` when that response is known already, or ended, or nameless */
  #enter(flight: Flight, responseId: string | undefined): Flight | undefined {
    if (!responseId || this.#ended.has(responseId) || this.#flightOf(responseId)) return undefined;
    remove(this.#flights, flight);
    this.#flights.push(flight);
    flight.id = responseId;
    if (!flight.isOurs && !flight.isAside) this.counts.adopted++;
    this.#become(flight, 'active');
    return flight;
  }

  #become(flight: Flight, status: Flight['status']): void {
    flight.status = status;
    flight.since = this.#now;
    this.#changed();
  }

  /** @returns whether it was under way */
  #leave(flight: Flight): boolean {
    const wasUnderWay = remove(this.#flights, flight);
    this.#changed();
    return wasUnderWay;
  }

  #board(ticket: LockTicket, flight: Flight): void {
    remove(this.#queue, ticket);
    flight.tickets.push(ticket);
  }

  #changed(): void {
    const status = statusOf(this.#flights);
    if (status !== this.#status) this.#unreported.push((this.#status = status));
  }

  /** The create of ours that the server has not answered yet. */
  #asked(): Flight | undefined {
    return this.#flights.find(({ isAside, status }) => !isAside && status === 'requested');
  }

  #flightOf(id: string | undefined): Flight | undefined {
    return this.#flights.find((flight) => flight.id === id);
  }

  #tickets(): LockTicket[] {
    return [...this.#queue, ...this.#flights.flatMap(({ tickets }) => tickets)];
  }

  /** Takes a ticket out, wherever it is. A response of ours that then serves nobody is cancelled. */
  #withdraw(ticket: LockTicket, outcome: ResponseOutcome): void {
    ticket.settle(outcome);
    remove(this.#queue, ticket);
    for (const flight of [...this.#flights]) {
      if (remove(flight.tickets, ticket) && !flight.tickets.length && flight.isOurs) this.#cancel(flight);
    }
  }

  #holdFor(hold: unknown, ms = this.#options.maxHoldMs ?? 60_000): void {
    if (ms) this.#holds.set(hold, this.#now + ms);
  }

  #freeFloor(): void {
    this.#holds.delete(SPEECH);
    this.#holds.delete(GRACE);
  }

  /** Every input goes through here: first what time has ended, then the input, then whatever may be sent now. */
  #act(work?: () => unknown): void {
    // Called back from `send` or from a ticket's function: the call under way does the rest.
    if (this.#isActing) {
      work?.();
      return;
    }
    this.#isActing = true;
    try {
      this.#pass();
      work?.();
      while (this.#sendNext());
      for (const ticket of [...this.#queue]) {
        if (this.#connection === 'disposed') this.#withdraw(ticket, { status: 'disconnected' });
        else if (ticket.whenBusy === 'skip') this.#withdraw(ticket, { status: 'skipped' });
      }
    } finally {
      this.#isActing = false;
      this.#schedule();
    }
    for (let status = this.#unreported.shift(); status; status = this.#unreported.shift())
      this.#options.onChange?.(status);
  }

  #pass(): void {
    const before = this.#now;
    const wasServing = this.#connection === 'open' && !this.#holds.size;
    this.#now = this.#options.clock.now();
    for (const [hold, until] of this.#holds) if (until <= this.#now) this.#holds.delete(hold);
    for (const ticket of [...this.#queue]) {
      // Time in which nothing could be sent does not count.
      if (!wasServing) ticket.expiresAt += this.#now - before;
      if (ticket.expiresAt <= this.#now) this.#withdraw(ticket, { status: 'expired' });
    }
  }

  #isReady({ isAside, request }: LockTicket): boolean {
    if (this.#connection !== 'open' || (request.waitFor === 'playback' && this.#isPlaying)) return false;
    return isAside
      ? !this.#holds.has(PAUSE) &&
          this.#flights.filter((flight) => flight.isAside).length < (this.#options.maxAsides ?? 4)
      : !this.#holds.size && this.#status === 'idle';
  }

  /** @returns whether anything was sent, or failed to be: looking again may find more */
  #sendNext(): boolean {
    const tickets = nextOf(this.#queue, (ticket) => this.#isReady(ticket));
    const [first] = tickets;
    if (!first) return false;
    const flight = newFlight({ id: this.#id(), isOurs: true, isAside: first.isAside, since: this.#now });
    this.#flights.push(flight);
    for (const ticket of tickets) this.#board(ticket, flight);
    this.#changed();
    this.#launch(flight, this.#compose(flight));
    return true;
  }

  /** Calls the tickets' functions. Those that throw fail their own tickets. */
  #compose(flight: Flight): object {
    const author = authorOf(flight.tickets);
    let parameters: object = {};
    for (const ticket of [...flight.tickets]) {
      const { before, response = {} } = ticket.request;
      ticket.expiresAt = Infinity;
      try {
        if (before)
          ticket.before ??= called(before).map((event) => ({
            ...event,
            event_id: event.event_id ?? this.#id(),
          }));
        if (ticket === author) parameters = called(response);
      } catch (cause) {
        this.#withdraw(ticket, failure('threw', cause));
      }
    }
    // A function may tell only now that it needs no lock.
    flight.isAside ||= isOutOfBand(wild(parameters));
    this.#changed();
    return parameters;
  }

  #launch(flight: Flight, parameters: object): void {
    const { id, tickets } = flight;
    const { send } = this.#options;
    // Functions and `send` may call back: the connection may go, or the response may no longer be wanted, at any point.
    const isWanted = (): boolean => this.#flights.includes(flight) && !flight.cause;
    try {
      for (const ticket of [...tickets]) {
        const { before = [] } = ticket;
        for (let event = before[0]; event && isWanted(); event = before[0]) {
          this.#senders.set(event.event_id, ticket);
          send(event);
          before.shift();
        }
      }
      if (isWanted()) send(createEvent(id, tickets, parameters));
      else if (this.#leave(flight)) settle(flight, endOf(flight, 'cancelled'));
    } catch (cause) {
      this.counts.unsent++;
      if (this.#leave(flight)) this.#again(flight, failure('threw', cause));
    }
  }

  #deadline({ since, status }: Flight): number {
    const { createdTimeoutMs = 10_000, silentTimeoutMs = 30_000, cancelTimeoutMs = 5000 } = this.#options;
    return (
      since + { requested: createdTimeoutMs, active: silentTimeoutMs, cancelling: cancelTimeoutMs }[status]
    );
  }

  #schedule(): void {
    const { clock } = this.#options;
    const ms =
      Math.min(
        ...this.#holds.values(),
        ...this.#flights.map((flight) => this.#deadline(flight)),
        ...this.#queue.map(({ expiresAt }) => expiresAt),
      ) - this.#now;
    clock.clearTimeout(this.#timer);
    if (ms < Infinity)
      this.#timer = clock.setTimeout(() => {
        this.#act(() => {
          this.#watch();
        });
      }, Math.ceil(ms));
  }

  #watch(): void {
    for (const flight of [...this.#flights]) {
      if (this.#deadline(flight) > this.#now) continue;
      if (flight.status === 'active') this.#cancel(flight, SILENT);
      else if (flight.status === 'cancelling') this.#giveUp(flight);
      else {
        // If an answer comes yet, it is known by its id and cancelled.
        this.counts.orphans++;
        this.#leave(flight);
        this.#again(flight, { status: 'lost' }, 0);
      }
    }
  }

  #id(): string {
    return `${OWN}${++this.#made}`;
  }
}

/** By somebody: speech alone counts only as long as its connection. */
function isTakenBack({ cause = SPEECH }: Flight): boolean {
  return cause !== SPEECH;
}

function failure(code: string, cause: unknown): ResponseOutcome {
  return { status: 'failed', error: { code, message: String(cause), cause } };
}

function called<Value extends object>(value: Value | (() => Value)): Value {
  return typeof value === 'function' ? value() : value;
}
