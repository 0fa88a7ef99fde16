/**
 * The OpenAI Realtime dialect of a dialogue. Here its parts are joined and nothing else happens: who says what to whom.
 *
 * What the server says passes the door (`server-events`), is told to the part that acts on it (`event-router`), and last to the
 * lock, so that whatever a part sends because of it goes out before the next create. What the parts say leaves through the `wire`.
 */
import { systemClock, type Clock } from '../async/clock.js';
import { Emitter } from '../async/emitter.js';
import type {
  AsideOptions,
  Dialogue,
  DialogueCapabilities,
  DialogueEvents,
  DialogueStatus,
  Mode,
  OpenOptions,
  Output,
  ReplyTicket,
  SayOptions,
} from '../dialogue/dialogue.js';
import { InterviewError } from '../errors.js';
import { runAside } from './aside.js';
import { randomId, type CreateId } from './client-events.js';
import { Connection } from './connection.js';
import { routeEvent } from './event-router.js';
import { interviewError, isFatal, isOfLock } from './interview-errors.js';
import { isQuiet } from './is-quiet.js';
import type { Link } from './link.js';
import { wild } from './lock-reading.js';
import { systemNetwork, type Network } from './network.js';
import { PlaybackWatch } from './playback-watch.js';
import { createParts, type RealtimeParts } from './realtime-parts.js';
import { readServerEvent, type ServerErrorEvent } from './server-events.js';
import type { TokenSource } from './token-source.js';
import type { WebSocketConstructor } from './websocket-transport.js';

const MOST_IGNORED_TYPES = 100;

export interface RealtimeDialogueOptions {
  readonly tokenSource: TokenSource;
  /** Where to connect; default: the token's `url`, else the provider. May be relative to the page. */
  readonly realtimeUrl?: string;
  readonly clock?: Clock;
  /** Milliseconds since 1970. Default: the machine's. */
  readonly wallNow?: () => number;
  /** Default: what the browser says of it. */
  readonly network?: Network;
  /** For the back-off: a number in [0, 1). */
  readonly random?: () => number;
  /** Default: the browser's. */
  readonly webSocket?: WebSocketConstructor;
  readonly createId?: CreateId;
}

export class RealtimeDialogue implements Dialogue {
  readonly capabilities: DialogueCapabilities = {
    textOutput: true,
    forcesTools: true,
    aside: true,
    heard: 'exact',
    wants: 'frames',
  };
  readonly events = new Emitter<DialogueEvents>();
  /** Server events that meant nothing to this client, by type (beyond 100 of them: `other`); for diagnosis only. */
  readonly ignoredEvents = new Map<string, number>();

  readonly #clock: Clock;
  readonly #createId: CreateId;
  readonly #connection: Connection;
  readonly #parts: RealtimeParts;
  #options: OpenOptions | undefined;
  #playbackWatch: PlaybackWatch | undefined;
  /** Once it is over it is over: the lock serves nobody any more. */
  #isEnded = false;
  #connections = 0;
  #asides = 0;

  constructor({
    tokenSource,
    clock = systemClock,
    createId = randomId,
    ...options
  }: RealtimeDialogueOptions) {
    const {
      random = Math.random,
      wallNow = Date.now,
      network = systemNetwork,
      realtimeUrl,
      webSocket,
    } = options;
    this.#clock = clock;
    this.#createId = createId;
    this.#parts = createParts({
      events: this.events,
      clock,
      createId,
      options: () => this.#options,
    });
    this.#connection = new Connection({
      tokenSource,
      realtimeUrl,
      clock,
      wallNow,
      network,
      random,
      webSocket,
      prepare: (outlet, context) => this.#prepare(outlet, context),
      onEvent: (event) => {
        this.#take(event);
      },
      onStatus: (status, previous, since) => {
        // What is said after an outage does not go on from what was said before it.
        if (status === 'reconnecting') this.#parts.uplink.reset();
        this.events.emit('status', { status, previous, ...(since !== undefined && { since }) });
      },
      onReady: () => {
        this.#parts.lock.open();
      },
      onLost: () => {
        this.#disconnect();
      },
      onRetry: (inMs) => {
        this.events.emit('retry', { inMs });
      },
      onGivenUp: (error) => {
        this.#end();
        this.events.emit('error', error);
      },
      probe: () => {
        this.#parts.settings.probe();
      },
      isQuiet: () => this.#asides === 0 && isQuiet(this.#parts),
    });
    this.events.on('speech-end', () => {
      this.#playbackWatch?.expect();
    });
  }

  get status(): DialogueStatus {
    return this.#connection.status;
  }

  async open(options: OpenOptions): Promise<void> {
    if (this.#isEnded || this.status !== 'closed')
      throw new InterviewError('invalid-state', 'Expected a dialogue that was never open');
    this.#options = options;
    this.#parts.settings.change(options.mode, options.output);
    this.#playbackWatch?.close();
    this.#playbackWatch = new PlaybackWatch(this.#clock, this.#parts.turns, options.playback);
    await this.#connection.open(options.model, options);
  }

  say({ reason, forceTool, guidance, whenBusy, timeToLiveMs, signal }: SayOptions): ReplyTicket {
    const { bargeIn, replies } = this.#parts;
    if (whenBusy === 'interrupt') void this.interrupt('host');
    return replies.ask({
      reason: reason === 'continue' ? 'participant' : reason,
      ...(forceTool !== undefined && { response: { tool_choice: { type: 'function', name: forceTool } } }),
      guidance,
      whenBusy,
      timeToLiveMs,
      signal,
      ...(whenBusy === 'interrupt' && { after: bargeIn.settled.then(() => true as const) }),
    });
  }

  inject(text: string): void {
    this.#parts.priorWords.inject(text);
  }

  async interrupt(by: 'participant' | 'host'): Promise<void> {
    this.#parts.lock.interrupt({ reason: by });
    this.#parts.bargeIn.cut(by);
    await this.#parts.bargeIn.settled;
  }

  beginTurn(): void {
    if (this.status !== 'open') return;
    void this.interrupt('participant');
    this.#parts.voiceTurns.press();
  }

  hear(frame: Int16Array): void {
    const { settings, voiceTurns, uplink } = this.#parts;
    const isWanted = settings.mode === 'hands-free' || voiceTurns.isPressed;
    const isReady = settings.isConfirmed || settings.isStarting;
    if (this.status === 'open' && isReady && isWanted) uplink.take(frame);
  }

  commitTurn(): ReplyTicket {
    return this.#parts.voiceTurns.release();
  }

  discardTurn(): void {
    this.#parts.voiceTurns.discard();
  }

  sendText(
    text: string,
    options: { readonly timeToLiveMs?: number; readonly signal?: AbortSignal } = {},
  ): ReplyTicket {
    return this.#parts.typedTurns.send(text, options);
  }

  answer(callId: string, output: string, { andContinue }: { readonly andContinue: boolean }): void {
    this.#parts.toolCalls.answer(callId, output, andContinue);
  }

  async runAside(options: AsideOptions): Promise<string> {
    this.#asides++;
    try {
      return await runAside(this.#parts.lock, this.#createId, options);
    } finally {
      this.#asides--;
    }
  }

  setMode(mode: Mode, output: Output): void {
    const { voiceTurns, settings, uplink } = this.#parts;
    const detectionEnds = settings.mode === 'hands-free' && mode !== 'hands-free';
    if (mode !== settings.mode) voiceTurns.discard();
    settings.change(mode, output);
    // Speech that was detected meanwhile will have no end: the answer to this, behind that, lets the lock go on.
    if (detectionEnds && this.status === 'open') uplink.clear();
  }

  hold(reason: string): () => void {
    return this.#parts.lock.hold(reason, { maxMs: Infinity });
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  rest(): () => void {
    this.#connection.rest();
    return () => {
      this.#connection.wake();
    };
  }

  close(): Promise<void> {
    this.#end();
    this.#connection.close();
    return Promise.resolve();
  }

  /** From the open socket to the moment when the interviewer may speak. */
  async #prepare(
    outlet: Link['outlet'],
    context: { readonly signal: AbortSignal },
  ): Promise<number | undefined> {
    const { wire, settings, priorWords, typedTurns } = this.#parts;
    const options = this.#options;
    if (!options) throw new RangeError('Expected to be opened before there is a connection');
    wire.connect(outlet);
    try {
      await settings.greeting(context);
      const confirmed = settings.start(options, context);
      const history = this.#connections++ === 0 ? options.history : options.resume();
      // At once, so that nothing that is said meanwhile gets in before it. A typed turn that still waits for its place comes with
      // its own request.
      priorWords.begin(history.filter(({ id }) => !typedTurns.isWaiting(id)));
      await confirmed;
      return settings.expiresAt;
    } catch (error) {
      this.#disconnect();
      throw error;
    }
  }

  #take(raw: unknown): void {
    const arrival = readServerEvent(raw);
    if (arrival.kind === 'malformed') this.events.emit('error', arrival.error);
    else if (arrival.kind === 'ignored') this.#ignore(arrival.type);
    else if (arrival.event.type === 'error') this.#refused(arrival.event.error);
    else {
      routeEvent(arrival.event, this.#parts);
      const failure = arrival.event.type === 'response.done' && arrival.event.response.status_details?.error;
      if (failure && isFatal(failure)) this.#connection.fail(interviewError(failure));
    }
    // Last, so that what the parts send because of it precedes the next create. The lock reads what it needs by itself.
    if (isTyped(raw)) this.#parts.lock.receive(raw);
  }

  #ignore(name: string): void {
    const { ignoredEvents } = this;
    const isRoom = ignoredEvents.size < MOST_IGNORED_TYPES || ignoredEvents.has(name);
    const type = isRoom && name.length < 100 ? name : 'other';
    ignoredEvents.set(type, (ignoredEvents.get(type) ?? 0) + 1);
  }

  #refused(error: ServerErrorEvent['error']): void {
    if (isFatal(error)) this.#connection.fail(interviewError(error));
    else if (error.code === 'session_expired') this.#connection.expire();
    // Whose event it was knows what to do; and of what is the lock's own the application need not know.
    else if (!this.#parts.wire.refused(error) && !isOfLock(error))
      this.events.emit('error', interviewError(error, true));
  }

  /** The connection is gone: what was under way in it is settled, what waits goes on in the next. */
  #disconnect(): void {
    const { wire, settings, priorWords, guidance, lock, turns, voiceTurns, toolCalls, replies } = this.#parts;
    wire.disconnect();
    settings.disconnect();
    priorWords.disconnect();
    guidance.disconnect();
    lock.close();
    turns.disconnect();
    voiceTurns.disconnect();
    // Their outputs are wanted by nobody now, but the interviewer was about to go on.
    if (toolCalls.disconnect() && !this.#isEnded) replies.ask({ reason: 'participant' });
  }

  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#parts.replies.close();
    this.#disconnect();
    this.#parts.lock.dispose();
    this.#parts.turns.close();
    this.#playbackWatch?.close();
  }
}

function isTyped(raw: unknown): raw is { readonly type: string } {
  return typeof wild(raw)?.type === 'string';
}
