import type { EndReason } from './end-reason.js';
import type { LocalGuide, LocalQuestion } from './guide.js';

/** How often a line is said before it is given up: once, and two repeats. */
export const MAX_ATTEMPTS = 3;
/** Turns in a row that make no legal move; each further one counts as a vain attempt at the move that is due. */
export const MAX_STRAYS = 2;

export interface QuestionProgress {
  readonly question: LocalQuestion;
  /** Asked and repeated, heard or not. */
  readonly attempts: number;
  readonly isHeard: boolean;
  readonly isAnswered: boolean;
  readonly isSkipped: boolean;
  /** The participant wants to leave it: no more probes. */
  readonly isPassed: boolean;
  /** Probes and follow-ups made. */
  readonly probes: number;
  readonly probeIds: readonly string[];
}

/** Where the interview is. Plain data, made from the guide and the turns alone. */
export interface Progress {
  readonly guide: LocalGuide;
  /** In the order of the guide. */
  readonly questions: readonly QuestionProgress[];
  /** The question that is open, or was last. */
  readonly currentId?: string | undefined;
  readonly openingAttempts: number;
  readonly isOpened: boolean;
  readonly anythingElse: 'pending' | 'asked' | 'answered';
  readonly anythingElseAttempts: number;
  readonly isSummarised: boolean;
  readonly closeAttempts: number;
  readonly isStopWanted: boolean;
  /** Turns of the interviewer in a row that made no legal move. */
  readonly strays: number;
  /** The participant's last turn could not be made out. */
  readonly isUnclear: boolean;
  /** Who is to speak next. */
  readonly awaits: 'interviewer' | 'participant' | 'nobody';
  /** Set once the closing was said. */
  readonly ended?: EndReason;
}

export function startOf(guide: LocalGuide): Progress {
  return {
    guide,
    questions: guide.sections.flatMap(({ questions }) =>
      questions.map((question) => ({
        question,
        attempts: 0,
        isHeard: false,
        isAnswered: false,
        isSkipped: false,
        isPassed: false,
        probes: 0,
        probeIds: [],
      })),
    ),
    openingAttempts: 0,
    isOpened: !guide.opening,
    anythingElse: 'pending',
    anythingElseAttempts: 0,
    isSummarised: false,
    closeAttempts: 0,
    isStopWanted: false,
    strays: 0,
    isUnclear: false,
    awaits: 'interviewer',
  };
}

/** Whether the question is behind us as soon as the interviewer goes on. */
export function isSettled({ question, attempts, isHeard, isAnswered, isSkipped }: QuestionProgress): boolean {
  return isSkipped || attempts >= MAX_ATTEMPTS || (isAnswered && (isHeard || !question.required));
}
