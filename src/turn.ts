/** Who said it. */
export type Speaker = 'interviewer' | 'participant';

/**
 * What one turn of the interview is: one uninterrupted stretch of one speaker.
 *
 * Times are milliseconds since the interview first became live; the interview's clock is monotonic, goes on through pauses and
 * survives a reload.
 */
export interface Turn {
  /** Given once, never changed, never sorted by. */
  readonly n: number;
  /** Opaque. The order of turns is the conversation's own chain, never the order of arrival. */
  readonly id: string;
  readonly speaker: Speaker;
  readonly medium: 'voice' | 'text';
  readonly status: 'partial' | 'final' | 'failed';
  /** Generated, transcribed or typed. An answer that was never transcribed is a `failed` turn with an empty text: a marked gap. */
  readonly text: string;
  /** Interviewer, interrupted: the words that were heard, cut at a word boundary. An estimate. */
  readonly heard?: string;
  /** Interviewer, interrupted: milliseconds of sound that were really played. Exact where the dialogue says so. */
  readonly heardMs?: number;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly sectionId?: string;
  readonly questionId?: string;
  /**
   * The move of the interview that this turn made: `opening`, `ask`, `probe`, … Or `outage`: nobody said this, the connection was
   * lost from `startedAtMs` to `endedAtMs`; such a turn is the interviewer's, `failed`, and has no text.
   */
  readonly act?: string;
  readonly probeId?: string;
  /**
   * Interviewer: the line does not count as said, because too little of it was heard, or because it was to be said word for word
   * and was not.
   */
  readonly unheard?: boolean;
  readonly interruptedBy?: 'participant' | 'host';
  /** Interviewer: from release of the talk button, or the end of speech, to the first sound played. */
  readonly latencyMs?: number;
}

/** A turn with its place in the chain: the id of the turn before it, or `null` at the head. */
export interface LinkedTurn extends Turn {
  readonly afterId: string | null;
}

/** What the interview knows of a turn beyond its words. */
export type TurnMarks = Pick<Turn, 'sectionId' | 'questionId' | 'act' | 'probeId' | 'unheard'>;

/** Nobody said it: it stands for the time in which the connection was lost. */
export function isOutage({ act }: Pick<Turn, 'act'>): boolean {
  return act === 'outage';
}
