import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { FakeSpeech } from '../demo/fake-speech.js';
import { isAtRest, turnsOf } from './support/at-rest.js';
import { InterviewPage } from './support/interview-page.js';
import { withDemo } from './support/with-demo.js';
import { violations } from './support/violations.js';

describe('an interview whose participant refuses the microphone', { timeout: 120_000 }, () => {
  const stage = withDemo(() => ({ speech: new FakeSpeech() }));

  it('says so, and goes on in writing', async () => {
    const interview = await InterviewPage.open(stage.browser, stage.demo.url, { isMicrophoneFake: false });
    const { page } = interview;
    await refuseMicrophone(page);
    await interview.press('Begin');
    await interview.agree();
    await interview.press('Turn on the microphone');

    const alert = await page.waitForSelector('ai-interview >>> [role="alert"]', { visible: true });
    assert.match(
      (await alert?.evaluate(({ textContent }) => textContent)) ?? '',
      /microphone is not allowed/i,
    );
    assert.deepEqual(await violations(page), [], 'the set-up screen with its refusal');

    await interview.press('Continue without a microphone');
    await interview.until('the opening', isAtRest);
    await interview.type('On Tuesday Tom gave me access within an hour, and I could open the wiki at last.');
    const events = await interview.until(
      'a reply',
      (told) => isAtRest(told) && turnsOf(told, 'interviewer').length >= 2,
    );

    assert.deepEqual(
      events.filter(({ type }) => type === 'error').map(({ error }) => error?.split(':')[0]),
      ['microphone-denied'],
    );
    const turns = await interview.transcript();
    assert.deepEqual(
      turns.map(({ speaker, medium, status }) => [speaker, medium, status]),
      [
        ['interviewer', 'voice', 'final'],
        ['participant', 'text', 'final'],
        ['interviewer', 'voice', 'final'],
      ],
    );
    assert.equal(await refusals(page), 1, 'nobody is asked for the microphone again');
    assert.deepEqual(await violations(page), [], 'the live interview');

    assert.deepEqual(interview.wire.of('error'), []);
    assert.deepEqual(interview.problems, []);
    await page.close();
  });
});

/** As the browser does when the person presses "Block". */
async function refuseMicrophone(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.assign(globalThis, { refusals: 0 });
    navigator.mediaDevices.getUserMedia = () => {
      (globalThis as unknown as { refusals: number }).refusals += 1;
      return Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
    };
  });
}

const refusals = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { refusals: number }).refusals);
