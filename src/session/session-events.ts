/**
 * What an interview tells its page. The session dispatches each under its short name (`turn`), the element under the long one
 * (`interview-turn`, bubbling and composed): the same class, the same fields.
 */
import type { InterviewError } from '../errors.js';
import type { Assessment } from '../interview/assessment-types.js';
import type { Coverage } from '../interview/coverage.js';
import type { Activity, EndReason, SessionStatus } from './session-options.js';
import type { DeliveryState } from '../transcript/delivery.js';
import type { Turn } from '../turn.js';

/** `consent` and `setup` are the element's own. */
export type InterviewStatus = SessionStatus | 'consent' | 'setup';

export class StatusEvent extends Event {
  readonly status: InterviewStatus;
  readonly previous: InterviewStatus;
  constructor(type: string, status: InterviewStatus, previous: InterviewStatus, init?: EventInit) {
    super(type, init);
    this.status = status;
    this.previous = previous;
  }
}

export class ActivityEvent extends Event {
  readonly activity: Activity;
  constructor(type: string, activity: Activity, init?: EventInit) {
    super(type, init);
    this.activity = activity;
  }
}

/** `turn`: it became final. `caption`: its text grew. */
export class TurnEvent extends Event {
  readonly turn: Turn;
  constructor(type: string, turn: Turn, init?: EventInit) {
    super(type, init);
    this.turn = turn;
  }
}

export class CoverageEvent extends Event {
  readonly coverage: Coverage;
  constructor(type: string, coverage: Coverage, init?: EventInit) {
    super(type, init);
    this.coverage = coverage;
  }
}

export class AssessmentEvent extends Event {
  readonly assessment: Assessment;
  constructor(type: string, assessment: Assessment, init?: EventInit) {
    super(type, init);
    this.assessment = assessment;
  }
}

/** Not called ErrorEvent: the platform has one. */
export class InterviewErrorEvent extends Event {
  readonly error: InterviewError;
  constructor(type: string, error: InterviewError, init?: EventInit) {
    super(type, init);
    this.error = error;
  }
}

export class EndEvent extends Event {
  readonly reason: EndReason;
  readonly transcript: readonly Turn[];
  constructor(type: string, reason: EndReason, transcript: readonly Turn[], init?: EventInit) {
    super(type, init);
    this.reason = reason;
    this.transcript = transcript;
  }
}

/** A text that nobody answered in time comes back, so that it can be put into the text box again. */
export class TextReturnedEvent extends Event {
  readonly text: string;
  constructor(type: string, text: string, init?: EventInit) {
    super(type, init);
    this.text = text;
  }
}

/** The connection is lost, and the next try for another is in `inMs` milliseconds; `undefined`: that wait is over. */
export class RetryEvent extends Event {
  readonly inMs: number | undefined;
  constructor(type: string, inMs: number | undefined, init?: EventInit) {
    super(type, init);
    this.inMs = inMs;
  }
}

/** How the delivery to the host's `transcriptUrl` stands has changed. For the host: the participant has nothing to do about it. */
export class DeliveryEvent extends Event {
  readonly state: DeliveryState;
  constructor(type: string, state: DeliveryState, init?: EventInit) {
    super(type, init);
    this.state = state;
  }
}

/** The session's events by name. */
export interface SessionEventMap {
  status: StatusEvent;
  activity: ActivityEvent;
  turn: TurnEvent;
  caption: TurnEvent;
  coverage: CoverageEvent;
  assessment: AssessmentEvent;
  error: InterviewErrorEvent;
  end: EndEvent;
  'text-returned': TextReturnedEvent;
  delivery: DeliveryEvent;
  /** Of waits that take a few seconds or more. `session.retryNow()` ends one. */
  retry: RetryEvent;
  /** `session.microphone` is another state than before. */
  microphone: Event;
  /** `session.sound` is another than before. */
  sound: Event;
}

/** An EventTarget that knows the types of the session's events by their names. */
export interface SessionEventTarget extends EventTarget {
  addEventListener<Type extends keyof SessionEventMap>(
    type: Type,
    listener: (event: SessionEventMap[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

export const SessionEventTarget = EventTarget as new () => SessionEventTarget;
