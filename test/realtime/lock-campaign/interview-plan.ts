import type { LockRequest } from '../../../src/realtime/lock-types.js';
import type { ModelScript } from '../../../src/testing/index.js';

/** The columns of the campaign's table. */
export const CAMPAIGN_MODES = [
  'push-to-talk',
  'server-authored',
  'client-authored',
  'out-of-band',
  'interruptions',
  'faults',
] as const;

export type CampaignMode = (typeof CAMPAIGN_MODES)[number];

/** How the participant takes a turn, and who then asks for the response. */
export type Talk = 'push-to-talk' | 'client-authored' | 'server-authored';

export type Act =
  | {
      readonly what: 'ask';
      readonly reason: LockRequest['reason'];
      readonly shares: 'nobody' | 'all' | 'key';
      readonly whenBusy: LockRequest['whenBusy'];
      readonly isAside: boolean;
      readonly hasBefore: boolean;
      readonly waitsForPlayback: boolean;
      readonly ttlMs: number | undefined;
    }
  /** One turn, or several with hardly a pause. */
  | { readonly what: 'turn'; readonly ms: number; readonly times: number; readonly gapMs: number }
  | { readonly what: 'abort'; readonly nth: number }
  | { readonly what: 'interrupt' }
  | { readonly what: 'hold' | 'play'; readonly ms: number }
  | { readonly what: 'switch'; readonly talk: Talk }
  /** `noticeMs`: how long the client believes in a connection that is gone. `lateMs`: what was on its way still comes, so much later. */
  | {
      readonly what: 'drop';
      readonly ms: number;
      readonly noticeMs: number;
      readonly lateMs: number | undefined;
    };

export interface Step {
  /** Since the step before. */
  readonly afterMs: number;
  readonly act: Act;
}

/** One random interview: everything that happens in it, on both sides. */
export interface Interview {
  readonly mode: CampaignMode;
  readonly talk: Talk;
  /** `interrupt_response` of the session's voice detection. */
  readonly interrupts: boolean;
  readonly idleTimeoutMs: number | null;
  /** How long each tool takes, in circles. */
  readonly toolMs: readonly number[];
  readonly script: ModelScript;
  readonly steps: readonly Step[];
}

/** Whether nobody but this client ever starts a response. */
export function isOnlyAuthor({ talk, steps }: Interview): boolean {
  return (
    talk !== 'server-authored' &&
    !steps.some(({ act }) => act.what === 'switch' && act.talk === 'server-authored')
  );
}
