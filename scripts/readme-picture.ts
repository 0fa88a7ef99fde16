// Takes the README's picture: the demo in the middle of an interview, as its page shows it.
//   npx tsx scripts/readme-picture.ts
import { mkdirSync, statSync } from 'node:fs';
import { startDemo } from '../demo/server/demo.js';
import { launchBrowser } from '../test/journeys/support/browser.js';
import { InterviewPage, countRests } from '../test/journeys/support/interview-page.js';

const FILE = 'docs/interview.png';
const WIDTH = 1280;
const MARGIN = 24;
const ANSWERS = [
  'I remember that the reception was empty. I waited twenty minutes, and then a gardener asked whether I was lost.',
  'She put down her can, took me up to the third floor and told everybody my name on the way.',
];

const demo = await startDemo({ port: 0 });
await demo.speech?.ready;
const browser = await launchBrowser();
try {
  const interview = await InterviewPage.open(browser, demo.url);
  await interview.page.setViewport({ width: WIDTH, height: 1400 });
  await interview.enter({ withMicrophone: true });
  for (const [at, answer] of ANSWERS.entries()) {
    await interview.until('a question', (events) => countRests(events) > at);
    await interview.type(answer);
  }
  await interview.until(
    'the interviewer to speak again',
    (events) =>
      events.filter(({ turn }) => turn?.speaker === 'participant').length >= ANSWERS.length &&
      events.filter(({ type }) => type === 'activity').at(-1)?.activity === 'speaking',
  );
  // No field has the focus: the picture is of the interview.
  await interview.page.evaluate(() => {
    const focused = document.activeElement?.shadowRoot?.activeElement;
    if (focused instanceof HTMLElement) focused.blur();
  });
  // Into the middle of what she says: her level is drawn over several frames.
  await new Promise((resolve) => setTimeout(resolve, 1200));
  mkdirSync('docs', { recursive: true });
  const element = await interview.page.$('ai-interview');
  const box = await element?.boundingBox();
  if (!box) throw new Error('The interview is not on the page');
  const clip = { x: 0, y: box.y - MARGIN, width: WIDTH, height: box.height + 2 * MARGIN };
  await interview.page.screenshot({ path: FILE, clip });
  const kilobytes = Math.round(statSync(FILE).size / 1000);
  console.log(`${FILE}: ${kilobytes} kB${interview.problems.map((problem) => `\n${problem}`).join('')}`);
} finally {
  await browser.close();
  await demo.close();
}
