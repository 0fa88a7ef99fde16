import type { LocalLine, LocalProbe, LocalQuestion } from './guide.js';
import { MAX_ATTEMPTS, isSettled, type Progress, type QuestionProgress } from './progress-state.js';

/** What one turn of the interviewer can do. */
export type Act =
  'opening' | 'ask' | 'probe' | 'follow-up' | 'repeat' | 'anything-else' | 'summary' | 'close' | 'nudge';

export interface Move {
  readonly id: string;
  readonly act: Act;
  /** Left out: the interviewer finds its own words. */
  readonly say?: string;
  readonly verbatim?: boolean;
  /** When to choose it, in words. */
  readonly when?: string;
  readonly sectionId?: string;
  readonly questionId?: string;
  readonly probeId?: string;
}

/** What is known beside the turns. */
export interface Circumstances {
  /** Since the interview first became live. */
  readonly elapsedMs: number;
  /** `text`: this is to be said; `own-words`: the interviewer sums up itself; `maybe`: either, or nothing. */
  readonly summary: { readonly text: string } | 'own-words' | 'none' | 'maybe';
}

export interface Moves {
  /** `all`: in this order, in one turn. */
  readonly make: 'one' | 'all';
  readonly moves: readonly Move[];
}

const MINUTE = 60_000;

export function isTimeUp({ guide }: Progress, elapsedMs: number): boolean {
  return elapsedMs >= (guide.time?.maxMinutes ?? Infinity) * MINUTE;
}

/** Only the closing is left, whatever is still unasked. */
export function isForcedToClose(progress: Progress, elapsedMs: number): boolean {
  return progress.isStopWanted || isTimeUp(progress, elapsedMs);
}

/** The question that comes next. Past the target time the optional ones that were not begun are passed over. */
export function nextQuestion(progress: Progress, elapsedMs: number): QuestionProgress | undefined {
  const isLate = elapsedMs >= (progress.guide.time?.targetMinutes ?? Infinity) * MINUTE;
  return progress.questions.find(
    (known) => !isSettled(known) && (known.question.required || known.attempts > 0 || !isLate),
  );
}

/** After a long silence: asks whether the participant is still there, and changes nothing. */
export const nudge: Moves = { make: 'one', moves: [{ id: 'nudge', act: 'nudge' }] };

/** The moves that are legal now. Never empty until the interview has ended. */
export function movesOf(progress: Progress, now: Circumstances): Moves {
  const { guide, isOpened } = progress;
  if (progress.ended) return { make: 'one', moves: [] };
  if (!isOpened && guide.opening) {
    const first = nextQuestion(progress, now.elapsedMs);
    const opening: Move = { id: 'opening', act: 'opening', ...worded(guide.opening) };
    return first
      ? { make: 'all', moves: [opening, askMove(first.question)] }
      : { make: 'one', moves: [opening] };
  }
  return { make: 'one', moves: oneOf(progress, now) };
}

/** The move that brings the interview on: what a turn should have made that made none. */
export function dueMove({ moves }: Moves): Move | undefined {
  return moves.find(({ act }) => act !== 'probe' && act !== 'follow-up');
}

function oneOf(progress: Progress, now: Circumstances): Move[] {
  if (isForcedToClose(progress, now.elapsedMs)) return closing(progress, now, { isForced: true });
  const current = progress.questions.find(({ question }) => question.id === progress.currentId);
  if (current && !isSettled(current)) return [repeat(current)];
  const next = nextQuestion(progress, now.elapsedMs);
  const onward = next ? [askMove(next.question)] : closing(progress, now, { isForced: false });
  if (!current) return onward;
  const isLate = now.elapsedMs >= (progress.guide.time?.targetMinutes ?? Infinity) * MINUTE;
  return [
    ...(isLate ? [] : probes(current)),
    ...onward,
    ...(current.isAnswered && !current.isPassed && current.attempts < MAX_ATTEMPTS ? [repeat(current)] : []),
  ];
}

function closing(
  { guide, anythingElse, anythingElseAttempts, isSummarised, isStopWanted }: Progress,
  { summary }: Circumstances,
  { isForced }: { isForced: boolean },
): Move[] {
  const say = guide.closing.anythingElse;
  if (say !== undefined && !isForced && anythingElse !== 'answered' && anythingElseAttempts < 2) {
    return [{ id: 'anything-else', act: 'anything-else', say }];
  }
  const close: Move = { id: 'close', act: 'close', ...worded(guide.closing.line) };
  if (isSummarised || isStopWanted || summary === 'none') return [close];
  const { audience = 'host' } = guide.assessment ?? {};
  if (audience === 'host' && !guide.closing.isSummarySpoken) return [close];
  const sum: Move = { id: 'summary', act: 'summary' };
  if (summary === 'maybe') return [sum, close];
  return [summary === 'own-words' ? sum : { ...sum, say: summary.text }];
}

function probes({ question, isAnswered, isPassed, probes: made, probeIds }: QuestionProgress): Move[] {
  if (!isAnswered || isPassed || made >= question.maxProbes) return [];
  return [
    ...question.probes.filter(({ id }) => !probeIds.includes(id)).map((probe) => probeMove(question, probe)),
    {
      id: `follow-up:${question.id}`,
      act: 'follow-up',
      when: 'the answer calls for a question of your own',
      ...placeOf(question),
    },
  ];
}

export function probeMove(question: LocalQuestion, { id, say, when }: LocalProbe): Move {
  return {
    id: `probe:${question.id}:${id}`,
    act: 'probe',
    say,
    ...(when !== undefined && { when }),
    ...placeOf(question),
    probeId: id,
  };
}

export function askMove(question: LocalQuestion): Move {
  return { id: `ask:${question.id}`, act: 'ask', ...questionLine(question) };
}

function repeat({ question }: QuestionProgress): Move {
  return {
    id: `repeat:${question.id}`,
    act: 'repeat',
    ...questionLine(question),
    when: 'it was not understood',
  };
}

function questionLine(question: LocalQuestion): Pick<Move, 'say' | 'verbatim' | 'sectionId' | 'questionId'> {
  return { ...worded({ say: question.ask, verbatim: question.verbatim }), ...placeOf(question) };
}

function placeOf({ id, sectionId }: LocalQuestion): { sectionId: string; questionId: string } {
  return { sectionId, questionId: id };
}

function worded({ say, verbatim }: LocalLine): { say: string; verbatim?: true } {
  return verbatim ? { say, verbatim } : { say };
}
