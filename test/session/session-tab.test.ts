import { expect } from '@open-wc/testing';
import { systemClock } from '../../src/async/clock.js';
import { InterviewError } from '../../src/errors.js';
import type { InterviewSessionOptions } from '../../src/session/session-options.js';
import { InterviewSession } from '../../src/session.js';
import { SessionTab } from '../../src/session/session-tab.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import { FakeDialogue } from '../../src/testing/fake-dialogue.js';
import type { TranscriptMessage } from '../../src/transcript/delivery-message.js';
import { IndexedDbStore } from '../../src/transcript/indexeddb-store.js';

const DATABASE = 'ai-interview-session-tab-test';
const guide = {
  version: 1,
  id: 'study',
  opening: { say: 'Thank you for taking part.' },
  sections: [
    {
      id: 'only',
      questions: [
        { id: 'q1', ask: 'What do you remember of your first day?' },
        { id: 'q2', ask: 'Who helped you when you were stuck?' },
      ],
    },
  ],
};

describe('SessionTab', () => {
  const tabs: SessionTab[] = [];
  afterEach(() => {
    for (const tab of tabs.splice(0)) tab.release();
  });
  const tabOf = (
    onAsked: (isTaken: boolean) => Promise<boolean> = () => Promise.resolve(false),
    more: { clock?: FakeClock; locks?: LockManager | undefined; interviewId?: string } = {},
  ): SessionTab => {
    const tab = new SessionTab({ interviewId: 'session-tab-test', clock: systemClock, onAsked, ...more });
    tabs.push(tab);
    return tab;
  };

  it('is held by one, and by the next once it is given back', async () => {
    const [first, second] = [tabOf(), tabOf()];
    expect(await first.hold('ask')).to.equal(true);
    expect(await first.hold('ask'), 'again').to.equal(true);
    expect(await second.hold('if-free')).to.equal(false);
    expect(await second.hold('ask')).to.equal(false);
    first.release();
    expect(await second.hold('ask')).to.equal(true);
  });

  it('is taken only after the other has put everything away', async () => {
    const done: string[] = [];
    const first = tabOf(async (isTaken) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      done.push(`first gives up, taken: ${isTaken}`);
      return true;
    });
    await first.hold('ask');
    await tabOf().hold('take');
    done.push('second has it');
    expect(done).to.deep.equal(['first gives up, taken: true', 'second has it']);
    expect(await first.hold('if-free')).to.equal(false);
  });

  it('is stolen from one that does not answer, which learns of it', async () => {
    const clock = new FakeClock();
    const asked: boolean[] = [];
    const hanging = tabOf((isTaken) => {
      asked.push(isTaken);
      return new Promise(() => undefined);
    });
    await hanging.hold('ask');
    const taking = tabOf(undefined, { clock }).hold('take');
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await clock.advanceAsync(12_000);
    expect(await taking).to.equal(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked, 'asked, and told').to.deep.equal([true, true]);
  });

  it('is nobody else’s when whoever waits for it calls it off', async () => {
    const first = tabOf(() => new Promise(() => undefined));
    await first.hold('ask');
    const controller = new AbortController();
    const held = tabOf().hold('take', { signal: controller.signal });
    controller.abort(new Error('changed my mind'));
    expect(await held.catch((error: unknown) => (error as Error).message)).to.equal('changed my mind');
    expect(await tabOf().hold('if-free')).to.equal(false);
  });

  it('is nobody’s when whoever asked for a free one has gone before it was given', async () => {
    const controller = new AbortController();
    const interviewId = 'wanted-for-a-moment';
    const held = tabOf(undefined, { interviewId }).hold('if-free', { signal: controller.signal });
    await settle();
    controller.abort(new Error('gone'));
    expect(await held.catch((error: unknown) => (error as Error).message)).to.equal('gone');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await tabOf(undefined, { interviewId }).hold('if-free')).to.equal(true);
  });

  it('lets every tab go on where the browser has no locks', async () => {
    const forbidden = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
    for (const locks of [undefined, forbidden as unknown as LockManager]) {
      expect(await tabOf(undefined, { locks }).hold('ask')).to.equal(true);
      expect(await tabOf(undefined, { locks }).hold('ask')).to.equal(true);
    }
  });
});

describe('an interview in two tabs', () => {
  const open: IndexedDbStore[] = [];
  const sessions: InterviewSession[] = [];
  const realFetch = globalThis.fetch;
  afterEach(async () => {
    globalThis.fetch = realFetch;
    for (const session of sessions.splice(0)) await session.close();
    for (const store of open.splice(0)) await store.close();
    await new Promise((resolve) => (indexedDB.deleteDatabase(DATABASE).onsuccess = resolve));
  });

  let tabs = 0;
  function tab(options: Partial<InterviewSessionOptions> = {}) {
    const storage = new IndexedDbStore(DATABASE);
    open.push(storage);
    const dialogue = new FakeDialogue({ idPrefix: `tab-${++tabs}-` });
    const session = new InterviewSession({
      guide,
      dialogue,
      participant: 'p-1',
      mode: 'text',
      output: 'text',
      storage,
      ...options,
    });
    sessions.push(session);
    const told: string[] = [];
    session.addEventListener('status', ({ status }) => told.push(status));
    session.addEventListener('error', ({ error }) => told.push(`error ${error.code}`));
    session.addEventListener('end', ({ reason }) => told.push(`end ${reason}`));
    return { session, dialogue, told };
  }

  async function until(what: string, holds: () => boolean): Promise<void> {
    for (let look = 0; look < 200 && !holds(); look++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(holds(), what).to.equal(true);
  }

  const codeOf = async (work: Promise<unknown>): Promise<string | undefined> =>
    work.then(
      () => undefined,
      (error: unknown) => (error instanceof InterviewError ? error.code : String(error)),
    );

  it('is refused in the second, and goes on undisturbed in the first', async () => {
    const [first, second] = [tab(), tab()];
    await first.session.start();
    await until('the opening', () => first.session.transcript.length === 1);
    expect(await codeOf(second.session.start())).to.equal('interview-elsewhere');
    expect(second.told).to.deep.equal(['connecting', 'failed', 'error interview-elsewhere']);
    expect(second.session.transcript).to.deep.equal([]);
    expect(first.session.status).to.equal('live');
    await first.session.close();
    await second.session.start();
    expect(second.session.status).to.equal('live');
  });

  it('loses no word, greets nobody twice and keeps its order, taken over and back', async () => {
    const [first, second] = [tab(), tab()];
    await first.session.start();
    await until('the opening', () => first.session.transcript.length === 1);
    void first.session.sendText('Maria met me at the door.');
    await until('the answer', () => first.session.transcript.length >= 2);
    await second.session.start({ takeOver: true });
    expect(first.session.status).to.equal('failed');
    expect(first.session.error?.code).to.equal('interview-taken-over');
    expect(first.told, 'it is not over').not.to.include('end failed');
    expect(first.dialogue.status, 'its connection is closed').to.equal('closed');
    const said = first.session.transcript;
    await until('the second question', () => second.session.transcript.at(-1)?.questionId === 'q2');
    const both = second.session.transcript;
    expect(both.slice(0, 2).map(({ id, n, text }) => [id, n, text])).to.deep.equal(
      said.slice(0, 2).map(({ id, n, text }) => [id, n, text]),
    );
    expect(both.filter(({ act }) => act === 'opening')).to.have.length(1);
    expect(new Set(both.map(({ n }) => n)).size).to.equal(both.length);

    const third = tab();
    await third.session.start({ takeOver: true });
    expect(second.session.error?.code).to.equal('interview-taken-over');
    await until('the whole transcript', () => third.session.transcript.length >= both.length);
    expect(third.session.transcript.slice(0, both.length).map(({ id }) => id)).to.deep.equal(
      both.map(({ id }) => id),
    );
    expect(third.session.transcript.filter(({ act }) => act === 'opening')).to.have.length(1);
  });

  it('is one tab also to itself, whatever it asks of it at once', async () => {
    globalThis.fetch = () => Promise.resolve(new Response(null, { status: 204 }));
    const { session, told } = tab({ transcriptUrl: '/transcripts', interviewId: 'asked-at-once' });
    const loading = session.load();
    const loadingAgain = session.load();
    await session.start();
    await Promise.all([loading, loadingAgain]);
    expect(told).to.deep.equal(['connecting', 'live']);
    await session.close();
    const { held = [], pending = [] } = await navigator.locks.query();
    expect([...held, ...pending].filter(({ name }) => name?.includes('asked-at-once'))).to.deep.equal([]);
  });

  it('is given back when it is left before it was there', async () => {
    globalThis.fetch = () => Promise.resolve(new Response(null, { status: 204 }));
    const { session } = tab({ transcriptUrl: '/transcripts', interviewId: 'left-at-once' });
    const loading = session.load().catch((reason: unknown) => reason);
    await session.close();
    expect(await loading).to.include({ name: 'AbortError' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { held = [], pending = [] } = await navigator.locks.query();
    expect([...held, ...pending].filter(({ name }) => name?.includes('left-at-once'))).to.deep.equal([]);
  });

  it('is erased for all', async () => {
    const [first, second] = [tab(), tab()];
    await first.session.start();
    await until('the opening', () => first.session.transcript.length === 1);
    await second.session.erase();
    expect(first.session.error?.code).to.equal('interview-taken-over');
    expect((await tab().session.load()).unfinished).to.equal(false);
  });

  it('tells the host each turn under one key', async () => {
    const keys = new Map<string, Set<string>>();
    globalThis.fetch = (_, init) => {
      const message = JSON.parse(init?.body as string) as TranscriptMessage;
      if (message.kind === 'turn')
        keys.set(message.turn.id, (keys.get(message.turn.id) ?? new Set()).add(message.key));
      return Promise.resolve(new Response(null, { status: 204 }));
    };
    const [first, second] = [tab({ transcriptUrl: '/transcripts' }), tab({ transcriptUrl: '/transcripts' })];
    await second.session.load();
    await first.session.start();
    await until('the opening', () => first.session.transcript.length === 1);
    await tab({ transcriptUrl: '/transcripts' }).session.load();
    void first.session.sendText('Maria met me at the door.');
    await until('the reply', () => first.session.transcript.length === 3);
    await second.session.start({ takeOver: true });
    await until('all that was told', () => keys.size >= 3);
    await new Promise((resolve) => setTimeout(resolve, 400));
    for (const [id, told] of keys) expect(told.size, id).to.equal(1);
  });
});
