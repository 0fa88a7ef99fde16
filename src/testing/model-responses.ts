import type { Clock } from '../async/clock.js';
import { cancelNotActive, conflict } from './model-errors.js';
import type { ModelServerEvent } from './model-events.js';
import { plannedStatus, shown, type ModelResponse, type ModelStatus } from './model-response.js';
import type { Circle, ScriptedResponse } from './model-script.js';
import type { ModelFault, ModelRefusal } from './model-faults.js';

/** A response that speaks for long is heard of at least so often. */
const DELTA_MS = 5000;
const RESET_SECONDS = 3;
const STALLED_MS = 12_000;

export interface ModelCreate {
  readonly eventId: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly isOutOfBand: boolean;
}

export interface ModelResponsesOptions {
  readonly clock: Clock;
  readonly plans: Circle<ScriptedResponse>;
  readonly refusals: Circle<ModelRefusal>;
  readonly send: (event: ModelServerEvent) => void;
  /** The connection is to go now. @returns whether it went */
  readonly drop: () => boolean;
  readonly onStarted: (response: ModelResponse) => void;
  readonly onConflict: () => void;
  /** A response of the conversation has ended while the connection lasts. */
  readonly onEnded: (response: ModelResponse) => void;
  readonly newId: () => string;
}

/** The responses of one connection: one at a time writes to the conversation, any number run beside it. */
export class ModelResponses {
  readonly #options: ModelResponsesOptions;
  readonly #open = new Set<ModelResponse>();
  readonly #timers = new Map<ModelResponse, unknown>();
  #isClosed = false;

  constructor(options: ModelResponsesOptions) {
    this.#options = options;
  }

  /** The response that writes to the conversation. */
  get active(): ModelResponse | undefined {
    return [...this.#open].find(({ isOutOfBand }) => !isOutOfBand);
  }

  /** A client's `response.create`. */
  create(create: ModelCreate): void {
    const { clock, plans } = this.#options;
    const plan = plans.peek();
    if (plan.fault === 'create swallowed' || this.#drops(plan, 'drop at create')) plans.next();
    else if (plan.fault === 'create stalled') {
      plans.next();
      clock.setTimeout(() => {
        if (!this.#isClosed) this.#admit(create);
      }, STALLED_MS);
    } else this.#admit(create);
  }

  #admit({ eventId, metadata, isOutOfBand }: ModelCreate): void {
    const { refusals, send, onConflict } = this.#options;
    const { active } = this;
    if (active && !isOutOfBand) {
      onConflict();
      const wording = refusals.next();
      if (wording !== 'lost') send(conflict(active.id, eventId, wording));
    } else this.start(metadata, isOutOfBand);
  }

  /** Also for the server itself, which gives no metadata and asks first whether one is `active`. */
  start(metadata: Readonly<Record<string, string>> | null = null, isOutOfBand = false): void {
    const { clock, plans, send, onStarted, newId } = this.#options;
    const plan = plans.next();
    const response: ModelResponse = {
      id: `resp_${newId()}`,
      plan,
      metadata,
      isOutOfBand,
      startedAtMs: clock.now(),
      status: 'in_progress',
      callIds: [],
    };
    this.#open.add(response);
    onStarted(response);
    const { fault, ms } = plan;
    if (fault !== 'created lost' && fault !== 'answer lost' && fault !== 'created late')
      send(announcement(response));
    send({ type: 'rate_limits.updated', rate_limits: limits(10, 0) });
    if (fault === 'unknown done')
      send({ type: 'response.done', response: { id: `resp_${newId()}`, status: 'completed', output: [] } });
    if (!this.#drops(plan, 'drop at created')) this.#speak(response, ms);
  }

  /** Without an id the response of the conversation is meant, never one out of band. */
  cancel(responseId: string | undefined, eventId: string | null): void {
    const response =
      responseId === undefined ? this.active : [...this.#open].find(({ id }) => id === responseId);
    if (response) this.#cancelled(response, 'client_cancelled');
    else this.#options.send(cancelNotActive(eventId));
  }

  /** The participant began to speak. */
  interrupt(): void {
    if (this.active) this.#cancelled(this.active, 'turn_detected');
  }

  /** The connection is gone, and everything with it. */
  close(): void {
    this.#isClosed = true;
    for (const response of [...this.#open]) this.#leave(response, 'dropped');
  }

  #speak(response: ModelResponse, leftMs: number): void {
    const { clock, send } = this.#options;
    const { fault, ms } = response.plan;
    const isHalf = fault === 'drop midway' && leftMs === ms;
    const pieceMs = isHalf ? ms / 2 : Math.min(leftMs, DELTA_MS);
    const timer = clock.setTimeout(() => {
      if (isHalf && this.#drops(response.plan, 'drop midway')) return;
      if (leftMs > pieceMs) {
        send({ type: 'response.output_audio.delta', response_id: response.id, delta: '' });
        this.#speak(response, leftMs - pieceMs);
      } else this.#finish(response);
    }, pieceMs);
    this.#timers.set(response, timer);
  }

  #finish(response: ModelResponse): void {
    const { plan } = response;
    if (this.#drops(plan, 'drop at done')) return;
    const status = plannedStatus(plan);
    if (plan.end === 'completed')
      response.callIds = Array.from({ length: plan.calls ?? 0 }, (_, n) => `call_${n}_${response.id}`);
    if (plan.end === 'rate limited')
      this.#options.send({ type: 'rate_limits.updated', rate_limits: limits(0, RESET_SECONDS) });
    this.#end(response, status);
  }

  #drops({ fault }: ScriptedResponse, when: ModelFault): boolean {
    return fault === when && this.#options.drop();
  }

  #cancelled(response: ModelResponse, reason: ModelResponse['reason'] & string): void {
    response.reason = reason;
    this.#end(response, 'cancelled');
  }

  #end(response: ModelResponse, status: ModelStatus): void {
    const { send, onEnded } = this.#options;
    const { fault } = response.plan;
    this.#leave(response, status);
    const done = { type: 'response.done', response: shown(response) };
    if (fault !== 'done lost' && fault !== 'answer lost') send(done);
    if (fault === 'done twice') send(done);
    if (fault === 'created late' || fault === 'created twice') send(announcement(response));
    if (!response.isOutOfBand) onEnded(response);
  }

  #leave(response: ModelResponse, status: ModelStatus): void {
    const { clock } = this.#options;
    this.#open.delete(response);
    clock.clearTimeout(this.#timers.get(response));
    this.#timers.delete(response);
    response.status = status;
    response.endedAtMs = clock.now();
  }
}

function announcement(response: ModelResponse): ModelServerEvent {
  return { type: 'response.created', response: shown({ ...response, status: 'in_progress' }) };
}

function limits(remaining: number, reset_seconds: number): object[] {
  return [{ name: 'requests', limit: 10, remaining, reset_seconds }];
}
