import type { LockOptions, LockRequest, OutgoingEvent } from '../../../src/realtime/lock-types.js';
import { ResponseLock } from '../../../src/realtime/response-lock.js';
import type {
  FakeClock,
  ModelConnection,
  ModelServerEvent,
  RealtimeModel,
} from '../../../src/testing/index.js';
import type { Act, Interview, Talk } from './interview-plan.js';
import {
  idsOf,
  isInBand,
  type Asked,
  type Drop,
  type InterviewRecord,
  type Sent,
} from './interview-record.js';

/** The lock's own default. */
const CREATED_TIMEOUT_MS = 10_000;
/** The lock's own default. */
const GRACE_MS = 1000;
const COMMITTED_MS = 5000;
/** Where the script, not a step, drops the connection. */
const RECONNECTED_AFTER_MS = 700;
/** Tools that a whole interview may call: a script of calls alone would never come to an end. */
const MOST_BATCHES = 6;
/** An interview needs a few hundred. */
const MOST_TIMERS = 50_000;

/** What the application needs of a lock. */
export type ClientLock = Pick<ResponseLock, keyof ResponseLock>;

export type MakeLock = (options: LockOptions) => ClientLock;

/** The application around the lock: as little of one as needs every one of its rules. */
export class InterviewClient {
  readonly lock: ClientLock;
  readonly #asked: Asked[] = [];
  readonly #sent: Sent[] = [];
  readonly #interruptions: number[] = [];
  readonly #speechHeard: number[] = [];
  readonly #presses: { fromMs: number; toMs: number }[] = [];
  readonly #drops: Drop[] = [];
  readonly #heard = new Map<string, number>();
  readonly #remarks: { invariant: string; problem: string }[] = [];
  readonly #clock: FakeClock;
  readonly #model: RealtimeModel;
  readonly #interview: Interview;
  /** Creates of the conversation that nobody has answered, and when they went out. */
  readonly #unanswered = new Map<string, number>();
  /** Commits of the talk button, in order. */
  readonly #commits: { readonly eventId: string; readonly settle: (isTaken: boolean) => void }[] = [];
  #talk: Talk;
  #connection: ModelConnection | undefined;
  #number = 0;
  #made = 0;
  /** How many the lock has set. */
  #timers = 0;
  #batches = 0;
  #isPressed = false;
  /** The session is as it should be: until then the microphone is closed. */
  #isReady = false;
  #speaksUntil = 0;
  #isFinished = false;
  /** The item of what voice detection hears just now. */
  #speech: unknown;
  /** So long the server has for a response of its own. */
  #graceUntil = 0;
  #onUpdated: (() => void) | undefined;
  #nextDrop = { ms: RECONNECTED_AFTER_MS, noticeMs: 0 };

  /** @param makeLock another lock than ours, to be measured beside it */
  constructor(
    clock: FakeClock,
    model: RealtimeModel,
    interview: Interview,
    makeLock: MakeLock = (options) => new ResponseLock(options),
  ) {
    this.#clock = clock;
    this.#model = model;
    this.#interview = interview;
    this.#talk = interview.talk;
    this.lock = makeLock({
      clock: {
        now: () => clock.now(),
        setTimeout: (fn, ms) => this.#setLockTimer(fn, ms),
        clearTimeout: (handle) => {
          clock.clearTimeout(handle);
        },
      },
      send: (event) => {
        this.#send(event);
      },
    });
    this.#connect();
  }

  do(act: Act): void {
    switch (act.what) {
      case 'ask':
        this.#askBy(act);
        break;
      case 'turn':
        this.#speak(act.ms, act.times, act.gapMs);
        break;
      case 'abort': {
        const asked = this.#asked[act.nth % Math.max(1, this.#asked.length)];
        if (!asked || asked.abortedAtMs !== undefined) break;
        asked.abortedAtMs = this.#clock.now();
        asked.abortedAfter = this.#sent.length;
        asked.controller.abort();
        break;
      }
      case 'interrupt':
        this.#interrupt('host');
        break;
      case 'hold':
        this.#clock.setTimeout(this.lock.hold('host'), act.ms);
        break;
      case 'play':
        this.lock.isPlaying = true;
        this.#clock.setTimeout(() => {
          this.lock.isPlaying = false;
        }, act.ms);
        break;
      case 'switch':
        this.#switch(act.talk);
        break;
      case 'drop':
        if (!this.#connection) break;
        this.#nextDrop = act;
        this.#model.drop(act);
        this.#nextDrop = { ms: RECONNECTED_AFTER_MS, noticeMs: 0 };
    }
  }

  /** The participant has left the room: nothing new is begun, and nobody listens for them. */
  finish(): void {
    this.#isFinished = true;
    if (this.#connection) this.#configure();
  }

  record(): InterviewRecord {
    return {
      interview: this.#interview,
      model: this.#model,
      asked: this.#asked,
      sent: this.#sent,
      interruptions: this.#interruptions,
      speechHeard: this.#speechHeard,
      presses: this.#presses,
      drops: this.#drops,
      heard: this.#heard,
      remarks: this.#remarks,
      counts: this.lock.counts,
      end: { status: this.lock.status, queued: this.lock.queued, timers: this.#clock.pending },
    };
  }

  /** A lock that for ever wakes itself gets no more time: otherwise the interview would never end. */
  #setLockTimer(fn: () => void, ms: number): unknown {
    if (++this.#timers < MOST_TIMERS) return this.#clock.setTimeout(fn, ms);
    if (this.#timers === MOST_TIMERS) this.#remark('the lock comes to rest', `${MOST_TIMERS} timers`);
    return undefined;
  }

  // The connection.

  #connect(): void {
    const number = ++this.#number;
    const { generation } = this.lock;
    this.#connection = this.#model.connect({
      onEvent: (event) => {
        if (number === this.#number) {
          // The lock last, so that what the application does because of an event precedes the next create.
          this.#noteSpeech(event);
          this.#receive(event);
          this.lock.receive(event, generation);
          // But a turn is recorded before its answer is asked for, and by then the lock knows of it.
          if (event.type === 'input_audio_buffer.committed') this.#taken(String(event.item_id));
        } else this.#receiveLate(event, generation);
      },
      onClose: () => {
        if (number !== this.#number) return;
        const { ms, noticeMs } = this.#nextDrop;
        this.#clock.setTimeout(() => {
          this.#disconnect();
          this.#clock.setTimeout(() => {
            this.#connect();
          }, ms);
        }, noticeMs);
      },
    });
    this.#onUpdated = () => {
      this.lock.open();
    };
  }

  #disconnect(): void {
    const unanswered = this.#sent.filter(({ event }) => this.#isUnanswered(event.event_id));
    this.#drops.push({
      atMs: this.#clock.now(),
      unanswered: unanswered.flatMap(({ event }) => idsOf(event)),
    });
    this.#number++;
    this.#connection = undefined;
    this.#onUpdated = undefined;
    this.#unanswered.clear();
    this.#speech = undefined;
    this.#graceUntil = 0;
    this.#isReady = false;
    this.lock.close();
    for (const { settle } of this.#commits.splice(0)) settle(false);
  }

  #receiveLate(event: ModelServerEvent, generation: number): void {
    const before = [this.lock.status, this.lock.queued, this.#sent.length].join();
    this.lock.receive(event, generation);
    const after = [this.lock.status, this.lock.queued, this.#sent.length].join();
    if (before !== after)
      this.#remark('nothing late changes anything', `${event.type}: ${before} → ${after}`);
  }

  #send(event: OutgoingEvent): void {
    if (!this.#connection) throw new Error('not open');
    const atMs = this.#clock.now();
    this.#sent.push({ event, atMs, connection: this.#number });
    if (isInBand(event)) {
      const others = [...this.#unanswered.keys()].filter((id) => this.#isUnanswered(id));
      if (others.length > 0)
        this.#remark('one unanswered create at most', `${event.event_id} beside ${others.join()}`);
      this.#unanswered.set(event.event_id, atMs);
      if (this.#isPressed || this.#speech !== undefined)
        this.#remark('nothing is asked for while the participant speaks', event.event_id);
      if (this.lock.serverCreatesResponses && atMs < this.#graceUntil)
        this.#remark("the server's own response has its time", event.event_id);
    }
    this.#connection.send(event);
  }

  /** Nobody waits for an answer for ever. */
  #isUnanswered(createId: string): boolean {
    const sinceMs = this.#unanswered.get(createId) ?? -Infinity;
    return this.#clock.now() - sinceMs < CREATED_TIMEOUT_MS;
  }

  #noteSpeech({ type, item_id: itemId }: ModelServerEvent): void {
    if (type === 'input_audio_buffer.speech_started') {
      this.#speech = itemId;
      this.#speechHeard.push(this.#clock.now());
    } else if (/cleared|committed/.test(type)) this.#speech = undefined;
    if (/speech_started|cleared|response.created/.test(type)) this.#graceUntil = 0;
    if (type === 'input_audio_buffer.committed' && this.lock.serverCreatesResponses)
      this.#graceUntil = this.#clock.now() + GRACE_MS;
  }

  #receive(event: ModelServerEvent): void {
    const response = event.response as
      | {
          id: string;
          status: string;
          metadata: { create_id?: string } | null;
          output: { call_id?: string }[];
        }
      | undefined;
    switch (event.type) {
      case 'session.created':
        this.#tell(this.#update());
        break;
      case 'session.updated':
        this.#onUpdated?.();
        this.#onUpdated = undefined;
        break;
      case 'response.created':
        this.#unanswered.delete(response?.metadata?.create_id ?? '');
        break;
      case 'response.done':
        if (!response || this.#heard.has(response.id)) break;
        this.#heard.set(response.id, this.#sent.length);
        this.#unanswered.delete(response.metadata?.create_id ?? '');
        if (response.status === 'completed')
          this.#answer(response.output.flatMap(({ call_id }) => call_id ?? []));
        break;
      case 'error': {
        const { event_id, message } = event.error as { event_id: string | null; message: string };
        if (event_id) this.#unanswered.delete(event_id);
        else if (/already has/.test(message)) this.#unanswered.clear();
        const at = this.#commits.findIndex(({ eventId }) => eventId === event_id);
        if (at >= 0) for (const commit of this.#commits.splice(at, 1)) commit.settle(false);
        break;
      }
    }
  }

  // The session.

  #update(): OutgoingEvent {
    const { interrupts, idleTimeoutMs } = this.#interview;
    const serverCreates = this.#talk === 'server-authored' && !this.#isFinished;
    // Until the server has confirmed it, a response of its own may still be on its way.
    this.lock.serverCreatesResponses ||= serverCreates;
    const confirm = this.#onUpdated;
    this.#isReady = false;
    this.#onUpdated = () => {
      confirm?.();
      this.#isReady = true;
      this.lock.serverCreatesResponses = serverCreates;
    };
    const turn_detection =
      this.#talk === 'push-to-talk' || this.#isFinished
        ? null
        : {
            type: 'server_vad',
            create_response: serverCreates,
            interrupt_response: interrupts,
            idle_timeout_ms: serverCreates ? idleTimeoutMs : null,
          };
    return {
      type: 'session.update',
      event_id: this.#newId(),
      session: { type: 'realtime', audio: { input: { turn_detection } } },
    };
  }

  /** What is being said meanwhile is no turn, of whichever kind. */
  #configure(): void {
    this.#tell(this.#update());
    this.#tell({ type: 'input_audio_buffer.clear', event_id: this.#newId() });
  }

  #switch(talk: Talk): void {
    if (talk === this.#talk || this.#isPressed) return;
    this.#talk = talk;
    if (!this.#connection) return;
    const release = this.lock.hold('the session is updated', { maxMs: 5000 });
    this.#configure();
    const confirm = this.#onUpdated;
    this.#onUpdated = () => {
      confirm?.();
      release();
    };
  }

  // The participant.

  #speak(ms: number, times: number, gapMs: number): void {
    if (this.#isFinished || times === 0) return;
    const isBusy = this.#isPressed || this.#clock.now() < this.#speaksUntil;
    if (this.#connection && this.#isReady && !isBusy) {
      this.#speaksUntil = this.#clock.now() + ms;
      if (this.#talk === 'push-to-talk') this.#press(ms);
      else this.#connection.speak(ms);
    }
    this.#clock.setTimeout(() => {
      this.#speak(ms, times - 1, gapMs);
    }, ms + gapMs);
  }

  #press(ms: number): void {
    const fromMs = this.#clock.now();
    const number = this.#number;
    const release = this.lock.hold('the talk button is pressed', { maxMs: Infinity });
    this.#isPressed = true;
    this.#interrupt('participant');
    this.#tell({ type: 'input_audio_buffer.clear', event_id: this.#newId() });
    this.#connection?.speak(ms);
    this.#clock.setTimeout(() => {
      this.#isPressed = false;
      this.#presses.push({ fromMs, toMs: this.#clock.now() });
      const settle = (isTaken: boolean): void => {
        this.#clock.clearTimeout(timer);
        if (isTaken) this.#ask({ reason: 'participant' }, { hasBefore: true });
        release();
      };
      const eventId = this.#newId();
      const timer = this.#clock.setTimeout(() => {
        this.#commits.splice(this.#commits.indexOf(commit), 1);
        settle(true);
      }, COMMITTED_MS);
      const commit = { eventId, settle };
      // A connection that went meanwhile took the sound with it. A short press is committed all the same: the server refuses it.
      if (number !== this.#number) settle(false);
      else {
        this.#commits.push(commit);
        this.#tell({ type: 'input_audio_buffer.commit', event_id: eventId });
      }
    }, ms);
  }

  #taken(turnId: string): void {
    if (this.#commits.length === 0) {
      const isCovered = this.#talk === 'server-authored' ? () => true : undefined;
      this.#ask(
        { reason: 'participant', ...(isCovered && { isCovered }) },
        { hasBefore: !isCovered, turnId },
      );
    } else this.#commits.shift()?.settle(true);
  }

  #interrupt(reason: string): void {
    this.#interruptions.push(this.#clock.now());
    this.lock.interrupt({ reason });
  }

  // What the application wants.

  /** Tools take their time; when the last has answered, the interviewer is to go on. */
  #answer(callIds: readonly string[]): void {
    if (callIds.length === 0 || this.#isFinished || ++this.#batches > MOST_BATCHES) return;
    const { toolMs } = this.#interview;
    const number = this.#number;
    let left = callIds.length;
    for (const [n, call_id] of callIds.entries())
      this.#clock.setTimeout(
        () => {
          if (number !== this.#number) return;
          this.#tell({
            type: 'conversation.item.create',
            event_id: this.#newId(),
            item: { type: 'function_call_output', call_id, output: '{}' },
          });
          if (--left === 0) this.#ask({ reason: 'tool' }, { hasBefore: false });
        },
        toolMs[n % toolMs.length] ?? 0,
      );
  }

  #askBy(act: Extract<Act, { what: 'ask' }>): void {
    const { reason, shares, whenBusy, isAside, hasBefore, waitsForPlayback, ttlMs } = act;
    if (whenBusy === 'interrupt' && !isAside) this.#interruptions.push(this.#clock.now());
    this.#ask(
      {
        reason,
        ...(isAside
          ? { response: { conversation: 'none' } }
          : shares !== 'all' && { response: () => ({ instructions: reason }) }),
        ...(shares === 'key' && { coalesceKey: 'turn' }),
        ...(whenBusy && { whenBusy }),
        ...(waitsForPlayback && { waitFor: 'playback' }),
        ...(ttlMs !== undefined && { timeToLiveMs: ttlMs }),
      },
      { hasBefore },
    );
  }

  #ask(request: LockRequest, { hasBefore, turnId }: { hasBefore: boolean; turnId?: string }): void {
    const item = hasBefore ? ++this.#made : undefined;
    const controller = new AbortController();
    const atMs = this.#clock.now();
    const ticket = this.lock.request({
      ...request,
      ...(hasBefore && {
        before: () => [{ type: 'conversation.item.create', item: { type: 'message', item } }],
      }),
      signal: controller.signal,
    });
    const asked: Asked = {
      ticket,
      atMs,
      reason: request.reason,
      mayBeSkipped: (request.whenBusy ?? (request.reason === 'keepalive' ? 'skip' : 'wait')) === 'skip',
      mayExpire: request.timeToLiveMs !== undefined || request.reason === 'text',
      mayBeCovered: request.isCovered !== undefined,
      turnId,
      item,
      controller,
      outcomes: [],
    };
    this.#asked.push(asked);
    void ticket.outcome.then((outcome) => asked.outcomes.push(outcome));
  }

  #tell(event: OutgoingEvent): void {
    this.#sent.push({ event, atMs: this.#clock.now(), connection: this.#number });
    this.#connection?.send(event);
  }

  #newId(): string {
    return `client-${(++this.#made).toString(36)}`;
  }

  #remark(invariant: string, problem: string): void {
    this.#remarks.push({ invariant, problem });
  }
}
