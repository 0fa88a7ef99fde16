/** How one dimension of the guide was judged. */
export interface DimensionScore {
  readonly id: string;
  readonly label: string;
  /** Within the dimension's scale; `null` when there was too little to judge by. */
  readonly score: number | null;
  readonly evidence?: string;
}

export interface Assessment {
  readonly dimensions: readonly DimensionScore[];
  /** Written for the participant: it may be spoken. */
  readonly summary: string;
  readonly audience: 'host' | 'participant' | 'both';
  /** Since the interview first became live. */
  readonly atMs: number;
}
