import { isOutage, type Turn } from '../../turn.js';
import { fill, type InterviewStrings } from '../strings.js';

/** A turn in words: what was heard of it, where it was cut short. */
export function captionOf(turn: Turn, words: InterviewStrings): string {
  if (isOutage(turn)) return outageOf(turn, words);
  if (turn.interruptedBy && turn.heard !== undefined) return turn.heard === '' ? '…' : `${turn.heard} …`;
  if (turn.text !== '') return turn.text;
  return turn.status === 'partial' ? '…' : words.notTranscribed;
}

function outageOf({ startedAtMs, endedAtMs }: Turn, words: InterviewStrings): string {
  if (endedAtMs === undefined) return words.outage;
  return fill(words.outageOver, { seconds: Math.max(1, Math.round((endedAtMs - startedAtMs) / 1000)) });
}
