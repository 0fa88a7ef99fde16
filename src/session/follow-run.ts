import { InterviewErrorEvent } from './session-events.js';
import type { EndReason } from './session-options.js';
import type { InterviewRun } from './interview-run.js';
import type { SessionState } from './session-state.js';
import type { InterviewError } from '../errors.js';

export interface RunFollower {
  readonly state: SessionState;
  readonly dispatch: (event: Event) => void;
  readonly end: (reason: EndReason) => void;
  readonly fail: (error: InterviewError) => void;
}

/** Everything that a run tells becomes events and status of its session. A run that is over tells nothing more. */
export function followRun(run: InterviewRun, { state, dispatch, end, fail }: RunFollower): void {
  run.events.on('dispatch', (event) => {
    if (event instanceof InterviewErrorEvent) state.tell(event.error);
    else dispatch(event);
  });
  run.events.on('floor', (activity) => {
    state.give(activity);
  });
  run.events.on('end', end);
  run.events.on('lost', (error) => {
    void run.close();
    fail(error);
  });
  run.events.on('connection', (connection) => {
    if (connection === 'reconnecting' && state.is('live')) state.move('reconnecting');
    if (connection === 'open' && state.is('reconnecting')) state.move('live');
  });
}
