import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import type { Turn } from '../../../src/turn.js';
import { FakeSpeech } from '../../demo/fake-speech.js';
import { isAtRest } from './at-rest.js';
import { launchBrowser } from './browser.js';
import { InterviewPage } from './interview-page.js';

const ANSWER = 'On my first day Maria met me at the door at nine, and we set up my laptop before lunch.';
const UTTERANCE = { rate: 24_000, pcm: new Int16Array(7200).fill(50) };

/** Whatever is said into it, it was the same answer. */
export class ReadySpeech extends FakeSpeech {
  override hear(): Promise<string> {
    return Promise.resolve(ANSWER);
  }
}

interface Message {
  readonly key: string;
  readonly turn?: Turn;
}

/**
 * An interview in a browser with a profile that stays, whose every process is killed so long after the interview is live. Then the page
 * is opened again, and what was told before must be there.
 */
export async function killAndComeBack(
  url: string,
  { mode, afterMs }: { mode: 'text' | 'push-to-talk'; afterMs: number },
): Promise<{ readonly told: number; readonly kept: number }> {
  const profile = await mkdtemp(join(tmpdir(), 'ai-interview-kill-'));
  const told: Turn[] = [];
  let browser = await launchBrowser({ userDataDir: profile });
  try {
    const first = await open(browser, url, mode);
    await first.page.exposeFunction('tellTurn', (turn: Turn) => told.push(turn));
    await first.page.evaluate(() => {
      addEventListener('interview-turn', ({ turn }) => {
        void (globalThis as unknown as { tellTurn(turn: unknown): Promise<void> }).tellTurn(
          JSON.parse(JSON.stringify(turn)),
        );
      });
    });
    await enter(first, mode, 'Begin');
    const talking = talk(first, mode).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await kill(browser);
    await talking;

    browser = await launchBrowser({ userDataDir: profile });
    const second = await open(browser, url, mode);
    const isOffered = await second.page
      .waitForSelector('ai-interview >>> .primary', { visible: true })
      .then(() => second.page.evaluate(() => document.querySelector('ai-interview')?.session?.load()))
      .then((loaded) => loaded?.unfinished);
    assert.ok(isOffered || told.length === 0, 'what was told is there to go on with');
    await enter(second, mode, isOffered ? 'Continue' : 'Begin');
    await second.until('the interviewer to go on', isAtRest);
    const kept = await second.transcript();
    for (const turn of told.filter(({ status }) => status === 'final')) {
      const same = kept.find(({ id }) => id === turn.id);
      assert.equal(same?.text, turn.text, `turn ${turn.n} is there as it was told`);
      assert.equal(same.n, turn.n);
    }
    assert.deepEqual(
      kept.filter(({ status }) => status === 'partial'),
      [],
      'what was under way is a marked gap',
    );
    assert.equal(new Set(kept.map(({ n }) => n)).size, kept.length, 'every number was given once');
    assert.ok(kept.filter(({ act }) => act === 'opening').length <= 1, 'nobody was greeted twice');
    await delivered(url, kept);
    assert.deepEqual(second.problems, []);
    return { told: told.length, kept: kept.length };
  } finally {
    await kill(browser);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The host has every settled turn, and none twice. */
export async function delivered(url: string, turns: readonly Turn[]): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    const answer = await fetch(`${url}/api/transcript`);
    const { messages } = (await answer.json()) as { messages: readonly Message[] };
    const missing = turns.filter(({ id }) => !messages.some(({ turn }) => turn?.id === id));
    if (missing.length === 0) {
      const contents = messages.flatMap(({ turn }) => (turn ? [JSON.stringify(turn)] : []));
      assert.equal(new Set(contents).size, contents.length, 'nothing was told twice under another key');
      return;
    }
    assert.ok(Date.now() < end, `${missing.length} turns did not arrive: ${JSON.stringify(missing)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function open(browser: Browser, url: string, mode: 'text' | 'push-to-talk'): Promise<InterviewPage> {
  return InterviewPage.open(browser, url, {
    attributes: mode === 'text' ? { mode, output: 'text' } : { mode },
  });
}

async function enter(interview: InterviewPage, mode: string, button: string): Promise<void> {
  await interview.press(button);
  await interview.agree();
  if (mode !== 'text') {
    await interview.press('Turn on the microphone');
    await interview.press('Start the interview');
  }
  await interview.until('a live interview', (events) => events.some(({ status }) => status === 'live'));
}

/** Answers whenever it is the participant's turn, until the browser is gone. */
async function talk(interview: InterviewPage, mode: string): Promise<void> {
  for (let n = 0; ; n++) {
    await interview.until('the interviewer', isAtRest, 20_000);
    if (mode === 'text') await interview.type(`${n}: ${ANSWER}`);
    else await interview.talk(UTTERANCE);
    // In writing nothing takes time: the guide is not to be at its end before the browser is.
    await new Promise((resolve) => setTimeout(resolve, mode === 'text' ? 800 : 50));
  }
}

/** `kill -9` of the browser and everything that it started. Killing twice is quiet. */
async function kill(browser: Browser): Promise<void> {
  const process_ = browser.process();
  if (!process_?.pid || process_.exitCode !== null || process_.signalCode !== null) return;
  const gone = new Promise((resolve) => process_.once('exit', resolve));
  process.kill(-process_.pid, 'SIGKILL');
  await gone;
  await browser.disconnect().catch(() => undefined);
}
