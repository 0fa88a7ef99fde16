import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { InterviewError } from '../../src/errors.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { exportJson } from '../../src/transcript/export-json.js';
import { IndexedDbStore } from '../../src/transcript/indexeddb-store.js';
import { MemoryStore } from '../../src/transcript/memory-store.js';
import { Transcript } from '../../src/transcript/transcript.js';
import type { StoredInterview } from '../../src/transcript/transcript-store.js';
import { record, turn } from '../transcript/watched-store.js';
import { Escapes } from './escapes.js';
import { mutated, mutation, type Mutation } from './mutations.js';

const RECORDS = 1000;
/** Of one interview: its record and its turns. */
const EACH = 5;
const DATABASE = 'ai-interview-fuzz';
const ID = record.interviewId;

const sound: readonly Readonly<Record<string, unknown>>[] = [
  {
    version: 1,
    ...record,
    originEpochMs: 1_700_000_000_000,
    consent: { version: '3', items: ['quote'] },
    assessment: { depth: 3 },
  },
  {
    version: 1,
    ...turn('a'),
    n: 1,
    afterId: null,
    speaker: 'interviewer',
    status: 'final',
    text: 'Hello?',
    act: 'opening',
    questionId: 'q1',
    sectionId: 's1',
    latencyMs: 300,
    endedAtMs: 900,
  },
  { version: 1, ...turn('b'), n: 2, afterId: 'a', status: 'final', text: 'I was there.', startedAtMs: 1000 },
  {
    version: 1,
    ...turn('c'),
    n: 3,
    afterId: 'b',
    speaker: 'interviewer',
    status: 'partial',
    text: 'And then',
    startedAtMs: 2000,
    heard: 'And',
    heardMs: 210.5,
    interruptedBy: 'participant',
  },
  { version: 1, ...turn('d'), n: 4, afterId: 'c', status: 'partial', startedAtMs: 3000, probeId: 'p1' },
];

function withoutVersion(value: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'version'));
}

/** What JSON does not have and the database keeps. */
const odd = fc.constantFrom<unknown>(
  undefined,
  NaN,
  -Infinity,
  new Date(NaN),
  new Map([['id', 'a']]),
  /a/,
  new Uint8Array(4),
);

const fates: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: mutation },
    fc.tuple(mutation, odd).map(([each, value]) => ({ ...each, kind: 'retype' as const, value })),
  ),
  { maxLength: 3 },
);

/** Puts values past every check, as an older version, another page or a broken disk would leave them. */
async function lay(database: IDBDatabase, values: readonly unknown[]): Promise<void> {
  const transaction = database.transaction('records', 'readwrite');
  const records = transaction.objectStore('records');
  records.clear();
  values.forEach((value, at) =>
    records.put(value, at === 0 ? ['interview', ID] : ['turn', ID, 'abcd'[at - 1] ?? '']),
  );
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(new Error('The values were not stored', { cause: transaction.error }));
    };
  });
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('records');
    };
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(new Error('The database did not open'));
    };
  });
}

/** An interview that goes on over what the store gave. */
async function goOn(stored: StoredInterview): Promise<void> {
  const clock = new FakeClock(10_000);
  const store = new MemoryStore();
  const transcript = new Transcript({ store, clock, ...stored });
  const ids = transcript.turns.map(({ id }) => id);
  expect(new Set(ids).size, 'each turn once').to.equal(ids.length);
  expect(ids, "nobody else's turns").to.have.length.below(EACH);
  expect(
    transcript.turns.every(({ status }) => status !== 'partial'),
    'nothing is left under way',
  ).to.be.true;
  transcript.seal();
  transcript.put(turn('new', { status: 'final', text: 'And on.', startedAtMs: 99_000 }));
  transcript.mark('new', { act: 'ask', questionId: 'q2' });
  expect(transcript.turns.at(-1), 'the new turn is the last').to.include({ id: 'new', act: 'ask' });
  const numbers = transcript.turns.map(({ n }) => n);
  expect(
    numbers.filter((n) => n === transcript.turns.at(-1)?.n),
    'with a number of its own',
  ).to.have.length(1);
  exportJson(transcript.record, transcript.turns);
  const closing = transcript.close();
  await clock.advanceAsync(60_000);
  await closing;
  const again = await store.load(stored.record.interviewId);
  expect(
    again?.turns.map(({ id }) => id),
    'all of it is written',
  ).to.include('new');
  await transcript.erase();
  expect(await store.load(stored.record.interviewId), 'and can be erased').to.equal(undefined);
}

describe('stored records gone wrong', () => {
  const escapes = new Escapes();
  const store = new IndexedDbStore(DATABASE);
  let database: IDBDatabase;
  before(async () => {
    escapes.start();
    database = await openDatabase();
  });
  after(async () => {
    escapes.stop();
    database.close();
    await store.close();
    indexedDB.deleteDatabase(DATABASE);
  });

  it('go on as they were when nothing is wrong', async () => {
    await lay(database, sound);
    const stored = await store.load(ID);
    expect(stored?.turns).to.deep.equal(sound.slice(1).map((each) => withoutVersion(each)));
    expect(store.malformed).to.equal(0);
    await goOn(stored!);
  });

  it(`are skipped and counted, and the interview goes on over the rest: ${RECORDS} mutated records`, async () => {
    let touched = 0;
    const told = { given: 0, skipped: 0 };
    await fc.assert(
      fc.asyncProperty(fc.tuple(fates, fates, fates, fates, fates), async (all) => {
        touched += all.filter((mutations) => mutations.length > 0).length;
        const values = sound.map((value, at) => mutated(value, all[at] ?? []));
        await lay(database, values);
        const before = store.malformed;
        const stored = await store.load(ID).catch((cause: unknown) => {
          // What looks like a version of tomorrow is left alone.
          if (cause instanceof InterviewError && cause.code === 'storage-unavailable')
            return 'newer' as const;
          throw cause;
        });
        const skipped = store.malformed - before;
        told.skipped += skipped;
        if (stored === 'newer') expect(skipped).to.be.below(EACH);
        else if (stored) {
          told.given++;
          expect(stored.turns.length + skipped, 'given or counted').to.equal(EACH - 1);
          await goOn(stored);
          // What was stored as nothing cannot be told from what was never stored.
        } else expect(skipped, 'the record is counted').to.be.within(values[0] === undefined ? 0 : 1, EACH);
        await store.eraseFinishedBefore(1e15);
        await escapes.check();
      }),
      { numRuns: Math.ceil((RECORDS / EACH) * 1.6), includeErrorInReport: true },
    );
    expect(touched).to.be.at.least(RECORDS);
    expect(told.given, 'interviews that go on').to.be.above(10);
    expect(told.skipped, 'records that do not').to.be.above(100);
  });
});
