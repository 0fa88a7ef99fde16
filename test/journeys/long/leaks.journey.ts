// A hundred interviews in one page, one after the other: what each of them opened is given back when it has ended, and memory does not
// grow with them. Every second one is held by the element, as a participant goes through it; the others by a session without a screen.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, CDPSession, HTTPRequest, Page } from 'puppeteer-core';
import { startDemo, type Demo } from '../../../demo/server/demo.js';
import type { InterviewSession } from '../../../src/session.js';
import type { AiInterviewElement } from '../../../src/ui/ai-interview-element.js';
import { FakeSpeech } from '../../demo/fake-speech.js';
import { launchBrowser } from '../support/browser.js';
import { keepLedger, type Held } from '../support/ledger.js';

const ROUNDS = 100;
/** The first rounds compile, load and fill caches. */
const WARM_UP = 20;
const LOOK_EVERY = 10;

/**
 * What an interview may leave in memory. Of the heap's kilobyte a snapshot finds 0.6 in code that the engine compiles as it goes, and
 * 0.15 in objects, most of them of closed contexts:
 *
 * Chromium (143) keeps a closed context that ever had a worklet until the page goes, and in it the destination and the node whose
 * processor has not come to its end yet. A page with nothing but `addModule` and `close` shows it. An interview has two such contexts.
 */
const MOST_PER_ROUND = { heapKb: 2, nodes: 1, allListeners: 0.2, audioNodes: 4.2 } as const;

const GUIDE = {
  version: 1,
  id: 'leaks',
  title: 'A short one',
  language: 'en',
  consent: {
    version: '1',
    text: 'We keep what you say.',
    items: [{ id: 'ok', label: 'Yes', required: true }],
  },
  opening: { say: 'Welcome.' },
  sections: [{ id: 's', questions: [{ id: 'q', ask: 'How was it?' }] }],
};

declare const ledger: { held(): Promise<Held> };
declare const rounds: {
  withElement(guide: unknown): Promise<void>;
  withoutScreen(guide: unknown, isClosed: boolean): Promise<void>;
  /** Elements and sessions that are still in memory. */
  alive(): number;
};

interface Look extends Omit<Held, 'made' | 'listeners'> {
  readonly round: number;
  readonly listeners: number;
  readonly alive: number;
  readonly heapKb: number;
  readonly nodes: number;
  readonly allListeners: number;
  readonly audioNodes: number;
}

describe('a hundred interviews in one page', { timeout: 900_000 }, () => {
  let demo: Demo;
  let browser: Browser;

  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), pace: Infinity });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await demo.close();
  });

  it('leave no socket, context, track, channel, listener, lock, timer or growing heap', async () => {
    const problems: string[] = [];
    const page = await openPage(browser, demo.url, problems);
    const cdp = await page.createCDPSession();
    await cdp.send('Performance.enable');

    const looks: Look[] = [];
    let constant: Held['listeners'] | undefined;
    for (let round = 1; round <= ROUNDS; round++) {
      await hold(page, round);
      const held = await atRest(page, round, constant);
      constant ??= held.listeners;
      if (round >= WARM_UP && round % LOOK_EVERY === 0) looks.push(await look(cdp, page, round));
    }
    console.table(looks);

    const { made } = await page.evaluate(() => ledger.held());
    console.log('Opened in all:', made, 'Listeners that stay:', constant);
    assert.ok(made.sockets >= ROUNDS, 'each interview had a connection');
    assert.ok(made.contexts >= 2 * ROUNDS, 'each heard and spoke');
    assert.ok(made.tracks >= ROUNDS, 'each opened the microphone');
    assert.ok(made.listeners >= ROUNDS, 'each listened to the page');
    assert.deepEqual(problems, []);

    const [first, last] = [looks[0], looks.at(-1)];
    assert.ok(first && last && last.round > first.round);
    assert.ok(last.alive <= 1, `${last.alive} elements and sessions are still in memory`);
    for (const name of ['heapKb', 'nodes', 'allListeners', 'audioNodes'] as const) {
      const growth = (last[name] - first[name]) / (last.round - first.round);
      assert.ok(growth < MOST_PER_ROUND[name], `${name} grew by ${growth.toFixed(2)} an interview`);
    }
  });
});

/** An empty page with the element's script, on the demo's origin. */
async function openPage(browser: Browser, url: string, problems: string[]): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.evaluateOnNewDocument('globalThis.__name = (fn) => fn');
  await page.evaluateOnNewDocument(keepLedger);
  await page.setRequestInterception(true);
  const answer = (request: HTTPRequest): void => {
    if (!request.url().endsWith('/empty')) void request.continue();
    else
      void request.respond({
        contentType: 'text/html',
        body: `<!doctype html><html lang="en"><link rel="icon" href="data:,"><script type="module" src="/ai-interview.js"></script><body></body></html>`,
      });
  };
  page.on('request', answer);
  await page.goto(`${url}/empty`, { waitUntil: 'load' });
  page.off('request', answer);
  await page.setRequestInterception(false);
  await page.evaluate(addRounds);
  return page;
}

/** Runs in the page: how one interview is begun, heard and ended. It must not refer to anything outside its own body. */
function addRounds(): void {
  const made: WeakRef<object>[] = [];
  const remember = <T extends object>(one: T): T => {
    made.push(new WeakRef(one));
    return one;
  };
  const until = async <T>(what: string, look: () => T | undefined | false): Promise<T> => {
    const end = performance.now() + 20_000;
    for (;;) {
      const found = look();
      if (found) return found;
      if (performance.now() > end) throw new Error(`Waited in vain for ${what}`);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  };
  const isOpeningSaid = ({ transcript }: Pick<InterviewSession, 'transcript'>): boolean =>
    transcript[0]?.speaker === 'interviewer' && transcript[0].status === 'final';

  const withElement = async (guide: unknown): Promise<void> => {
    const element: AiInterviewElement = remember(document.createElement('ai-interview'));
    Object.assign(element, {
      tokenUrl: '/api/token',
      transcriptUrl: '/api/transcript',
      participant: 'element',
      restore: 'never',
      guide,
    });
    const create = element.createSession;
    element.createSession = (options) => remember(create(options));
    document.body.append(element);
    const pressed = async (name: string): Promise<void> => {
      const button = await until(`the button "${name}"`, () =>
        [...(element.shadowRoot?.querySelectorAll('button') ?? [])].find(
          (one) => !one.disabled && one.textContent.trim() === name,
        ),
      );
      button.click();
    };
    await element.start();
    const box = await until(
      'the consent',
      () => element.shadowRoot?.querySelector<HTMLElement>('[type=checkbox]') ?? undefined,
    );
    box.click();
    await pressed('I agree');
    await pressed('Turn on the microphone');
    await pressed('Start the interview');
    await until('the opening', () => element.status === 'live' && isOpeningSaid(element));
    await element.end();
    // An element that is taken away tells nobody when it has put everything away: the page looks until it has.
    element.remove();
  };

  const withoutScreen = async (guide: unknown, isClosed: boolean): Promise<void> => {
    const { createSession }: AiInterviewElement = document.createElement('ai-interview');
    const session = remember(
      createSession({
        guide,
        tokenUrl: '/api/token',
        transcriptUrl: '/api/transcript',
        participant: 'session',
        restore: 'never',
      }),
    );
    session.unlockAudio();
    await session.prepare();
    await session.start();
    await until('the opening', () => isOpeningSaid(session));
    await session.end();
    if (isClosed) await session.close();
  };

  const alive = (): number => made.filter((one) => one.deref()).length;
  Object.assign(globalThis, { rounds: { withElement, withoutScreen, alive } });
}

async function hold(page: Page, round: number): Promise<void> {
  try {
    if (round % 2 === 1) await page.evaluate((guide) => rounds.withElement(guide), GUIDE);
    // Who only ends a session, and never closes it, leaves nothing either.
    else
      await page.evaluate((guide, isClosed) => rounds.withoutScreen(guide, isClosed), GUIDE, round % 4 === 0);
  } catch (cause) {
    throw new Error(`Round ${round}`, { cause });
  }
}

/** Waits until the page holds nothing any more but the listeners that it had before. */
async function atRest(page: Page, round: number, constant: Held['listeners'] | undefined): Promise<Held> {
  const end = Date.now() + 10_000;
  for (;;) {
    const held = await page.evaluate(() => ledger.held());
    const { sockets, contexts, tracks, channels, locks, timers, listeners } = held;
    const isBare = [sockets, contexts, tracks, channels, locks, timers].every((count) => count === 0);
    const isAsBefore = !constant || JSON.stringify(listeners) === JSON.stringify(constant);
    if (isBare && isAsBefore) return held;
    if (Date.now() > end)
      assert.deepEqual(
        { sockets, contexts, tracks, channels, locks, timers, listeners },
        {
          ...{ sockets: 0, contexts: 0, tracks: 0, channels: 0, locks: 0, timers: 0 },
          listeners: constant ?? {},
        },
        `what round ${round} has left behind`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function look(cdp: CDPSession, page: Page, round: number): Promise<Look> {
  // What one collection finalises the next one frees.
  for (let times = 0; times < 3; times++) await cdp.send('HeapProfiler.collectGarbage');
  const { sockets, contexts, tracks, channels, locks, timers, listeners } = await page.evaluate(() =>
    ledger.held(),
  );
  const alive = await page.evaluate(() => rounds.alive());
  const { metrics } = await cdp.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
  return {
    round,
    ...{ sockets, contexts, tracks, channels, locks, timers },
    listeners: Object.values(listeners).reduce((sum, count) => sum + count, 0),
    alive,
    heapKb: Math.round(metric('JSHeapUsedSize') / 1024),
    nodes: metric('Nodes'),
    allListeners: metric('JSEventListeners'),
    audioNodes: metric('AudioHandlers'),
  };
}
