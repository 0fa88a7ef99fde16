import { promisifyRequest, type UseStore } from 'idb-keyval';
import { Emitter } from '../async/emitter.js';
import { InterviewError } from '../errors.js';
import type { LinkedTurn } from '../turn.js';
import { isExpired } from './retention.js';
import { ReopeningStore } from './reopening-store.js';
import { isNewer, readRecord, readTurn, STORED_VERSION } from './stored-shape.js';
import type { EraseOptions, InterviewRecord, StoredInterview, TranscriptStore } from './transcript-store.js';

const DATABASE = 'ai-interview';

/** Arrays sort element by element and an array above every string, so that each group of keys is one range. */
const recordKey = (interviewId: string): IDBValidKey => ['interview', interviewId];
const turnKey = (interviewId: string, turnId: string): IDBValidKey => ['turn', interviewId, turnId];
const turnsOf = (interviewId: string): IDBKeyRange =>
  IDBKeyRange.bound(['turn', interviewId], ['turn', interviewId, []]);
const outboxOf = (interviewId: string): IDBKeyRange =>
  IDBKeyRange.bound(['outbox', interviewId], ['outbox', interviewId, []]);
const allRecords = (): IDBKeyRange => IDBKeyRange.bound(['interview'], ['interview', []]);

/**
 * Interviews in the browser's database: one record of each, one of each turn, and one of each message that waits for its delivery.
 * Methods reject with what the browser threw.
 */
export class IndexedDbStore implements TranscriptStore {
  readonly kind = 'indexeddb';
  /** For what else is kept beside an interview, under keys of its own. */
  readonly use: UseStore;
  readonly #database: ReopeningStore;
  readonly #events = new Emitter<{ loss: undefined }>();
  #malformed = 0;

  /** @param database its name; another than the default keeps its interviews apart */
  constructor(database: string = DATABASE) {
    this.#database = new ReopeningStore(database, () => {
      this.#events.emit('loss', undefined);
    });
    this.use = this.#database.use;
  }

  onLoss(listener: () => void): () => void {
    return this.#events.on('loss', listener);
  }

  /** How many records were skipped so far because they made no sense. */
  get malformed(): number {
    return this.#malformed;
  }

  async load(interviewId: string): Promise<StoredInterview | undefined> {
    const [stored, storedTurns, keys] = await this.use('readonly', (records) =>
      Promise.all([
        promisifyRequest<unknown>(records.get(recordKey(interviewId))),
        promisifyRequest<unknown[]>(records.getAll(turnsOf(interviewId))),
        promisifyRequest(records.getAllKeys(turnsOf(interviewId))),
      ]),
    );
    const turns = storedTurns
      .map((stored, at) => {
        const turn = readTurn(stored);
        return this.#count(turn && isKey(keys[at], turnKey(interviewId, turn.id)) ? turn : undefined);
      })
      .filter((turn) => turn !== undefined);
    if (stored === undefined) return undefined;
    // To be left alone: what this code does not understand, it must not begin anew over.
    if (isNewer(stored)) {
      throw new InterviewError(
        'storage-unavailable',
        'A newer version of this package has kept the interview',
      );
    }
    const read = readRecord(stored);
    const record = this.#count(read?.interviewId === interviewId ? read : undefined);
    return record && { record, turns };
  }

  putRecord(record: InterviewRecord): Promise<void> {
    return this.#change((records) => {
      records.put({ version: STORED_VERSION, ...record }, recordKey(record.interviewId));
    });
  }

  putTurn(interviewId: string, turn: LinkedTurn): Promise<void> {
    return this.#change((records) => {
      records.put({ version: STORED_VERSION, ...turn }, turnKey(interviewId, turn.id));
    });
  }

  removeTurn(interviewId: string, turnId: string): Promise<void> {
    return this.#change((records) => {
      records.delete(turnKey(interviewId, turnId));
    });
  }

  erase(interviewId: string, { keepOutbox = false }: EraseOptions = {}): Promise<void> {
    return this.#change((records) => {
      eraseFrom(records, interviewId);
      if (!keepOutbox) records.delete(outboxOf(interviewId));
    });
  }

  async eraseFinishedBefore(epochMs: number): Promise<void> {
    const [stored, keys] = await this.use('readonly', (records) =>
      Promise.all([
        promisifyRequest<unknown[]>(records.getAll(allRecords())),
        promisifyRequest(records.getAllKeys(allRecords())),
      ]),
    );
    const expired = stored
      .map((stored, at) => {
        const record = readRecord(stored);
        return this.#count(record && isKey(keys[at], recordKey(record.interviewId)) ? record : undefined);
      })
      .filter((record) => record !== undefined)
      .filter((record) => isExpired(record, epochMs));
    if (expired.length === 0) return;
    await this.#change((records) => {
      for (const { interviewId } of expired) {
        eraseFrom(records, interviewId);
        records.delete(outboxOf(interviewId));
      }
    });
  }

  /**
   * Writes something and takes it away again.
   *
   * @throws what the browser throws when nothing can be kept here
   */
  probe(): Promise<void> {
    return this.#change((records) => {
      records.put({}, ['probe']);
      records.delete(['probe']);
    });
  }

  close(): Promise<void> {
    this.#database.close();
    return Promise.resolve();
  }

  /** One transaction; resolves when all of it is in the database. */
  async #change(work: (records: IDBObjectStore) => void): Promise<void> {
    await this.use('readwrite', (records) => {
      work(records);
      // Left to itself it would wait for an answer that a page on its way out never sees, and be undone.
      records.transaction.commit();
      return promisifyRequest(records.transaction);
    });
  }

  #count<T>(read: T | undefined): T | undefined {
    if (read === undefined) this.#malformed++;
    return read;
  }
}

/** A record that lies where another belongs is somebody else's, or damaged. */
function isKey(key: IDBValidKey | undefined, expected: IDBValidKey): boolean {
  return key !== undefined && indexedDB.cmp(key, expected) === 0;
}

function eraseFrom(records: IDBObjectStore, interviewId: string): void {
  records.delete(recordKey(interviewId));
  records.delete(turnsOf(interviewId));
}
