import type { Turn } from '../turn.js';

/**
 * Decides when a screen reader is told a turn: once, when it is final, and not while there is sound that the reader's voice would
 * talk over, or that the reader's voice would get into.
 */
export class Announcer {
  readonly #told = new Set<string>();
  #waiting: string[] = [];

  /** A turn became final. A turn that is told again (it was corrected) stays told. */
  add(turn: Turn, words: string): void {
    if (this.#told.has(turn.id)) return;
    this.#told.add(turn.id);
    this.#waiting.push(words);
  }

  /** Something that is no turn, and that is seen on the screen. */
  say(words: string): void {
    this.#waiting.push(words);
  }

  /** @returns what is to be said now; `undefined` when there is nothing, or not now. */
  take({ isQuiet }: { isQuiet: boolean }): string | undefined {
    if (!isQuiet || this.#waiting.length === 0) return undefined;
    const words = this.#waiting.join('\n');
    this.#waiting = [];
    return words;
  }

  /** Another interview begins. */
  clear(): void {
    this.#told.clear();
    this.#waiting = [];
  }
}
