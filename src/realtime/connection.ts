/**
 * The dialogue's connection over its whole life: opened once, replaced whenever it is lost, or before the provider ends it, given up
 * after many tries. It knows tokens, sockets and waiting; what is said over it is its owner's.
 */
import { backOffMs } from '../async/back-off.js';
import type { Clock } from '../async/clock.js';
import { abortable } from '../async/deadline.js';
import { assertMove, type StateTable } from '../async/state-table.js';
import type { DialogueStatus } from '../dialogue/dialogue.js';
import { InterviewError } from '../errors.js';
import { ConnectionWatch } from './connection-watch.js';
import { connectLink, type Link } from './link.js';
import type { Network } from './network.js';
import { realtimeUrl } from './realtime-url.js';
import { ReconnectWait } from './reconnect-wait.js';
import { takeToken } from './take-token.js';
import type { TokenSource } from './token-source.js';
import type { WebSocketConstructor } from './websocket-transport.js';

const MOST_TRIES = 8;
/** Who is asked to wait longer is told so, and decides when to go on. */
const MOST_ASKED_MS = 120_000;
/** A connection that could not be made while the one before still serves is tried again so much later. */
const SPARE_RETRY_MS = 20_000;

const NEXT = {
  closed: ['connecting'],
  connecting: ['open', 'closed'],
  open: ['reconnecting', 'closed'],
  reconnecting: ['open', 'closed'],
} satisfies StateTable<DialogueStatus>;

export interface ConnectionOptions {
  readonly tokenSource: TokenSource;
  readonly realtimeUrl?: string | undefined;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wallNow: () => number;
  readonly network: Network;
  readonly random: () => number;
  readonly webSocket?: WebSocketConstructor | undefined;
  /**
   * Everything between the open socket and the first reply. `signal` aborts with the reason when the connection is lost meanwhile.
   *
   * @returns when the provider ends the session, in seconds since 1970, where it said so
   */
  readonly prepare: (outlet: Link['outlet'], context: { signal: AbortSignal }) => Promise<number | undefined>;
  readonly onEvent: (event: unknown) => void;
  /** `since`, of a loss: when it began, by the clock; nobody may have noticed for a while. */
  readonly onStatus: (status: DialogueStatus, previous: DialogueStatus, since: number | undefined) => void;
  /** A connection is ready; of its status only that of the first, or one after a loss, is news. */
  readonly onReady: () => void;
  /** The connection went; the next one is about to be made. */
  readonly onLost: () => void;
  /** The next try is in so many milliseconds, if that is a while; `undefined`: it is made. */
  readonly onRetry: (inMs: number | undefined) => void;
  /** There will be no other: `closed` follows. */
  readonly onGivenUp: (error: InterviewError) => void;
  /** Sends something that the server has to answer and that changes nothing. */
  readonly probe: () => void;
  /** Nobody speaks, nothing sounds, nothing waits: the connection can be replaced without anybody noticing. */
  readonly isQuiet: () => boolean;
}

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #watch: ConnectionWatch;
  readonly #wait: ReconnectWait;
  #status: DialogueStatus = 'closed';
  #model: string | undefined;
  /** The connection that counts: what still comes from one before it is late. */
  #link: Link | undefined;
  /** The next one, while this one still serves. */
  #spare: Link | 'dialling' | undefined;
  /** A spare one could not be made: not before this. */
  #spareAfter = 0;
  /** Ends everything that is going on: aborted by `close` or a failure that no other connection would be spared. */
  #life = new AbortController();
  /** Nobody needs a connection for now. */
  #rest: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  #unlisten: () => void = () => undefined;
  /** Some browsers say that there is no network, and connect all the same: those are not asked. */
  #isNetworkKnown = true;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#wait = new ReconnectWait(options);
    this.#watch = new ConnectionWatch({
      ...options,
      onDead: (since) => {
        if (this.#link?.isReady) void this.#replace({ since });
      },
      onTick: () => {
        if (this.#watch.age !== 'young') void this.#rollOver();
      },
    });
  }

  get status(): DialogueStatus {
    return this.#status;
  }

  /** The first connection: one try. Rejects with an `InterviewError` or the signal's reason. */
  async open(model: string | undefined, { signal }: { signal?: AbortSignal | undefined }): Promise<void> {
    this.#model = model;
    this.#life = new AbortController();
    this.#move('connecting');
    const life = this.#life;
    const stop = (): void => {
      life.abort(signal?.reason);
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await this.#establish(life.signal);
      this.#unlisten = this.#options.network.onOnline(() => {
        if (this.#link?.isReady) this.#watch.verify();
      });
    } catch (error) {
      this.#drop();
      if (life === this.#life) this.#move('closed');
      throw toFailed(error);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** The provider said that nothing will work any more. */
  fail(error: InterviewError): void {
    if (this.#status === 'closed') return;
    const wasOpen = this.#status !== 'connecting';
    this.#life.abort(error);
    if (!wasOpen) return;
    this.#giveUp(error);
  }

  close(): void {
    this.#life.abort(new InterviewError('connection-lost', 'The dialogue was closed'));
    this.#drop();
    this.#move('closed');
  }

  /** The provider is well, but ends this session: the next one is made at once. */
  expire(): void {
    if (this.#link?.isReady) void this.#replace({ isExpired: true });
  }

  /** Somebody does not want to wait for the next try. */
  retryNow(): void {
    this.#wait.hurry();
  }

  /** Gives the connection up, or the search for one, until `wake`. */
  rest(): void {
    if (this.#rest) return;
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#rest = { over, end };
    this.expire();
  }

  wake(): void {
    this.#rest?.end();
    this.#rest = undefined;
  }

  async #establish(signal: AbortSignal): Promise<void> {
    await this.#adopt(await this.#dial(signal), signal);
    this.#move('open');
    this.#options.onReady();
  }

  /** A token and a socket; nobody speaks on it yet. */
  async #dial(signal: AbortSignal): Promise<Link> {
    const { clock, webSocket, realtimeUrl: own, onEvent, tokenSource } = this.#options;
    const token = await takeToken(tokenSource, { clock, signal });
    const url = realtimeUrl({ realtimeUrl: own, tokenUrl: token.url, model: this.#model });
    let link: Link | undefined;
    return (link = await connectLink({
      ...{ url, secret: token.value, clock, webSocket, signal },
      onEvent: (event) => {
        this.#watch.received();
        onEvent(event);
      },
      onSent: (type) => {
        this.#watch.sent(type);
      },
      onLost: (error) => {
        if (link?.isReady) this.#lost(error, this.#watch.stoodStillSince);
        else if (link && this.#spare === link) this.#spareFailed();
      },
    }));
  }

  async #adopt(link: Link, signal: AbortSignal): Promise<void> {
    const { prepare, network } = this.#options;
    const stop = (): void => {
      link.lost.abort(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    this.#link = link;
    try {
      const ready = prepare(link.outlet, { signal: link.lost.signal });
      link.begin();
      const expiresAt = await abortable(ready, link.lost.signal);
      link.isReady = true;
      this.#isNetworkKnown = network.isOnline;
      this.#watch.start(expiresAt);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Replaces a connection that still serves: the next one is there before it goes, and goes into use when all is quiet. */
  async #rollOver(): Promise<void> {
    const { clock, isQuiet, onLost, onReady } = this.#options;
    const { signal } = this.#life;
    const link = this.#link;
    const mayHappen = (): boolean => isQuiet() || this.#watch.age === 'overdue';
    if (!mayHappen()) return;
    if (!this.#spare && clock.now() >= this.#spareAfter) {
      this.#spare = 'dialling';
      try {
        const next = await this.#dial(signal);
        if (this.#link === link && link?.isReady) this.#spare = next;
        else next.close();
      } catch (error) {
        // This one still serves; if the trouble lasts, the provider ends it, and that is an outage like any other.
        if (this.#link !== link) return;
        this.#spareFailed(askedOf(error));
      }
    }
    if (this.#link !== link || !link?.isReady) return;
    const spare = this.#spare;
    if (!spare || spare === 'dialling' || !mayHappen()) return;
    this.#spare = undefined;
    this.#drop();
    onLost();
    try {
      await this.#adopt(spare, signal);
      onReady();
    } catch (error) {
      if (!signal.aborted) this.#lost(error);
    }
  }

  #spareFailed(askedMs = 0): void {
    this.#spare = undefined;
    this.#spareAfter = this.#options.clock.now() + Math.max(SPARE_RETRY_MS, askedMs);
  }

  /** It is gone: for good, where the next one would be spared nothing of what ended it. */
  #lost(error: unknown, since?: number): void {
    if (error instanceof InterviewError && !canHelp(error)) this.fail(error);
    else void this.#replace({ since });
  }

  async #replace({
    since,
    isExpired = false,
  }: { since?: number | undefined; isExpired?: boolean } = {}): Promise<void> {
    const { clock, random, onLost, network } = this.#options;
    const { signal } = this.#life;
    this.#drop();
    // What the connection leaves behind is told before there is a word of the next.
    onLost();
    this.#move('reconnecting', since ?? clock.now());
    let last: unknown;
    let askedMs = 0;
    let tries = 0;
    while (tries < MOST_TRIES) {
      let isHurried = false;
      try {
        await abortable(this.#rest?.over ?? Promise.resolve(), signal);
        isHurried = await this.#wait.over({
          ...{ askedMs, signal },
          backOffMs: isExpired && tries === 0 ? 0 : backOffMs(tries + 1, { random }),
          isGone: () => this.#isNetworkKnown && !network.isOnline,
        });
        await this.#establish(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#drop();
        // Without a network it was none; and impatience is no reason to give up.
        if (!isHurried && (network.isOnline || !this.#isNetworkKnown)) tries++;
        last = error;
        if (error instanceof InterviewError && !canHelp(error)) break;
        askedMs = askedOf(error);
      }
    }
    this.#giveUp(
      last instanceof InterviewError && !canHelp(last)
        ? last
        : new InterviewError('connection-lost', `No new connection in ${MOST_TRIES} tries`, { cause: last }),
    );
  }

  /** The reason is told before the end. */
  #giveUp(error: InterviewError): void {
    this.#drop();
    this.#options.onGivenUp(error);
    this.#move('closed');
  }

  #drop(): void {
    this.#watch.stop();
    if (this.#spare !== 'dialling') this.#spare?.close();
    this.#spare = undefined;
    this.#link?.close();
    this.#link = undefined;
  }

  #move(status: DialogueStatus, since?: number): void {
    const previous = this.#status;
    if (status === previous) return;
    assertMove(NEXT, previous, status);
    this.#status = status;
    if (status === 'closed') this.#unlisten();
    this.#options.onStatus(status, previous, since);
  }
}

/** What goes before it was there has not been lost. */
function toFailed(error: unknown): unknown {
  if (!(error instanceof InterviewError) || error.code !== 'connection-lost') return error;
  return new InterviewError('connection-failed', error.message, { cause: error });
}

/** Whether another try may soon end better: not when the host said no without naming a time, or named one that is far away. */
function canHelp({ recoverable, code, retryAfterMs }: InterviewError): boolean {
  return recoverable && (retryAfterMs ?? (code === 'token-refused' ? Infinity : 0)) <= MOST_ASKED_MS;
}

/** How long the host asked to wait. */
function askedOf(error: unknown): number {
  return error instanceof InterviewError ? (error.retryAfterMs ?? 0) : 0;
}
