import { expect } from '@open-wc/testing';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import { Delivery, type DeliveryOptions, type DeliveryState } from '../../src/transcript/delivery.js';
import type { TranscriptMessage } from '../../src/transcript/delivery-message.js';
import { IndexedDbStore } from '../../src/transcript/indexeddb-store.js';
import { MemoryStore } from '../../src/transcript/memory-store.js';
import { IndexedDbOutbox, memoryOutbox, type Outbox, type OutboxEntry } from '../../src/transcript/outbox.js';
import { httpPost } from '../../src/transcript/post-message.js';
import { Transcript } from '../../src/transcript/transcript.js';
import { record, turn } from './watched-store.js';

const live = { ...record, originEpochMs: Date.UTC(2026, 10, 22) };

interface Request {
  readonly at: number;
  readonly message: TranscriptMessage;
  readonly init: RequestInit;
}

/** The host's endpoint at the border: a test says what it answers, and it notes what came. */
class FakeHost {
  readonly requests: Request[] = [];
  readonly received = new Map<string, TranscriptMessage>();
  atOnce = 0;
  mostAtOnce = 0;
  answer: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 204 });
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  readonly fetch: typeof fetch = async (url, init = {}) => {
    expect(url).to.equal('/api/transcript');
    const message = JSON.parse(init.body as string) as TranscriptMessage;
    const request = { at: this.#clock.now(), message, init };
    this.requests.push(request);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    try {
      const response = await this.answer(request);
      if (response.ok) this.received.set(message.key, message);
      return response;
    } finally {
      this.atOnce--;
    }
  };

  get words(): string[] {
    return this.requests.map(({ message }) => wordsOf(message));
  }

  get keys(): string[] {
    return this.requests.map(({ message }) => message.key);
  }
}

function wordsOf(message: TranscriptMessage): string {
  switch (message.kind) {
    case 'turn':
      return `${message.turn.status}: ${message.turn.text}`;
    case 'removed':
      return `removed ${message.turnId}`;
    case 'end':
      return `end ${message.reason} after ${message.turns}`;
  }
}

/** What a page that is killed leaves behind. */
class KeptOutbox implements Outbox {
  readonly entries = new Map<string, OutboxEntry>();
  trouble: (() => Promise<void>) | undefined;

  async load(): Promise<readonly OutboxEntry[]> {
    await this.trouble?.();
    return [...this.entries.values()];
  }

  async put(entry: OutboxEntry): Promise<void> {
    await this.trouble?.();
    this.entries.set(entry.subject, entry);
  }
}

async function stage(options: Partial<DeliveryOptions> & { clock?: FakeClock; host?: FakeHost } = {}) {
  const clock = options.clock ?? new FakeClock();
  const host = options.host ?? new FakeHost(clock);
  const delivery = await Delivery.open({
    outbox: memoryOutbox,
    post: httpPost({ url: '/api/transcript', clock, fetch: host.fetch, wallNow: () => 0 }),
    random: () => 0.5,
    ...options,
    clock,
  });
  const states: DeliveryState[] = [];
  delivery.events.on('state', (state) => states.push(state));
  const transcript = new Transcript({ store: new MemoryStore(), clock, record: live });
  return { clock, host, delivery, states, transcript };
}

let last: string | null = null;
const say = (
  transcript: Transcript,
  id: string,
  text: string,
  status: 'final' | 'failed' = 'final',
): void => {
  transcript.put(turn(id, { afterId: last, text, status }));
  last = id;
};

describe('Delivery', () => {
  beforeEach(() => {
    last = null;
  });

  it('posts every settled turn and the end, in order, one at a time', async () => {
    const { clock, host, delivery, transcript } = await stage();
    host.answer = async () => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 400));
      return new Response(null, { status: 204 });
    };
    const undo = delivery.follow(transcript);
    transcript.put(turn('partial', { afterId: null, text: 'I was' }));
    await clock.advanceAsync(1000);
    expect(host.requests, 'what is not settled is not told').to.deep.equal([]);
    transcript.put(turn('partial', { afterId: null, text: 'I was there', status: 'final' }));
    last = 'partial';
    say(transcript, 'b', 'Who was with you?');
    say(transcript, 'c', 'Tom.');
    transcript.update({ status: 'finished', endReason: 'completed', endedEpochMs: Date.UTC(2026, 10, 23) });
    undo();
    await clock.advanceAsync(5000);
    expect(host.words).to.deep.equal([
      'final: I was there',
      'final: Who was with you?',
      'final: Tom.',
      'end completed after 3',
    ]);
    expect(host.mostAtOnce).to.equal(1);
    expect(host.requests.map(({ message }) => message.sequence)).to.deep.equal([1, 2, 3, 4]);
    const [first] = host.requests;
    expect(first?.message).to.deep.equal({
      version: 1,
      key: host.keys[0],
      sequence: 1,
      interviewId: 'study/p-017',
      guideId: 'study',
      participant: 'p-017',
      startedAt: '2026-11-22T00:00:00.000Z',
      kind: 'turn',
      turn: transcript.turns[0],
    });
    expect(first?.init).to.deep.include({ method: 'POST', credentials: 'same-origin', keepalive: false });
    expect(first?.init.headers).to.deep.equal({
      'content-type': 'application/json',
      'idempotency-key': host.keys[0],
    });
    expect(delivery.state).to.deep.equal({ waiting: 0, refused: 0, failures: 0, isKept: true });
    await delivery.close();
    await transcript.close();
    expect(clock.pending).to.equal(0);
  });

  it('sends a correction under a new key, and what is the same not again', async () => {
    const { clock, host, delivery, transcript } = await stage();
    delivery.follow(transcript);
    say(transcript, 'a', '', 'failed');
    await clock.advanceAsync(1000);
    transcript.put(turn('a', { afterId: null, text: 'I was there', status: 'final' }));
    await clock.advanceAsync(1000);
    delivery.take(live, transcript.turns);
    await clock.advanceAsync(60_000);
    expect(host.words).to.deep.equal(['failed: ', 'final: I was there']);
    expect(new Set(host.keys).size).to.equal(2);
    await delivery.close();
  });

  it('takes back a turn that it told and that never happened', async () => {
    const { clock, host, delivery, transcript } = await stage();
    delivery.follow(transcript);
    say(transcript, 'a', 'Never heard');
    await clock.advanceAsync(1000);
    transcript.remove('a');
    await clock.advanceAsync(1000);
    expect(host.words).to.deep.equal(['final: Never heard', 'removed a']);
    await delivery.close();
  });

  it('tries again under the same key, waits longer each time, and keeps the order', async () => {
    const { clock, host, delivery, transcript } = await stage();
    delivery.follow(transcript);
    host.answer = () => new Response(null, { status: 500 });
    say(transcript, 'a', 'A');
    say(transcript, 'b', 'B');
    await clock.advanceAsync(6000);
    expect(host.requests.map(({ at }) => at)).to.deep.equal([250, 1000, 2500, 5500]);
    expect(new Set(host.keys).size).to.equal(1);
    expect(delivery.state).to.deep.include({ waiting: 2, failures: 4 });
    host.answer = () => new Response(null, { status: 200 });
    await clock.advanceAsync(10_000);
    expect(host.words.slice(-2)).to.deep.equal(['final: A', 'final: B']);
    expect(delivery.state).to.deep.include({ waiting: 0, failures: 0 });
    await delivery.close();
  });

  it('waits as long as the host asks, also when the page comes back or goes', async () => {
    const { clock, host, delivery, transcript } = await stage();
    delivery.follow(transcript);
    host.answer = () => new Response(null, { status: 429, headers: { 'retry-after': '90' } });
    say(transcript, 'a', 'A');
    await clock.advanceAsync(1000);
    delivery.wake();
    delivery.part();
    await clock.advanceAsync(89_000);
    expect(host.requests).to.have.length(1);
    host.answer = () => new Response(null, { status: 200 });
    await clock.advanceAsync(1000);
    expect(host.received.size).to.equal(1);
    await delivery.close();
  });

  it('does not try for ever what the host refuses: it tells it, keeps it and goes on', async () => {
    const outbox = new KeptOutbox();
    const { clock, host, delivery, transcript, states } = await stage({ outbox });
    delivery.follow(transcript);
    host.answer = ({ message }) => new Response(null, { status: message.sequence === 1 ? 422 : 200 });
    say(transcript, 'a', 'A');
    say(transcript, 'b', 'B');
    await clock.advanceAsync(86_400_000);
    expect(host.words).to.deep.equal(['final: A', 'final: B']);
    expect(delivery.state).to.deep.equal({
      waiting: 0,
      refused: 1,
      refusedStatus: 422,
      failures: 0,
      isKept: true,
    });
    expect(
      states.filter(({ refusedStatus }, n) => refusedStatus !== states[n - 1]?.refusedStatus),
    ).to.have.length(1);
    await delivery.close();

    const next = await stage({ outbox, clock });
    await clock.advanceAsync(0);
    expect(next.host.keys, 'when it is opened again').to.deep.equal([host.keys[0]]);
    expect(next.delivery.state.refused).to.equal(0);
    await next.delivery.close();
  });

  it('loses nothing in a day offline, and sends all of it once the browser is online', async () => {
    const { clock, host, delivery, transcript } = await stage();
    const undo = delivery.follow(transcript);
    host.answer = () => Promise.reject(new TypeError('Failed to fetch'));
    for (let n = 0; n < 24; n++) {
      say(transcript, `t${n}`, `${n}`);
      await clock.advanceAsync(3_600_000);
    }
    transcript.update({ status: 'finished', endReason: 'completed' });
    undo();
    expect(host.received.size).to.equal(0);
    expect(host.requests.length, 'about once a minute').to.be.within(1400, 2000);
    host.answer = () => new Response(null, { status: 200 });
    const before = clock.now();
    delivery.wake();
    await clock.advanceAsync(0);
    expect(clock.now()).to.equal(before);
    expect([...host.received.values()].map(wordsOf)).to.deep.equal([
      ...Array.from({ length: 24 }, (_, n) => `final: ${n}`),
      'end completed after 24',
    ]);
    await delivery.close();
  });

  it('gives up a request that is not answered, and tries again', async () => {
    const { clock, host, delivery, transcript } = await stage();
    delivery.follow(transcript);
    host.answer = () => new Promise<Response>(() => undefined);
    say(transcript, 'a', 'A');
    await clock.advanceAsync(30_250);
    expect(host.requests[0]?.init.signal?.aborted).to.be.true;
    expect(delivery.state.failures).to.equal(1);
    await clock.advanceAsync(1000);
    expect(host.keys).to.deep.equal([host.keys[0], host.keys[0]]);
    await delivery.close();
  });

  it('sends all that fits in requests that outlive the page when it is hidden, and nothing twice', async () => {
    let isHidden = false;
    const { clock, host, delivery, transcript } = await stage({ isPageHidden: () => isHidden });
    delivery.follow(transcript);
    say(transcript, 'a', 'A');
    say(transcript, 'b', 'x'.repeat(60_000));
    say(transcript, 'c', 'C');
    isHidden = true;
    delivery.part();
    delivery.part();
    expect(host.requests.map(({ init }) => init.keepalive)).to.deep.equal([true, true]);
    expect(host.words, 'before anything is awaited').to.deep.equal(['final: A', 'final: C']);
    await clock.advanceAsync(1000);
    expect(host.requests).to.have.length(3);
    expect(host.requests[2]?.init.keepalive, 'too large to outlive a page').to.be.false;
    say(transcript, 'd', 'D');
    await clock.advanceAsync(1000);
    expect(host.requests.at(-1)?.init.keepalive, 'the page is still hidden').to.be.true;
    expect(new Set(host.keys).size).to.equal(4);
    await delivery.close();
  });

  it('sends what is on its way once more when the page goes, under the same key', async () => {
    const { clock, host, delivery, transcript } = await stage();
    delivery.follow(transcript);
    let answer: (response: Response) => void = () => undefined;
    host.answer = () => new Promise((resolve) => (answer = resolve));
    say(transcript, 'a', 'A');
    await clock.advanceAsync(300);
    host.answer = () => new Response(null, { status: 409 });
    delivery.part();
    expect(host.keys).to.deep.equal([host.keys[0], host.keys[0]]);
    expect(host.requests[1]?.init.keepalive).to.be.true;
    answer(new Response(null, { status: 200 }));
    await clock.advanceAsync(60_000);
    expect(host.requests).to.have.length(2);
    expect(delivery.state).to.deep.include({ waiting: 0, refused: 0 });
    await delivery.close();
  });

  it('does not count a page that goes offline as many failures', async () => {
    const { clock, host, delivery, transcript } = await stage();
    delivery.follow(transcript);
    host.answer = () => Promise.reject(new TypeError('Failed to fetch'));
    for (const id of ['a', 'b', 'c', 'd']) say(transcript, id, id);
    delivery.part();
    await settle();
    expect(delivery.state).to.deep.include({ waiting: 4, failures: 1 });
    await delivery.close();
    await transcript.close();
    await settle();
    expect(clock.pending).to.equal(0);
  });

  it('goes on in memory where the outbox fails, and says so', async () => {
    const outbox = new KeptOutbox();
    outbox.trouble = () => Promise.reject(new Error('blocked'));
    const { clock, host, delivery, transcript } = await stage({ outbox });
    expect(delivery.state.isKept).to.be.false;
    delivery.follow(transcript);
    say(transcript, 'a', 'A');
    await clock.advanceAsync(1000);
    expect(host.words).to.deep.equal(['final: A']);
    await delivery.close();
  });

  it('writes what the outbox could not take once it takes something again, and says so', async () => {
    const outbox = new KeptOutbox();
    const { clock, delivery, states, transcript } = await stage({ outbox });
    delivery.follow(transcript);
    outbox.trouble = () => Promise.reject(new Error('full'));
    say(transcript, 'a', 'A');
    say(transcript, 'b', 'B');
    await clock.advanceAsync(1000);
    expect(delivery.state.isKept).to.be.false;
    expect(outbox.entries.size).to.equal(0);
    outbox.trouble = undefined;
    say(transcript, 'c', 'C');
    await clock.advanceAsync(1000);
    expect(Array.from(outbox.entries.values(), ({ state }) => state)).to.deep.equal(
      ['delivered', 'delivered', 'delivered'],
      'what was delivered meanwhile is not sent again by the next page',
    );
    expect(
      states.map(({ isKept }) => isKept).filter((isKept, at, all) => isKept !== all[at - 1]),
    ).to.deep.equal([true, false, true]);
    await delivery.close();
    expect(clock.pending).to.equal(0);
  });

  it('does not wait for ever for an outbox that hangs', async () => {
    const outbox = new KeptOutbox();
    const { clock, host, delivery, transcript } = await stage({ outbox });
    outbox.trouble = () => new Promise(() => undefined);
    delivery.follow(transcript);
    say(transcript, 'a', 'A');
    await clock.advanceAsync(5250);
    expect(host.words).to.deep.equal(['final: A']);
    expect(delivery.state.isKept).to.be.false;
    const closed = delivery.close();
    await clock.advanceAsync(5000);
    await closed;
    expect(clock.pending).to.equal(0);
  });

  it('is silent once the interview is erased, though something is on its way', async () => {
    const outbox = new KeptOutbox();
    const { clock, host, delivery, transcript } = await stage({ outbox });
    const undo = delivery.follow(transcript);
    host.answer = () => new Promise<Response>(() => undefined);
    say(transcript, 'a', 'A');
    await clock.advanceAsync(300);
    await delivery.forget();
    outbox.entries.clear();
    expect(host.requests[0]?.init.signal?.aborted).to.be.true;
    say(transcript, 'b', 'B');
    undo();
    delivery.part();
    delivery.wake();
    await clock.advanceAsync(3_600_000);
    expect(host.requests).to.have.length(1);
    expect(outbox.entries.size).to.equal(0);
    await delivery.close();
  });

  it('leaves no timer behind when it is closed, and closing twice is quiet', async () => {
    const { clock, host, delivery, transcript } = await stage();
    const undo = delivery.follow(transcript);
    host.answer = () => new Response(null, { status: 503 });
    say(transcript, 'a', 'A');
    await clock.advanceAsync(300);
    undo();
    await delivery.close();
    await delivery.close();
    await transcript.close();
    await settle();
    expect(clock.pending).to.equal(0);
  });

  it('ends its opening with the reason of an abort', async () => {
    const outbox = new KeptOutbox();
    outbox.trouble = () => new Promise(() => undefined);
    const controller = new AbortController();
    const clock = new FakeClock();
    const post = httpPost({ url: '/', clock });
    const opening = Delivery.open({ outbox, post, clock }, { signal: controller.signal }).catch(
      (e: unknown) => e,
    );
    controller.abort('gone');
    expect(await opening).to.equal('gone');
    expect(clock.pending).to.equal(0);
  });

  describe('with its outbox in the database', () => {
    const DATABASE = 'ai-interview-delivery-test';
    const open: IndexedDbStore[] = [];
    const openStore = (): IndexedDbStore => {
      const store = new IndexedDbStore(DATABASE);
      open.push(store);
      return store;
    };
    const written = async (done: () => boolean): Promise<void> => {
      const store = openStore();
      for (let look = 0; !done() && look < 200; look++) await new IndexedDbOutbox(store, 'none').load();
    };
    afterEach(async () => {
      for (const store of open.splice(0)) await store.close();
      await new Promise((resolve) => (indexedDB.deleteDatabase(DATABASE).onsuccess = resolve));
    });

    it('sends again under the same key what a page was killed with between sending and marking', async () => {
      const clock = new FakeClock();
      const first = await stage({ clock, outbox: new IndexedDbOutbox(openStore(), live.interviewId) });
      first.host.answer = () => new Promise<Response>(() => undefined);
      first.delivery.follow(first.transcript);
      say(first.transcript, 'a', 'A');
      say(first.transcript, 'b', 'B');
      await clock.advanceAsync(250);
      await written(() => first.host.requests.length > 0);
      expect(first.host.words).to.deep.equal(['final: A']);
      // The page is killed here: nobody closes anything. What it sent has arrived.

      const second = await stage({ clock, outbox: new IndexedDbOutbox(openStore(), live.interviewId) });
      second.delivery.take(live, first.transcript.turns);
      await written(() => second.host.received.size === 2);
      expect(second.host.words).to.deep.equal(['final: A', 'final: B']);
      expect(second.host.keys[0]).to.equal(first.host.keys[0]);
      await second.delivery.close();

      const third = await stage({ clock, outbox: new IndexedDbOutbox(openStore(), live.interviewId) });
      third.delivery.take(live, first.transcript.turns);
      await clock.advanceAsync(3_600_000);
      expect(third.host.requests, 'all was delivered').to.deep.equal([]);
      await third.delivery.close();
    });

    it('sends nothing twice after the database was deleted in mid-interview', async () => {
      const clock = new FakeClock();
      const outbox = new IndexedDbOutbox(openStore(), live.interviewId);
      const { host, delivery, transcript } = await stage({ clock, outbox });
      const undo = delivery.follow(transcript);
      say(transcript, 'a', 'A');
      await clock.advanceAsync(250);
      await written(() => delivery.state.waiting === 0);
      for (const store of open.splice(1)) await store.close();
      await new Promise((resolve) => (indexedDB.deleteDatabase(DATABASE).onsuccess = resolve));
      say(transcript, 'b', 'B');
      await clock.advanceAsync(250);
      await written(() => host.requests.length === 2 && delivery.state.waiting === 0);
      undo();
      await delivery.close();
      expect((await outbox.load()).map(({ state }) => state)).to.deep.equal(['delivered', 'delivered']);

      // Nobody holds an interview any more: what is deleted now stays so.
      for (const store of open.splice(1)) await store.close();
      await new Promise((resolve) => (indexedDB.deleteDatabase(DATABASE).onsuccess = resolve));
      expect(await outbox.load()).to.deep.equal([]);
    });

    it('keeps no words of what was delivered, and nothing once the interview is erased', async () => {
      const store = openStore();
      const outbox = new IndexedDbOutbox(store, live.interviewId);
      const other = new IndexedDbOutbox(store, 'another');
      const entry: OutboxEntry = {
        subject: 's',
        sequence: 1,
        key: 'k',
        fingerprint: 7,
        state: 'waiting',
        body: '{"kind":"removed","turnId":"private words"}',
      };
      await outbox.put(entry);
      await other.put(entry);
      const { delivery, host } = await stage({ outbox });
      await written(() => host.requests.length > 0);
      await settle();
      await delivery.close();
      expect(await outbox.load()).to.deep.equal([{ ...entry, state: 'delivered', body: '' }]);
      await store.erase(live.interviewId, { keepOutbox: true });
      expect(await outbox.load()).to.have.length(1);
      await store.erase(live.interviewId);
      expect(await outbox.load()).to.deep.equal([]);
      expect(await other.load()).to.deep.equal([entry]);
    });

    it('leaves nothing in the outbox of an interview whose retention is over', async () => {
      const store = openStore();
      const outbox = new IndexedDbOutbox(store, live.interviewId);
      await store.putRecord({ ...live, status: 'finished', endedEpochMs: 5 });
      await outbox.put({ subject: 's', sequence: 1, key: 'k', fingerprint: 7, state: 'waiting', body: '{}' });
      await store.eraseFinishedBefore(6);
      expect(await outbox.load()).to.deep.equal([]);
    });

    it('leaves out entries that make no sense', async () => {
      const store = openStore();
      const outbox = new IndexedDbOutbox(store, live.interviewId);
      const entry: OutboxEntry = {
        subject: 's',
        sequence: 1,
        key: 'k',
        fingerprint: 7,
        state: 'waiting',
        body: '{}',
      };
      await outbox.put(entry);
      for (const [n, bad] of [
        null,
        'x',
        {},
        { version: 2, ...entry },
        { version: 1, ...entry, key: '' },
      ].entries()) {
        await store.use('readwrite', (records) => {
          records.put(bad, ['outbox', live.interviewId, `bad${n}`]);
        });
      }
      expect(await outbox.load()).to.deep.equal([entry]);
    });
  });
});
