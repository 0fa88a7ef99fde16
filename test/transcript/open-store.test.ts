import { expect } from '@open-wc/testing';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import { IndexedDbStore } from '../../src/transcript/indexeddb-store.js';
import { openStore } from '../../src/transcript/open-store.js';

class ProbedStore extends IndexedDbStore {
  readonly #answer: () => Promise<void>;

  constructor(answer: () => Promise<void>) {
    super('never-opened');
    this.#answer = answer;
  }

  override probe(): Promise<void> {
    return this.#answer();
  }

  closed = 0;

  override close(): Promise<void> {
    this.closed++;
    return super.close();
  }
}

describe('openStore', () => {
  it('opens the browser’s database where something can really be written', async () => {
    const clock = new FakeClock();
    const { store, error } = await openStore({
      clock,
      database: () => new IndexedDbStore('ai-interview-open-test'),
    });
    expect(store.kind).to.equal('indexeddb');
    expect(error).to.equal(undefined);
    expect(clock.pending).to.equal(0);
    await store.close();
    indexedDB.deleteDatabase('ai-interview-open-test');
  });

  const broken: [string, () => ProbedStore, string][] = [
    [
      'refuses',
      () => new ProbedStore(() => Promise.reject(new DOMException('no', 'SecurityError'))),
      'storage-unavailable',
    ],
    [
      'is full',
      () => new ProbedStore(() => Promise.reject(new DOMException('no', 'QuotaExceededError'))),
      'storage-full',
    ],
    [
      'fails in a way of its own',
      () => new ProbedStore(() => Promise.reject(new Error('odd'))),
      'storage-unavailable',
    ],
    [
      'may not be touched',
      () => {
        throw new DOMException('no', 'SecurityError');
      },
      'storage-unavailable',
    ],
  ];
  for (const [what, database, code] of broken) {
    it(`goes on in memory where the database ${what}, and says why`, async () => {
      const clock = new FakeClock();
      const { store, error } = await openStore({ clock, database });
      expect(store.kind).to.equal('memory');
      expect(error).to.include({ code });
      expect(clock.pending).to.equal(0);
    });
  }

  it('goes on in memory where the database neither opens nor refuses', async () => {
    const clock = new FakeClock();
    const database = new ProbedStore(() => new Promise(() => undefined));
    const opened = openStore({ clock, database: () => database });
    await clock.advanceAsync(2000);
    const { store, error } = await opened;
    expect(database.closed, 'one that opens after all is in nobody’s way').to.equal(1);
    expect(store.kind).to.equal('memory');
    expect(error).to.include({ code: 'storage-unavailable' });
  });

  it('rejects with the reason when nobody wants it any more', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const opened = openStore({
      clock,
      database: () => new ProbedStore(() => new Promise(() => undefined)),
      signal: controller.signal,
    }).catch((reason: unknown) => reason);
    await settle();
    controller.abort('gone');
    expect(await opened).to.equal('gone');
    expect(clock.pending).to.equal(0);
  });
});
