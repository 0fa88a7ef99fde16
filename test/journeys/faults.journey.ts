/**
 * Every fault of the network, one page each, in writing: its code, what the participant sees, that pressing the way on works once the
 * fault is gone, and that nothing that was said before is lost. The demo's server fails as the addresses ask it to.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { isOutage } from '../../src/turn.js';
import { FakeSpeech } from '../demo/fake-speech.js';
import { isAtRest, turnsOf } from './support/at-rest.js';
import { errorsOf, exportedTurns, openFaultyPage, shownOn, statusOf } from './support/faulty-page.js';
import type { InterviewPage } from './support/interview-page.js';
import { violations } from './support/violations.js';
import { withDemo } from './support/with-demo.js';

interface Fault {
  readonly name: string;
  /** Queries, as the README's tables say. */
  readonly token?: string;
  readonly realtime?: string;
  /** Nobody listens there: what the demo's own server cannot play, since a browser asks again by itself when a connection breaks. */
  readonly isTokenDown?: boolean;
  /** An address in the place of a guide. */
  readonly guide?: string;
  /** For so many requests; then the fault is gone. */
  readonly times?: number;
  /** How many times faster the interview's clock goes, where it would have to wait. */
  readonly speed?: number;
  readonly code: string;
  readonly isRecoverable: boolean;
  readonly says: RegExp;
}

const REACH = /could not be reached\. Check your connection, then try again/;
const SET_UP = /not set up correctly\. Please tell whoever invited you/;
const LET_IN = /did not let you in/;
const BUSY = /very busy\. Wait a moment, then try again/;
const NETWORK = /No connection could be made\. Check your network, then try again/;
const QUOTA = /There is nothing that you can do\. Please tell whoever invited you/;

const closedFirst = (code: number): string => `close=${code}&close-after=1`;

/** They keep the interview from beginning. */
const AT_THE_START: readonly Fault[] = [
  {
    name: 'the token endpoint is down',
    isTokenDown: true,
    code: 'token-unreachable',
    isRecoverable: true,
    says: REACH,
  },
  {
    name: 'the token endpoint is slow',
    token: 'slow=20000',
    speed: 10,
    code: 'token-unreachable',
    isRecoverable: true,
    says: REACH,
  },
  {
    name: 'the token endpoint answers 401',
    token: 'status=401',
    code: 'token-refused',
    isRecoverable: true,
    says: LET_IN,
  },
  {
    name: 'the token endpoint answers 403',
    token: 'status=403',
    code: 'token-refused',
    isRecoverable: true,
    says: LET_IN,
  },
  {
    name: 'the token endpoint answers 429 with Retry-After',
    token: 'status=429&retry-after=4',
    code: 'token-refused',
    isRecoverable: true,
    says: BUSY,
  },
  {
    name: 'the token endpoint answers 500',
    token: 'status=500',
    code: 'token-unreachable',
    isRecoverable: true,
    says: REACH,
  },
  {
    name: 'the token endpoint answers 503 with Retry-After',
    token: 'status=503&retry-after=4',
    code: 'token-unreachable',
    isRecoverable: true,
    says: BUSY,
  },
  {
    name: 'the token endpoint answers with a page',
    token: 'html',
    code: 'token-malformed',
    isRecoverable: true,
    says: SET_UP,
  },
  {
    name: 'the token has another shape',
    token: 'shape',
    code: 'token-malformed',
    isRecoverable: true,
    says: SET_UP,
  },
  {
    name: 'the secret has expired',
    token: 'expired',
    code: 'token-malformed',
    isRecoverable: true,
    says: SET_UP,
  },
  {
    name: 'the upgrade is refused',
    realtime: 'refuse=503',
    code: 'connection-failed',
    isRecoverable: true,
    says: NETWORK,
  },
  ...[1_000, 1_001, 1_008, 1_011, 1_012, 1_013, 3_008, 4_001].map((code) => ({
    name: `the server closes with ${code} before the session is there`,
    realtime: closedFirst(code),
    code: 'connection-failed',
    isRecoverable: true,
    says: NETWORK,
  })),
  {
    name: 'the connection breaks before the session is there (1006)',
    realtime: 'drop-after=0',
    code: 'connection-failed',
    isRecoverable: true,
    says: NETWORK,
  },
  {
    name: 'the server says nothing',
    realtime: 'lose=session.created',
    speed: 10,
    code: 'connection-failed',
    isRecoverable: true,
    says: NETWORK,
  },
  {
    name: 'the server refuses the dialect (4000)',
    realtime: closedFirst(4_000),
    code: 'protocol-error',
    isRecoverable: false,
    says: SET_UP,
  },
  {
    name: 'the key is invalid',
    realtime: 'invalid-key',
    code: 'token-refused',
    isRecoverable: false,
    says: SET_UP,
  },
  {
    name: 'the quota is used up',
    realtime: 'error=insufficient_quota',
    code: 'provider-quota',
    isRecoverable: false,
    says: QUOTA,
  },
  {
    name: 'the guide is missing',
    guide: '/guides/none.json',
    code: 'guide-unreachable',
    isRecoverable: true,
    says: /questions could not be loaded/,
  },
  { name: 'the guide is not JSON', guide: '/', code: 'guide-invalid', isRecoverable: false, says: SET_UP },
  {
    name: 'the guide is invalid',
    guide: '/status',
    code: 'guide-invalid',
    isRecoverable: false,
    says: SET_UP,
  },
];

/** They break nothing that the participant would have to know of. */
const UNSEEN: readonly {
  readonly name: string;
  readonly token?: string;
  readonly realtime?: string;
  readonly told?: string;
}[] = [
  { name: 'the clock of the token endpoint is two hours behind', token: 'skew=-7200' },
  { name: 'the clock of the token endpoint is two hours ahead', token: 'skew=7200' },
  {
    name: 'a frame is malformed before the session is there',
    realtime: 'malformed=1',
    told: 'protocol-error',
  },
  { name: 'a frame is malformed in mid-interview', realtime: 'malformed=25', told: 'protocol-error' },
  { name: 'a frame is oversized', realtime: 'oversized=25', told: 'protocol-error' },
  {
    name: 'an error is about nothing and has no code',
    realtime: 'error=null&error-after=25',
    told: 'provider-error',
  },
  {
    name: 'an error of the server is about nothing',
    realtime: 'error=server_error&error-after=25',
    told: 'provider-error',
  },
  { name: 'errors name neither code nor event', realtime: 'null-ids&unasked=turn' },
  { name: 'the server responds although told not to', realtime: 'unasked=turn' },
  { name: 'the server responds of its own will', realtime: 'unasked=200ms' },
  {
    name: 'a rate limit has a reset time',
    realtime: 'fail=rate_limit_exceeded&fail-times=1&reset-seconds=1',
  },
  { name: 'a rate limit has no reset time', realtime: 'fail=rate_limit_exceeded&fail-times=1' },
  { name: 'a response fails once', realtime: 'fail=server_error&fail-times=1' },
  { name: 'an announcement is lost', realtime: 'lose=response.created' },
  { name: 'everything comes late', realtime: 'latency=150&jitter=100' },
];

/** The connection goes in mid-interview, and comes again. */
const CLOSES = [
  ...[1_000, 1_001, 1_008, 1_011, 1_012, 1_013, 4_001].map((code) => ({
    name: `the server closes with ${code}`,
    realtime: `close=${code}&close-after=45`,
  })),
  { name: 'the connection breaks (1006)', realtime: 'drop-after=45' },
];

/** The interview cannot go on: nothing is left to do, and nothing is lost. */
const FATAL = [
  {
    name: 'the quota is used up, told by an error',
    realtime: 'error=insufficient_quota&error-after=45',
    code: 'provider-quota',
    says: QUOTA,
  },
  {
    name: 'the account is deactivated',
    realtime: 'error=account_deactivated&error-after=45',
    code: 'provider-quota',
    says: QUOTA,
  },
  {
    name: 'the key is withdrawn',
    realtime: 'error=invalid_api_key&error-after=45',
    code: 'token-refused',
    says: SET_UP,
  },
];

const ANSWERS = [
  'On my first day Maria met me at the door at nine, and we set up my laptop together.',
  'On Tuesday I could not open the wiki, and Tom gave me access within an hour.',
];

describe('an interview on a network that fails', { timeout: 300_000, concurrency: 3 }, () => {
  const stage = withDemo(() => ({ speech: new FakeSpeech(), pace: Infinity }));
  let runs = 0;

  /** The fault's own address, so that nobody else's requests use its times up. */
  const open = (fault: Partial<Fault>): Promise<InterviewPage> => {
    const run = `run-${(runs += 1)}`;
    const own = (query: string | undefined): string | undefined =>
      query === undefined
        ? undefined
        : `${query}&run=${run}${fault.times === undefined ? '' : `&times=${fault.times}`}`;
    const { guide, speed } = fault;
    return openFaultyPage(stage.browser, stage.demo.url, {
      run,
      token: own(fault.token),
      realtime: own(fault.realtime),
      ...(guide !== undefined && { guide }),
      ...(speed !== undefined && { speed }),
    });
  };

  for (const fault of AT_THE_START) {
    it(`says what to do when ${fault.name}`, async () => {
      const interview = await open({ ...fault, ...(fault.isRecoverable && { times: 1 }) });
      const { page } = interview;
      const comeUp = fault.isTokenDown ? await takeDown(page, '/api/token') : undefined;
      await interview.press('Begin');
      const events = await interview.until('a failure', (told) => told.some(({ type }) => type === 'error'));
      assert.deepEqual(errorsOf(events), [fault.code]);
      assert.equal(await statusOf(page), 'failed');
      const shown = await shownOn(page);
      assert.equal(shown.heading, 'This did not work');
      assert.match(shown.says ?? '', fault.says);
      assert.deepEqual(await violations(page), []);

      if (!fault.isRecoverable) {
        assert.deepEqual(shown.buttons, [], 'there is nothing to press that would help');
        assert.doesNotMatch(shown.says ?? '', /try again/i);
      } else if (fault.guide !== undefined) {
        await page.evaluate(() => {
          document.querySelector('ai-interview')?.setAttribute('guide', '/guides/onboarding.json');
        });
        await interview.press('Try again');
        await page.waitForSelector('ai-interview[status="consent"]');
      } else {
        if (fault.says === BUSY) {
          // Pressed too early it does nothing. In one step, since the time runs.
          const pressed = await page.evaluate(() => {
            const element = document.querySelector('ai-interview');
            const button = element?.shadowRoot?.querySelector<HTMLElement>('.primary');
            const label = button?.textContent.trim() ?? '';
            button?.click();
            return { label, status: element?.getAttribute('status') };
          });
          assert.match(pressed.label, /^Try again in 0:0[1-4]$/);
          assert.equal(pressed.status, 'failed');
          assert.equal(await statusOf(page), 'failed');
        }
        comeUp?.();
        await interview.press('Try again');
        await interview.until('the opening', isAtRest);
        assert.equal(await statusOf(page), 'live');
        assert.equal((await interview.transcript()).length, 1);
      }
      await page.close();
    });
  }

  it('names what is wrong with a guide by its path', async () => {
    const interview = await open({ guide: '/status' });
    const problems = await interview.page.evaluate(async () => {
      const element = document.querySelector('ai-interview') as unknown as { start: () => Promise<void> };
      return element.start().then(
        () => [],
        (error: unknown) => (error as { problems: readonly string[] }).problems,
      );
    });
    assert.deepEqual(problems.slice(0, 3), [
      'version: expected 1',
      'id: expected text',
      'sections: expected a list',
    ]);
    await interview.page.close();
  });

  for (const { told, ...fault } of UNSEEN) {
    it(`goes on as if nothing had been when ${fault.name}`, async () => {
      const interview = await open(fault);
      await answerTwice(interview);
      assert.equal(await statusOf(interview.page), 'live');
      const { says } = await shownOn(interview.page);
      assert.equal(says, undefined, 'the participant is told nothing');
      assert.deepEqual([...new Set(errorsOf(await interview.events()))], told === undefined ? [] : [told]);
      assert.deepEqual(saidBy('participant', await exportedTurns(interview.page)), ANSWERS);
      await interview.page.close();
    });
  }

  for (const fault of CLOSES) {
    it(`connects again in mid-interview when ${fault.name}`, async () => {
      const interview = await open({ ...fault, times: 1 });
      await answerTwice(interview);
      const events = await interview.until(
        'another connection',
        (told) =>
          told.some(({ status }) => status === 'reconnecting') &&
          told.findLast(({ status }) => status)?.status === 'live',
      );
      assert.deepEqual(errorsOf(events), []);
      const turns = await exportedTurns(interview.page);
      assert.deepEqual(saidBy('participant', turns), ANSWERS);
      assert.equal(turns.filter(({ act }) => act === 'opening').length, 1, 'nobody is greeted twice');
      const [gap, ...others] = turns.filter(isOutage);
      assert.ok(gap?.endedAtMs !== undefined && others.length === 0, 'one timed gap');
      assert.equal((await shownOn(interview.page)).says, undefined);
      assert.deepEqual(await violations(interview.page), []);
      await interview.page.close();
    });
  }

  for (const fault of FATAL) {
    it(`keeps what was said when ${fault.name}`, async () => {
      const interview = await open(fault);
      await interview.press('Begin');
      await interview.until('the opening', isAtRest);
      await interview.type(ANSWERS[0] ?? '');
      const events = await interview.until('the end of it', (told) =>
        told.some(({ type }) => type === 'end'),
      );
      assert.deepEqual(errorsOf(events), [fault.code]);
      assert.equal(await statusOf(interview.page), 'failed');
      const shown = await shownOn(interview.page);
      assert.match(shown.says ?? '', fault.says);
      assert.deepEqual([shown.button, shown.buttons], ['Download as text', ['Download as text']]);
      assert.deepEqual(saidBy('participant', await exportedTurns(interview.page)), ANSWERS.slice(0, 1));
      assert.deepEqual(await violations(interview.page), []);
      await interview.page.close();
    });
  }

  it('says that it is busy when a rate limit does not end, and goes on once it has', async () => {
    const interview = await open({ realtime: 'fail=rate_limit_exceeded&fail-times=16', speed: 8 });
    await interview.press('Begin');
    const events = await interview.until('an error', (told) => errorsOf(told).length > 0);
    assert.deepEqual(errorsOf(events), ['provider-rate-limit']);
    assert.equal(await statusOf(interview.page), 'live');
    assert.match((await shownOn(interview.page)).says ?? '', BUSY);
    assert.deepEqual(await violations(interview.page), []);
    await interview.type(ANSWERS[0] ?? '');
    await interview.until('an answer', (told) => turnsOf(told, 'interviewer').length > 0);
    assert.deepEqual(saidBy('participant', await exportedTurns(interview.page)), ANSWERS.slice(0, 1));
    await interview.page.close();
  });
});

/** Begins, and answers what is asked, twice. */
async function answerTwice(interview: InterviewPage): Promise<void> {
  await interview.press('Begin');
  await interview.until('the opening', isAtRest);
  for (const [at, answer] of ANSWERS.entries()) {
    await interview.page.waitForSelector('ai-interview[status="live"]');
    await interview.type(answer);
    await interview.until(
      'a reply',
      (told) =>
        isAtRest(told) &&
        turnsOf(told, 'participant').length > at &&
        told.findLast(({ status }) => status)?.status === 'live',
    );
  }
}

function saidBy(
  speaker: 'participant' | 'interviewer',
  turns: Awaited<ReturnType<typeof exportedTurns>>,
): readonly string[] {
  return turns.filter((turn) => turn.speaker === speaker).map(({ text }) => text);
}

/** Lets nobody listen at an address. @returns how somebody does again */
async function takeDown(page: Page, path: string): Promise<() => void> {
  let isDown = true;
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const isRefused = isDown && new URL(request.url()).pathname === path;
    void (isRefused ? request.abort('connectionrefused') : request.continue());
  });
  return () => {
    isDown = false;
  };
}
