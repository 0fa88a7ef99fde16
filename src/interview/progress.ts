/**
 * Where the interview is: a pure fold over the guide and the turns in their order. It reads only what is stored with a turn (its
 * marks, its times, its words), so that a reload comes to the same place.
 */
import type { LinkedTurn } from '../turn.js';
import { dueMove, isTimeUp, movesOf, nextQuestion, type Act, type Move } from './moves.js';
import { MAX_ATTEMPTS, MAX_STRAYS, startOf, type Progress, type QuestionProgress } from './progress-state.js';
import type { LocalGuide } from './guide.js';

/** What the fold reads of a turn. */
export type MarkedTurn = Pick<
  LinkedTurn,
  | 'speaker'
  | 'status'
  | 'text'
  | 'startedAtMs'
  | 'interruptedBy'
  | 'sectionId'
  | 'questionId'
  | 'act'
  | 'probeId'
  | 'unheard'
>;

/** @param turns in the order of the conversation. An interviewer's turn without an act has not happened yet. */
export function progressOf(guide: LocalGuide, turns: readonly MarkedTurn[]): Progress {
  return turns.reduce(foldProgress, startOf(guide));
}

export function foldProgress(progress: Progress, turn: MarkedTurn): Progress {
  if (progress.ended) return progress;
  return turn.speaker === 'participant' ? afterParticipant(progress, turn) : afterInterviewer(progress, turn);
}

function afterParticipant(progress: Progress, turn: MarkedTurn): Progress {
  const next: Progress = {
    ...progress,
    awaits: 'interviewer',
    isUnclear: turn.status === 'failed' && turn.text === '',
    isStopWanted: progress.isStopWanted || turn.act === 'stop',
    anythingElse: progress.anythingElse === 'asked' ? 'answered' : progress.anythingElse,
  };
  return withQuestion(next, progress.currentId, (known) => {
    const wantsOn = turn.act === 'skip' && known.question.skippable;
    return wantsOn
      ? { ...known, isPassed: true, isSkipped: !known.isAnswered }
      : // What was not heard cannot be answered; asked again, it can.
        { ...known, isAnswered: known.isAnswered || known.isHeard || !known.question.required };
  });
}

function afterInterviewer(progress: Progress, turn: MarkedTurn): Progress {
  const { act, questionId, probeId } = turn;
  if (act === 'nudge') return progress;
  if (act === undefined) return isBrokenOff(turn) ? { ...progress, isOpened: true } : progress;
  const legal = movesOf(progress, { elapsedMs: turn.startedAtMs, summary: 'maybe' });
  const move = legal.moves.find(
    (each) =>
      each.act === act && (act === 'opening' || (each.questionId === questionId && each.probeId === probeId)),
  );
  if (move) return { ...made(progress, move, turn), strays: 0, isUnclear: false };

  const strays = progress.strays + 1;
  const next: Progress = {
    ...astray(progress, turn),
    strays,
    isUnclear: false,
    awaits: /[?？؟]/.test(turn.text) ? 'participant' : 'interviewer',
  };
  const due = dueMove(legal);
  return strays > MAX_STRAYS && due ? missed(next, due, turn) : next;
}

/** A reload or a lost connection cut it. Whoever heard a greeting begin is not greeted again. */
function isBrokenOff({ status, text }: MarkedTurn): boolean {
  return status === 'failed' && text !== '';
}

/** A legal move was made, and heard or not. */
function made(progress: Progress, move: Move, turn: MarkedTurn): Progress {
  const isHeard = !turn.unheard;
  const afterCut = turn.interruptedBy === 'participant' ? 'participant' : 'interviewer';
  switch (move.act) {
    case 'opening': {
      const opened: Progress = {
        ...progress,
        openingAttempts: progress.openingAttempts + 1,
        isOpened:
          isHeard || !progress.guide.opening?.verbatim || progress.openingAttempts + 1 >= MAX_ATTEMPTS,
        awaits: 'interviewer',
      };
      return turn.questionId === undefined ? opened : asked(opened, turn.questionId, isHeard, afterCut);
    }
    case 'ask':
    case 'repeat':
      return asked(progress, move.questionId, isHeard, afterCut);
    case 'probe':
    case 'follow-up':
      return { ...probed(progress, turn), awaits: isHeard ? 'participant' : afterCut };
    case 'anything-else':
      return {
        ...progress,
        currentId: undefined,
        anythingElse: 'asked',
        anythingElseAttempts: progress.anythingElseAttempts + 1,
        awaits: isHeard ? 'participant' : afterCut,
      };
    case 'summary':
      return { ...progress, currentId: undefined, isSummarised: true, awaits: 'interviewer' };
    case 'close':
      return closed(progress, turn, isHeard);
    case 'nudge':
      return progress;
  }
}

/** An illegal move cannot be taken back: what was asked was asked. The next guidance puts it right. */
function astray(progress: Progress, turn: MarkedTurn): Progress {
  const act = turn.act as Act;
  if (act === 'probe' || act === 'follow-up') return probed(progress, turn);
  if ((act === 'ask' || act === 'repeat') && !turn.unheard)
    return asked(progress, turn.questionId, true, 'interviewer');
  return progress;
}

/** One more turn in which the move that is due was not made: a vain attempt at it. */
function missed(progress: Progress, due: Move, turn: MarkedTurn): Progress {
  switch (due.act) {
    case 'opening':
      return { ...progress, openingAttempts: progress.openingAttempts + 1, isOpened: true };
    case 'ask':
    case 'repeat':
      return withQuestion(progress, due.questionId, (known) => ({
        ...known,
        attempts: known.question.required ? known.attempts + 1 : MAX_ATTEMPTS,
      }));
    case 'anything-else':
      return { ...progress, anythingElse: 'answered' };
    case 'summary':
      return { ...progress, isSummarised: true };
    case 'close':
      return closed(progress, turn, false);
    case 'probe':
    case 'follow-up':
    case 'nudge':
      return progress;
  }
}

function asked(
  progress: Progress,
  questionId: string | undefined,
  isHeard: boolean,
  afterCut: 'participant' | 'interviewer',
): Progress {
  const known = questionOf(progress, questionId);
  if (!known) return progress;
  const mustBeHeard = known.question.required && known.attempts + 1 < MAX_ATTEMPTS;
  return {
    ...withQuestion(progress, questionId, () => ({
      ...known,
      attempts: known.attempts + 1,
      isHeard: known.isHeard || isHeard,
    })),
    currentId: questionId,
    awaits: isHeard ? 'participant' : mustBeHeard && !known.isHeard ? 'interviewer' : afterCut,
  };
}

function probed(progress: Progress, { questionId, probeId }: MarkedTurn): Progress {
  return withQuestion(progress, questionId ?? progress.currentId, (known) => ({
    ...known,
    probes: known.probes + 1,
    probeIds: probeId === undefined ? known.probeIds : [...known.probeIds, probeId],
  }));
}

function closed(progress: Progress, { startedAtMs }: MarkedTurn, isHeard: boolean): Progress {
  const closeAttempts = progress.closeAttempts + 1;
  if (!isHeard && closeAttempts < MAX_ATTEMPTS)
    return { ...progress, currentId: undefined, closeAttempts, awaits: 'interviewer' };
  const isCutShort = isTimeUp(progress, startedAtMs) && nextQuestion(progress, 0) !== undefined;
  return {
    ...progress,
    closeAttempts,
    awaits: 'nobody',
    ended: progress.isStopWanted ? 'participant' : isCutShort ? 'time' : 'completed',
  };
}

export function questionOf(progress: Progress, id: string | undefined): QuestionProgress | undefined {
  return progress.questions.find(({ question }) => question.id === id);
}

function withQuestion(
  progress: Progress,
  id: string | undefined,
  change: (known: QuestionProgress) => QuestionProgress,
): Progress {
  if (id === undefined) return progress;
  return {
    ...progress,
    questions: progress.questions.map((known) => (known.question.id === id ? change(known) : known)),
  };
}
