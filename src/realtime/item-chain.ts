/**
 * The order of a conversation's items as the server tells it: each item names the one before it, in any order of arrival. A value:
 * every function gives a new chain.
 */
export interface ItemChain {
  /** The turn that was last before this chain began: of an earlier connection, or of an earlier page. */
  readonly anchor: string | null;
  /** The first run hangs from the anchor; each other one waits for the item that it follows. */
  readonly runs: readonly Run[];
}

interface Run {
  readonly after: string | null;
  readonly items: readonly string[];
}

export function emptyChain(anchor: string | null): ItemChain {
  return { anchor, runs: [{ after: null, items: [] }] };
}

/**
 * Puts an item behind `previousId` (`null`: at the head; `undefined`: the server did not say, at the end). What followed that one
 * now follows the new item. The first that was told of an item's place holds: later tellings of it change nothing.
 */
export function withItem(chain: ItemChain, id: string, previousId: string | null | undefined): ItemChain {
  if (chain.runs.some((run) => run.items.includes(id))) return chain;
  const previous = previousId === undefined ? (chain.runs[0]?.items.at(-1) ?? null) : previousId;
  const waiting = chain.runs.filter((run) => run.after === id).flatMap((run) => run.items);
  const runs = chain.runs.filter((run) => run.after !== id);
  const home = runs.findIndex((run) =>
    previous === null ? run.after === null : run.items.includes(previous),
  );
  if (home === -1) return { ...chain, runs: [...runs, { after: previous, items: [id, ...waiting] }] };
  return {
    ...chain,
    runs: runs.map((run, at) => {
      if (at !== home) return run;
      const cut = previous === null ? 0 : run.items.indexOf(previous) + 1;
      return { ...run, items: [...run.items.slice(0, cut), id, ...waiting, ...run.items.slice(cut)] };
    }),
  };
}

export function withoutItem(chain: ItemChain, id: string): ItemChain {
  return {
    ...chain,
    runs: chain.runs
      .map((run) => ({ ...run, items: run.items.filter((item) => item !== id) }))
      .filter((run) => run.after === null || run.items.length > 0),
  };
}

/** All items, oldest first; runs whose place is not known yet stand at the end. */
export function itemsOf(chain: ItemChain): readonly string[] {
  return chain.runs.flatMap((run) => run.items);
}

/** The turn before each turn. Items that are no turn (guidance, calls and their outputs) are passed over. */
export function turnLinks(
  chain: ItemChain,
  turnOf: (itemId: string) => string | undefined,
): ReadonlyMap<string, string | null> {
  const links = new Map<string, string | null>();
  let before = chain.anchor;
  for (const id of itemsOf(chain)) {
    const turnId = turnOf(id);
    if (turnId === undefined || links.has(turnId)) continue;
    links.set(turnId, before);
    before = turnId;
  }
  return links;
}
