import type { TurnChange } from '../dialogue/turn-change.js';
import { emptyChain, turnLinks, withItem, withoutItem, type ItemChain } from './item-chain.js';

/** Which items of the conversation are turns, and where those stand. The rest of this folder speaks of turns by our own ids. */
export class TurnLedger {
  readonly #emit: (change: TurnChange) => void;
  readonly #turns = new Map<string, string>();
  readonly #items = new Map<string, string>();
  /** Where each turn was last said to stand; one that was never said is not in it. */
  readonly #told = new Map<string, string | null>();
  readonly #begun = new Set<string>();
  #chain: ItemChain = emptyChain(null);

  constructor(emit: (change: TurnChange) => void) {
    this.#emit = emit;
  }

  turnOf(itemId: string): string | undefined {
    return this.#turns.get(itemId);
  }

  itemOf(turnId: string): string | undefined {
    return this.#items.get(turnId);
  }

  /** @param itemId its item, where that is known already */
  begin(change: Omit<Extract<TurnChange, { type: 'began' }>, 'type' | 'afterId'>, itemId?: string): void {
    if (itemId !== undefined) this.#pair(itemId, change.id);
    const afterId = this.#links().get(change.id);
    this.#begun.add(change.id);
    if (afterId !== undefined) this.#told.set(change.id, afterId);
    this.#emit({ type: 'began', ...change, ...(afterId !== undefined && { afterId }) });
    this.#relink();
  }

  /** A turn that had begun before got its item. */
  bind(itemId: string, turnId: string): void {
    this.#pair(itemId, turnId);
    this.#relink();
  }

  placed(itemId: string, previousId: string | null | undefined): void {
    this.#chain = withItem(this.#chain, itemId, previousId);
    this.#relink();
  }

  deleted(itemId: string): void {
    this.#chain = withoutItem(this.#chain, itemId);
    this.#turns.delete(itemId);
    this.#relink();
  }

  /** The turn never happened; its item may stay on the server for a while. */
  remove(turnId: string): void {
    const itemId = this.#items.get(turnId);
    if (itemId !== undefined) this.#turns.delete(itemId);
    this.#begun.delete(turnId);
    this.#emit({ type: 'removed', id: turnId });
    this.#relink();
  }

  /** The turn that is last in the conversation so far. */
  get last(): string | null {
    return [...this.#links().keys()].at(-1) ?? this.#chain.anchor;
  }

  /**
   * A new conversation begins behind everything that there was; `lastId` is the last turn where there was nothing yet. Turns that
   * got no item so far may still get one.
   */
  restart(lastId: string | null): void {
    this.#chain = emptyChain(this.last ?? lastId);
    for (const turnId of this.#items.keys()) this.#begun.delete(turnId);
    this.#turns.clear();
    this.#items.clear();
  }

  /** The conversation is over and this turn never got an item: it stands where the conversation ended. */
  strand(turnId: string): void {
    this.placed(turnId, undefined);
    this.bind(turnId, turnId);
  }

  #pair(itemId: string, turnId: string): void {
    this.#turns.set(itemId, turnId);
    this.#items.set(turnId, itemId);
  }

  #links(): ReadonlyMap<string, string | null> {
    return turnLinks(this.#chain, (itemId) => this.#turns.get(itemId));
  }

  #relink(): void {
    for (const [id, afterId] of this.#links()) {
      if (!this.#begun.has(id) || this.#told.get(id) === afterId) continue;
      this.#told.set(id, afterId);
      this.#emit({ type: 'linked', id, afterId });
    }
  }
}
