import { expect } from '@open-wc/testing';
import { systemClock } from '../../src/async/clock.js';
import { openArchive } from '../../src/session/session-archive.js';
import type { InterviewSessionOptions } from '../../src/session/session-options.js';
import { settle } from '../../src/testing/fake-clock.js';
import { IndexedDbStore } from '../../src/transcript/indexeddb-store.js';
import { MemoryStore } from '../../src/transcript/memory-store.js';
import type { StoredInterview } from '../../src/transcript/transcript-store.js';
import { study } from '../support/written-session.js';

describe('openArchive', () => {
  const real = Object.getOwnPropertyDescriptors(IndexedDbStore.prototype);
  let closed = 0;

  /** The browser's database opens, and gives out what a test says. */
  function reads(answer: () => Promise<StoredInterview | undefined>): void {
    IndexedDbStore.prototype.load = answer;
  }

  beforeEach(() => {
    closed = 0;
    IndexedDbStore.prototype.close = function (this: IndexedDbStore) {
      closed++;
      return real.close.value?.call(this) ?? Promise.resolve();
    };
  });
  afterEach(() => {
    Object.defineProperties(IndexedDbStore.prototype, real);
  });

  const open = (options: Partial<InterviewSessionOptions> = {}, signal?: AbortSignal) =>
    openArchive({ guide: study, participant: 'p-archive', ...options }, { clock: systemClock, signal });

  it('lets go of a database that cannot be read, and goes on in memory', async () => {
    reads(() => Promise.reject(new DOMException('no', 'DataError')));
    const archive = await open();
    expect(archive.store.kind).to.equal('memory');
    expect(archive.storageError).to.include({ code: 'storage-unavailable' });
    expect(closed).to.equal(1);
  });

  it('lets go of it when the page asked for something that makes no sense', async () => {
    const outcome = await open({ retainDays: -1 }).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(RangeError);
    expect(closed).to.equal(1);
  });

  it('lets go of it when nobody wants it any more, however long it takes to read', async () => {
    let begun = (): void => undefined;
    const reading = new Promise<void>((resolve) => (begun = resolve));
    reads(() => {
      begun();
      return new Promise(() => undefined);
    });
    const controller = new AbortController();
    const opened = open({}, controller.signal).catch((reason: unknown) => reason);
    await reading;
    controller.abort('gone');
    expect(await opened).to.equal('gone');
    expect(closed).to.equal(1);
  });

  it('does not close a store of the page’s own', async () => {
    class Broken extends MemoryStore {
      closed = 0;
      override load(): Promise<never> {
        return Promise.reject(new Error('broken'));
      }
      override close(): Promise<void> {
        this.closed++;
        return Promise.resolve();
      }
    }
    const storage = new Broken();
    const archive = await open({ storage });
    await archive.close();
    await settle();
    expect(storage.closed).to.equal(0);
  });
});
