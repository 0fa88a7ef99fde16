import type { LinkedTurn } from '../turn.js';

/** What is kept of one interview beside its turns. Plain data: it survives structured cloning and JSON. */
export interface InterviewRecord {
  readonly interviewId: string;
  readonly guideId: string;
  readonly guideRevision?: string;
  readonly participant?: string;
  readonly language: string;
  /** Milliseconds since 1970 at which the interview first became live: the zero of every turn's times. */
  readonly originEpochMs?: number;
  readonly status: 'unfinished' | 'finished';
  readonly endReason?: string;
  readonly endedEpochMs?: number;
  /** The consent record, the assessment, what was used: whatever the parts above want to keep with the interview. */
  readonly consent?: unknown;
  readonly assessment?: unknown;
  readonly usage?: unknown;
}

export interface StoredInterview {
  readonly record: InterviewRecord;
  /** In no particular order: the chain orders them. */
  readonly turns: readonly LinkedTurn[];
}

export interface EraseOptions {
  /** The interview is begun anew: what the host has not received of it stays until it has. Default `false`. */
  readonly keepOutbox?: boolean;
}

/** Where interviews are kept. One record a turn, so that the cost of a write does not depend on the interview's length. */
export interface TranscriptStore {
  /** `memory`: what is kept here is gone with the page. */
  readonly kind: 'indexeddb' | 'memory';
  load(interviewId: string): Promise<StoredInterview | undefined>;
  putRecord(record: InterviewRecord): Promise<void>;
  putTurn(interviewId: string, turn: LinkedTurn): Promise<void>;
  removeTurn(interviewId: string, turnId: string): Promise<void>;
  /** Removes every trace of the interview. */
  erase(interviewId: string, options?: EraseOptions): Promise<void>;
  /** Erases finished interviews that ended before `epochMs`. */
  eraseFinishedBefore(epochMs: number): Promise<void>;
  /** Tells that what was kept may be gone, and is to be put again. @returns a function that stops listening */
  onLoss?(listener: () => void): () => void;
  close(): Promise<void>;
}
