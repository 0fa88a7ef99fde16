import type { LinkedTurn } from '../turn.js';
import { isExpired } from './retention.js';
import type { InterviewRecord, StoredInterview, TranscriptStore } from './transcript-store.js';

/** Keeps interviews as long as the page lives: for private windows, blocked storage and tests. */
export class MemoryStore implements TranscriptStore {
  readonly kind = 'memory';
  readonly #records = new Map<string, InterviewRecord>();
  readonly #turns = new Map<string, Map<string, LinkedTurn>>();

  load(interviewId: string): Promise<StoredInterview | undefined> {
    const record = this.#records.get(interviewId);
    const turns = [...(this.#turns.get(interviewId)?.values() ?? [])];
    return Promise.resolve(record && { record, turns });
  }

  putRecord(record: InterviewRecord): Promise<void> {
    this.#records.set(record.interviewId, record);
    return Promise.resolve();
  }

  putTurn(interviewId: string, turn: LinkedTurn): Promise<void> {
    const turns = this.#turns.get(interviewId) ?? new Map<string, LinkedTurn>();
    this.#turns.set(interviewId, turns.set(turn.id, turn));
    return Promise.resolve();
  }

  removeTurn(interviewId: string, turnId: string): Promise<void> {
    this.#turns.get(interviewId)?.delete(turnId);
    return Promise.resolve();
  }

  erase(interviewId: string): Promise<void> {
    this.#records.delete(interviewId);
    this.#turns.delete(interviewId);
    return Promise.resolve();
  }

  async eraseFinishedBefore(epochMs: number): Promise<void> {
    for (const record of [...this.#records.values()]) {
      if (isExpired(record, epochMs)) await this.erase(record.interviewId);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
