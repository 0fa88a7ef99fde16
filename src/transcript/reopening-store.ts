import { promisifyRequest, type UseStore } from 'idb-keyval';

const STORE = 'records';

/**
 * The one object store of a database, for what idb-keyval's own stores do not do: its connection makes way for another tab that erases
 * or upgrades the database, and when it was closed, by that or by a person who clears what the browser keeps, the next use opens it
 * again.
 */
export class ReopeningStore {
  readonly #database: string;
  readonly #onLoss: () => void;
  #opening: Promise<IDBDatabase> | undefined;

  /** @param onLoss what was written may be gone */
  constructor(database: string, onLoss: () => void) {
    this.#database = database;
    this.#onLoss = onLoss;
  }

  readonly use: UseStore = async (mode, work) => {
    const opening = (this.#opening ??= this.#open());
    const connection = await opening;
    let transaction: IDBTransaction;
    try {
      transaction = connection.transaction(STORE, mode);
    } catch (cause) {
      this.#close(opening);
      // It was closed meanwhile; what else there can be (no such store) will not be another time.
      if (!(cause instanceof DOMException && cause.name === 'InvalidStateError')) throw cause;
      transaction = (await (this.#opening ??= this.#open())).transaction(STORE, mode);
    }
    return work(transaction.objectStore(STORE));
  };

  /** Closing twice is quiet; a use after it opens it again. */
  close(): void {
    if (this.#opening) this.#close(this.#opening);
  }

  #open(): Promise<IDBDatabase> {
    // No version is asked for: whichever there is will do, as long as it has the store.
    const request = indexedDB.open(this.#database);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    const opening = promisifyRequest(request);
    const lose = (): void => {
      if (this.#close(opening)) this.#onLoss();
    };
    opening.then(
      (connection) => {
        connection.onversionchange = lose;
        connection.onclose = lose;
      },
      () => this.#close(opening),
    );
    return opening;
  }

  /** @returns whether it was the one in use */
  #close(opening: Promise<IDBDatabase>): boolean {
    opening.then(
      (connection) => {
        connection.close();
      },
      // Told to whoever uses it.
      () => undefined,
    );
    if (opening !== this.#opening) return false;
    this.#opening = undefined;
    return true;
  }
}
