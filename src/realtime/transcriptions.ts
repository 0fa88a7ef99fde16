import type { Clock } from '../async/clock.js';
import type { TurnChange } from '../dialogue/turn-change.js';

/** The transcriber answers within seconds. After this a turn is a gap; its words are taken all the same if they come yet. */
const TRANSCRIPTION_MS = 30_000;

/**
 * Told what the transcriber made of a turn that waited for it: its words, `''` where it heard none, `undefined` where it failed.
 *
 * @returns whether the turn is to be kept
 */
export type OnWords = (turnId: string, words: string | undefined) => boolean;

/**
 * The words of the participant's spoken turns, which come from another model and at any time. A turn whose words never come (a
 * cough, a failure, silence from the server) becomes a marked gap and blocks nothing.
 */
export class Transcriptions {
  readonly #clock: Clock;
  readonly #emit: (change: TurnChange) => void;
  readonly #onWords: OnWords;
  readonly #awaited = new Map<string, { text: string; readonly timer: unknown }>();

  constructor(clock: Clock, emit: (change: TurnChange) => void, onWords: OnWords) {
    this.#clock = clock;
    this.#emit = emit;
    this.#onWords = onWords;
  }

  /** No words are on their way. */
  get isIdle(): boolean {
    return this.#awaited.size === 0;
  }

  /** The turn was taken in: its words are on their way. */
  expect(turnId: string): void {
    if (this.#awaited.has(turnId)) return;
    const timer = this.#clock.setTimeout(() => {
      this.fail(turnId);
    }, TRANSCRIPTION_MS);
    this.#awaited.set(turnId, { text: '', timer });
  }

  grew(turnId: string, delta: string): void {
    const awaited = this.#awaited.get(turnId);
    if (!awaited || delta === '') return;
    awaited.text += delta;
    this.#emit({ type: 'text', id: turnId, text: awaited.text });
  }

  complete(turnId: string, transcript: string): void {
    const text = transcript.trim();
    const wasAwaited = this.#settle(turnId);
    if (wasAwaited && !this.#onWords(turnId, text)) return;
    const at = this.#clock.now();
    if (text !== '') this.#emit({ type: 'final', id: turnId, text, at });
    else if (wasAwaited) this.#emit({ type: 'failed', id: turnId, at });
  }

  /** The transcriber could not do it. */
  refuse(turnId: string): void {
    if (!this.#awaited.has(turnId)) return;
    if (this.#onWords(turnId, undefined)) this.fail(turnId);
    else this.#settle(turnId);
  }

  fail(turnId: string): void {
    if (this.#settle(turnId)) this.#emit({ type: 'failed', id: turnId, at: this.#clock.now() });
  }

  /** Nothing comes any more. */
  failAll(): void {
    for (const turnId of [...this.#awaited.keys()]) this.fail(turnId);
  }

  #settle(turnId: string): boolean {
    this.#clock.clearTimeout(this.#awaited.get(turnId)?.timer);
    return this.#awaited.delete(turnId);
  }
}
