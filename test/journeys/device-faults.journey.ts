import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { FakeSpeech } from '../demo/fake-speech.js';
import { isAtRest, turnsOf } from './support/at-rest.js';
import { InterviewPage, type Told } from './support/interview-page.js';
import { withDemo } from './support/with-demo.js';
import { violations } from './support/violations.js';

/** One device, store or policy that fails on the demo's own page, and what the participant then sees and can do. */
interface Fault {
  readonly name: string;
  readonly code: string;
  /** What the screen says. */
  readonly words: RegExp;
  readonly microphone: 'works' | 'the browser’s own' | 'fails at set-up' | 'none';
  readonly headers?: Readonly<Record<string, (value: string) => string>>;
  /** Addresses that the server does not have. */
  readonly missing?: RegExp;
  /** Runs in the page before its scripts. */
  readonly prepare?: () => void;
  /** Makes it happen, in the live interview. */
  readonly strike?: (interview: InterviewPage) => Promise<void>;
  /** The way back, and what shows that it was taken. */
  readonly recover?: (interview: InterviewPage) => Promise<void>;
  /** Requests that fail on purpose, by what the console says of them. */
  readonly complaints?: RegExp;
}

declare const microphones: MediaStreamTrack[];
declare const contexts: AudioContext[];

const FAULTS: readonly Fault[] = [
  {
    name: 'a microphone that is not there',
    code: 'microphone-missing',
    words: /No microphone was found/,
    microphone: 'fails at set-up',
    prepare: () => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('said by the journey', 'NotFoundError'));
    },
  },
  {
    name: 'a microphone that another application has taken',
    code: 'microphone-busy',
    words: /Another program is using the microphone/,
    microphone: 'fails at set-up',
    prepare: () => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('said by the journey', 'NotReadableError'));
    },
  },
  {
    name: 'a microphone that the page’s own Permissions-Policy blocks',
    code: 'microphone-blocked-by-policy',
    words: /This page may not use a microphone/,
    microphone: 'fails at set-up',
    headers: { 'permissions-policy': () => 'microphone=()' },
    complaints: /Permissions policy violation/i,
  },
  {
    name: 'a microphone that is unplugged',
    code: 'microphone-lost',
    words: /The microphone is gone/,
    microphone: 'works',
    strike: async ({ page }) => {
      await page.evaluate(() => microphones.at(-1)?.dispatchEvent(new Event('ended')));
    },
    recover: turnOnAgain,
  },
  {
    name: 'a microphone that is no longer allowed',
    code: 'microphone-lost',
    words: /The microphone is gone/,
    microphone: 'the browser’s own',
    strike: async ({ page }) => {
      const browser = await page.browser().target().createCDPSession();
      // Chromium ends the track.
      await browser.send('Browser.setPermission', {
        permission: { name: 'microphone' },
        setting: 'denied',
        origin: new URL(page.url()).origin,
        browserContextId: page.browserContext().id,
      });
    },
    recover: turnOnAgain,
  },
  {
    name: 'a microphone that the system mutes',
    code: 'microphone-muted',
    words: /Your microphone is muted/,
    microphone: 'works',
    strike: async ({ page }) => {
      await page.evaluate(() => microphones.at(-1)?.dispatchEvent(new Event('mute')));
    },
    recover: async ({ page }) => {
      await page.evaluate(() => microphones.at(-1)?.dispatchEvent(new Event('unmute')));
      await page.waitForFunction(isQuiet);
    },
  },
  {
    name: 'sound that the browser holds back',
    code: 'sound-suspended',
    words: /Your browser holds the sound back/,
    microphone: 'works',
    strike: async ({ page }) => {
      await page.evaluate(() => Promise.all(contexts.map((context) => context.suspend())));
    },
    recover: async (interview) => {
      await writes(interview);
      await interview.press('Go on with sound');
      await interview.page.waitForFunction(isQuiet);
      assert.deepEqual(
        [...new Set(await interview.page.evaluate(() => contexts.map(({ state }) => state)))],
        ['running'],
      );
    },
  },
  {
    name: 'nothing to hear her with, so that no sound ever begins',
    code: 'sound-suspended',
    words: /What is said is written here/,
    microphone: 'none',
    prepare: () => {
      // As Firefox does on a machine without a loudspeaker.
      AudioContext.prototype.resume = () => new Promise(() => undefined);
      const Plain = AudioContext;
      globalThis.AudioContext = class extends Plain {
        constructor(options?: AudioContextOptions) {
          super(options);
          void this.suspend();
        }
      };
    },
    recover: writes,
  },
  {
    name: 'an audio worklet that the policy blocks',
    code: 'worklet-blocked',
    words: /This page does not allow sound to be processed/,
    microphone: 'none',
    missing: /ai-interview\.worklet\.js/,
    complaints: /404|worklet|blob:|Content Security Policy/,
  },
  {
    name: 'storage that is blocked',
    code: 'storage-unavailable',
    words: /This browser keeps nothing of the interview/,
    microphone: 'none',
    prepare: () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('said by the journey', 'SecurityError');
      };
    },
  },
];

describe('a device, a store or a policy that fails', { timeout: 300_000, concurrency: 4 }, () => {
  const stage = withDemo(() => ({ speech: new FakeSpeech() }));

  for (const fault of FAULTS) {
    it(`is told, and gone on with: ${fault.name}`, async () => {
      // Of a person who allows, and stores, for themselves.
      const context = await stage.browser.createBrowserContext();
      const interview = await InterviewPage.open(context, 'about:blank', {
        isMicrophoneFake: fault.microphone === 'works',
      });
      const { page } = interview;
      // A blank page has no microphone to put another in the place of.
      interview.problems.splice(0);
      await page.evaluateOnNewDocument(watchDevices);
      if (fault.prepare) await page.evaluateOnNewDocument(fault.prepare);
      await change(page, fault);
      await page.goto(stage.demo.url, { waitUntil: 'load' });

      await interview.press('Begin');
      await interview.agree();
      if (fault.microphone === 'works' || fault.microphone === 'the browser’s own') {
        await interview.press('Turn on the microphone');
        await interview.press('Start the interview');
      } else {
        if (fault.microphone === 'fails at set-up') {
          await interview.press('Turn on the microphone');
          await sees(page, fault.words);
          assert.deepEqual(await violations(page), [], 'the set-up screen');
        }
        await interview.press('Continue without a microphone');
      }
      await interview.until('the opening', isAtRest);
      await fault.strike?.(interview);
      if (fault.microphone !== 'fails at set-up') {
        await interview.until(fault.code, (told) => codes(told).includes(fault.code));
        await sees(page, fault.words);
        assert.deepEqual(await violations(page), [], 'the live interview');
      }
      await fault.recover?.(interview);

      // In writing it goes on in any case.
      const said = turnsOf(await interview.events(), 'participant').length;
      await interview.type('On Tuesday Tom gave me access within an hour, and I could open the wiki.');
      const events = await interview.until(
        'a reply',
        (told) => isAtRest(told) && turnsOf(told, 'participant').length > said,
      );
      assert.deepEqual([...new Set(codes(events))], [fault.code]);
      const turns = await interview.transcript();
      assert.ok(turns.some(({ text }) => text.includes('Tom gave me access')));
      assert.equal(turns.at(-1)?.speaker, 'interviewer');

      await interview.press('End');
      await interview.press('End now');
      await sees(page, fault.code === 'storage-unavailable' ? /has not kept all of it/ : /what was said/);
      const kept = await page.evaluate(async () => {
        const element = document.querySelector('ai-interview');
        return (await element?.exportTranscript('json'))?.text();
      });
      assert.ok(kept?.includes('Tom gave me access'), 'the export holds it');
      assert.deepEqual(
        interview.problems.filter((problem) => !fault.complaints?.test(problem)),
        [],
      );
      await context.close();
    });
  }
});

async function turnOnAgain(interview: InterviewPage): Promise<void> {
  await interview.press('Turn on the microphone');
  await interview.page.waitForSelector('ai-interview >>> [part~="talk"]', { visible: true });
}

/** She goes on in writing, and says nothing twice. */
async function writes(interview: InterviewPage): Promise<void> {
  const before = await interview.transcript();
  await interview.type('Maria met me at the door at nine, and we set up my laptop together.');
  await interview.until(
    'a reply in writing',
    (told) =>
      isAtRest(told) &&
      turnsOf(told, 'interviewer').some(
        ({ turn }) => turn?.medium === 'text' && before.every(({ id }) => id !== turn.id),
      ),
  );
  const turns = await interview.transcript();
  assert.equal(
    turns
      .slice(before.length)
      .map(({ speaker }) => speaker[0])
      .join(''),
    'pi',
  );
}

const codes = (events: readonly Told[]): string[] =>
  events.filter(({ type }) => type === 'error').map(({ error }) => error?.split(':')[0] ?? '');

/** Everything that the page opens, for the journey to break. */
function watchDevices(): void {
  const opened: MediaStreamTrack[] = [];
  const made: AudioContext[] = [];
  Object.assign(globalThis, { microphones: opened, contexts: made });
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    opened.push(...stream.getTracks());
    return stream;
  };
  // The microphone of the journey has a context of its own, made before it is asked for.
  const Plain = globalThis.AudioContext;
  globalThis.AudioContext = class extends Plain {
    constructor(options?: AudioContextOptions) {
      super(options);
      if (options?.latencyHint === 'interactive') made.push(this);
    }
  };
}

/** No standing notice is on the screen. */
function isQuiet(): boolean {
  return !document.querySelector('ai-interview')?.shadowRoot?.querySelector('.notice');
}

/** What the demo's server answers, as a host's server might have been set up. */
async function change(page: Page, { headers, missing }: Fault): Promise<void> {
  if (!headers && !missing) return;
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (missing?.test(request.url())) void request.respond({ status: 404, body: '' });
    else if (headers && request.resourceType() === 'document') {
      void fetch(request.url()).then(async (answer) => {
        const changed = Object.fromEntries(
          [...answer.headers].map(([name, value]) => [name, headers[name]?.(value) ?? value]),
        );
        await request.respond({ status: answer.status, headers: changed, body: await answer.text() });
      });
    } else void request.continue();
  });
}

async function sees(page: Page, words: RegExp): Promise<void> {
  await page.waitForFunction(
    (source) => {
      const frame = document.querySelector('ai-interview')?.shadowRoot?.querySelector<HTMLElement>('.frame');
      return new RegExp(source).test(frame?.innerText ?? '');
    },
    { timeout: 20_000 },
    words.source,
  );
}
