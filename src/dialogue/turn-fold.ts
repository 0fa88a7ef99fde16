import { unreachable } from '../async/state-table.js';
import type { LinkedTurn } from '../turn.js';
import { heardText } from './heard-text.js';
import type { TurnChange } from './turn-change.js';

/** A turn as its changes make it; its number and its marks are given elsewhere. */
export type FoldedTurn = Omit<
  LinkedTurn,
  'n' | 'afterId' | 'sectionId' | 'questionId' | 'act' | 'probeId'
> & {
  /** Left out while the conversation has not told it. */
  readonly afterId?: string | null;
};

/**
 * What was told of one turn, and the turn that follows from it. The facts are kept apart from each other, so that the order in
 * which the wire brings them makes no difference.
 */
export interface TurnFold {
  readonly turn: FoldedTurn;
  readonly facts: TurnFacts;
}

interface TurnFacts {
  readonly id: string;
  readonly speaker: FoldedTurn['speaker'];
  readonly medium: FoldedTurn['medium'];
  readonly beganMs: number;
  readonly afterId?: string | null;
  readonly text: string;
  readonly status: FoldedTurn['status'];
  readonly endedMs?: number;
  /** When its text was complete, or given up: stands in for its end until that is told. */
  readonly settledMs?: number;
  readonly soundedMs?: number;
  readonly latencyMs?: number;
  readonly cut?: {
    readonly by: 'participant' | 'host';
    readonly atMs: number;
    readonly heardMs: number;
    readonly generatedMs: number;
  };
}

/**
 * Folds one change into what is known of its turn. Returns the very same value when the change says nothing new.
 *
 * - A change of a turn that never began is ignored, and so is everything after `removed`: ids are not used again.
 * - `final` stays final and keeps its first text. `failed` keeps its text; words that come late all the same are taken, and a
 *   late `final` still makes it final.
 * - The turn starts with its first sound, where that was told, and ends where it was cut short, else where its speaker stopped,
 *   else when its text was settled.
 *
 * @param known what this function returned for this turn before; `undefined` for a turn not yet heard of
 * @param toInterviewMs turns a stamp of the clock into the interview's time
 */
export function foldTurn(
  known: TurnFold | 'removed' | undefined,
  change: TurnChange,
  toInterviewMs: (at: number) => number,
): TurnFold | 'removed' | undefined {
  if (known === 'removed') return known;
  const facts = known ? nextFacts(known.facts, change, toInterviewMs) : firstFacts(change, toInterviewMs);
  if (facts === undefined || facts === 'removed') return facts;
  return facts === known?.facts ? known : { turn: toTurn(facts), facts };
}

function firstFacts(change: TurnChange, toInterviewMs: (at: number) => number): TurnFacts | undefined {
  if (change.type !== 'began') return undefined;
  const { id, speaker, medium, at, afterId } = change;
  const beganMs = toInterviewMs(at);
  return {
    id,
    speaker,
    medium,
    beganMs,
    text: '',
    status: 'partial',
    ...(afterId !== undefined && { afterId }),
  };
}

function nextFacts(
  facts: TurnFacts,
  change: TurnChange,
  toInterviewMs: (at: number) => number,
): TurnFacts | 'removed' {
  switch (change.type) {
    case 'began':
      // Told twice: only the place can be news.
      return facts.afterId === undefined && change.afterId !== undefined
        ? { ...facts, afterId: change.afterId }
        : facts;
    case 'linked':
      return facts.afterId === change.afterId ? facts : { ...facts, afterId: change.afterId };
    case 'text': {
      const isNews =
        facts.text !== change.text &&
        (facts.status === 'partial' || (facts.status === 'failed' && change.text !== ''));
      return isNews ? { ...facts, text: change.text } : facts;
    }
    case 'ended': {
      const endedMs = toInterviewMs(change.at);
      return facts.endedMs === endedMs ? facts : { ...facts, endedMs };
    }
    case 'final':
      return facts.status === 'final'
        ? facts
        : { ...settled(facts, toInterviewMs(change.at)), text: change.text, status: 'final' };
    case 'failed':
      return facts.status === 'partial'
        ? { ...settled(facts, toInterviewMs(change.at)), status: 'failed' }
        : settled(facts, toInterviewMs(change.at));
    case 'interrupted': {
      // The first cut counts: what is silent cannot be cut again.
      if (facts.cut) return facts;
      const { by, heardMs, generatedMs } = change;
      return { ...facts, cut: { by, atMs: toInterviewMs(change.at), heardMs, generatedMs } };
    }
    case 'sounded': {
      if (facts.soundedMs !== undefined) return facts;
      const { at, latencyMs } = change;
      return { ...facts, soundedMs: toInterviewMs(at), ...(latencyMs !== undefined && { latencyMs }) };
    }
    case 'removed':
      return 'removed';
    default:
      return unreachable(change);
  }
}

/** Of several times at which a turn was settled the first is nearest to its end. */
function settled(facts: TurnFacts, atMs: number): TurnFacts {
  return atMs < (facts.settledMs ?? Infinity) ? { ...facts, settledMs: atMs } : facts;
}

function toTurn(facts: TurnFacts): FoldedTurn {
  const { id, speaker, medium, status, text, afterId, latencyMs, cut } = facts;
  const startedAtMs = facts.soundedMs ?? facts.beganMs;
  const endedMs = cut?.atMs ?? facts.endedMs ?? facts.settledMs;
  return {
    id,
    speaker,
    medium,
    status,
    text,
    startedAtMs,
    ...(afterId !== undefined && { afterId }),
    // A short reply is generated before its first sound plays: no turn ends before it starts.
    ...(endedMs !== undefined && { endedAtMs: Math.max(startedAtMs, endedMs) }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(cut && {
      heard: heardText(text, cut.generatedMs > 0 ? cut.heardMs / cut.generatedMs : 0),
      heardMs: cut.heardMs,
      interruptedBy: cut.by,
    }),
  };
}
