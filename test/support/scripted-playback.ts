import type { PlaybackEvent, PlaybackPort } from '../../src/dialogue/playback-port.js';

/** A speaker whose progress the test decides. */
export class ScriptedPlayback implements PlaybackPort {
  readonly played = new Map<string, number>();
  flushes = 0;
  /** While set, a flush waits for it. */
  flushing: Promise<void> | undefined;
  readonly #listeners = new Set<(event: PlaybackEvent) => void>();

  flush(): Promise<void> {
    this.flushes++;
    return this.flushing ?? Promise.resolve();
  }

  playedMs(turnId: string): number {
    return this.played.get(turnId) ?? 0;
  }

  watch(listener: (event: PlaybackEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: PlaybackEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  get watchers(): number {
    return this.#listeners.size;
  }
}
