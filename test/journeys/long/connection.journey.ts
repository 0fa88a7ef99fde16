/**
 * A connection over its life: the browser goes offline and comes back, the machine sleeps, the page is hidden, and the provider's
 * limit comes near. Each takes about as long as it does in life.
 */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { startDemo, type Demo } from '../../../demo/server/demo.js';
import { isOutage, type Turn } from '../../../src/turn.js';
import { FakeSpeech } from '../../demo/fake-speech.js';
import { pooledWordErrorRate } from '../../support/word-error-rate.js';
import { isAtRest, statusesOf, turnsOf } from '../support/at-rest.js';
import { launchBrowser } from '../support/browser.js';
import { Connections } from '../support/connections.js';
import { errorsOf, exportedTurns, openFaultyPage, statusOf } from '../support/faulty-page.js';
import { InterviewPage, type Told } from '../support/interview-page.js';
import { delivered } from '../support/kill.js';
import { Line } from '../support/line.js';
import { LONG, SHORT } from '../support/recordings.js';
import { violations } from '../support/violations.js';

const OFFLINE_MS = 30_000;
const ASLEEP_MS = 25_000;
/** From the return of the network to the interview, on a busy machine. */
const BACK_MS = 4_000;

const ANSWERS = [
  'On my first day Maria met me at the door at nine, and we set up my laptop together.',
  'On Tuesday I could not open the wiki, and Tom gave me access within an hour.',
  'I remember the team meeting best, because everybody told one story about a mistake of their own.',
] as const;

describe('the connection of an interview in writing', { timeout: 400_000 }, () => {
  let demo: Demo;
  let line: Line;
  let browser: Browser;
  let interview: InterviewPage;
  let page: Page;
  let connections: Connections;

  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), pace: Infinity });
  });
  after(() => demo.close());
  beforeEach(async () => {
    line = await Line.to(demo.url);
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await browser.close();
    await line.close();
  });

  /** Up to the second question. */
  const begin = async (run: string, realtime?: string): Promise<void> => {
    interview = await openFaultyPage(browser, line.url, { run, realtime });
    ({ page } = interview);
    connections = await Connections.of(page);
    await interview.press('Begin');
    await interview.until('the opening', isAtRest);
    await answer(0);
  };

  const answer = async (n: 0 | 1 | 2): Promise<void> => {
    await interview.type(ANSWERS[n]);
    await replyTo(n);
  };

  const replyTo = (n: 0 | 1 | 2): Promise<readonly Told[]> =>
    interview.until(`the reply to answer ${n}`, (told) => isReplied(told, n));

  const assertWhole = async (answers: number, outageAt?: number): Promise<readonly Turn[]> => {
    const turns = await exportedTurns(page);
    assert.deepEqual(
      turns.map((turn) => (isOutage(turn) ? 'outage' : turn.speaker)),
      inOrder(answers, outageAt),
      'each answer has one reply, and each outage is one gap in its place',
    );
    assert.deepEqual(
      turns.filter(({ speaker }) => speaker === 'participant').map(({ text }) => text),
      ANSWERS.slice(0, answers),
    );
    assert.deepEqual(
      turns.flatMap(({ act }, at) => (act === 'opening' ? [at] : [])),
      [0],
      'nobody is greeted twice',
    );
    assert.ok(turns.every((turn) => isOutage(turn) || (turn.status === 'final' && turn.text !== '')));
    assert.deepEqual(errorsOf(await interview.events()), []);
    await delivered(demo.url, turns);
    return turns;
  };

  it('goes on after the browser was offline for 30 s, and answers what was typed meanwhile', async () => {
    await begin('offline');
    const earlier = await exportedTurns(page);

    const lostAt = await interview.now();
    await page.setOfflineMode(true);
    line.cut();
    await page.waitForSelector('ai-interview[status="reconnecting"]', { timeout: 2_000 });
    assert.equal(await page.evaluate(() => navigator.onLine), false);
    assert.deepEqual(await said(page), [
      'Connecting again',
      'The connection was lost. Nothing you said is lost; we go on in a moment.',
      'Connection lost',
    ]);
    assert.deepEqual(await violations(page), []);
    await interview.type(ANSWERS[1]);
    await page.waitForFunction(
      (text) => document.querySelector('ai-interview')?.shadowRoot?.textContent.includes(text),
      {},
      ANSWERS[1],
    );
    await wait(OFFLINE_MS - ((await interview.now()) - lostAt));
    assert.equal(await statusOf(page), 'reconnecting');
    connections.assertMade(1);

    line.mend();
    await page.setOfflineMode(false);
    const events = await replyTo(1);
    const turns = await assertWhole(2, 3);
    assert.deepEqual(statusesOf(events), ['live', 'reconnecting', 'live']);
    assertGap(turns, lostAt, lastLive(events), OFFLINE_MS);
    assert.deepEqual(
      turns.slice(0, earlier.length).map(({ id, n, text }) => [id, n, text]),
      earlier.map(({ id, n, text }) => [id, n, text]),
      'what was said before is there as it was',
    );
    connections.assertMade(2);
    assert.match((await said(page)).at(-1) ?? '', /^Connection lost for 3\d s$/);
    assertNoOtherProblems(interview);

    await answer(2);
    await assertWhole(3, 3);
  });

  it('goes on after the network fell silent for 30 s although nothing was closed', async () => {
    await begin('silent');
    // Short, and with nothing to say: the connection is asked, answers, and stays.
    await page.setOfflineMode(true);
    await wait(5_000);
    await page.setOfflineMode(false);
    await wait(2_000);
    await assertWhole(1);
    connections.assertMade(1);

    await page.setOfflineMode(true);
    const offlineAt = await interview.now();
    await interview.type(ANSWERS[1]);
    const typedAt = await interview.now();
    await page.waitForSelector('ai-interview[status="reconnecting"]', { timeout: 20_000 });
    await wait(OFFLINE_MS - ((await interview.now()) - offlineAt));
    connections.assertMade(1);
    await page.setOfflineMode(false);
    const events = await replyTo(1);
    assert.deepEqual(statusesOf(events), ['live', 'reconnecting', 'live']);
    const turns = await exportedTurns(page);
    assertGap(turns, typedAt, lastLive(events), OFFLINE_MS - 1_000);
    connections.assertMade(2);
    // A late word of the connection before would be here by now.
    await wait(2_000);
    // It was sent, and then nothing came any more.
    await assertWhole(2, 4);
    assertNoOtherProblems(interview);
  });

  it('survives a short sleep of the machine, and goes on after one that the connection does not survive', async () => {
    await begin('sleep');
    await asleep(browser, 10_000);
    await wait(8_000);
    assert.deepEqual(statusesOf(await interview.events()), ['live']);
    connections.assertMade(1);
    await answer(1);
    await assertWhole(2);

    const lostAt = await interview.now();
    await asleep(browser, ASLEEP_MS, () => {
      line.cut();
      line.mend();
    });
    await interview.until('another connection', (told) => statusesOf(told).length > 2);
    const events = await interview.events();
    assert.deepEqual(statusesOf(events), ['live', 'reconnecting', 'live']);
    await answer(2);
    const turns = await assertWhole(3, 5);
    assertGap(turns, lostAt, lastLive(events), ASLEEP_MS);
    connections.assertMade(2);
    assertNoOtherProblems(interview);
  });

  it('is replaced before the provider ends the session, and nobody notices', async () => {
    await begin('limit', 'session-seconds=40');
    await page.evaluate(() => {
      const element = document.querySelector('ai-interview');
      if (!element) throw new Error('No element');
      const shown: string[] = [];
      Object.assign(globalThis, { shown });
      const look = (): void => {
        const who = element.shadowRoot?.querySelector('.who')?.textContent.trim() ?? '';
        if (shown.at(-1) !== who) shown.push(who);
      };
      new MutationObserver(look).observe(element.shadowRoot ?? element, {
        ...{ subtree: true, childList: true, characterData: true, attributes: true },
      });
      look();
    });
    const begunAt = Date.now();
    while (connections.asked < 2) {
      assert.ok(Date.now() - begunAt < 40_000, 'the next connection is made in time');
      await wait(20);
    }
    // Into the change.
    await answer(1);
    // The first session would be over now.
    await wait(42_000 - (Date.now() - begunAt));
    await answer(2);
    const events = await interview.events();
    assert.deepEqual(statusesOf(events), ['live']);
    await assertWhole(3);
    connections.assertMade(2);
    const shown = await page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown);
    assert.deepEqual(
      shown.filter((who) => !/your turn|Ada/i.test(who)),
      [],
      'the screen shows nothing of it',
    );
    assert.deepEqual(interview.wire.of('error'), []);
    assert.deepEqual(interview.problems, []);
  });
});

describe('the connection of an interview by voice', { timeout: 400_000 }, () => {
  let demo: Demo;
  let browser: Browser;
  let interview: InterviewPage;
  let connections: Connections;

  before(async () => {
    demo = await startDemo({ port: 0 });
    await demo.speech?.ready;
  });
  after(() => demo.close());
  beforeEach(async () => {
    browser = await launchBrowser({ throttlesHidden: true });
  });
  afterEach(() => browser.close());

  const open = async (attributes: Readonly<Record<string, string>>): Promise<void> => {
    interview = await InterviewPage.open(browser, demo.url, { attributes });
    connections = await Connections.of(interview.page);
  };

  const replyTo = (n: number): Promise<readonly Told[]> =>
    interview.until(`the reply to answer ${n}`, (told) => isReplied(told, n));

  const assertHeard = async (...words: readonly string[]): Promise<void> => {
    const turns = await interview.transcript();
    const answers = turns.filter(({ speaker }) => speaker === 'participant');
    assert.ok(turns.every(({ status, act }) => status === 'final' && act !== 'outage'));
    assert.equal(turns.filter(({ act }) => act === 'opening').length, 1, 'nobody is greeted twice');
    assert.deepEqual(
      turns.map(({ speaker }) => speaker),
      inOrder(answers.length),
      'each answer has one reply',
    );
    const rate = pooledWordErrorRate([
      { said: words.join(' '), heard: answers.map(({ text }) => text).join(' ') },
    ]);
    assert.ok(
      rate <= 0.2,
      `word error rate ${rate.toFixed(3)}: ${answers.map(({ text }) => text).join(' | ')}`,
    );
    assert.deepEqual(statusesOf(await interview.events()), ['live']);
    assert.deepEqual(interview.wire.of('error'), []);
    assert.deepEqual(errorsOf(await interview.events()), []);
    assert.deepEqual(interview.problems, []);
  };

  it('is replaced around what is said, and takes in every word', async () => {
    await open({
      mode: 'hands-free',
      'token-url': '/api/token?slow=300',
      'realtime-url': '/v1/realtime?session-seconds=1200',
    });
    await interview.page.evaluate(sayIntoTheChange, Array.from(SHORT.wav.pcm), SHORT.wav.rate);
    await interview.enter({ withMicrophone: true });
    await interview.until('the opening', isAtRest);

    const saying = interview.say(LONG.wav);
    await wait(1_500);
    // As if most of the session had passed by now: a quiet moment is looked for.
    await interview.page.evaluate(() => {
      (globalThis as unknown as { goAhead(ms: number): void }).goAhead(1_095_000);
    });
    await saying;
    const events = await replyTo(1);
    const changedAt = await interview.page.evaluate(
      () => (globalThis as unknown as { changedAt: number }).changedAt,
    );
    assert.ok(
      isReplied(
        events.filter(({ at }) => at < changedAt),
        0,
      ),
      'it is replaced once she has replied to what was being said',
    );
    connections.assertMade(2);
    await assertHeard(LONG.words, SHORT.words);
  });

  it('hands-free, goes on while the page is hidden', async () => {
    await open({ mode: 'hands-free' });
    await interview.enter({ withMicrophone: true });
    await interview.until('the opening', isAtRest);
    const show = await hide(interview.page);
    await wait(12_000);
    await interview.say(LONG.wav);
    await replyTo(0);
    await wait(8_000);
    await interview.say(SHORT.wav);
    await replyTo(1);
    assert.equal(await interview.page.evaluate(() => document.visibilityState), 'hidden');
    await show();
    connections.assertMade(1);
    await assertHeard(LONG.words, SHORT.words);
  });

  it('lets go of the talk button when the page is hidden, and keeps what was said', async () => {
    await open({ mode: 'push-to-talk' });
    await interview.enter({ withMicrophone: true });
    await interview.until('the opening', isAtRest);
    const button = await interview.page.waitForSelector('ai-interview >>> [part~="talk"]', { visible: true });
    const box = await button?.boundingBox();
    assert.ok(box);
    await interview.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await interview.page.mouse.down();
    await interview.say(SHORT.wav);
    const show = await hide(interview.page);
    // Nobody hears this.
    await interview.say(LONG.wav);
    await replyTo(0);
    await show();
    await interview.page.mouse.up();
    await interview.talk(LONG.wav);
    await replyTo(1);
    connections.assertMade(1);
    await assertHeard(SHORT.words, LONG.words);
  });
});

/**
 * Runs in the page: its clock on the wall can be put forward, and from then on each request for a token is talked into, so that the
 * word begins before the connection is replaced, and too late to be noticed there.
 */
function sayIntoTheChange(pcm: number[], rate: number): void {
  const { journey, fetch } = globalThis as unknown as {
    journey: { say(pcm: number[], rate: number): Promise<void> };
    fetch: typeof globalThis.fetch;
  };
  const now = Date.now;
  let aheadMs = 0;
  Date.now = () => now() + aheadMs;
  const goAhead = (ms: number): void => {
    aheadMs += ms;
  };
  Object.assign(globalThis, {
    goAhead,
    fetch: (input: string | URL | Request, init?: RequestInit) => {
      const url = input instanceof Request ? input.url : String(input);
      if (aheadMs > 0 && url.includes('/api/token')) {
        Object.assign(globalThis, { changedAt: performance.now() });
        void journey.say(pcm, rate);
      }
      return fetch(input, init);
    },
  });
}

/** Who speaks, when so many answers have one reply each; the connection was lost before the turn at `outageAt`. */
function inOrder(answers: number, outageAt?: number): readonly string[] {
  const rounds = Array.from({ length: answers }, () => ['participant', 'interviewer']);
  const order = ['interviewer', ...rounds.flat()];
  return outageAt === undefined ? order : order.toSpliced(outageAt, 0, 'outage');
}

/** The interviewer has come to rest after the nth answer. */
function isReplied(events: readonly Told[], n: number): boolean {
  const answers = turnsOf(events, 'participant');
  const at = events.findLastIndex(({ type, turn }) => type === 'turn' && turn?.speaker === 'participant');
  const replies = events
    .slice(at)
    .some(({ type, turn }) => type === 'turn' && turn?.speaker === 'interviewer' && turn.text !== '');
  return new Set(answers.map(({ turn }) => turn?.id)).size > n && replies && isAtRest(events);
}

const lastLive = (events: readonly Told[]): number =>
  events.findLast(({ type, status }) => type === 'status' && status === 'live')?.at ?? NaN;

/** The gap is as long as the page was without a connection. */
function assertGap(turns: readonly Turn[], lostAt: number, liveAt: number, leastMs: number): void {
  const [gap, ...others] = turns.filter(isOutage);
  assert.ok(gap?.endedAtMs !== undefined && others.length === 0);
  const gapMs = gap.endedAtMs - gap.startedAtMs;
  console.log(`The gap is ${gapMs.toFixed(0)} ms, the outage was ${(liveAt - lostAt).toFixed(0)} ms`);
  assert.ok(Math.abs(gapMs - (liveAt - lostAt)) < 2_500, 'the gap is as long as the outage');
  assert.ok(gapMs >= leastMs - 100 && gapMs <= leastMs + BACK_MS, `${gapMs} ms`);
}

/** The words beside the figure, and of the place where the connection was lost. */
async function said(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('ai-interview')?.shadowRoot;
    return [...(root?.querySelectorAll('.who, .hint, .outage') ?? [])]
      .filter((element) => element.checkVisibility())
      .map(({ textContent }) => textContent.trim());
  });
}

/** The page's window is minimized. @returns how it is not */
async function hide(page: Page): Promise<() => Promise<void>> {
  const session = await page.createCDPSession();
  const { windowId } = await session.send('Browser.getWindowForTarget');
  const become = async (windowState: 'minimized' | 'normal', visibility: string): Promise<void> => {
    await session.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
    const end = Date.now() + 5_000;
    while ((await page.evaluate(() => document.visibilityState)) !== visibility) {
      assert.ok(Date.now() < end, `the page is ${visibility}`);
      await wait(50);
    }
  };
  await become('minimized', 'hidden');
  return () => become('normal', 'visible');
}

/** Every process of the browser stands still for a while, and then goes on, as on a machine that slept. */
async function asleep(browser: Browser, ms: number, meanwhile = (): void => undefined): Promise<void> {
  const { pid } = browser.process() ?? {};
  assert.ok(pid);
  process.kill(-pid, 'SIGSTOP');
  try {
    await wait(ms / 2);
    meanwhile();
    await wait(ms / 2);
  } finally {
    process.kill(-pid, 'SIGCONT');
  }
}

/** Connections fail where there is no network; nothing else does. */
function assertNoOtherProblems({ problems }: InterviewPage): void {
  assert.deepEqual(
    problems.filter((problem) => !/net::ERR_|WebSocket connection/.test(problem)),
    [],
  );
}
