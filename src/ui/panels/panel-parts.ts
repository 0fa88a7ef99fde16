import type { InterviewSession } from '../../session.js';
import type { InterviewStatus } from '../../session/session-events.js';
import type { EndReason } from '../../session/session-options.js';
import type { ScreenActions, ScreenState } from '../screen-actions.js';
import type { ScreenFlow } from '../screen-flow.js';
import type { InterviewStrings } from '../strings.js';
import type { TalkController } from '../talk-controller.js';

/** What any panel may be made of. */
export interface PanelParts {
  readonly status: InterviewStatus;
  readonly words: InterviewStrings;
  readonly flow: ScreenFlow;
  readonly state: Readonly<ScreenState>;
  readonly actions: ScreenActions;
  readonly talk: TalkController;
  readonly endReason: EndReason;
  /** How the page wants turns to be taken. */
  readonly mode: InterviewSession['mode'];
  readonly noCaptions: boolean;
  /** Until the next try: for a connection that was lost, or after a failure, where the other side asked to wait. */
  readonly secondsLeft: number;
}
