import { asksToRepeat, asksToSkip, isThin, wordsOf } from './answer.js';
import type { LastTurn } from './context.js';
import type { Guidance, Move } from './guidance.js';

/** What the interviewer does next: moves of the guidance, or a kind request to say it again when nothing was understood. */
export type Choice =
  | { readonly kind: 'moves'; readonly moves: readonly Move[] }
  | { readonly kind: 'not understood'; readonly repeat: Move | undefined };

/** Chooses among the legal moves, as a careful interviewer would by the length and the concreteness of the answer. */
export function chooseMoves({ make, moves }: Guidance, last: LastTurn): Choice {
  if (make === 'all') return { kind: 'moves', moves };
  const offered = (act: Move['act']): Move | undefined => moves.find((move) => move.act === act);
  const one = (move: Move | undefined): Choice => ({
    kind: 'moves',
    moves: move ? [move] : moves.slice(0, 1),
  });
  const repeat = offered('repeat');
  const onward =
    offered('ask') ??
    offered('anything-else') ??
    offered('summary') ??
    offered('close') ??
    offered('opening');

  if (last.isAnswered && last.text === '') return { kind: 'not understood', repeat };
  if (repeat && asksToRepeat(last.text)) return one(repeat);
  if (last.isAnswered && isThin(last.text) && !asksToSkip(last.text)) {
    const probe = offered('probe');
    if (probe) return one(probe);
    // Coming back to somebody's words needs words to come back to.
    if (wordsOf(last.text).length >= 3 && offered('follow-up')) return one(offered('follow-up'));
  }
  return one(onward);
}
