/** The element on a host's own page, under each policy that the README says is enough: every part of the script loads, and it sounds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { FakeSpeech, sound } from '../demo/fake-speech.js';
import { readmeExample } from '../support/readme-example.js';
import { isAtRest, turnsOf } from './support/at-rest.js';
import { InterviewPage } from './support/interview-page.js';
import { withDemo } from './support/with-demo.js';

const SPOKEN = 'On my first day Maria met me at the door at nine, and we set up my laptop together.';
const TYPED = 'On Tuesday I could not open the wiki, and Tom gave me access within an hour.';

const POLICIES = [
  {
    allows: 'its own scripts',
    policy: 'policy',
    tag: () => '<script type="module" src="/ai-interview.js"></script>',
  },
  {
    allows: 'scripts with a nonce, and what these trust',
    policy: 'nonce-policy',
    tag: () => readmeExample('nonce-tag'),
  },
];

/** What the script loads on the way through an interview by voice. */
const PARTS = [
  ...['late-panels', 'interview-run', 'realtime', 'speaker', 'microphone', 'worklet'],
  ...['open-delivery', 'export-json', 'strings-de'],
];

describe('a page whose policy allows no more than', { timeout: 120_000, concurrency: 2 }, () => {
  const stage = withDemo(() => {
    const speech = new FakeSpeech();
    speech.utterances.push(...POLICIES.map(() => SPOKEN));
    return { speech };
  });

  for (const { allows, policy, tag } of POLICIES) {
    it(`${allows} holds an interview by voice and in writing`, async () => {
      const interview = await InterviewPage.open(stage.browser, 'about:blank');
      const { page } = interview;
      // A blank page has no microphone to put another in the place of.
      interview.problems.splice(0);
      const loaded: string[] = [];
      await serve(page, {
        policy: readmeExample(policy, {
          'wss://api.openai.com': stage.demo.url.replace('http', 'ws'),
        }).trim(),
        html: `<!doctype html><html lang="en"><title>A host</title>
          <script>document.title = 'Taken over'</script>${tag()}
          <ai-interview token-url="/api/token" guide="/guides/onboarding.json" transcript-url="/api/transcript"></ai-interview>`,
        onRequest: (path) => loaded.push(path),
      });
      await page.goto(stage.demo.url, { waitUntil: 'load' });

      await interview.enter({ withMicrophone: true });
      await interview.until('the opening', isAtRest);
      await interview.talk({ pcm: sound(600), rate: 24_000 });
      await interview.until('a reply', (told) => isAtRest(told) && turnsOf(told, 'participant').length === 1);
      await interview.type(TYPED);
      await interview.until('a reply', (told) => isAtRest(told) && turnsOf(told, 'participant').length === 2);
      const turns = await interview.transcript();
      assert.deepEqual(
        turns.filter(({ speaker }) => speaker === 'participant').map(({ medium, text }) => [medium, text]),
        [
          ['voice', SPOKEN],
          ['text', TYPED],
        ],
      );
      assert.ok(
        turns.every(({ speaker, medium }) => speaker === 'participant' || medium === 'voice'),
        'she was heard',
      );
      const exported = await page.evaluate(async () => {
        const element = document.querySelector('ai-interview');
        if (element) element.lang = 'de';
        return (await element?.exportTranscript('json'))?.text();
      });
      assert.ok(exported?.includes(SPOKEN));
      await page.waitForSelector(
        'ai-interview >>> button[aria-label="Beenden"], ai-interview >>> ::-p-text(Beenden)',
      );
      for (const part of PARTS) assert.ok(loaded.includes(`/ai-interview.${part}.js`), part);
      assert.ok(!loaded.includes('/ai-interview.worklets.js'), 'and no copy for a blob: address was needed');
      assert.equal(interview.problems.length, 1, 'only what was put in to be refused was refused');
      assert.match(interview.problems[0] ?? '', /inline script/);
      assert.equal(await page.title(), 'A host');
      assert.equal(await page.evaluate(writeText), 'TypeError', 'text is no HTML here');
      await page.close();
    });
  }
});

/** The page at `/` is a host's own; all else is the demo's. */
async function serve(
  page: Page,
  { policy, html, onRequest }: { policy: string; html: string; onRequest: (path: string) => void },
): Promise<void> {
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    onRequest(pathname);
    if (pathname !== '/') void request.continue();
    else
      void request.respond({
        contentType: 'text/html; charset=utf-8',
        headers: { 'content-security-policy': policy },
        body: html,
      });
  });
}

/** Runs in the page. @returns what writing text as HTML throws */
function writeText(): string {
  try {
    document.body.innerHTML = '<p>written</p>';
    return 'nothing';
  } catch (error) {
    return (error as Error).name;
  }
}
