import { MemoryStore } from '../../src/transcript/memory-store.js';
import type { InterviewRecord } from '../../src/transcript/transcript-store.js';
import type { LinkedTurn } from '../../src/turn.js';
import type { NewTurn } from '../../src/transcript/turn-list.js';
import type { Clock } from '../../src/async/clock.js';

/** A store at the border: it notes every write and its time, and fails or hangs where a test says so. */
export class WatchedStore extends MemoryStore {
  readonly writes: { readonly what: string; readonly at: number; readonly turn?: LinkedTurn }[] = [];
  /** `undefined`: it works. A function decides for each write. */
  trouble: ((what: string) => Promise<void>) | undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  writesOf(what: string): number[] {
    return this.writes.filter((write) => write.what === what).map(({ at }) => at);
  }

  override async putRecord(record: InterviewRecord): Promise<void> {
    await this.#note('record');
    await super.putRecord(record);
  }

  override async putTurn(interviewId: string, turn: LinkedTurn): Promise<void> {
    await this.#note(turn.id, turn);
    await super.putTurn(interviewId, turn);
  }

  override async removeTurn(interviewId: string, turnId: string): Promise<void> {
    await this.#note(`removed ${turnId}`);
    await super.removeTurn(interviewId, turnId);
  }

  override async erase(interviewId: string): Promise<void> {
    await this.#note('erased');
    await super.erase(interviewId);
  }

  async #note(what: string, turn?: LinkedTurn): Promise<void> {
    this.writes.push({ what, at: this.#clock.now(), ...(turn && { turn }) });
    await this.trouble?.(what);
  }
}

export const record: InterviewRecord = {
  interviewId: 'study/p-017',
  guideId: 'study',
  participant: 'p-017',
  language: 'en',
  status: 'unfinished',
};

/** A partial spoken answer without a place, unless said otherwise. */
export function turn(id: string, more: Partial<NewTurn> = {}): NewTurn {
  return {
    id,
    speaker: 'participant',
    medium: 'voice',
    status: 'partial',
    text: '',
    startedAtMs: 0,
    ...more,
  };
}
