/** What a dialogue must know of the sound that the participant hears. The speaker is one; a dialogue without sound needs none. */
export interface PlaybackPort {
  /** Silences at once. Once resolved, `playedMs` is exact and final for every turn that was cut short. Always resolves. */
  flush(): Promise<void>;
  /** Milliseconds of this turn's sound that were really played so far; 0 for a turn it does not know. */
  playedMs(turnId: string): number;
  /** @returns a function that stops watching */
  watch(listener: (event: PlaybackEvent) => void): () => void;
}

/** `at` is `clock.now()`. `finished` comes only for a turn played to its end, never after a flush; `silent` when nothing is left. */
export type PlaybackEvent =
  | { readonly type: 'started'; readonly turnId: string; readonly at: number }
  | { readonly type: 'finished'; readonly turnId: string; readonly at: number }
  | { readonly type: 'silent'; readonly at: number };

/** For interviews whose interviewer answers in writing, and for pages without sound. */
export const silentPlayback: PlaybackPort = {
  flush: () => Promise.resolve(),
  playedMs: () => 0,
  watch: () => () => undefined,
};
