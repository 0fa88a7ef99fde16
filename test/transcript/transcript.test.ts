import { expect } from '@open-wc/testing';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import { Transcript, type TranscriptEvents } from '../../src/transcript/transcript.js';
import { record, turn, WatchedStore } from './watched-store.js';

const never = (): Promise<void> => new Promise(() => undefined);
const full = (): Promise<void> => Promise.reject(new DOMException('full', 'QuotaExceededError'));

function setUp(): { clock: FakeClock; store: WatchedStore; transcript: Transcript } {
  const clock = new FakeClock();
  const store = new WatchedStore(clock);
  return { clock, store, transcript: new Transcript({ store, clock, record }) };
}

/** The same interview in a page that was loaded anew. */
async function reload(store: WatchedStore, clock: FakeClock): Promise<Transcript> {
  const stored = await store.load(record.interviewId);
  if (!stored) throw new Error('Expected an interview in the store');
  return new Transcript({ store, clock, ...stored });
}

/** Every event from now on, in words. */
function listen(transcript: Transcript): string[] {
  const told: string[] = [];
  transcript.events.on('turn', ({ id, status }) => told.push(`turn ${id} ${status}`));
  transcript.events.on('caption', ({ id, text }) => told.push(`caption ${id} ${text}`));
  transcript.events.on('storage', ({ kind, error }) => told.push(`storage ${kind} ${error?.code ?? 'fine'}`));
  return told;
}

describe('Transcript, in memory', () => {
  it('keeps what was typed and still waited when its page went, as it was typed', async () => {
    const { clock, store, transcript } = setUp();
    transcript.put(turn('typed', { medium: 'text', text: 'Maria met me.' }));
    await transcript.flush();
    const [reloaded] = (await reload(store, clock)).turns;
    expect(reloaded).to.include({ status: 'final', text: 'Maria met me.' });
  });

  it('tells captions as the text grows, and the turn once it is settled', () => {
    const { transcript } = setUp();
    const told = listen(transcript);
    transcript.put(turn('a', { afterId: null }));
    transcript.put(turn('a', { afterId: null, text: 'I was' }));
    transcript.put(turn('a', { afterId: null, text: 'I was' }));
    transcript.put(turn('a', { afterId: null, text: 'I was there.', status: 'final' }));
    transcript.put(turn('a', { afterId: null, text: 'I was there.', status: 'final', endedAtMs: 9 }));
    transcript.put(turn('b', { status: 'failed' }));
    expect(told).to.deep.equal([
      'caption a I was',
      'caption a I was there.',
      'turn a final',
      'turn b failed',
    ]);
  });

  it('tells a gap again whose words came after all', () => {
    const { transcript } = setUp();
    const told = listen(transcript);
    transcript.put(turn('a', { status: 'failed' }));
    transcript.put(turn('a', { status: 'final', text: 'Late.' }));
    transcript.put(turn('a', { status: 'partial', text: 'Lat' }));
    expect(told).to.deep.equal(['turn a failed', 'caption a Late.', 'turn a final']);
  });

  it('tells of a change exactly when `turns` is another array', () => {
    const { transcript } = setUp();
    const seen: TranscriptEvents['change'][] = [];
    transcript.events.on('change', (turns) => seen.push(turns));
    transcript.put(turn('a', { afterId: null }));
    transcript.put(turn('a', { afterId: null }));
    transcript.mark('a', { questionId: 'q1' });
    transcript.mark('a', { questionId: 'q1' });
    transcript.remove('b');
    transcript.remove('a');
    expect(seen.map((turns) => turns.length)).to.deep.equal([1, 1, 0]);
    expect(new Set(seen).size).to.equal(3);
    expect(seen.at(-1)).to.equal(transcript.turns);
  });

  it('is consistent for a listener that marks a turn while it is told', () => {
    const { transcript } = setUp();
    transcript.events.on('turn', ({ id }) => {
      transcript.mark(id, { act: 'ask' });
    });
    transcript.put(turn('a', { status: 'final', text: 'What?' }));
    expect(transcript.turns).to.have.length(1);
    expect(transcript.turns[0]).to.include({ act: 'ask', text: 'What?' });
  });
});

describe('Transcript, writing', () => {
  it('writes a growing turn at most four times a second, and at once when it is final', async () => {
    const { clock, store, transcript } = setUp();
    let text = '';
    for (let ms = 0; ms < 2000; ms += 20) {
      text += 'word ';
      transcript.put(turn('a', { afterId: null, text }));
      await clock.advanceAsync(20);
    }
    expect(store.writesOf('a')).to.deep.equal([0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000]);
    await clock.advanceAsync(10);
    transcript.put(turn('a', { afterId: null, text: 'All of it.', status: 'final' }));
    await settle();
    expect(store.writesOf('a').at(-1)).to.equal(2010);
    expect(store.writes.at(-1)?.turn).to.include({ text: 'All of it.', status: 'final' });
    await clock.advanceAsync(1000);
    expect(store.writesOf('a')).to.have.length(10);
    expect(clock.pending).to.equal(0);
  });

  it('writes the record before the first turn, and again only when it changes', async () => {
    const { clock, store, transcript } = setUp();
    await clock.advanceAsync(1000);
    expect(store.writes).to.deep.equal([]);
    transcript.put(turn('a', { afterId: null }));
    transcript.put(turn('b', { afterId: 'a' }));
    await clock.advanceAsync(1000);
    expect(store.writes.map(({ what }) => what)).to.deep.equal(['record', 'a', 'b']);
    transcript.update({ status: 'finished', endReason: 'completed' });
    await settle();
    expect(store.writesOf('record')).to.deep.equal([1000, 2000]);
    expect((await store.load(record.interviewId))?.record).to.include({
      status: 'finished',
      guideId: 'study',
    });
  });

  it('writes as many records for a change late in a long interview as early in it', async () => {
    const { clock, store, transcript } = setUp();
    const costs: number[] = [];
    for (let n = 0; n < 300; n++) {
      const before = store.writes.length;
      transcript.put(turn(`t${n}`, { afterId: n === 0 ? null : `t${n - 1}`, text: 'x', status: 'final' }));
      await clock.advanceAsync(300);
      costs.push(store.writes.length - before);
    }
    expect(costs.slice(1).every((cost) => cost === 1)).to.equal(true);
  });

  it('writes everything that waits when it is flushed', async () => {
    const { clock, store, transcript } = setUp();
    transcript.put(turn('a', { afterId: null, text: 'I' }));
    await clock.advanceAsync(10);
    transcript.put(turn('a', { afterId: null, text: 'I was' }));
    await transcript.flush();
    expect(store.writesOf('a')).to.deep.equal([0, 10]);
    expect(clock.pending).to.equal(0);
  });

  it('removes a removed turn from the store and writes the new links of what followed', async () => {
    const { store, transcript, clock } = setUp();
    transcript.put(turn('a', { afterId: null }));
    transcript.put(turn('b', { afterId: 'a' }));
    transcript.put(turn('c', { afterId: 'b' }));
    await transcript.flush();
    transcript.remove('b');
    await clock.advanceAsync(300);
    const stored = await store.load(record.interviewId);
    expect(stored?.turns.map(({ id, afterId }) => `${afterId ?? '·'}>${id}`)).to.deep.equal(['·>a', 'a>c']);
  });

  it('writes nothing after it was closed', async () => {
    const { clock, store, transcript } = setUp();
    transcript.put(turn('a', { afterId: null }));
    await transcript.close();
    const count = store.writes.length;
    transcript.put(turn('a', { afterId: null, status: 'final', text: 'Late.' }));
    await clock.advanceAsync(1000);
    expect(transcript.turns[0]).to.include({ text: 'Late.' });
    expect(store.writes).to.have.length(count);
    expect(clock.pending).to.equal(0);
  });
});

describe('Transcript.saved', () => {
  it('resolves once the newest of the turn is written, without waiting for its time', async () => {
    const { clock, store, transcript } = setUp();
    transcript.put(turn('a', { afterId: null }));
    await transcript.saved('a');
    transcript.put(turn('a', { afterId: null, text: 'I was' }));
    await transcript.saved('a');
    expect(store.writes.at(-1)?.turn).to.include({ text: 'I was' });
    expect(clock.now()).to.equal(0);
    expect(clock.pending).to.equal(0);
  });

  it('resolves at 100 ms when the store does not answer', async () => {
    const { clock, store, transcript } = setUp();
    store.trouble = never;
    transcript.put(turn('a', { afterId: null }));
    let isOver = false;
    void transcript.saved('a').then(() => (isOver = true));
    await clock.advanceAsync(99);
    expect(isOver).to.equal(false);
    await clock.advanceAsync(1);
    expect(isOver).to.equal(true);
  });

  it('resolves at once for a turn that cannot be written, or that nobody told', async () => {
    const { clock, store, transcript } = setUp();
    store.trouble = full;
    transcript.put(turn('a', { afterId: null }));
    await transcript.saved('a');
    await transcript.saved('nobody');
    expect(clock.now()).to.equal(0);
    expect(clock.pending).to.equal(0);
  });
});

describe('Transcript, on a failing store', () => {
  it('goes on in memory and says so once', async () => {
    const { clock, store, transcript } = setUp();
    const told = listen(transcript);
    store.trouble = full;
    for (let n = 0; n < 5; n++) {
      transcript.put(turn(`t${n}`, { afterId: n === 0 ? null : `t${n - 1}`, text: 'x', status: 'final' }));
      await clock.advanceAsync(300);
    }
    await transcript.flush();
    expect(transcript.turns).to.have.length(5);
    expect(told.filter((event) => event.startsWith('storage'))).to.deep.equal([
      'storage memory storage-full',
    ]);
  });

  it('says so when storage fails in the middle, and brings everything home when it works again', async () => {
    const { clock, store, transcript } = setUp();
    const told = listen(transcript);
    transcript.put(turn('a', { afterId: null, status: 'final', text: 'one' }));
    await clock.advanceAsync(300);
    store.trouble = () => Promise.reject(new DOMException('gone', 'InvalidStateError'));
    transcript.put(turn('b', { afterId: 'a', status: 'final', text: 'two' }));
    await clock.advanceAsync(300);
    store.trouble = undefined;
    transcript.put(turn('c', { afterId: 'b', status: 'final', text: 'three' }));
    await clock.advanceAsync(300);
    expect(told.filter((event) => event.startsWith('storage'))).to.deep.equal([
      'storage memory storage-unavailable',
      'storage memory fine',
    ]);
    const stored = await store.load(record.interviewId);
    expect(stored?.turns.map(({ text }) => text).sort()).to.deep.equal(['one', 'three', 'two']);
  });
});

describe('Transcript, after a reload', () => {
  it('goes on with numbers, marks and order, joined across connections', async () => {
    const { clock, store, transcript } = setUp();
    transcript.put(turn('a1', { speaker: 'interviewer', afterId: null, status: 'final', text: 'Hello' }));
    transcript.mark('a1', { act: 'opening' });
    transcript.put(turn('a2', { afterId: 'a1', status: 'final', text: 'Hi', startedAtMs: 10 }));
    transcript.seal();
    transcript.put(turn('b1', { afterId: null, status: 'final', text: 'And?', startedAtMs: 20 }));
    await transcript.flush();

    const later = await reload(store, clock);
    later.put(turn('c1', { afterId: null, status: 'final', text: 'So.', startedAtMs: 90 }));
    later.put(turn('c2', { afterId: 'c1', startedAtMs: 95 }));
    await later.flush();
    const last = await reload(store, clock);
    expect(last.turns.map(({ id, n, afterId }) => `${n} ${afterId ?? '·'}>${id}`)).to.deep.equal([
      '1 ·>a1',
      '2 a1>a2',
      '3 a2>b1',
      '4 b1>c1',
      '5 c1>c2',
    ]);
    expect(last.turns[0]).to.include({ act: 'opening' });
  });

  it('leaves a marked gap for what was under way, and nothing for a reply of which no word came', async () => {
    const { clock, store, transcript } = setUp();
    transcript.put(turn('q', { speaker: 'interviewer', afterId: null, status: 'final', text: 'When?' }));
    transcript.put(turn('p', { afterId: 'q' }));
    transcript.put(turn('r', { speaker: 'interviewer', afterId: 'p', text: 'I se' }));
    transcript.put(turn('s', { speaker: 'interviewer', afterId: 'r' }));
    await clock.advanceAsync(300);

    const later = await reload(store, clock);
    expect(later.turns.map(({ id, status, text }) => [id, status, text])).to.deep.equal([
      ['q', 'final', 'When?'],
      ['p', 'failed', ''],
      ['r', 'failed', 'I se'],
    ]);
    await later.flush();
    const stored = await store.load(record.interviewId);
    expect(stored?.turns.map(({ id, status }) => `${id} ${status}`).sort()).to.deep.equal([
      'p failed',
      'q final',
      'r failed',
    ]);
  });
});

describe('Transcript.erase', () => {
  it('removes everything, and nothing that comes later brings it back', async () => {
    const { clock, store, transcript } = setUp();
    transcript.put(turn('a', { afterId: null, text: 'I' }));
    await clock.advanceAsync(10);
    transcript.put(turn('a', { afterId: null, text: 'I was' }));
    await transcript.erase();
    expect(transcript.turns).to.deep.equal([]);
    transcript.put(turn('a', { afterId: null, text: 'I was there.', status: 'final' }));
    transcript.put(turn('b', { afterId: 'a' }));
    transcript.mark('a', { act: 'answer' });
    transcript.update({ status: 'finished' });
    await transcript.flush();
    await clock.advanceAsync(1000);
    expect(transcript.turns).to.deep.equal([]);
    expect(await store.load(record.interviewId)).to.equal(undefined);
    expect(store.writes.at(-1)?.what).to.equal('erased');
    expect(clock.pending).to.equal(0);
  });

  it('says when the store could not do it, or did not answer', async () => {
    for (const [trouble, code] of [
      [full, 'storage-full'],
      [never, 'storage-unavailable'],
    ] as const) {
      const { clock, store, transcript } = setUp();
      store.trouble = trouble;
      const failure = transcript.erase().then(
        () => undefined,
        (error: unknown) => error,
      );
      await clock.advanceAsync(5000);
      expect(await failure).to.include({ name: 'InterviewError', code });
      expect(clock.pending).to.equal(0);
    }
  });
});
