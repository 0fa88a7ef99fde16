export type QuestionStatus = 'pending' | 'asked' | 'answered' | 'skipped' | 'unheard';

export interface QuestionCoverage {
  readonly id: string;
  readonly status: QuestionStatus;
  readonly probes: number;
}

export interface SectionCoverage {
  readonly id: string;
  readonly title: string;
  readonly questions: readonly QuestionCoverage[];
}

/** How far the interview has come: what a progress bar and an analyst want to know. */
export interface Coverage {
  readonly phase: 'opening' | 'questions' | 'closing' | 'closed';
  readonly sections: readonly SectionCoverage[];
  readonly currentSectionId?: string;
  readonly currentQuestionId?: string;
  /** Questions that are behind us, whatever became of them. */
  readonly done: number;
  readonly total: number;
}
