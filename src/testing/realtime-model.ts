/**
 * A Realtime server in virtual time: strict where the provider is strict, and as unlucky as its script says. It decides nothing by
 * chance: the same script, client and clock give the same interview.
 *
 * @example
 * const clock = new FakeClock();
 * const model = new RealtimeModel({ clock, script: randomScript(new SeededRandom(7)) });
 * const connection = model.connect({ onEvent: (event) => lock.receive(event), onClose: () => lock.close() });
 */
import type { Clock } from '../async/clock.js';
import type { ModelClientEvent, ModelServerEvent } from './model-events.js';
import type { ModelSpeech, ModelTurn } from './model-hearing.js';
import type { ModelResponse } from './model-response.js';
import { Circle, type ModelScript } from './model-script.js';
import { ModelSession } from './model-session.js';
import { OrderedLine } from './ordered-line.js';

export interface ModelClient {
  readonly onEvent: (event: ModelServerEvent) => void;
  /** The server let the connection go. What it had sent may still come, if `drop` was told so. */
  readonly onClose?: () => void;
}

/** The client's end of a connection. */
export interface ModelConnection {
  /** Whatever is sent after the connection is gone arrives nowhere. */
  readonly send: (event: ModelClientEvent) => void;
  /** The participant speaks from now on for so long; their sound takes its way to the server like everything. */
  readonly speak: (ms: number) => void;
  readonly close: () => void;
}

interface Link {
  readonly session: ModelSession;
  readonly up: OrderedLine<() => void>;
  readonly down: OrderedLine<ModelServerEvent>;
  readonly onClose: (() => void) | undefined;
}

export class RealtimeModel {
  /** Every response that ever started, in order. */
  readonly responses: ModelResponse[] = [];
  /** Every time that voice detection heard the participant. */
  readonly speeches: ModelSpeech[] = [];
  /** Every turn that the server took in, in order. */
  readonly turns: ModelTurn[] = [];
  readonly #clock: Clock;
  readonly #script: ModelScript;
  readonly #circles: {
    readonly plans: Circle<ModelScript['responses'][number]>;
    readonly refusals: Circle<ModelScript['refusals'][number]>;
    readonly thinkMs: Circle<number>;
  };
  #link: Link | undefined;
  #conflicts = 0;
  #made = 0;
  #isSteady = false;

  constructor({ clock, script }: { readonly clock: Clock; readonly script: ModelScript }) {
    this.#clock = clock;
    this.#script = script;
    this.#circles = {
      plans: new Circle(script.responses),
      refusals: new Circle(script.refusals),
      thinkMs: new Circle(script.thinkMs),
    };
  }

  /** How many creates came while a response was active. */
  get conflicts(): number {
    return this.#conflicts;
  }

  /** The response that writes to the conversation. */
  get active(): ModelResponse | undefined {
    return this.#link?.session.active;
  }

  /** From now on no connection drops by the script. */
  steady(): void {
    this.#isSteady = true;
  }

  /** A new connection, with a new session; the one before is gone. */
  connect({ onEvent, onClose }: ModelClient): ModelConnection {
    this.drop();
    const clock = this.#clock;
    const down = new OrderedLine(clock, new Circle(this.#script.downMs), onEvent);
    const up = new OrderedLine(clock, new Circle(this.#script.upMs), (work: () => void) => {
      work();
    });
    const session = new ModelSession({
      ...this.#circles,
      clock,
      newId: () => (++this.#made).toString(36),
      send: (event) => {
        if (this.#link?.session === session)
          down.send({ event_id: `event_${(++this.#made).toString(36)}`, ...event });
      },
      drop: () => {
        if (this.#isSteady) return false;
        if (this.#link?.session === session) this.drop();
        return true;
      },
      onResponse: (response) => this.responses.push(response),
      onConflict: () => this.#conflicts++,
      onSpeech: (speech) => this.speeches.push(speech),
      onTurn: (turn) => this.turns.push(turn),
    });
    const link: Link = { session, up, down, onClose };
    this.#link = link;
    session.open();
    return {
      send: (event) => {
        up.send(() => {
          session.receive(event);
        });
      },
      speak: (ms) => {
        up.send(() => {
          session.speechBegins();
        });
        clock.setTimeout(() => {
          up.send(() => {
            session.speechEnds(ms);
          });
        }, ms);
      },
      close: () => {
        if (this.#link === link) this.drop();
      },
    };
  }

  /**
   * The connection goes, with all that is still on its way to the server. What is on its way to the client is gone too, or, with
   * `lateMs`, still comes, so much later than it would have: from a connection that is no more.
   */
  drop({ lateMs }: { readonly lateMs?: number | undefined } = {}): void {
    const link = this.#link;
    this.#link = undefined;
    link?.up.cut();
    if (lateMs === undefined) link?.down.cut();
    else link?.down.delay(lateMs);
    link?.session.close();
    link?.onClose?.();
  }
}
