import type { LinkedTurn, TurnMarks } from '../turn.js';
import type { LocalGuide } from './guide.js';
import { movesOf, type Circumstances } from './moves.js';
import { progressOf } from './progress.js';
import { MoveRecognizer } from './recognize-move.js';

/** What the interview needs of the transcript. */
export interface MarkableTranscript {
  /** In the order of the conversation. */
  readonly turns: readonly LinkedTurn[];
  mark(id: string, marks: TurnMarks): void;
}

interface Seen {
  text: string;
  declared: string[];
  heardShare?: number;
  marks?: TurnMarks;
  readonly summary: Circumstances['summary'];
}

/**
 * Finds out what each turn of the interviewer did, and writes it to the transcript. Words, declarations and what was heard may
 * come in any order: each of them makes it look again. Only turns of this page are looked at.
 */
export class TurnMarker {
  #guide: LocalGuide;
  readonly #transcript: MarkableTranscript;
  readonly #recognizer: MoveRecognizer;
  readonly #seen = new Map<string, Seen>();
  #declaredNext: string[] = [];

  constructor(guide: LocalGuide, transcript: MarkableTranscript) {
    this.#guide = guide;
    this.#transcript = transcript;
    this.#recognizer = new MoveRecognizer(guide);
  }

  /** @param summary what the guidance for this turn knew of it */
  begin(id: string, summary: Circumstances['summary']): void {
    if (this.#seen.has(id)) return;
    this.#seen.set(id, { text: '', declared: this.#declaredNext, summary });
    this.#declaredNext = [];
  }

  forget(id: string): void {
    this.#seen.delete(id);
  }

  /** The turn was cut short too early to have done anything: the interview stands where it stood before it. */
  retract(id: string): void {
    if (!this.#seen.get(id)?.marks?.unheard) return;
    this.forget(id);
    this.#transcript.mark(id, { act: undefined, probeId: undefined, unheard: undefined });
  }

  knows(id: string): boolean {
    return this.#seen.has(id);
  }

  /** The whole text, as far as it is known. `isFinal`: then it is looked at, although it may still sound. */
  setText(id: string, text: string, { isFinal }: { isFinal: boolean }): void {
    const seen = this.#seen.get(id);
    if (!seen || text === '') return;
    seen.text = text;
    if (isFinal) this.#look(id, seen);
  }

  /** The model says which move it made: in this turn, or in the next one to begin. */
  declare(moveId: string, id: string | undefined): void {
    const seen = id === undefined ? undefined : this.#seen.get(id);
    if (!seen || id === undefined) {
      this.#declaredNext.push(moveId);
      return;
    }
    seen.declared.push(moveId);
    if (seen.marks) this.#look(id, seen);
  }

  /** @returns whether it is known what was said. Without words it is left open, until they come or `settle` is called. */
  spoken(id: string, heardShare: number): boolean {
    const seen = this.#seen.get(id);
    if (!seen) return false;
    seen.heardShare = heardShare;
    if (seen.text === '') return false;
    this.#look(id, seen);
    return true;
  }

  /** What is legal from now on may be less than before. */
  limit(guide: LocalGuide): void {
    this.#guide = guide;
  }

  /** Decides on every turn by what is known now. Words that come later may still change it. */
  settle(): void {
    for (const [id, seen] of this.#seen) if (!seen.marks) this.#look(id, seen);
  }

  #look(id: string, seen: Seen): void {
    const { turns } = this.#transcript;
    const at = turns.findIndex((turn) => turn.id === id);
    const turn = turns[at];
    // What a lost connection broke off was no move: it is made anew.
    if (!turn || turn.status === 'failed') return;
    const before = progressOf(this.#guide, turns.slice(0, at));
    const legal = movesOf(before, { elapsedMs: turn.startedAtMs, summary: seen.summary });
    const { text, declared, heardShare = 1 } = seen;
    const found = this.#recognizer.recognize(before, legal, { text, declared, heardShare });
    // A farewell counts only once it was heard: nothing comes after it that could put it right.
    const isUncertain = found.act === 'close' && seen.heardShare === undefined;
    const marks = isUncertain ? { ...found, unheard: true } : found;
    if (JSON.stringify(marks) === JSON.stringify(seen.marks)) return;
    this.#transcript.mark(id, { ...cleared(seen.marks), ...marks });
    seen.marks = marks;
  }
}

/** Marks are added to earlier ones: those that no longer hold are taken back by name. */
function cleared(marks: TurnMarks = {}): TurnMarks {
  return Object.fromEntries(Object.keys(marks).map((key) => [key, undefined]));
}
