import { expect } from '@open-wc/testing';
import type { InterviewSessionOptions } from '../../src/session/session-options.js';
import { InterviewSession } from '../../src/session.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { FakeDialogue } from '../../src/testing/fake-dialogue.js';
import type { TranscriptMessage } from '../../src/transcript/delivery-message.js';
import { IndexedDbStore } from '../../src/transcript/indexeddb-store.js';
// What is loaded on demand takes real time, and here the clock is a fake one: it is loaded before.
import '../../src/session/open-delivery.js';
import '../../src/session/interview-run.js';

const DATABASE = 'ai-interview-session-delivery-test';
const guide = {
  version: 1,
  id: 'study',
  opening: { say: 'Thank you for taking part.' },
  sections: [{ id: 'only', questions: [{ id: 'q1', ask: 'What do you remember of your first day?' }] }],
  closing: { say: 'That was all. Thank you.' },
};

describe('InterviewSession with a transcript URL', () => {
  const realFetch = globalThis.fetch;
  const open: IndexedDbStore[] = [];
  const sessions: InterviewSession[] = [];
  let received: TranscriptMessage[] = [];
  let isOnline = true;

  beforeEach(() => {
    received = [];
    isOnline = true;
    globalThis.fetch = (url, init) => {
      expect(url).to.equal('/transcripts');
      if (!isOnline) return Promise.reject(new TypeError('Failed to fetch'));
      received.push(JSON.parse(init?.body as string) as TranscriptMessage);
      return Promise.resolve(new Response(null, { status: 204 }));
    };
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.close();
    globalThis.fetch = realFetch;
    for (const store of open.splice(0)) await store.close();
    await new Promise((resolve) => (indexedDB.deleteDatabase(DATABASE).onsuccess = resolve));
  });

  function stage(options: Partial<InterviewSessionOptions> = {}) {
    const clock = new FakeClock();
    const storage = new IndexedDbStore(DATABASE);
    open.push(storage);
    const session = new InterviewSession({
      guide,
      dialogue: new FakeDialogue({ clock }),
      clock,
      participant: 'p-1',
      mode: 'text',
      output: 'text',
      storage,
      transcriptUrl: '/transcripts',
      ...options,
    });
    sessions.push(session);
    return { clock, session, storage };
  }

  /** The database answers in its own time; the clock goes on a little with every look. */
  async function until(what: string, clock: FakeClock, holds: () => boolean): Promise<void> {
    const idle = new IndexedDbStore(DATABASE);
    for (let look = 0; look < 400 && !holds(); look++) {
      await idle.load('nobody');
      await clock.advanceAsync(20);
    }
    await idle.close();
    expect(holds(), what).to.be.true;
  }

  async function interview({ clock, session }: ReturnType<typeof stage>): Promise<void> {
    await session.start();
    await until('the question', clock, () => session.transcript.length > 0);
    const answered = session.sendText('Maria met me at the door, and we set up my laptop together.');
    await until('the end', clock, () => session.status === 'ended');
    await answered;
  }

  const words = (): string[] =>
    received.map((message) => {
      if (message.kind === 'turn') return `${message.turn.speaker}: ${message.turn.text}`;
      return message.kind === 'end' ? `end ${message.reason}` : `removed ${message.turnId}`;
    });

  it('posts the interview while it goes on, and its end', async () => {
    const { clock, session, storage } = stage();
    const waiting: number[] = [];
    session.addEventListener('delivery', ({ state }) => waiting.push(state.waiting));
    await interview({ clock, session, storage });
    await until('the delivery', clock, () => words().at(-1) === 'end completed');
    await until('its receipt', clock, () => session.delivery?.waiting === 0);
    const [end] = received.slice(-1);
    expect(words().slice(0, -1)).to.deep.equal(
      session.transcript.map(({ speaker, text }) => `${speaker}: ${text}`),
    );
    expect(end).to.deep.include({
      kind: 'end',
      turns: session.transcript.length,
      participant: 'p-1',
      guideId: 'study',
    });
    expect(waiting.at(-1)).to.equal(0);
    const told = received.length;
    await clock.advanceAsync(3_600_000);
    expect(received.length, 'nothing twice').to.equal(told);
  });

  it('posts the end of an interview that had failed before', async () => {
    const clock = new FakeClock();
    const dialogue = new FakeDialogue({ clock });
    const { session } = stage({ clock, dialogue });
    await session.start();
    await until('the question', clock, () => session.transcript.length > 0);
    dialogue.events.emit('status', { status: 'closed', previous: 'open' });
    await until('the failure', clock, () => session.status === 'failed');
    await until('what was said to arrive', clock, () => received.length === session.transcript.length);
    await session.end('host');
    await until('the end', clock, () => words().at(-1) === 'end host');
    expect(words().filter((each) => each.startsWith('end'))).to.deep.equal(['end host']);
  });

  it('delivers a finished interview of an offline day as soon as it is opened again', async () => {
    isOnline = false;
    const first = stage();
    await interview(first);
    await until('all to wait', first.clock, () => (first.session.delivery?.waiting ?? 0) > 3);
    const said = first.session.transcript.map(({ speaker, text }) => `${speaker}: ${text}`);
    await first.clock.advanceAsync(86_400_000);
    await first.session.close();
    expect(received).to.deep.equal([]);

    isOnline = true;
    const second = stage();
    expect((await second.session.load()).unfinished).to.be.false;
    await until('the delivery', second.clock, () => words().at(-1) === 'end completed');
    expect(words()).to.deep.equal([...said, 'end completed']);
    expect(second.session.status, 'nobody has started anything').to.equal('idle');
  });

  it('still owes the host what it had when the interview is begun anew', async () => {
    isOnline = false;
    const first = stage();
    await interview(first);
    await until('all to wait', first.clock, () => (first.session.delivery?.waiting ?? 0) > 3);
    await first.session.close();

    const second = stage();
    await second.session.start({ restore: false });
    await until('a new turn', second.clock, () => second.session.transcript.length > 0);
    await second.session.close();
    isOnline = true;
    const third = stage();
    await third.session.load();
    await until('both', third.clock, () => new Set(received.map(({ startedAt }) => startedAt)).size === 2);
    expect(words()).to.include('end completed');
  });

  it('never sends what was erased', async () => {
    isOnline = false;
    const first = stage();
    await first.session.start();
    await until('a turn to wait', first.clock, () => (first.session.delivery?.waiting ?? 0) > 0);
    await first.session.erase();
    isOnline = true;
    await first.clock.advanceAsync(86_400_000);
    const second = stage();
    await second.session.load();
    await until('the outbox to be read', second.clock, () => second.session.delivery !== undefined);
    await second.clock.advanceAsync(86_400_000);
    expect(received).to.deep.equal([]);
    const left = await first.storage.use(
      'readonly',
      (records) =>
        new Promise<unknown>((resolve) => {
          const request = records.getAllKeys();
          request.onsuccess = () => {
            resolve(request.result);
          };
        }),
    );
    expect(left).to.deep.equal([]);
  });

  const isHeld = async (): Promise<boolean> => {
    const { held = [] } = await navigator.locks.query();
    return held.some(({ name }) => name?.startsWith('ai-interview:'));
  };

  /** What the page is listened to for. */
  async function listeningWhile(work: () => Promise<void>): Promise<string[]> {
    const listening: string[] = [];
    const places = [window, document];
    const own = places.map((place) => place.addEventListener.bind(place));
    for (const [index, place] of places.entries())
      place.addEventListener = (type: string, callback: EventListener, options?: AddEventListenerOptions) => {
        const { signal } = options ?? {};
        if (signal) listening.push(type);
        signal?.addEventListener('abort', () => listening.splice(listening.indexOf(type), 1));
        own[index]?.(type, callback, options);
      };
    try {
      await work();
    } finally {
      for (const place of places) Reflect.deleteProperty(place, 'addEventListener');
    }
    return listening;
  }

  it('holds the interview until the host has received its end, and then no longer', async () => {
    isOnline = false;
    const { clock, session, storage } = stage();
    const listening = await listeningWhile(async () => {
      await interview({ clock, session, storage });
      await until('all to wait', clock, () => (session.delivery?.waiting ?? 0) > 3);
    });
    await clock.advanceAsync(1000);
    expect(await isHeld(), 'no other tab delivers it too').to.equal(true);
    expect(listening).to.have.members(['visibilitychange', 'pagehide', 'online']);
    isOnline = true;
    window.dispatchEvent(new Event('online'));
    await until('the delivery', clock, () => words().at(-1) === 'end completed');
    await until('nobody to listen', clock, () => listening.length === 0);
    expect(session.delivery).to.deep.include({ waiting: 0, failures: 0 });
    expect(await isHeld()).to.equal(false);
    const next = stage();
    await next.session.load();
    await until('the outbox to be read', next.clock, () => next.session.delivery !== undefined);
    expect(next.session.delivery?.waiting, 'its receipts were written').to.equal(0);
  });

  it('holds nothing of an ended interview without a URL', async () => {
    const { clock, session, storage } = stage({ transcriptUrl: undefined });
    await session.start();
    expect(await isHeld()).to.equal(true);
    await session.end();
    await storage.load('nobody');
    expect(await isHeld()).to.equal(false);
    await session.erase();
    await clock.advanceAsync(60_000);
    expect(await isHeld(), 'also after it was erased').to.equal(false);
  });

  it('posts nothing without a URL', async () => {
    const { clock, session, storage } = stage({ transcriptUrl: undefined });
    await interview({ clock, session, storage });
    await clock.advanceAsync(60_000);
    expect(received).to.deep.equal([]);
    expect(session.delivery).to.equal(undefined);
  });

  it('sends what waits when the page is hidden', async () => {
    isOnline = false;
    const { clock, session } = stage();
    await session.start();
    await until('a turn to wait', clock, () => (session.delivery?.failures ?? 0) > 3);
    isOnline = true;
    window.dispatchEvent(new PageTransitionEvent('pagehide'));
    expect(received.length, 'at once').to.be.greaterThan(0);
  });
});
