import type { Clock } from '../../../src/async/clock.js';
import { respond } from '../interviewer/interviewer.js';
import type { Speech } from '../speech/speech.js';
import type { Conversation } from './conversation.js';
import type { FailingResponses } from './faults/failing-responses.js';
import { RateMeter } from './rate-meter.js';
import { contextOf } from './response-input.js';
import { ResponseRun } from './response-run.js';
import { Responses } from './responses.js';
import type { Send } from './server-events.js';
import { forResponse } from './session-config.js';
import type { ConfigLimits, SessionConfig } from './session-config.js';
import type { ResponseParams } from './session-schema.js';
import { situationOf } from './situation.js';
import { inputTokens } from './usage.js';
import type { Tokens } from './usage.js';

export interface ResponderOptions {
  readonly conversation: Conversation;
  readonly send: Send;
  readonly speech: Speech;
  readonly clock: Clock;
  readonly now: () => number;
  readonly pace: number;
  /** Responses that are to fail. Default: none. */
  readonly failing?: FailingResponses;
  /** A response of the conversation is over; its sound, `playbackMs` long, may still play. */
  readonly onDone: (playbackMs: number) => void;
}

const NOTHING: Tokens = { text: 0, audio: 0 };

/** Lets the interviewer respond, within the rule of one response at a time. */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #responses = new Responses();
  readonly #rates: RateMeter;
  #hasSpoken = false;
  #readBefore = NOTHING;

  constructor(options: ResponderOptions) {
    this.#options = options;
    this.#rates = new RateMeter(options.now);
  }

  get limits(): ConfigLimits {
    return { hasSpoken: this.#hasSpoken, isResponding: this.#responses.active !== undefined };
  }

  /** @throws RequestError when the parameters do not fit, or the conversation has a response in progress */
  create(session: SessionConfig, params: ResponseParams): void {
    const { conversation, send, speech, clock, pace } = this.#options;
    const isInBand = params.conversation !== 'none';
    const config = forResponse(session, params, this.limits);
    const context = contextOf(conversation, params.input);
    const { failing } = this.#options;
    const failure = failing?.failure;
    this.#responses.start(
      new ResponseRun({
        config,
        metadata: params.metadata ?? null,
        conversation: isInBand ? conversation : undefined,
        send,
        speech,
        clock,
        pace,
        think: async () => {
          if (failure) throw failure;
          return { reply: respond(await situationOf(config, context)), input: inputTokens(config, context) };
        },
        readBefore: isInBand ? this.#readBefore : NOTHING,
        onSpoken: () => {
          this.#hasSpoken = true;
        },
        onDone: (run) => {
          this.#done(run);
        },
      }),
    );
    if (failure) failing.spend();
    const limits = failure ? failing.limits() : this.#rates.limits();
    if (limits) send({ type: 'rate_limits.updated', rate_limits: limits });
  }

  /** @throws RequestError when there is nothing to cancel */
  cancel(responseId: string | undefined): void {
    this.#responses.cancel(responseId);
  }

  interrupt(): void {
    this.#responses.interrupt();
  }

  close(): void {
    this.#responses.close();
  }

  #done(run: ResponseRun): void {
    this.#responses.remove(run);
    this.#rates.spend(run.input.text + run.input.audio);
    if (!run.isInBand) return;
    this.#readBefore = run.input;
    this.#options.onDone(run.spokenMs);
  }
}
