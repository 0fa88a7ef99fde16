import type { Clock } from '../../../../src/async/clock.js';
import type { Moment } from '../../faults/knobs.js';
import { newId } from '../ids.js';
import type { ServerEvent } from '../server-events.js';
import { LostEvents } from './lost-events.js';
import type { RealtimeKnobs } from './realtime-knobs.js';
import { SlowLine } from './slow-line.js';

export interface FaultyLineOptions {
  readonly knobs: RealtimeKnobs;
  readonly clock: Clock;
  readonly random: () => number;
  /** Puts a text frame on the wire. */
  readonly sendText: (text: string) => void;
  readonly close: (code: number, reason: string) => void;
  /** Ends the connection without a close frame. */
  readonly destroy: () => void;
}

/** More than the 15 MiB that one event may hold. */
const OVERSIZED_BYTES = 16 * 1_024 * 1_024;

/** What lies between a session and its client: everything that the server says passes here, and meets the faults asked for. */
export class FaultyLine {
  readonly #options: FaultyLineOptions;
  readonly #slow: SlowLine;
  readonly #lost: LostEvents;
  readonly #timers: unknown[] = [];
  #sent = 0;
  #isOver = false;

  constructor(options: FaultyLineOptions) {
    const { knobs, clock, random } = options;
    this.#options = options;
    this.#lost = new LostEvents(knobs.lose ?? []);
    this.#slow = new SlowLine({ clock, random, latencyMs: knobs.latency ?? 0, jitterMs: knobs.jitter ?? 0 });
  }

  /** To be called once, before the first event. */
  open(): void {
    for (const [after, act] of this.#planned()) {
      if ('ms' in after) this.#timers.push(this.#options.clock.setTimeout(act, after.ms));
      else if (after.events === 0) act();
    }
  }

  send(event: ServerEvent & { event_id: string }): void {
    if (this.#isOver || this.#lost.takes(event.type)) return;
    const { knobs } = this.#options;
    const nth = this.#sent + 1;
    if (knobs.malformed === nth) this.#put(JSON.stringify(event).slice(0, -10));
    if (knobs.oversized === nth) this.#put(oversized(event.type));
    this.#put(JSON.stringify(knobs['null-ids'] ? withoutIds(event) : event));
    this.#sent = nth;
    for (const [after, act] of this.#planned()) if ('events' in after && after.events === nth) act();
  }

  close(code: number, reason: string): void {
    this.#last(() => {
      this.#options.close(code, reason);
    });
  }

  /** The connection is gone. */
  end(): void {
    this.#isOver = true;
    this.#slow.close();
    for (const timer of this.#timers) this.#options.clock.clearTimeout(timer);
  }

  #planned(): readonly (readonly [Moment, () => void])[] {
    const { knobs, destroy } = this.#options;
    const { close: code, error } = knobs;
    const atOnce = { events: 1 };
    const planned: (readonly [Moment, () => void])[] = [];
    if (error !== undefined)
      planned.push([
        knobs['error-after'] ?? atOnce,
        () => {
          this.#put(JSON.stringify(unprovoked(error)));
        },
      ]);
    if (code !== undefined)
      planned.push([
        knobs['close-after'] ?? atOnce,
        () => {
          this.close(code, knobs['close-reason'] ?? '');
        },
      ]);
    if (knobs['drop-after'])
      planned.push([
        knobs['drop-after'],
        () => {
          this.#last(destroy);
        },
      ]);
    return planned;
  }

  #put(text: string): void {
    if (this.#isOver) return;
    this.#slow.pass(() => {
      this.#options.sendText(text);
    });
  }

  /** Nothing follows it. */
  #last(act: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#slow.pass(act);
  }
}

/** An event that is whole, but larger than any may be. */
function oversized(type: string): string {
  return JSON.stringify({ type, event_id: newId('event'), padding: 'x'.repeat(OVERSIZED_BYTES) });
}

/** As older servers word it: what an error is about can only be guessed. */
function withoutIds(event: ServerEvent & { event_id: string }): unknown {
  return event.type === 'error' ? { ...event, error: { ...event.error, code: null, event_id: null } } : event;
}

/** An error that no event of the client caused. */
function unprovoked(code: string): unknown {
  return {
    type: 'error',
    event_id: newId('event'),
    error: {
      type: code === 'server_error' ? 'server_error' : 'invalid_request_error',
      code: code === 'null' ? null : code,
      message: `This server was asked to fail with ${code}.`,
      param: null,
      event_id: null,
    },
  };
}
