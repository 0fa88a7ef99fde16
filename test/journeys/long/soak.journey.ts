// An interview as long as an hour, with its time compressed at the server: what the interviewer says sounds for a twelfth of the
// time, and what the participant said is known at once. The page does all that it would do in an hour.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, CDPSession, Page } from 'puppeteer-core';
import { startDemo } from '../../../demo/server/demo.js';
import { startSpeech, type Speech } from '../../../demo/server/speech/speech.js';
import type { AiInterviewElement } from '../../../src/ui/ai-interview-element.js';
import { launchBrowser } from '../support/browser.js';
import { InterviewPage } from '../support/interview-page.js';

/** In an hour, at half a minute for a question and its answer. */
const EXCHANGES = 120;
const COMPRESSION = 12;
/** The first exchanges compile, load and fill caches. */
const WARM_UP = 30;
const LOOK_EVERY = 15;

declare const journey: { readonly events: unknown[]; readonly heard: unknown[] };

interface Memory {
  readonly exchange: number;
  readonly heapKb: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly serverMb: number;
}

describe('an hour of interview', { timeout: 1_500_000 }, () => {
  let demo: Awaited<ReturnType<typeof startDemo>>;
  let browser: Browser;
  let speech: Speech;

  before(async () => {
    speech = startSpeech();
    await speech.ready;
    demo = await startDemo({ port: 0, speech: compressed(speech) });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await demo.close();
    await speech.close();
  });

  it('needs no more memory at its end than its transcript weighs', async () => {
    const interview = await InterviewPage.open(browser, demo.url);
    const { page } = interview;
    await answerWith(page, '/guides/onboarding.json', hourGuide());
    await page.reload({ waitUntil: 'load' });
    await interview.enter({ withMicrophone: true });
    const cdp = await page.createCDPSession();
    await cdp.send('Performance.enable');

    const looks: Memory[] = [];
    for (let exchange = 1; exchange <= EXCHANGES; exchange++) {
      await rest(page, exchange);
      await speak(page);
      if (exchange >= WARM_UP && exchange % LOOK_EVERY === 0) {
        await rest(page, exchange);
        looks.push(await memory(cdp, page, exchange));
      }
    }
    console.table(looks);

    const turns = await interview.transcript();
    const answers = turns.filter(({ speaker }) => speaker === 'participant');
    assert.ok(answers.length >= EXCHANGES, `${answers.length} answers are in the transcript`);
    assert.deepEqual(
      answers.filter(({ status, text }) => status !== 'final' || text === ''),
      [],
      'every answer was heard',
    );
    assert.deepEqual(interview.problems, []);
    assert.equal(interview.wire.mostAtOnce, 1);

    const first = looks[0];
    const last = looks.at(-1);
    assert.ok(first && last && last.exchange > first.exchange);
    const exchanges = last.exchange - first.exchange;
    // Two turns, their words on the screen and in memory.
    const heapKb = (last.heapKb - first.heapKb) / exchanges;
    assert.ok(heapKb < 12, `the heap grew by ${heapKb.toFixed(1)} kB an exchange`);
    const nodes = (last.nodes - first.nodes) / exchanges;
    assert.ok(nodes < 60, `the document grew by ${nodes.toFixed(1)} nodes an exchange`);
    assert.ok(last.listeners - first.listeners <= 5, 'no listener is left behind by an exchange');
  });
});

/** Each chunk keeps one sample in so many: shorter, higher, as loud. */
function compressed(speech: Speech): Speech {
  let answer = 0;
  return {
    ready: speech.ready,
    onProgress: (listener) => speech.onProgress(listener),
    hear: () =>
      Promise.resolve(
        `Answer ${++answer}: on that morning Maria and I looked at the plan of the week together.`,
      ),
    speak: async function* (text, options) {
      for await (const pcm of speech.speak(text, options))
        yield Int16Array.from(
          { length: Math.ceil(pcm.length / COMPRESSION) },
          (_, n) => pcm[n * COMPRESSION] ?? 0,
        );
    },
    detector: (options) => speech.detector(options),
    close: () => speech.close(),
  };
}

function hourGuide(): string {
  const questions = Array.from({ length: EXCHANGES + 10 }, (_, n) => ({
    id: `q${n}`,
    ask: `Question ${n}: what happened in week ${n} of your time here, and what did you make of it?`,
  }));
  return JSON.stringify({
    version: 1,
    id: 'hour',
    title: 'An hour',
    consent: { version: '1', text: 'We keep what you say.' },
    time: { targetMinutes: 60, maxMinutes: 60 },
    sections: [{ id: 'all', title: 'All', questions }],
  });
}

async function answerWith(page: Page, path: string, body: string): Promise<void> {
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (!request.url().endsWith(path)) void request.continue();
    else void request.respond({ contentType: 'application/json', body });
  });
}

/** Holds the talk button for a moment. */
async function speak(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const element = document.querySelector('ai-interview') as unknown as AiInterviewElement;
    await element.pressToTalk();
    await new Promise((resolve) => setTimeout(resolve, 400));
    await element.releaseToTalk();
  });
}

/** Waits until the interviewer has said something to the last answer, and the floor is free. */
async function rest(page: Page, exchange: number): Promise<void> {
  try {
    await page.waitForFunction(
      (answers) => {
        const element = document.querySelector('ai-interview') as unknown as AiInterviewElement;
        const { transcript, activity, status } = element;
        const said = transcript.filter(({ speaker }) => speaker === 'participant').length;
        const last = transcript.at(-1);
        return (
          status === 'live' &&
          activity === 'listening' &&
          said >= answers &&
          last?.speaker === 'interviewer' &&
          last.status === 'final'
        );
      },
      { timeout: 60_000, polling: 100 },
      exchange - 1,
    );
  } catch (cause) {
    const state = await page.evaluate(() => {
      const { transcript, activity, status } = document.querySelector(
        'ai-interview',
      ) as unknown as AiInterviewElement;
      return JSON.stringify({ activity, status, last: transcript.slice(-3) });
    });
    throw new Error(`No rest before exchange ${exchange}: ${state}`, { cause });
  }
}

async function memory(cdp: CDPSession, page: Page, exchange: number): Promise<Memory> {
  // What this test itself keeps of the page is not the page's.
  await page.evaluate(() => {
    journey.events.length = 0;
    journey.heard.length = 0;
  });
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
  return {
    exchange,
    heapKb: Math.round(metric('JSHeapUsedSize') / 1024),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    serverMb: Math.round(process.memoryUsage().heapUsed / 2 ** 20),
  };
}
