import type { Coverage, QuestionStatus } from './coverage.js';
import { isForcedToClose, nextQuestion } from './moves.js';
import { MAX_ATTEMPTS, isSettled, type Progress, type QuestionProgress } from './progress-state.js';

/** The interview's progress as a progress bar and an analyst want it. */
export function coverageOf(progress: Progress, elapsedMs: number): Coverage {
  const { guide, questions, currentId, ended, isOpened } = progress;
  const hasNext = nextQuestion(progress, elapsedMs) !== undefined && !isForcedToClose(progress, elapsedMs);
  const isAtQuestion = currentId !== undefined && !isForcedToClose(progress, elapsedMs);
  const phase = ended ? 'closed' : !isOpened ? 'opening' : hasNext || isAtQuestion ? 'questions' : 'closing';
  const current =
    phase === 'questions' ? questions.find(({ question }) => question.id === currentId) : undefined;
  return {
    phase,
    sections: guide.sections.map(({ id, title }) => ({
      id,
      title,
      questions: questions
        .filter(({ question }) => question.sectionId === id)
        .map((known) => ({ id: known.question.id, status: statusOf(known), probes: known.probes })),
    })),
    ...(current && { currentSectionId: current.question.sectionId, currentQuestionId: current.question.id }),
    done: questions.filter((known) => known !== current && isSettled(known)).length,
    total: questions.length,
  };
}

export function statusOf({
  question,
  attempts,
  isHeard,
  isAnswered,
  isSkipped,
}: QuestionProgress): QuestionStatus {
  if (isSkipped) return 'skipped';
  if (attempts === 0) return 'pending';
  if (isHeard || (isAnswered && !question.required)) return isAnswered ? 'answered' : 'asked';
  return attempts < MAX_ATTEMPTS ? 'asked' : 'unheard';
}
