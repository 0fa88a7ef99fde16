import type { Speaker, Turn } from '../turn.js';

/**
 * What a dialogue tells of its turns, in any order that the wire may bring: the fold puts them together. `at` is `clock.now()`.
 * A change of a turn that was never begun is ignored.
 */
export type TurnChange =
  /** `afterId`: the turn before it; left out while the conversation has not told it yet (it then stands at the end). */
  | {
      readonly type: 'began';
      readonly id: string;
      readonly speaker: Speaker;
      readonly medium: Turn['medium'];
      readonly at: number;
      readonly afterId?: string | null;
    }
  /** The conversation told where the turn belongs. */
  | { readonly type: 'linked'; readonly id: string; readonly afterId: string | null }
  /** The whole text so far: replaces what was there. */
  | { readonly type: 'text'; readonly id: string; readonly text: string }
  /** The speaker stopped; words may still come. */
  | { readonly type: 'ended'; readonly id: string; readonly at: number }
  /** Nothing more will come. `text` replaces what was there. */
  | { readonly type: 'final'; readonly id: string; readonly text: string; readonly at: number }
  /** Its words will never come: a marked gap. What was there stays. */
  | { readonly type: 'failed'; readonly id: string; readonly at: number }
  /** The interviewer was cut short after `heardMs` of `generatedMs`. */
  | {
      readonly type: 'interrupted';
      readonly id: string;
      readonly by: 'participant' | 'host';
      readonly heardMs: number;
      readonly generatedMs: number;
      readonly at: number;
    }
  /** Its first sound was played; `latencyMs` from the end of the participant's turn, where it answers one. */
  | { readonly type: 'sounded'; readonly id: string; readonly at: number; readonly latencyMs?: number }
  /** It never happened as far as the participant is concerned: generated but never heard, or a press that was too short. */
  | { readonly type: 'removed'; readonly id: string };
