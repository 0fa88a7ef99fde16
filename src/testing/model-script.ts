import { MODEL_FAULTS, MODEL_REFUSALS, type ModelFault, type ModelRefusal } from './model-faults.js';
import type { SeededRandom } from './seeded-random.js';

/** How a response ends unless it is cancelled. `empty` is completed without a word, `cut off` and `filtered` are incomplete. */
export const MODEL_ENDS = [
  'completed',
  'empty',
  'cut off',
  'filtered',
  'rate limited',
  'server error',
  'refused',
] as const;

export type ModelEnd = (typeof MODEL_ENDS)[number];

export interface ScriptedResponse {
  readonly end: ModelEnd;
  /** From `created` to `done`. */
  readonly ms: number;
  /** How many tools it calls, if it is completed. Default 0. */
  readonly calls?: number;
  readonly fault?: ModelFault | undefined;
}

/** All that the model decides by itself, as data: a test that found a failing script can shrink it. Every list is gone through in circles. */
export interface ModelScript {
  /** How long each message takes to the server, 5–400 in life. Order is kept: a quick one waits for the slow one before it. */
  readonly upMs: readonly number[];
  /** The same, from the server. */
  readonly downMs: readonly number[];
  readonly responses: readonly ScriptedResponse[];
  readonly refusals: readonly ModelRefusal[];
  /** From the end of a turn to the response that voice detection starts. */
  readonly thinkMs: readonly number[];
}

/** A script for whoever wants no more than a seed. */
export function randomScript(
  random: SeededRandom,
  { hasFaults = false }: { readonly hasFaults?: boolean } = {},
): ModelScript {
  const several = <Item>(count: number, make: () => Item): Item[] => Array.from({ length: count }, make);
  const latency = (): number => random.integer(5, 400);
  return {
    upMs: several(8, latency),
    downMs: several(8, latency),
    responses: several(16, () => ({
      end: random.next() < 0.7 ? 'completed' : random.pick(MODEL_ENDS),
      ms: random.integer(200, 12_000),
      calls: random.next() < 0.2 ? random.integer(1, 3) : 0,
      fault: hasFaults && random.next() < 0.3 ? random.pick(MODEL_FAULTS) : undefined,
    })),
    refusals: several(4, () => (hasFaults ? random.pick(MODEL_REFUSALS) : 'exact')),
    thinkMs: several(4, () => random.integer(20, 600)),
  };
}

/** Goes through a list in circles. */
export class Circle<Item> {
  readonly #items: readonly Item[];
  #at = 0;

  /** @throws RangeError for an empty list */
  constructor(items: readonly Item[]) {
    if (items.length === 0) throw new RangeError('Expected at least one item in each list of the script');
    this.#items = items;
  }

  peek(): Item {
    // The list is not empty.
    return this.#items[this.#at % this.#items.length] as Item;
  }

  next(): Item {
    const item = this.peek();
    this.#at++;
    return item;
  }
}
