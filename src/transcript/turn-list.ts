import type { LinkedTurn, Turn, TurnMarks } from '../turn.js';
import { orderByChain } from './chain.js';

/** A turn as it is told: its number is given here, and its place may not be known yet. */
export type NewTurn = Omit<LinkedTurn, 'n' | 'afterId'> & { readonly afterId?: string | null };

interface Entry {
  /** As it was told last. */
  readonly turn: NewTurn;
  readonly n: number;
  /** What this turn stands behind; not always what was told, see `#place`. */
  readonly afterId?: string | null | undefined;
  /** It keeps its place in time: what is told later does not get in before it. */
  readonly isSealed: boolean;
  /** It is not shown any more, but what follows it still stands where it stood. */
  readonly isRemoved: boolean;
}

/** A turn as it stands in the list, and what it was made from. */
interface Made {
  readonly entry: Entry;
  readonly marks: TurnMarks | undefined;
  readonly turn: LinkedTurn;
}

const RANK = { partial: 0, failed: 1, final: 2 } as const satisfies Record<Turn['status'], number>;

/** The turns of an interview in the order of its conversation, in memory. Changing methods return the ids whose turn changed. */
export class TurnList {
  /** In the order in which their places were told. */
  readonly #entries = new Map<string, Entry>();
  readonly #marks = new Map<string, TurnMarks>();
  #order: readonly Entry[] = [];
  #turns: readonly LinkedTurn[] = [];
  #made: ReadonlyMap<string, Made> = new Map();
  #nextN = 1;

  get turns(): readonly LinkedTurn[] {
    return this.#turns;
  }

  get(id: string): LinkedTurn | undefined {
    return this.#made.get(id)?.turn;
  }

  /** Takes over the turns of an earlier page, with their numbers and marks. */
  restore(turns: readonly LinkedTurn[]): void {
    for (const turn of [...turns].sort((a, b) => a.n - b.n)) {
      const { n, afterId } = turn;
      this.#marks.set(turn.id, marksOf(turn));
      this.#entries.set(turn.id, { turn, n, afterId, isSealed: true, isRemoved: false });
      this.#nextN = Math.max(this.#nextN, n + 1);
    }
    this.#arrange();
  }

  put(told: NewTurn): readonly string[] {
    const before = this.#entries.get(told.id);
    if (before && (before.isRemoved || RANK[told.status] < RANK[before.turn.status])) return [];
    const { afterId, isSealed } = this.#place(told, before);
    // A new place is told last, and so stands first of all that name the same predecessor.
    if (before && afterId !== before.afterId) this.#entries.delete(told.id);
    const n = before?.n ?? this.#nextN++;
    this.#entries.set(told.id, { turn: told, n, afterId, isSealed, isRemoved: false });
    return this.#arrange();
  }

  /** The turn may not have been told yet; later marks are added to earlier ones. */
  mark(id: string, marks: TurnMarks): readonly string[] {
    this.#marks.set(id, { ...this.#marks.get(id), ...marks });
    return this.#arrange();
  }

  remove(id: string): readonly string[] {
    const entry = this.#entries.get(id);
    if (!entry || entry.isRemoved) return [];
    const afterId = entry.afterId === undefined ? this.#standsBehind(id) : entry.afterId;
    this.#entries.set(id, { ...entry, afterId, isRemoved: true });
    return this.#arrange();
  }

  /** What is told from now on comes later than what is here: a new connection begins. */
  seal(): void {
    this.#order.forEach((entry, index) => {
      const afterId = this.#order[index - 1]?.turn.id ?? null;
      this.#entries.set(entry.turn.id, { ...entry, afterId, isSealed: true });
    });
    this.#arrange();
  }

  clear(): void {
    this.#entries.clear();
    this.#marks.clear();
    this.#arrange();
  }

  #place(told: NewTurn, before: Entry | undefined): Pick<Entry, 'afterId' | 'isSealed'> {
    if (told.afterId === undefined) {
      if (before && before.afterId !== undefined) return before;
      // Its place was never told and nothing more will come: it stays where it happened.
      return told.status === 'partial'
        ? { afterId: undefined, isSealed: false }
        : { afterId: this.#standsBehind(told.id), isSealed: true };
    }
    if (before && told.afterId === before.turn.afterId) return before;
    return { afterId: this.#behindSealed(told.afterId, told), isSealed: false };
  }

  /** The turn that it stands behind now; a new one would stand at the end. */
  #standsBehind(id: string): string | null {
    const index = this.#order.findIndex(({ turn }) => turn.id === id);
    return (index < 0 ? this.#order.at(-1) : this.#order[index - 1])?.turn.id ?? null;
  }

  /** Steps over sealed turns that started earlier: a new connection may name a turn further up as its last. */
  #behindSealed(afterId: string | null, told: NewTurn): string | null {
    let index = this.#order.findIndex(({ turn }) => turn.id === afterId);
    if (index < 0) return afterId;
    for (let next = this.#order[index + 1]; next?.isSealed; next = this.#order[index + 1]) {
      if (next.turn.id === told.id || next.turn.startedAtMs > told.startedAtMs) break;
      index++;
    }
    return this.#order[index]?.turn.id ?? afterId;
  }

  #arrange(): readonly string[] {
    const links = Array.from(this.#entries.values(), (entry) => ({
      entry,
      id: entry.turn.id,
      afterId: entry.afterId,
      startedAtMs: entry.turn.startedAtMs,
    }));
    this.#order = orderByChain(links).map(({ entry }) => entry);
    const made = new Map<string, Made>();
    const turns: LinkedTurn[] = [];
    const changed: string[] = [];
    for (const entry of this.#order) {
      if (entry.isRemoved) continue;
      const next = this.#make(entry, turns.at(-1)?.id ?? null);
      if (next.turn !== this.get(next.turn.id)) changed.push(next.turn.id);
      made.set(next.turn.id, next);
      turns.push(next.turn);
    }
    for (const id of this.#made.keys()) if (!made.has(id)) changed.push(id);
    this.#made = made;
    if (changed.length > 0) this.#turns = turns;
    return changed;
  }

  #make(entry: Entry, afterId: string | null): Made {
    const { id } = entry.turn;
    const marks = this.#marks.get(id);
    const known = this.#made.get(id);
    if (known?.entry === entry && known.marks === marks && known.turn.afterId === afterId) return known;
    const turn: LinkedTurn = { ...entry.turn, ...marks, n: entry.n, afterId };
    return { entry, marks, turn: known && isEqual(known.turn, turn) ? known.turn : turn };
  }
}

function marksOf({ sectionId, questionId, act, probeId }: TurnMarks): TurnMarks {
  return {
    ...(sectionId !== undefined && { sectionId }),
    ...(questionId !== undefined && { questionId }),
    ...(act !== undefined && { act }),
    ...(probeId !== undefined && { probeId }),
  };
}

function isEqual(a: LinkedTurn, b: LinkedTurn): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof LinkedTurn>;
  for (const key of keys) if (a[key] !== b[key]) return false;
  return true;
}
