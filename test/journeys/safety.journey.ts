/** What a participant and a host may rely on, in writing: one tab holds an interview, the host gets every turn of it, and no secret stays. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { BrowserContext } from 'puppeteer-core';
import type { Turn } from '../../src/turn.js';
import { FakeSpeech } from '../demo/fake-speech.js';
import { isAtRest, turnsOf } from './support/at-rest.js';
import { Connections } from './support/connections.js';
import { errorsOf, openFaultyPage, shownOn, statusOf } from './support/faulty-page.js';
import { InterviewPage } from './support/interview-page.js';
import { delivered } from './support/kill.js';
import { OpenSockets } from './support/open-sockets.js';
import { PageEars, placesWith, plant } from './support/page-places.js';
import { storedRecords } from './support/stored-turns.js';
import { Traffic } from './support/traffic.js';
import { violations } from './support/violations.js';
import { withDemo } from './support/with-demo.js';

const ANSWERS = [
  'On my first day Maria met me at the door at nine, and we set up my laptop together.',
  'On Tuesday I could not open the wiki, and Tom gave me access within an hour.',
  'On Wednesday we cooked together, and I met the rest of the team in the kitchen.',
];

describe('an interview that is safe', { timeout: 60_000 }, () => {
  const stage = withDemo(() => ({ speech: new FakeSpeech(), pace: Infinity }));
  /** Of one participant: shared by nobody else. */
  let context: BrowserContext;

  beforeEach(async () => {
    context = await stage.browser.createBrowserContext();
  });
  afterEach(() => context.close());

  it('is held by one tab, goes on in another, and comes back', async () => {
    const first = await openFaultyPage(context, stage.demo.url, { run: 'tabs' });
    const firstSockets = await OpenSockets.of(first.page);
    await first.press('Begin');
    await first.until('the opening', isAtRest);
    await answer(first, 0);

    const second = await openFaultyPage(context, stage.demo.url, { run: 'tabs' });
    const secondSockets = await OpenSockets.of(second.page);
    await second.press('Continue');
    await second.until('to be told', (told) => errorsOf(told).length > 0);
    assert.deepEqual(errorsOf(await second.events()), ['interview-elsewhere']);
    const refused = await shownOn(second.page);
    assert.equal(refused.heading, 'This interview is open in another tab');
    assert.match(refused.says ?? '', /^You can go on in that tab, or here/);
    assert.equal(refused.button, 'Go on here');
    assert.deepEqual(await violations(second.page), []);
    assert.deepEqual(await second.transcript(), []);
    assert.equal(secondSockets.made, 0, 'it connected to nothing');
    assert.equal(await statusOf(first.page), 'live', 'the first is not disturbed');

    // Just said, and not yet answered.
    await first.page.bringToFront();
    await first.type(ANSWERS[1] ?? '');
    await second.page.bringToFront();
    await second.press('Go on here');
    await assertGivenUp(first, firstSockets);
    await second.until('the interviewer', isAtRest);
    assertGoesOn(await first.transcript(), await second.transcript());
    assert.deepEqual(saidIn(await second.transcript()), ANSWERS.slice(0, 2));
    await answer(second, 2);

    await first.page.bringToFront();
    await first.press('Go on here');
    await assertGivenUp(second, secondSockets);
    await first.until('the interview to be back', isAtRest);
    const turns = await first.transcript();
    assertGoesOn(await second.transcript(), turns);
    assert.deepEqual(saidIn(turns), ANSWERS);
    assert.equal(firstSockets.made, 2);

    const stored = (await storedRecords(first.page)) as readonly Record<string, unknown>[];
    assert.equal(stored.filter((record) => 'guideId' in record).length, 1, 'one interview is kept');
    assert.deepEqual(
      stored
        .filter((record) => 'speaker' in record)
        .map(({ id }) => id)
        .sort(),
      turns.map(({ id }) => id).sort(),
    );
    await delivered(stage.demo.url, turns);
    for (const interview of [first, second]) assertQuiet(interview);
  });

  it('reaches the host to the last turn when the page is closed, and to its end later', async () => {
    // A slow clock: what was just said would wait for more than two seconds before it is sent.
    const first = await openFaultyPage(context, stage.demo.url, { run: 'closed', speed: 0.1 });
    await first.press('Begin');
    await first.until('the opening', isAtRest);
    await answer(first, 0);
    const told: Turn[] = [];
    const isSaid = new Promise<void>((resolve) => {
      void first.page.exposeFunction('tellTurn', (turn: Turn) => {
        told.push(turn);
        if (turn.text === ANSWERS[1]) resolve();
      });
    });
    told.push(...(await first.transcript()));
    await first.page.evaluate(() => {
      addEventListener('interview-turn', ({ turn }) => {
        void (globalThis as unknown as { tellTurn(turn: unknown): Promise<void> }).tellTurn({ ...turn });
      });
    });
    await first.type(ANSWERS[1] ?? '');
    await isSaid;
    const sent = await received(stage.demo.url, 'closed');
    await first.page.close();
    assert.ok(!sent.some(({ turn }) => turn?.text === ANSWERS[1]), 'it was not sent before');
    const settled = told.filter(({ status }) => status === 'final');
    await delivered(stage.demo.url, settled);
    assert.deepEqual(saidIn(settled), ANSWERS.slice(0, 2));
    assert.ok((await received(stage.demo.url, 'closed')).every(({ kind }) => kind !== 'end'));

    const second = await openFaultyPage(context, stage.demo.url, { run: 'closed' });
    await second.press('Continue');
    await second.until('the interviewer', isAtRest);
    assertGoesOn(settled, await second.transcript());
    await answer(second, 2);
    await second.press('End');
    await second.press('End now');
    await second.until('the end', (events) => events.some(({ type }) => type === 'end'));
    const turns = await second.transcript();
    await delivered(stage.demo.url, turns);
    await until('the end at the host', async () =>
      (await received(stage.demo.url, 'closed')).some(({ kind }) => kind === 'end'),
    );
    const messages = await received(stage.demo.url, 'closed');
    assert.deepEqual(
      messages.filter(({ kind }) => kind === 'end').map(({ reason, turns: count }) => [reason, count]),
      [['participant', turns.length]],
    );
    const ids = messages.flatMap(({ turn }) => (turn ? [turn.id] : []));
    assert.deepEqual(ids.toSorted(), turns.map(({ id }) => id).toSorted(), 'each turn came under one key');
    assertQuiet(second);
  });

  it('leaves no secret anywhere', async () => {
    const interview = await InterviewPage.open(context, 'about:blank', {
      isMicrophoneFake: false,
      attributes: {
        mode: 'text',
        output: 'text',
        // Something to tell of, and a second connection.
        'realtime-url':
          '/v1/realtime?run=secrets&error=server_error&error-after=30&close=1011&close-after=45&times=1',
      },
    });
    const { page } = interview;
    const traffic = await Traffic.on(await page.createCDPSession());
    const connections = await Connections.of(page);
    const ears = await PageEars.on(page);
    const secrets: string[] = [];
    page.on('response', (response) => {
      if (response.request().method() !== 'POST' || new URL(response.url()).pathname !== '/api/token') return;
      void response.json().then(({ value }: { value: string }) => secrets.push(value));
    });
    /** Also a part of one would tell. */
    const assertUnseen = async (): Promise<void> => {
      const places = await ears.places();
      assert.deepEqual(placesWith(places, ANSWERS[0] ?? ''), [
        'dom',
        'events',
        'exportJson',
        'exportMarkdown',
        'indexedDB',
      ]);
      for (const secret of secrets) assert.deepEqual(placesWith(places, secret.slice(3, 15)), []);
    };

    await page.goto(stage.demo.url, { waitUntil: 'load' });
    await interview.press('Begin');
    await interview.agree();
    await interview.until('the opening', isAtRest);
    await answer(interview, 0);
    await answer(interview, 1);
    const told = await interview.until(
      'another connection',
      (events) =>
        events.some(({ status }) => status === 'reconnecting') &&
        events.findLast(({ status }) => status)?.status === 'live',
    );
    assert.deepEqual(errorsOf(told), ['provider-error']);
    await assertUnseen();

    await page.reload({ waitUntil: 'load' });
    await interview.press('Continue');
    await interview.agree();
    await interview.until('the interviewer', isAtRest);
    await answer(interview, 2);
    await interview.press('End');
    await interview.press('End now');
    await interview.until('the end', (events) => events.some(({ type }) => type === 'end'));
    await assertUnseen();

    connections.assertMade(3);
    assert.deepEqual(secrets, connections.secrets, 'each went with a socket, as its subprotocol');
    for (const secret of secrets) {
      assert.match(secret, /^ek_\w{16,}$/);
      // The browser tells of the headers that it sent once more when it is answered.
      assert.deepEqual([...new Set(await traffic.placesOf(secret))].toSorted(), [
        'Network.webSocketHandshakeResponseReceived',
        'Network.webSocketWillSendHandshakeRequest',
        'body',
      ]);
      assert.ok(traffic.sockets.every((url) => !url.includes(secret)));
    }
    // What is looked into can be found there.
    const word = 'planted-0123456789';
    await plant(page, word);
    assert.deepEqual(placesWith(await ears.places(), word), [
      'addresses',
      'caches',
      'console',
      'cookies',
      'dom',
      'events',
      'indexedDB',
      'localStorage',
      'sessionStorage',
    ]);
  });
});

interface Received {
  readonly kind: string;
  readonly participant?: string;
  readonly turn?: Turn;
  readonly reason?: string;
  readonly turns?: number;
}

/** What the host was sent of one participant's interviews. */
async function received(url: string, participant: string): Promise<readonly Received[]> {
  const answer = await fetch(`${url}/api/transcript`);
  const { messages } = (await answer.json()) as { messages: readonly Received[] };
  return messages.filter((message) => message.participant === participant);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 100 && !(await holds()); look++) await wait(100);
  assert.ok(await holds(), what);
}

function assertQuiet({ problems, wire }: InterviewPage): void {
  assert.deepEqual(problems, []);
  assert.deepEqual(wire.of('error'), []);
}

async function answer(interview: InterviewPage, index: number): Promise<void> {
  const before = turnsOf(await interview.events(), 'interviewer').length;
  await interview.type(ANSWERS[index] ?? '');
  await interview.until('a reply', (told) => isAtRest(told) && turnsOf(told, 'interviewer').length > before);
}

/** It says so, keeps what it showed, is connected to nothing, and does not take the interview for ended. */
async function assertGivenUp(interview: InterviewPage, sockets: OpenSockets): Promise<void> {
  const { page } = interview;
  const events = await interview.until('to be told that it is taken over', (told) =>
    errorsOf(told).includes('interview-taken-over'),
  );
  assert.equal(await statusOf(page), 'failed');
  assert.deepEqual(
    events.filter(({ type }) => type === 'end'),
    [],
  );
  const shown = await shownOn(page);
  assert.equal(shown.heading, 'The interview goes on in another tab');
  assert.match(shown.says ?? '', /^You can close this tab\. You can also take the interview back/);
  assert.deepEqual(shown.buttons, ['Go on here', 'Download as text']);
  assert.deepEqual(await violations(page), []);
  assert.equal(sockets.open, 0, 'its connection is closed');
}

/** What the tab before had is there as it was there, and the whole makes sense. */
function assertGoesOn(before: readonly Turn[], turns: readonly Turn[]): void {
  const settled = before.filter(({ status }) => status === 'final');
  assert.ok(settled.length > 0);
  for (const { id, n, text } of settled) {
    const same = turns.find((turn) => turn.id === id);
    assert.deepEqual({ n: same?.n, text: same?.text }, { n, text });
  }
  assert.equal(new Set(turns.map(({ n }) => n)).size, turns.length, 'every number was given once');
  assert.equal(turns.filter(({ act }) => act === 'opening').length, 1, 'nobody is greeted twice');
}

const saidIn = (turns: readonly Turn[]): readonly string[] =>
  turns.filter(({ speaker }) => speaker === 'participant').map(({ text }) => text);
