import type { InterviewSession } from '../session.js';
import type {
  Assess,
  HostTool,
  InterviewSessionOptions,
  RestorePolicy,
  TokenSource,
} from '../session/session-options.js';
import type { StringOverrides } from './strings.js';

/** What a page writes on the element. Empty strings: not written. The element documents each. */
export interface ElementOptions {
  readonly tokenUrl: string;
  readonly guide: unknown;
  readonly participant: string;
  readonly interviewId: string;
  readonly mode: InterviewSession['mode'];
  readonly output: InterviewSession['output'];
  readonly lang: string;
  readonly transport: string;
  readonly realtimeUrl: string;
  readonly model: string;
  readonly voice: string;
  readonly restore: RestorePolicy;
  readonly retainDays: number;
  readonly transcriptUrl: string;
  readonly preRollMs: number;
  readonly maxCost: number | undefined;
  readonly prices: InterviewSessionOptions['prices'];
  readonly workletUrl: string;
  readonly noCaptions: boolean;
  readonly noBargeIn: boolean;
  readonly turnDetection: 'silence' | 'semantic';
  readonly tokenSource: TokenSource | undefined;
  readonly tools: readonly HostTool[] | undefined;
  readonly assess: Assess | undefined;
  readonly strings: StringOverrides | undefined;
  readonly createSession: (options: InterviewSessionOptions) => InterviewSession;
}

/** What a session is made of: when one of these changes before the interview begins, another session is made. */
export const MAKES_A_SESSION: ReadonlySet<PropertyKey> = new Set<keyof ElementOptions>([
  'tokenUrl',
  'tokenSource',
  'guide',
  'participant',
  'interviewId',
  'mode',
  'output',
  'lang',
  'transport',
  'realtimeUrl',
  'model',
  'voice',
  'restore',
  'retainDays',
  'transcriptUrl',
  'preRollMs',
  'maxCost',
  'prices',
  'workletUrl',
  'noBargeIn',
  'turnDetection',
  'tools',
  'assess',
  'createSession',
]);
