import type { Clock } from '../async/clock.js';
import type { StateTable } from '../async/state-table.js';
import type { Dialogue, Mode, Output, ToolDefinition, TurnDetection } from '../dialogue/dialogue.js';
import type { Assessment } from '../interview/assessment-types.js';
import type { Token } from '../realtime/token-answer.js';
import type { TokenSource } from '../realtime/token-source.js';
import type { Turn } from '../turn.js';
import type { Prices } from './usage-meter.js';
import type { TranscriptStore } from '../transcript/transcript-store.js';

export type { Token, TokenSource };

/** A tool of the host's that the interviewer may call. */
export interface HostTool extends ToolDefinition {
  /** What it returns is given to the model as JSON; a throw is told to the model as a failed call. */
  run(args: unknown, context: { signal: AbortSignal }): Promise<unknown>;
  /** `false`: the interviewer says nothing because of it. Default `true`. */
  readonly reply?: boolean;
}

/** Takes the place of the assessment by the model. */
export type Assess = (context: {
  readonly transcript: readonly Turn[];
  readonly signal: AbortSignal;
}) => Promise<Omit<Assessment, 'audience' | 'atMs'>>;

export interface ConsentRecord {
  readonly version: string;
  readonly language: string;
  /** SHA-256, hex, of the very text that was shown. */
  readonly textHash: string;
  readonly items: Readonly<Record<string, boolean>>;
  readonly decision: 'accepted' | 'declined';
  /** ISO 8601. */
  readonly decidedAt: string;
}

export type SessionStatus =
  'idle' | 'connecting' | 'live' | 'paused' | 'reconnecting' | 'ending' | 'ended' | 'failed';

export const NEXT_STATUS = {
  idle: ['connecting', 'ended', 'failed'],
  connecting: ['live', 'idle', 'ending', 'failed'],
  // To `idle` where everything is given back without a farewell.
  live: ['paused', 'reconnecting', 'ending', 'failed', 'idle'],
  paused: ['live', 'reconnecting', 'ending', 'failed', 'idle'],
  reconnecting: ['live', 'paused', 'ending', 'failed', 'idle'],
  ending: ['ended'],
  ended: [],
  failed: ['connecting', 'ended'],
} satisfies StateTable<SessionStatus>;

export type Activity = 'listening' | 'hearing' | 'thinking' | 'speaking';

export type EndReason = 'completed' | 'participant' | 'host' | 'time' | 'declined' | 'failed';

export type RestorePolicy = 'ask' | 'auto' | 'never';

export type ExportFormat = 'json' | 'markdown';

export interface StartOptions {
  /** An abort rejects with its reason and leaves the session as it was. */
  readonly signal?: AbortSignal;
  readonly consent?: ConsentRecord;
  /** `false` begins anew and erases an unfinished interview. */
  readonly restore?: boolean;
  /** Another tab in which the interview is open gives it up, and it goes on here. Default `false`. */
  readonly takeOver?: boolean;
}

export interface InterviewSessionOptions {
  /** The host's token endpoint, or `tokenSource`, or `dialogue`: one of the three is needed to start. */
  readonly tokenUrl?: string;
  readonly tokenSource?: TokenSource;
  /** A dialogue of the caller's: another protocol, or a scripted one in a test. */
  readonly dialogue?: Dialogue;
  /** Its URL, or the guide itself. */
  readonly guide: unknown;
  /** The host's pseudonym for the person. */
  readonly participant?: string;
  /** Storage key; default: made from the guide's id and `participant`. */
  readonly interviewId?: string;
  /** Default `push-to-talk`. */
  readonly mode?: Mode;
  /** Default `voice`. */
  readonly output?: Output;
  /** BCP 47; wins over the guide's own. */
  readonly language?: string;
  readonly realtimeUrl?: string;
  readonly model?: string;
  readonly voice?: string;
  /** Default: IndexedDB, with memory where that is blocked. */
  readonly storage?: TranscriptStore | 'indexeddb' | 'memory';
  /** Default `ask`. Without `participant` or `interviewId` nothing is ever restored. */
  readonly restore?: RestorePolicy;
  /** How long finished interviews stay on this device. Default 30. */
  readonly retainDays?: number;
  /** Default 0. */
  readonly preRollMs?: number;
  /**
   * Default true. `false`: hands-free, the participant is not listened to while the interviewer is heard; the same holds where the
   * browser cannot keep the interviewer's voice out of the microphone. The talk button interrupts all the same.
   */
  readonly bargeIn?: boolean;
  /**
   * Hands-free: what ends a turn of the participant. `silence` (default): a pause of 0.9 s, longer for people who are heard
   * thinking. `semantic`: the model judges by what was said whether more is to come, and waits up to 8 s.
   */
  readonly turnDetection?: TurnDetection;
  /**
   * The most that the interview may cost, in US dollars, by an estimate: near it the interview comes to its closing, at it nothing more
   * is asked for and it ends (`time`). The guide may set one too; the smaller holds.
   */
  readonly maxCost?: number;
  /** Prices by model, for models that are not known or not charged as usual. */
  readonly prices?: Prices;
  readonly workletUrl?: string;
  /**
   * Every final turn and the end of the interview are posted here, in order, each as one JSON message (`TranscriptMessage`) with
   * an `Idempotency-Key`. What cannot be delivered waits on this device and goes out when the interview is next opened.
   */
  readonly transcriptUrl?: string;
  readonly tools?: readonly HostTool[];
  readonly assess?: Assess;
  readonly clock?: Clock;
  /** Default `navigator.mediaDevices.getUserMedia`. */
  readonly getUserMedia?: (constraints: MediaStreamConstraints) => Promise<MediaStream>;
}
