/** The browser's own database fails in mid-interview, for real: it is full, another tab deletes it, or the person clears the site's data. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { isOutage, type Turn } from '../../src/turn.js';
import { FakeSpeech } from '../demo/fake-speech.js';
import { isAtRest, turnsOf } from './support/at-rest.js';
import { errorsOf, exportedTurns, openFaultyPage, shownOn } from './support/faulty-page.js';
import type { InterviewPage } from './support/interview-page.js';
import { delivered } from './support/kill.js';
import { storedRecords } from './support/stored-turns.js';
import { violations } from './support/violations.js';
import { withDemo } from './support/with-demo.js';

const ANSWERS = [
  'On my first day Maria met me at the door at nine, and we set up my laptop together.',
  'On Tuesday I could not open the wiki, and Tom gave me access within an hour.',
  'I remember the team meeting best, because everybody told one story about a mistake of their own.',
] as const;

const DATABASE = 'ai-interview';
const QUOTA_BYTES = 2_000_000;

describe('an interview whose database', { timeout: 60_000, concurrency: 2 }, () => {
  const stage = withDemo(() => ({ speech: new FakeSpeech(), pace: Infinity }));

  /** By a person with a database and a quota of their own: up to the second question, and all of it stored. */
  const begin = async (run: string, quotaSize?: number): Promise<InterviewPage> => {
    const context = await stage.browser.createBrowserContext();
    const interview = await openFaultyPage(context, stage.demo.url, { run });
    if (quotaSize !== undefined) await setQuota(interview, quotaSize);
    await interview.press('Begin');
    await interview.until('the opening', isAtRest);
    await answer(interview, 0);
    await isStored(interview.page, await interview.transcript());
    return interview;
  };

  /** @param quotaSize in bytes; without it the browser's own holds again */
  const setQuota = async ({ page }: InterviewPage, quotaSize?: number): Promise<void> => {
    const session = await page.createCDPSession();
    await session.send('Storage.overrideQuotaForOrigin', {
      origin: stage.demo.url,
      ...(quotaSize !== undefined && { quotaSize }),
    });
  };

  const clear = async ({ page }: InterviewPage, storageTypes: 'indexeddb' | 'all'): Promise<void> => {
    const session = await page.createCDPSession();
    await session.send('Storage.clearDataForOrigin', { origin: stage.demo.url, storageTypes });
  };

  /** Another tab of the same person, on a page of the same site. */
  const otherTab = async (interview: InterviewPage): Promise<Page> => {
    const page = await interview.page.browserContext().newPage();
    await page.evaluateOnNewDocument('globalThis.__name = (fn) => fn');
    await page.goto(`${stage.demo.url}/status`);
    return page;
  };

  /** Everything that was said is in the export and at the host, once each. */
  const assertWhole = async (interview: InterviewPage): Promise<readonly Turn[]> => {
    const turns = await exportedTurns(interview.page);
    assert.deepEqual(saidIn(turns), ANSWERS);
    assert.equal(turns.map(({ speaker }) => speaker[0]).join(''), 'ipipipi');
    assert.ok(turns.every((turn) => turn.status === 'final' && !isOutage(turn)));
    await delivered(stage.demo.url, turns);
    assert.deepEqual(interview.wire.of('error'), []);
    assert.deepEqual(interview.problems, []);
    return turns;
  };

  /** Also for the page after a reload, and the host is told nothing twice. */
  const assertRestored = async (
    { page }: InterviewPage,
    run: string,
    turns: readonly Turn[],
  ): Promise<void> => {
    await isStored(page, turns);
    const context = page.browserContext();
    await page.close();
    const later = await openFaultyPage(context, stage.demo.url, { run });
    await later.press('Continue');
    await later.until('the interviewer', isAtRest);
    const restored = await exportedTurns(later.page);
    assert.deepEqual(
      restored.slice(0, turns.length).map(({ id, n, text }) => [id, n, text]),
      turns.map(({ id, n, text }) => [id, n, text]),
    );
    await delivered(stage.demo.url, restored);
    assert.deepEqual(
      await keysBesides(stage.demo.url, restored),
      [],
      'the host was told of each turn under one key',
    );
  };

  it('is full says so, goes on, and keeps everything once there is room', async () => {
    const interview = await begin('full', QUOTA_BYTES);
    const tab = await otherTab(interview);
    assert.equal(await tab.evaluate(fill, QUOTA_BYTES), 'QuotaExceededError');

    await answer(interview, 1);
    const events = await interview.until('to be told', (told) => errorsOf(told).length > 0);
    assert.deepEqual(errorsOf(events), ['storage-full']);
    assert.match((await shownOn(interview.page)).says ?? '', /^This device has no space left/);
    assert.deepEqual(await violations(interview.page), []);
    const turns = await exportedTurns(interview.page);
    assert.deepEqual(saidIn(turns), ANSWERS.slice(0, 2));
    await delivered(stage.demo.url, turns);
    const kept = JSON.stringify(await storedRecords(tab, DATABASE));
    assert.ok(kept.includes(ANSWERS[0]) && !kept.includes(ANSWERS[1]), 'it could not be kept');

    await setQuota(interview);
    await answer(interview, 2);
    assert.deepEqual(errorsOf(await interview.events()), ['storage-full'], 'it is told once');
    await assertRestored(interview, 'full', await assertWhole(interview));
  });

  it('is deleted by another tab begins a new one, with everything in it', async () => {
    const interview = await begin('deleted');
    const tab = await otherTab(interview);
    await tab.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.deleteDatabase('ai-interview');
          request.onsuccess = () => {
            resolve();
          };
          request.onblocked = () => {
            reject(new Error('The interview does not let go of it'));
          };
        }),
    );
    await answer(interview, 1);
    await answer(interview, 2);
    assert.deepEqual(errorsOf(await interview.events()), []);
    await assertRestored(interview, 'deleted', await assertWhole(interview));
  });

  it('is cleared by its person begins a new one, with everything in it', async () => {
    const interview = await begin('cleared');
    await clear(interview, 'indexeddb');
    await answer(interview, 1);
    await answer(interview, 2);
    assert.deepEqual(errorsOf(await interview.events()), []);
    await assertRestored(interview, 'cleared', await assertWhole(interview));
  });

  it('is cleared by its person, together with all else of the site, loses nothing for export and host', async () => {
    const interview = await begin('all');
    await clear(interview, 'all');
    await answer(interview, 1);
    await answer(interview, 2);
    assert.deepEqual(errorsOf(await interview.events()), []);
    await assertWhole(interview);
    // What this page stores from now on, Chromium shows no later page.
  });
});

async function answer(interview: InterviewPage, index: 0 | 1 | 2): Promise<void> {
  await interview.type(ANSWERS[index]);
  await interview.until(
    `the reply to answer ${index}`,
    (told) => isAtRest(told) && turnsOf(told, 'participant').length > index,
  );
}

/** Waits until each of these turns is in the database. */
async function isStored(page: Page, turns: readonly Turn[]): Promise<void> {
  const end = Date.now() + 5_000;
  for (;;) {
    const kept = new Set(
      (await storedRecords(page, DATABASE)).map((record) => (record as { id?: string }).id),
    );
    const missing = turns.filter(({ id }) => !kept.has(id));
    if (missing.length === 0) return;
    assert.ok(Date.now() < end, `not stored: ${missing.map(({ text }) => text).join(' | ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Keys of messages about these turns beyond one each. */
async function keysBesides(url: string, turns: readonly Turn[]): Promise<readonly string[]> {
  const answer = await fetch(`${url}/api/transcript`);
  const { messages } = (await answer.json()) as { messages: readonly { key: string; turn?: Turn }[] };
  return turns.flatMap(({ id }) =>
    [...new Set(messages.filter(({ turn }) => turn?.id === id).map(({ key }) => key))].slice(1),
  );
}

const saidIn = (turns: readonly Turn[]): readonly string[] =>
  turns.filter(({ speaker }) => speaker === 'participant').map(({ text }) => text);

/** Runs in the page: writes until not a byte more has room. @returns what the last write failed with */
async function fill(bytes: number): Promise<string | undefined> {
  const opening = indexedDB.open('filler');
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onupgradeneeded = () => opening.result.createObjectStore('filler', { autoIncrement: true });
    opening.onsuccess = () => {
      resolve(opening.result);
    };
    opening.onerror = () => {
      reject(opening.error ?? new Error('No database'));
    };
  });
  const write = (size: number): Promise<string | undefined> =>
    new Promise((resolve) => {
      const transaction = database.transaction('filler', 'readwrite');
      // Noise: what is the same everywhere is kept in less.
      const noise = Uint8Array.from({ length: size }, () => Math.random() * 256);
      transaction.objectStore('filler').put(noise);
      transaction.oncomplete = () => {
        resolve(undefined);
      };
      transaction.onabort = () => {
        resolve(transaction.error?.name);
      };
    });
  let failure: string | undefined;
  for (let size = bytes / 4; size >= 1;) {
    failure = await write(Math.floor(size));
    if (failure !== undefined) size /= 4;
  }
  database.close();
  return failure;
}
