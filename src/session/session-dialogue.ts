import type { Clock } from '../async/clock.js';
import type { Dialogue } from '../dialogue/dialogue.js';
import { InterviewError } from '../errors.js';
import type * as realtime from '../realtime/index.js';
import type { SessionArchive } from './session-archive.js';
import type { InterviewSessionOptions } from './session-options.js';

/** Loads the protocol that the interview is held over. */
export const loadRealtime = (): Promise<typeof realtime> => import('../realtime/index.js');

/** @throws InterviewError `invalid-state` when nobody said where a token comes from */
export async function realtimeDialogue({
  options,
  archive: { guide, interviewId },
  clock,
}: {
  readonly options: InterviewSessionOptions;
  readonly archive: SessionArchive;
  readonly clock: Clock;
}): Promise<Dialogue> {
  const { tokenUrl, participant, realtimeUrl } = options;
  const { RealtimeDialogue, httpTokenSource } = await loadRealtime();
  const context = { interviewId, guideId: guide.id, language: guide.language, participant };
  const tokenSource =
    options.tokenSource ??
    (tokenUrl === undefined ? undefined : httpTokenSource({ tokenUrl, clock, context }));
  if (!tokenSource) {
    throw new InterviewError('invalid-state', 'Expected a token URL, a token source or a dialogue');
  }
  return new RealtimeDialogue({ tokenSource, clock, ...(realtimeUrl !== undefined && { realtimeUrl }) });
}
