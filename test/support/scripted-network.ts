import type { Network } from '../../src/realtime/network.js';

/** A network that comes and goes as the test says. */
export class ScriptedNetwork implements Network {
  #isOnline = true;
  readonly #listeners = new Set<() => void>();

  get isOnline(): boolean {
    return this.#isOnline;
  }

  set isOnline(isOnline: boolean) {
    const comesBack = isOnline && !this.#isOnline;
    this.#isOnline = isOnline;
    if (comesBack) for (const listener of [...this.#listeners]) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  onOnline(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
