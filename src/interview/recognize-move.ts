import type { TurnMarks } from '../turn.js';
import type { LocalGuide } from './guide.js';
import { lineMatch, type LineMatch } from './line-match.js';
import { askMove, dueMove, probeMove, type Act, type Move, type Moves } from './moves.js';
import { MAX_STRAYS, type Progress } from './progress-state.js';

/** A line is recognized from here on… */
const ALIKE = 0.5;
/** …and beyond doubt from here on, so that it may speak against what was declared or offered. */
const CERTAIN = 0.7;
/** A line that was to be said word for word was. */
const WORD_FOR_WORD = 0.75;

/** What is known of a turn of the interviewer that is over. */
export interface SpokenTurn {
  /** What was generated; empty while it is not known. */
  readonly text: string;
  /** 0…1 */
  readonly heardShare: number;
  /** The ids of the moves that the model says it made. */
  readonly declared: readonly string[];
}

/** At least so much of a line must be heard for it to count. */
const HEARD = 0.9;

/**
 * Which move a turn made: what was said, measured against what was legal just before it.
 *
 * A declared move is believed unless the words are plainly those of another. Without a declaration the likeliest line decides;
 * words that fit none are a follow-up. After some of those in a row, a question is taken for the one that is due.
 */
export class MoveRecognizer {
  readonly #match: LineMatch;
  readonly #lines: readonly Move[];

  constructor(guide: LocalGuide) {
    this.#lines = linesOf(guide);
    this.#match = lineMatch(this.#lines.flatMap(({ say }) => say ?? []));
  }

  /** The marks of the turn. It always has an act. */
  recognize(progress: Progress, legal: Moves, turn: SpokenTurn): TurnMarks {
    const opening = legal.moves.find(({ act }) => act === 'opening');
    if (opening) return this.#opening(opening, legal, turn);
    const move = this.#move(progress, legal.moves, turn) ?? followUp(progress);
    return marksOf(move, turn.heardShare >= HEARD && this.#isSaid(move, turn.text));
  }

  /** The first turn: the opening with the first question behind it, or without. */
  #opening(opening: Move, { moves }: Moves, { text, heardShare, declared }: SpokenTurn): TurnMarks {
    const first = moves.find(({ act }) => act === 'ask');
    // Spoken in order: what was heard first was the opening.
    const heardOfOpening = (heardShare * text.length) / Math.min(text.length, opening.say?.length ?? 1);
    const isOpened = text === '' ? heardShare >= HEARD : heardOfOpening >= HEARD;
    const isAsked =
      first !== undefined &&
      isOpened &&
      heardShare >= HEARD &&
      (text === '' || this.#likeness(first, text) >= ALIKE || declared.includes(first.id)) &&
      this.#isSaid(first, text);
    return { ...marksOf(opening, isOpened), ...(isAsked && placeOf(first)) };
  }

  #move(progress: Progress, legal: readonly Move[], { text, declared }: SpokenTurn): Move | undefined {
    const due = dueMove({ make: 'one', moves: legal });
    const own = legal.find(({ id }) => declared.includes(id));
    // Nothing is known of what was said: then it was what was asked for.
    if (text === '') return own ?? due;
    const isLegal = (line: Move): boolean => legal.some(({ id }) => id === line.id);
    const best = this.#likeliest(legal, text);
    const strange = this.#likeliest(
      this.#lines.filter((line) => !isLegal(line) && !sameLine(line, legal)),
      text,
    );
    if (own) {
      const rival = best.likeness >= strange.likeness ? best : strange;
      const isOther = rival.move?.id !== own.id && rival.likeness >= CERTAIN;
      if (!isOther || this.#likeness(own, text) >= rival.likeness - 0.3) return own;
    }
    const illegal = this.#lines.find((line) => declared.includes(line.id) && !isLegal(line));
    if (illegal && best.likeness < ALIKE) return illegal;
    if (strange.likeness >= CERTAIN && strange.likeness > best.likeness + 0.2) return strange.move;
    if (best.likeness >= ALIKE) return best.move;
    return this.#unmatched(progress, legal, due, text);
  }

  #unmatched(
    progress: Progress,
    legal: readonly Move[],
    due: Move | undefined,
    text: string,
  ): Move | undefined {
    const followUp = legal.find(({ act }) => act === 'follow-up');
    if (followUp) return followUp;
    if (!due || due.verbatim) return undefined;
    const isQuestion = /[?？؟]/.test(text);
    // A summary and a farewell are the model's own words, but they ask for nothing.
    if (due.act === 'summary' || due.act === 'close') return isQuestion ? undefined : due;
    return isQuestion && progress.strays >= MAX_STRAYS ? due : undefined;
  }

  #likeliest(lines: readonly Move[], text: string): { move?: Move; likeness: number } {
    let found: { move?: Move; likeness: number } = { likeness: 0 };
    for (const move of lines) {
      const likeness = this.#likeness(move, text);
      if (likeness > found.likeness) found = { move, likeness };
    }
    return found;
  }

  #likeness({ say }: Move, text: string): number {
    return say === undefined ? 0 : this.#match.likeness(say, text);
  }

  #isSaid({ say, verbatim }: Pick<Move, 'say' | 'verbatim'>, text: string): boolean {
    return !verbatim || say === undefined || text === '' || this.#match.closeness(say, text) >= WORD_FOR_WORD;
  }
}

/** Every line that the guide knows, as a move: also those that are not legal now. */
function linesOf(guide: LocalGuide): Move[] {
  const act = (name: Act, say: string | undefined): Move[] =>
    say === undefined ? [] : [{ id: name, act: name, say }];
  return [
    ...act('opening', guide.opening?.say),
    ...guide.sections.flatMap(({ questions }) =>
      questions.flatMap((question) => [
        askMove(question),
        ...question.probes.map((probe) => probeMove(question, probe)),
      ]),
    ),
    ...act('anything-else', guide.closing.anythingElse),
    ...act('close', guide.closing.line.say),
  ];
}

/** A repeat is worded as its question is. */
function sameLine(line: Move, legal: readonly Move[]): boolean {
  return legal.some(({ say }) => say !== undefined && say === line.say);
}

function followUp({ questions, currentId }: Progress): Move {
  const current = questions.find(({ question }) => question.id === currentId)?.question;
  return {
    id: 'follow-up',
    act: 'follow-up',
    ...(current && { sectionId: current.sectionId, questionId: current.id }),
  };
}

function placeOf({ sectionId, questionId, probeId }: Omit<TurnMarks, 'unheard' | 'act'>): TurnMarks {
  return {
    ...(sectionId !== undefined && { sectionId }),
    ...(questionId !== undefined && { questionId }),
    ...(probeId !== undefined && { probeId }),
  };
}

function marksOf(move: TurnMarks, counts: boolean): TurnMarks {
  return { act: move.act, ...placeOf(move), ...(!counts && { unheard: true }) };
}
