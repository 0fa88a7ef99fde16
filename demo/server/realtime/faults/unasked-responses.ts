import type { Clock } from '../../../../src/async/clock.js';
import type { ServerEvent } from '../server-events.js';
import type { RealtimeKnobs } from './realtime-knobs.js';

export interface UnaskedResponsesOptions {
  readonly when: RealtimeKnobs['unasked'];
  readonly clock: Clock;
  /** Begins a response of the server's own. */
  readonly respond: () => void;
}

/** Begins responses that nobody asked for: after every turn of the participant although told not to, or every so often. */
export class UnaskedResponses {
  readonly #options: UnaskedResponsesOptions;
  #timer: unknown;

  constructor(options: UnaskedResponsesOptions) {
    this.#options = options;
    if (typeof options.when === 'object') this.#await(options.when.everyMs, true);
  }

  /** To be told every event that the server sends. */
  sent(event: ServerEvent): void {
    if (this.#options.when === 'turn' && isTurn(event)) this.#await(0, false);
  }

  end(): void {
    this.#options.clock.clearTimeout(this.#timer);
  }

  /** Never within the call that carries out the client's event: what that does comes first. */
  #await(ms: number, isRepeated: boolean): void {
    this.#options.clock.clearTimeout(this.#timer);
    this.#timer = this.#options.clock.setTimeout(() => {
      if (isRepeated) this.#await(ms, true);
      this.#options.respond();
    }, ms);
  }
}

function isTurn(event: ServerEvent): boolean {
  return (
    event.type === 'conversation.item.done' && event.item.type === 'message' && event.item.role === 'user'
  );
}
