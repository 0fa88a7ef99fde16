/**
 * What was said, in the order of the conversation: kept in memory, written behind to a store. It knows nothing of who tells it
 * and nothing of the guide.
 */
import type { Clock } from '../async/clock.js';
import { abortable, deadline } from '../async/deadline.js';
import { Emitter } from '../async/emitter.js';
import { InterviewError } from '../errors.js';
import { isOutage, type LinkedTurn, type Turn, type TurnMarks } from '../turn.js';
import { storageError } from './storage-error.js';
import type { InterviewRecord, TranscriptStore } from './transcript-store.js';
import { TurnList, type NewTurn } from './turn-list.js';
import { WriteBehind } from './write-behind.js';

export interface TranscriptEvents {
  /** It became final or failed. Told twice at most: a gap whose words came after all becomes final. */
  turn: Turn;
  /** Its text grew, or was replaced. */
  caption: Turn;
  /** `turns` is another array than before. */
  change: readonly Turn[];
  /** Told when the store begins to fail (what follows is kept in memory), and when all is in the store again. */
  storage: { readonly kind: TranscriptStore['kind']; readonly error?: InterviewError };
}

export interface TranscriptOptions {
  readonly store: TranscriptStore;
  readonly clock: Clock;
  readonly record: InterviewRecord;
  /** Those of an earlier page, as the store gave them. What was under way when it went becomes a marked gap. */
  readonly turns?: readonly LinkedTurn[];
}

/** A reply waits no longer than this for the record of the turn that it answers. */
const SAVED_TIMEOUT_MS = 100;
const ERASE_TIMEOUT_MS = 5000;
/** The record's key among the turns' ids: no turn has an empty id. */
const RECORD = '';

export class Transcript {
  readonly events = new Emitter<TranscriptEvents>();
  readonly #store: TranscriptStore;
  readonly #clock: Clock;
  readonly #writes: WriteBehind;
  readonly #list = new TurnList();
  readonly #offLoss: (() => void) | undefined;
  #record: InterviewRecord;
  #isRecordKept = false;
  #isErased = false;

  constructor({ store, clock, record, turns = [] }: TranscriptOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#record = record;
    this.#writes = new WriteBehind({
      clock,
      write: (key) => this.#write(key),
      onTrouble: (error) => {
        this.events.emit('storage', error ? { kind: 'memory', error } : { kind: store.kind });
      },
    });
    this.#offLoss = store.onLoss?.(() => {
      if (this.#isErased || !this.#isRecordKept) return;
      for (const key of [RECORD, ...this.#list.turns.map(({ id }) => id)]) {
        this.#writes.changed(key, { isUrgent: true });
      }
    });
    this.#list.restore(turns);
    for (const turn of turns) {
      if (turn.status !== 'partial' || this.#settleTyped(turn)) continue;
      // Nobody knows whether a word of it was heard; a participant's answer, in contrast, was given.
      const neverSaid = turn.speaker === 'interviewer' && turn.text === '' && !isOutage(turn);
      if (neverSaid) this.remove(turn.id);
      else this.put({ ...turn, status: 'failed' });
    }
  }

  /** In the order of the conversation. Another array whenever something changed, the same while nothing did. */
  get turns(): readonly LinkedTurn[] {
    return this.#list.turns;
  }

  get record(): InterviewRecord {
    return this.#record;
  }

  /**
   * Tells a turn, for the first time or anew: all but its number and its marks is replaced. A settled turn does not go back, and a
   * removed one does not come back.
   */
  put(turn: NewTurn): void {
    if (this.#isErased) return;
    const before = this.#list.get(turn.id);
    this.#follow(this.#list.put(turn));
    const after = this.#list.get(turn.id);
    if (!after || after === before) return;
    if (after.text !== (before?.text ?? '')) this.events.emit('caption', after);
    if (after.status !== 'partial' && after.status !== before?.status) this.events.emit('turn', after);
  }

  /** Says what the interview knows of a turn, which may not have been told yet. Later marks are added to earlier ones. */
  mark(id: string, marks: TurnMarks): void {
    if (!this.#isErased) this.#follow(this.#list.mark(id, marks));
  }

  /** It never happened. What followed it follows the turn before it. */
  remove(id: string): void {
    this.#follow(this.#list.remove(id));
  }

  /** A connection was lost: what a new one tells comes after what is here, whichever turn it names as its last. */
  seal(): void {
    this.#list.seal();
  }

  /** Keeps something with the interview: its consent, when it went live, how it ended. Written at once. */
  update(changes: Partial<Omit<InterviewRecord, 'interviewId'>>): void {
    if (this.#isErased) return;
    this.#record = { ...this.#record, ...changes };
    this.#isRecordKept = true;
    this.#writes.changed(RECORD, { isUrgent: true });
  }

  /** Resolves once the turn is in the store as it is now, or cannot be, or 100 ms have passed. Never rejects. */
  async saved(id: string): Promise<void> {
    let timer: unknown;
    const patience = new Promise<void>((resolve) => {
      timer = this.#clock.setTimeout(resolve, SAVED_TIMEOUT_MS);
    });
    await Promise.race([this.#writes.written(id), patience]);
    this.#clock.clearTimeout(timer);
  }

  /** Writes everything now: the page is hidden. Settles within 10 s whatever the store does, and never rejects. */
  async flush(): Promise<void> {
    await this.#writes.flush();
  }

  /** Nothing more will happen to it: what was typed and still waits for the interviewer was said all the same. */
  settle(): void {
    for (const turn of this.turns) this.#settleTyped(turn);
  }

  /** Writes what is left and writes no more. The store stays open: it belongs to whoever opened it. */
  async close(): Promise<void> {
    this.#offLoss?.();
    await this.#writes.flush();
    await this.#writes.close();
  }

  /**
   * Removes every trace of the interview, here and in the store; nothing is written after it.
   *
   * @throws InterviewError when the store could not do it
   */
  async erase(): Promise<void> {
    this.#isErased = true;
    this.#offLoss?.();
    await this.#writes.close();
    if (this.#list.turns.length > 0) {
      this.#list.clear();
      this.events.emit('change', this.turns);
    }
    const limit = deadline(this.#clock, ERASE_TIMEOUT_MS, tooSlow);
    try {
      await abortable(this.#store.erase(this.#record.interviewId), limit.signal);
    } catch (cause) {
      throw storageError(cause);
    } finally {
      limit.clear();
    }
  }

  /** Of a typed turn all words are there from the beginning. @returns whether it was one that waited */
  #settleTyped(turn: LinkedTurn): boolean {
    const { medium, speaker, status, text } = turn;
    const waits = medium === 'text' && speaker === 'participant' && status === 'partial' && text !== '';
    if (waits) this.put({ ...turn, status: 'final' });
    return waits;
  }

  #follow(changed: readonly string[]): void {
    if (changed.length === 0) return;
    // The record first: turns without it would belong to no interview.
    if (!this.#isRecordKept) this.update({});
    for (const id of changed) {
      this.#writes.changed(id, { isUrgent: this.#list.get(id)?.status !== 'partial' });
    }
    this.events.emit('change', this.turns);
  }

  #write(key: string): Promise<void> {
    const { interviewId } = this.#record;
    if (key === RECORD) return this.#store.putRecord(this.#record);
    const turn = this.#list.get(key);
    return turn ? this.#store.putTurn(interviewId, turn) : this.#store.removeTurn(interviewId, key);
  }
}

function tooSlow(): InterviewError {
  return new InterviewError('storage-unavailable', `The store did not erase within ${ERASE_TIMEOUT_MS} ms`);
}
