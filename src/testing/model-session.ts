import type { Clock } from '../async/clock.js';
import { unknownCall, unknownEvent } from './model-errors.js';
import type { ModelClientEvent, ModelServerEvent } from './model-events.js';
import type { ModelRefusal } from './model-faults.js';
import { ModelHearing, type ModelDetection, type ModelSpeech, type ModelTurn } from './model-hearing.js';
import type { ModelResponse } from './model-response.js';
import { ModelResponses } from './model-responses.js';
import type { Circle, ScriptedResponse } from './model-script.js';

export interface ModelSessionOptions {
  readonly clock: Clock;
  readonly plans: Circle<ScriptedResponse>;
  readonly refusals: Circle<ModelRefusal>;
  readonly thinkMs: Circle<number>;
  readonly newId: () => string;
  readonly send: (event: ModelServerEvent) => void;
  /** @returns whether the connection went */
  readonly drop: () => boolean;
  readonly onResponse: (response: ModelResponse) => void;
  readonly onConflict: () => void;
  readonly onSpeech: (speech: ModelSpeech) => void;
  readonly onTurn: (turn: ModelTurn) => void;
}

/** The server's side of one connection. */
export class ModelSession {
  readonly #options: ModelSessionOptions;
  readonly #responses: ModelResponses;
  readonly #hearing: ModelHearing;
  /** Calls that this conversation knows. */
  readonly #calls = new Set<string>();

  constructor(options: ModelSessionOptions) {
    this.#options = options;
    this.#responses = new ModelResponses({
      ...options,
      onStarted: (response) => {
        options.onResponse(response);
        if (!response.isOutOfBand) this.#hearing.responseStarted();
      },
      onEnded: ({ callIds }) => {
        for (const callId of callIds) this.#calls.add(callId);
        this.#hearing.responseEnded();
      },
    });
    this.#hearing = new ModelHearing({
      ...options,
      thinkMs: () => options.thinkMs.next(),
      interrupt: () => {
        this.#responses.interrupt();
      },
      author: () => {
        // "May fail to create a response if the model is already responding": then nothing comes of the turn.
        if (!this.#responses.active) this.#responses.start();
      },
    });
  }

  get active(): ModelResponse | undefined {
    return this.#responses.active;
  }

  open(): void {
    this.#options.send({ type: 'session.created', session: { type: 'realtime', id: 'sess_model' } });
  }

  close(): void {
    this.#responses.close();
    this.#hearing.close();
  }

  speechBegins(): void {
    this.#hearing.begin();
  }

  speechEnds(ms: number): void {
    this.#hearing.end(ms);
  }

  receive(event: ModelClientEvent): void {
    const { send, newId } = this.#options;
    const eventId = event.event_id ?? null;
    switch (event.type) {
      case 'session.update':
        this.#configure(event.session);
        break;
      case 'input_audio_buffer.clear':
        this.#hearing.clear();
        break;
      case 'input_audio_buffer.commit':
        this.#hearing.commit(eventId);
        break;
      case 'conversation.item.create': {
        const { call_id: callId, id = `item_${newId()}` } = record(event.item);
        if (typeof callId === 'string' && !this.#calls.has(callId)) send(unknownCall(callId, eventId));
        else send({ type: 'conversation.item.added', previous_item_id: null, item: { id } });
        break;
      }
      case 'response.create': {
        const { conversation, metadata } = record(event.response);
        this.#responses.create({
          eventId,
          metadata: metadata ? strings(metadata) : null,
          isOutOfBand: conversation === 'none',
        });
        break;
      }
      case 'response.cancel':
        this.#responses.cancel(
          typeof event.response_id === 'string' ? event.response_id : undefined,
          eventId,
        );
        break;
      default:
        send(unknownEvent(event.type, eventId));
    }
  }

  #configure(session: unknown): void {
    const { turn_detection: detection } = record(record(record(session).audio).input);
    if (detection === null) this.#hearing.configure(null);
    else if (detection !== undefined) this.#hearing.configure(toDetection(record(detection)));
    this.#options.send({ type: 'session.updated', session });
  }
}

function toDetection({ create_response, interrupt_response, idle_timeout_ms }: Fields): ModelDetection {
  return {
    create_response: create_response !== false,
    interrupt_response: interrupt_response !== false,
    idle_timeout_ms: typeof idle_timeout_ms === 'number' ? idle_timeout_ms : null,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function strings(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(record(value)).map(([key, text]) => [key, String(text)]));
}
