import { assertMove } from '../async/state-table.js';
import { InterviewError } from '../errors.js';
import { ActivityEvent, InterviewErrorEvent, StatusEvent } from './session-events.js';
import { NEXT_STATUS, type Activity, type SessionStatus } from './session-options.js';

/** Where a session stands. Every change of it is told, and every error once. */
export class SessionState {
  readonly #dispatch: (event: Event) => void;
  /** What ends an interview is told as an error before it is its reason. */
  readonly #told = new WeakSet<InterviewError>();
  #status: SessionStatus = 'idle';
  #activity: Activity = 'listening';
  #error: InterviewError | undefined;

  constructor(dispatch: (event: Event) => void) {
    this.#dispatch = dispatch;
  }

  get status(): SessionStatus {
    return this.#status;
  }

  get activity(): Activity {
    return this.#activity;
  }

  /** Why it failed, until it is tried again. */
  get error(): InterviewError | undefined {
    return this.#error;
  }

  is(...any: readonly SessionStatus[]): boolean {
    return any.includes(this.#status);
  }

  move(status: SessionStatus): void {
    assertMove(NEXT_STATUS, this.#status, status);
    const previous = this.#status;
    this.#status = status;
    if (status === 'connecting') this.#error = undefined;
    this.#dispatch(new StatusEvent('status', status, previous));
  }

  give(activity: Activity): void {
    if (activity === this.#activity) return;
    this.#activity = activity;
    this.#dispatch(new ActivityEvent('activity', activity));
  }

  fail(error: InterviewError): void {
    this.#error = error;
    this.move('failed');
    this.tell(error);
  }

  tell(error: InterviewError): void {
    if (this.#told.has(error)) return;
    this.#told.add(error);
    this.#dispatch(new InterviewErrorEvent('error', error));
  }
}

/** What keeps an interview from starting is one of its errors, whatever was thrown. */
export function asStartError(cause: unknown): InterviewError {
  if (cause instanceof InterviewError) return cause;
  return new InterviewError('connection-failed', 'The interview could not be started', { cause });
}
