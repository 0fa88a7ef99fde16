import type { ReplyOutcome, ReplyTicket } from '../dialogue/dialogue.js';
import type { ClientMessage, CreateId, ResponseParams } from './client-events.js';
import type { GuidanceItems } from './guidance-items.js';
import { interviewError } from './interview-errors.js';
import type { LockRequest, ResponseOutcome } from './lock-types.js';
import type { ResponseLock } from './response-lock.js';

/** Continuations and answers to the participant share a response: it sees everything that there is. */
const SHARED = 'turn';

export interface ReplyRequest {
  readonly reason: LockRequest['reason'];
  readonly response?: ResponseParams;
  /** Takes the place of the standing guidance. */
  readonly guidance?: (() => string | undefined) | undefined;
  /** Goes out with this request, ahead of its guidance. Called once per connection. */
  readonly items?: () => readonly ClientMessage[];
  readonly whenBusy?: 'wait' | 'skip' | 'interrupt' | undefined;
  readonly timeToLiveMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Awaited before the lock is asked. Anything but `true`: nothing is asked after all, and this is the outcome. */
  readonly after?: Promise<true | 'skipped' | 'disconnected'>;
  /** Called once the lock knows of the request, or will never do. */
  readonly onAsked?: () => void;
}

export interface RepliesOptions {
  readonly lock: ResponseLock;
  readonly guidance: GuidanceItems;
  readonly standingGuidance: () => string | undefined;
  readonly createId: CreateId;
  /** Whether a response has said all that it wanted to, although its end never came. */
  readonly isSaid: (responseId: string) => boolean;
  /** Whether a reply is wanted that the lock does not know of yet. */
  readonly onPreparing: (isPreparing: boolean) => void;
}

/** Turns what the interview asks for into requests to the lock, and sees to it that a lost connection loses no reply. */
export class Replies {
  readonly #options: RepliesOptions;
  #isClosed = false;
  #preparing = 0;

  constructor(options: RepliesOptions) {
    this.#options = options;
  }

  /** A reply is wanted that the lock does not know of yet. */
  get isPreparing(): boolean {
    return this.#preparing > 0;
  }

  ask(request: ReplyRequest): ReplyTicket {
    return { id: this.#options.createId(), outcome: this.#answered(request) };
  }

  /** What the lock then settles as disconnected stays so. */
  close(): void {
    this.#isClosed = true;
  }

  async #answered(request: ReplyRequest): Promise<ReplyOutcome> {
    const { lock } = this.#options;
    const go = request.after ? await this.#prepared(request.after) : true;
    const ticket = go === true ? lock.request(this.#lockRequest(request)) : go;
    request.onAsked?.();
    this.#options.onPreparing(this.#preparing > 0);
    if (typeof ticket === 'string') return { status: ticket };
    let outcome = await ticket.outcome;
    // A keepalive is about a moment that has passed. Everything else still waits for its reply.
    while (outcome.status === 'disconnected' && !this.#isClosed && request.reason !== 'keepalive') {
      const { responseId } = outcome;
      if (responseId !== undefined && this.#options.isSaid(responseId)) return { status: 'completed' };
      // What came of it is heard first: then it is known how far it got.
      outcome = await lock.request({ ...this.#lockRequest(again(request)), waitFor: 'playback' }).outcome;
    }
    return toReplyOutcome(outcome);
  }

  async #prepared<Result>(work: Promise<Result>): Promise<Result> {
    this.#preparing++;
    this.#options.onPreparing(true);
    try {
      return await work;
    } finally {
      this.#preparing--;
    }
  }

  #lockRequest({ reason, response, guidance, items, ...rest }: ReplyRequest): LockRequest {
    const { guidance: marks, standingGuidance } = this.#options;
    const { whenBusy, timeToLiveMs, signal } = rest;
    const isShared = reason === 'tool' || reason === 'participant';
    return {
      reason,
      before: () => [...(items?.() ?? []), marks.mark(guidance ?? standingGuidance)],
      ...(response && { response }),
      ...(isShared && { coalesceKey: SHARED }),
      ...(whenBusy && { whenBusy }),
      ...(timeToLiveMs !== undefined && { timeToLiveMs }),
      ...(signal && { signal }),
    };
  }
}

/** In the next connection the history holds what was asked about: the calls and items of this one mean nothing there. */
function again({ reason, response, guidance, signal }: ReplyRequest): ReplyRequest {
  const own = reason === 'opening' || reason === 'assessment';
  return {
    reason: own ? reason : 'participant',
    guidance,
    signal,
    ...(own && response && { response }),
  };
}

function toReplyOutcome({ status, error }: ResponseOutcome): ReplyOutcome {
  return { status, ...(error && { error: interviewError(error) }) };
}
