import type { InterviewSessionOptions } from './session-options.js';
import type * as sessionRun from './interview-run.js';
import { SessionSound } from './session-sound.js';

/** What holds an interview is most of this package, and nobody needs it before they agreed to one. */
export const loadRun = (): Promise<typeof sessionRun> => import('./interview-run.js');

/** While people read and agree, what their interview needs arrives. What fails here is told when it is needed. */
export function preload({ dialogue }: InterviewSessionOptions, { hasVoice }: { hasVoice: boolean }): void {
  void Promise.allSettled([
    loadRun().then(({ loadRealtime }) => (dialogue ? undefined : loadRealtime())),
    hasVoice ? SessionSound.preload() : undefined,
  ]);
}
