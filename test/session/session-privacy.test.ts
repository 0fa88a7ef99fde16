import { expect } from '@open-wc/testing';
import type { InterviewSessionOptions } from '../../src/session/session-options.js';
import { InterviewSession } from '../../src/session.js';
import { FakeDialogue } from '../../src/testing/fake-dialogue.js';
import { IndexedDbStore } from '../../src/transcript/indexeddb-store.js';
import { AiInterviewElement } from '../../src/ui/ai-interview-element.js';

const DATABASE = 'ai-interview-session-privacy-test';
const SAID = 'Maria met me at the door, and nobody else knows it.';
const HOSTILE = '<img src=x onerror="globalThis.wasRun = true"><script>globalThis.wasRun = true</script>';
const guide = {
  version: 1,
  id: 'study',
  title: HOSTILE,
  opening: { say: `Welcome ${HOSTILE}` },
  sections: [
    {
      id: 'only',
      questions: [
        { id: 'q1', ask: 'What do you remember?' },
        { id: 'q2', ask: HOSTILE },
      ],
    },
  ],
};

describe('what one person said on a shared device', () => {
  const open: IndexedDbStore[] = [];
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    for (const store of open.splice(0)) await store.close();
    await new Promise((resolve) => (indexedDB.deleteDatabase(DATABASE).onsuccess = resolve));
  });

  function options(more: Partial<InterviewSessionOptions> = {}): InterviewSessionOptions {
    const storage = new IndexedDbStore(DATABASE);
    open.push(storage);
    const dialogue = new FakeDialogue({ idPrefix: crypto.randomUUID() });
    return { guide, dialogue, participant: 'p-1', mode: 'text', output: 'text', storage, ...more };
  }

  async function until(what: string, holds: () => boolean): Promise<void> {
    for (let look = 0; look < 200 && !holds(); look++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(holds(), what).to.equal(true);
  }

  async function interview(more: Partial<InterviewSessionOptions> = {}): Promise<InterviewSession> {
    const session = new InterviewSession(options(more));
    closing.push(() => session.close());
    await session.start();
    await session.sendText(SAID);
    await until('the reply', () => session.transcript.length === 3);
    return session;
  }

  /** Everything that this origin keeps, in whatever store. */
  async function everything(): Promise<string> {
    const found: unknown[] = [
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      await caches.keys(),
    ];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => {
          resolve(request.result);
        };
        request.onerror = () => {
          reject(request.error ?? new Error('not opened'));
        };
      });
      for (const store of database.objectStoreNames) {
        const records = database.transaction(store).objectStore(store);
        for (const request of [records.getAll(), records.getAllKeys()]) {
          found.push(
            await new Promise((resolve) => {
              request.onsuccess = () => {
                resolve(request.result);
              };
            }),
          );
        }
      }
      database.close();
    }
    return JSON.stringify(found);
  }

  async function element(more: Partial<InterviewSessionOptions>): Promise<AiInterviewElement> {
    if (!customElements.get('ai-interview')) customElements.define('ai-interview', AiInterviewElement);
    const made = document.createElement('ai-interview');
    made.createSession = (own) => new InterviewSession({ ...own, ...options(more) });
    made.guide = guide;
    made.mode = 'text';
    made.output = 'text';
    document.body.append(made);
    closing.push(async () => {
      made.remove();
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    await until('a session', () => made.session !== undefined);
    await made.session?.load();
    await made.updateComplete;
    return made;
  }

  it('is not shown to the next person, nor to the same one before they go on', async () => {
    await (await interview()).close();
    for (const participant of ['p-2', undefined, 'p-1']) {
      const shown = await element({ participant });
      expect(shown.renderRoot.textContent).not.to.contain('Maria');
      expect(JSON.stringify(shown.transcript)).not.to.contain('Maria');
      expect(shown.session?.transcript).to.deep.equal([]);
      const error: unknown = await shown.exportTranscript('json').catch((cause: unknown) => cause);
      expect(error).to.be.instanceOf(Error);
      shown.remove();
    }
  });

  it('is in no store after it was erased', async () => {
    const realFetch = globalThis.fetch;
    globalThis.fetch = () => Promise.reject(new TypeError('offline'));
    try {
      const session = await interview({ transcriptUrl: '/transcripts' });
      await until('what waits for delivery', () => (session.delivery?.waiting ?? 0) > 0);
      expect(await everything())
        .to.contain('Maria')
        .and.to.contain('outbox');
      await session.erase();
      const left = await everything();
      for (const trace of ['Maria', 'p-1', 'outbox', 'study']) expect(left).not.to.contain(trace);
    } finally {
      globalThis.fetch = realFetch;
    }
  });

  it('is never taken for HTML, whoever wrote it', async () => {
    const shown = await element({ participant: HOSTILE });
    await shown.start();
    await until('live', () => shown.status === 'live');
    await shown.sendText(HOSTILE);
    await until('the reply', () => shown.transcript.length === 3);
    await shown.updateComplete;
    expect(shown.renderRoot.textContent).to.contain('<img src=x');
    expect(shown.renderRoot.querySelector('img, script')).to.equal(null);
    const markdown = await (await shown.exportTranscript('markdown')).text();
    expect(markdown).not.to.contain('<img').and.not.to.contain('<script');
    expect(Reflect.get(globalThis, 'wasRun')).to.equal(undefined);
    await shown.end();
    await shown.updateComplete;
    expect(shown.renderRoot.querySelector('img, script')).to.equal(null);
  });
});
