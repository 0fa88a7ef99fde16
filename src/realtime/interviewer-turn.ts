import type { ResponseRecord } from './responses.js';

const SAMPLES_PER_MS = 24;

/** One turn of the interviewer, from the first sign of its item until it is over for the participant. */
export interface InterviewerTurn {
  readonly id: string;
  readonly itemId: string;
  readonly response: ResponseRecord;
  readonly medium: 'voice' | 'text';
  text: string;
  /** Received so far, at 24 kHz. */
  samples: number;
  /** `growing`: the model writes it. `generated`: it may still be playing. */
  status: 'growing' | 'generated' | 'over';
  /** The model said all that it wanted to. */
  isComplete: boolean;
  /** Its connection went while it was being written: nobody knows what more it was to say. */
  isBrokenOff: boolean;
  hasSpeechEnded: boolean;
  /** When its last sample was played. */
  playedAt: number | undefined;
}

export function receivedMs(turn: InterviewerTurn): number {
  return turn.samples / SAMPLES_PER_MS;
}

/** 0…1. What is written counts as a whole or, when it broke off, not at all. */
export function heardShare(turn: InterviewerTurn, playedMs: number): number {
  if (turn.samples === 0) return Number(turn.isComplete);
  return turn.playedAt === undefined ? Math.min(1, playedMs / receivedMs(turn)) : 1;
}
