import { isTimeUp, type Moves } from './moves.js';
import type { Progress } from './progress-state.js';

/** Why these moves and no others: what the model is told in plain words before them. */
export function situationOf(
  progress: Progress,
  { moves }: Moves,
  { elapsedMs, isResumed }: { elapsedMs: number; isResumed: boolean },
): string {
  const [first] = moves;
  const current = progress.questions.find(({ question }) => question.id === progress.currentId);
  const acts = new Set(moves.map(({ act }) => act));
  if (acts.has('nudge'))
    return 'The participant has been silent for a while. Ask gently, in one short sentence, whether they are still there or would like to hear the question again; ask nothing else.';
  if (isResumed)
    return 'The interview was interrupted and goes on. Welcome the participant back in a few words, without introducing yourself again.';
  if (acts.has('opening')) return 'The interview begins.';
  const parts: string[] = [];
  if (progress.strays > 0) parts.push('Your last turn made no move of the guide: come back to it now.');
  if (progress.isUnclear) {
    parts.push('The answer could not be made out: ask kindly to hear it again, or go on.');
  } else if (progress.awaits === 'interviewer' && current?.isAnswered && !acts.has('close')) {
    parts.push(`The participant has just answered ${current.question.id}. React in a few words.`);
  }
  if (first?.act === 'repeat') parts.push('The question was not fully heard: ask it again.');
  if (progress.isStopWanted) parts.push('The participant wants to stop: accept it.');
  else if (isTimeUp(progress, elapsedMs)) parts.push('The time is up.');
  if (first?.act === 'summary' && first.say === undefined)
    parts.push('Sum up in two sentences what the participant told you, without judging.');
  if (first?.act === 'close') parts.push('The interview ends with this: ask nothing more.');
  if (current && !current.question.skippable && acts.has('ask')) {
    parts.push('If they did not answer, ask once more, kindly.');
  }
  return parts.join(' ') || 'The interview goes on.';
}
