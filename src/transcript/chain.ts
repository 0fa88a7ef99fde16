/** What the chain must know of a turn. */
export interface Link {
  readonly id: string;
  /** The turn before it, `null` at the head; left out while nobody has told it. */
  readonly afterId?: string | null | undefined;
  readonly startedAtMs: number;
}

/**
 * Puts turns into the order of the conversation: each stands right behind the turn it names. Every turn comes out exactly once,
 * whatever the links say.
 *
 * - Of several that name the same turn the one told last stands first: it was put in between.
 * - Several heads, and turns whose predecessor is not here, are pieces of one conversation (an earlier connection, a record that
 *   was lost): the pieces follow each other by the time at which they start.
 * - Links that run in a circle are opened at the turn that started first.
 * - Turns without a place stand at the end, by their start.
 *
 * @param turns in the order in which they were told
 */
export function orderByChain<T extends Link>(turns: readonly T[]): T[] {
  const ids = new Set(turns.map((turn) => turn.id));
  const followers = new Map<string, T[]>();
  const heads: T[] = [];
  const linked: T[] = [];
  const unlinked: T[] = [];
  for (const turn of turns) {
    const { afterId } = turn;
    if (afterId === undefined) unlinked.push(turn);
    else if (afterId === null || !ids.has(afterId)) heads.push(turn);
    else {
      linked.push(turn);
      const known = followers.get(afterId);
      if (known) known.push(turn);
      else followers.set(afterId, [turn]);
    }
  }

  const ordered = new Set<T>();
  // A stack and no recursion: an interview has more turns than the call stack has frames to spare.
  const follow = (head: T): void => {
    const stack = [head];
    for (let turn = stack.pop(); turn; turn = stack.pop()) {
      if (ordered.has(turn)) continue;
      ordered.add(turn);
      for (const next of followers.get(turn.id) ?? []) stack.push(next);
    }
  };
  heads.sort(byStart).forEach(follow);
  // Those that only an unlinked turn leads to follow it; the rest of what is left runs in circles.
  unlinked.sort(byStart);
  const behindUnlinked = reachable(unlinked, followers);
  linked
    .filter((turn) => !behindUnlinked.has(turn))
    .sort(byStart)
    .forEach(follow);
  unlinked.forEach(follow);
  return [...ordered];
}

function reachable<T extends Link>(from: readonly T[], followers: ReadonlyMap<string, readonly T[]>): Set<T> {
  const found = new Set(from);
  for (const turn of found) for (const next of followers.get(turn.id) ?? []) found.add(next);
  return found;
}

function byStart(a: Link, b: Link): number {
  return a.startedAtMs - b.startedAtMs;
}
