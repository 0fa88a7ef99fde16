import { unreachable } from '../async/state-table.js';
import type { PlaybackEvent } from './playback-port.js';

/** Who has the floor. */
export type Floor = 'listening' | 'hearing' | 'thinking' | 'speaking';

/** What is told of the floor; events of the playback port pass as they are. */
export type FloorFact =
  | { readonly type: 'hearing'; readonly isHearing: boolean }
  | { readonly type: 'thinking'; readonly isThinking: boolean }
  /** The interviewer's answer appears in writing. */
  | { readonly type: 'writing'; readonly isWriting: boolean }
  /** No more sound of this turn will come. */
  | { readonly type: 'speech-end'; readonly turnId: string }
  | PlaybackEvent;

export interface FloorFacts {
  readonly isHearing: boolean;
  readonly isThinking: boolean;
  readonly isWriting: boolean;
  /** `starved`: silence in mid-sentence, while more sound of the turn is on its way. */
  readonly voice:
    { readonly status: 'silent' } | { readonly status: 'playing' | 'starved'; readonly turnId: string };
  /** The last turn whose sound has come completely; turns sound in the order in which they were complete. */
  readonly completeTurnId?: string;
}

const SILENT = { status: 'silent' } as const;

/** The floor before anybody took it. */
export const openFloor: FloorFacts = { isHearing: false, isThinking: false, isWriting: false, voice: SILENT };

/**
 * The participant comes first: while they are heard it is theirs, whatever still sounds or is being worked on. A reply that sounds
 * is `speaking`, although the model is still at work on its end.
 */
export function floorOf({ isHearing, isThinking, isWriting, voice }: FloorFacts): Floor {
  if (isHearing) return 'hearing';
  if (isWriting || voice.status !== 'silent') return 'speaking';
  return isThinking ? 'thinking' : 'listening';
}

export function foldFloor(facts: FloorFacts, fact: FloorFact): FloorFacts {
  const { voice } = facts;
  switch (fact.type) {
    case 'hearing':
      return { ...facts, isHearing: fact.isHearing };
    case 'thinking': {
      // Nothing is on its way any more: a starved voice was cut off.
      const isCutOff = !fact.isThinking && voice.status === 'starved';
      return { ...facts, isThinking: fact.isThinking, ...(isCutOff && { voice: SILENT }) };
    }
    case 'writing':
      return { ...facts, isWriting: fact.isWriting };
    case 'speech-end': {
      const isOver = voice.status === 'starved' && voice.turnId === fact.turnId;
      return { ...facts, completeTurnId: fact.turnId, ...(isOver && { voice: SILENT }) };
    }
    case 'started':
      return { ...facts, voice: { status: 'playing', turnId: fact.turnId } };
    case 'finished':
      // The next turn may follow without a gap; `silent` tells when none does.
      return facts;
    case 'silent': {
      const isStarved =
        voice.status === 'playing' && facts.isThinking && voice.turnId !== facts.completeTurnId;
      return { ...facts, voice: isStarved ? { status: 'starved', turnId: voice.turnId } : SILENT };
    }
    default:
      return unreachable(fact);
  }
}
