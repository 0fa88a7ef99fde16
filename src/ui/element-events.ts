import {
  ActivityEvent,
  AssessmentEvent,
  CoverageEvent,
  EndEvent,
  InterviewErrorEvent,
  StatusEvent,
  TurnEvent,
  type SessionEventMap,
} from '../session/session-events.js';

/** What the element tells its page: the session's events under a long name, so that they may bubble through any page. */
export interface InterviewElementEventMap {
  'interview-status': StatusEvent;
  'interview-activity': ActivityEvent;
  'interview-turn': TurnEvent;
  'interview-caption': TurnEvent;
  'interview-coverage': CoverageEvent;
  'interview-assessment': AssessmentEvent;
  'interview-error': InterviewErrorEvent;
  'interview-end': EndEvent;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the platform's own map grows by ours
  interface GlobalEventHandlersEventMap extends InterviewElementEventMap {}
}

const PUBLIC: EventInit = { bubbles: true, composed: true };

/**
 * How each event of a session is told again by the element: an event object is dispatched once, so it is made anew. `status` is
 * missing: the element has more of them than its session and tells its own.
 */
export const RETOLD = {
  activity: (event: ActivityEvent) => new ActivityEvent('interview-activity', event.activity, PUBLIC),
  turn: (event: TurnEvent) => new TurnEvent('interview-turn', event.turn, PUBLIC),
  caption: (event: TurnEvent) => new TurnEvent('interview-caption', event.turn, PUBLIC),
  coverage: (event: CoverageEvent) => new CoverageEvent('interview-coverage', event.coverage, PUBLIC),
  assessment: (event: AssessmentEvent) =>
    new AssessmentEvent('interview-assessment', event.assessment, PUBLIC),
  error: (event: InterviewErrorEvent) => new InterviewErrorEvent('interview-error', event.error, PUBLIC),
  end: (event: EndEvent) => new EndEvent('interview-end', event.reason, event.transcript, PUBLIC),
} satisfies { [Type in keyof SessionEventMap]?: (event: SessionEventMap[Type]) => Event };

export function statusEvent(status: StatusEvent['status'], previous: StatusEvent['previous']): StatusEvent {
  return new StatusEvent('interview-status', status, previous, PUBLIC);
}
