import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { startDemo, type Demo } from '../../demo/server/demo.js';
import { startSpeech, type Speech } from '../../demo/server/speech/speech.js';
import type { Sound } from '../../demo/server/speech/wav.js';
import { FakeSpeech } from '../demo/fake-speech.js';
import { pooledWordErrorRate } from '../support/word-error-rate.js';
import { isAtRest, turnsOf } from './support/at-rest.js';
import { launchBrowser } from './support/browser.js';
import { InterviewPage } from './support/interview-page.js';
import { SHORT } from './support/recordings.js';

/** Time enough to press, and to let go, before the sentence comes round again. */
const SILENCE_MS = 5000;

describe("the browser's own microphone", { timeout: 180_000 }, () => {
  let speech: Speech;
  let demo: Demo;
  let browser: Browser;
  let folder: string;

  before(async () => {
    speech = startSpeech();
    folder = await mkdtemp(join(tmpdir(), 'ai-interview-microphone-'));
    const file = join(folder, 'participant.wav');
    await writeFile(file, wavOf(afterSilence(SHORT.wav)));
    demo = await startDemo({ port: 0, speech: new HearingSpeech(speech) });
    browser = await launchBrowser({ flags: [`--use-file-for-fake-audio-capture=${file}`] });
    await speech.ready;
  });
  after(async () => {
    await browser.close();
    await demo.close();
    await speech.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('brings what is said into it, word by word', async () => {
    const interview = await InterviewPage.open(browser, demo.url, { isMicrophoneFake: false });
    const { page } = interview;
    await interview.enter({ withMicrophone: true });
    await interview.until('the opening', isAtRest);

    // The file is played round and round: the press is to hold one whole sentence.
    await sentenceHeard(page);
    const button = await page.waitForSelector('ai-interview >>> [part~="talk"]', { visible: true });
    await button?.hover();
    await page.mouse.down();
    await sentenceHeard(page);
    await page.mouse.up();

    await interview.until(
      'the reply',
      (events) => isAtRest(events) && turnsOf(events, 'interviewer').length >= 2,
    );
    const turns = await interview.transcript();
    const [spoken, ...others] = turns.filter(({ speaker }) => speaker === 'participant');
    assert.deepEqual(others, []);
    assert.equal(spoken?.medium, 'voice');
    assert.equal(spoken.status, 'final');
    const rate = pooledWordErrorRate([{ said: SHORT.words, heard: spoken.text }]);
    assert.ok(rate <= 0.2, `word error rate ${rate.toFixed(3)}: ${spoken.text}`);

    assert.deepEqual(interview.wire.of('error'), []);
    assert.deepEqual(interview.wire.open, []);
    assert.equal(interview.wire.mostAtOnce, 1);
    assert.deepEqual(interview.problems, []);
    await page.close();
  });
});

/** Hears as the demo does. What is said is of no interest here, and takes 10 ms a letter. */
class HearingSpeech extends FakeSpeech {
  readonly #ears: Speech;

  constructor(ears: Speech) {
    super();
    this.#ears = ears;
  }

  override hear(pcm: Int16Array, options?: { signal?: AbortSignal }): Promise<string> {
    return this.#ears.hear(pcm, options);
  }
}

/** Waits until the microphone has been loud, and then quiet for a second. */
async function sentenceHeard(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { session } = document.querySelector('ai-interview') as unknown as {
      session: { level: { microphone: number } };
    };
    let wasLoud = false;
    let quietSince = performance.now();
    while (!wasLoud || performance.now() - quietSince < 1000) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (session.level.microphone < 0.02) continue;
      wasLoud = true;
      quietSince = performance.now();
    }
  });
}

function afterSilence({ pcm, rate }: Sound): Sound {
  const silence = Math.round((SILENCE_MS / 1000) * rate);
  const whole = new Int16Array(silence + pcm.length);
  whole.set(pcm, silence);
  return { pcm: whole, rate };
}

function wavOf({ pcm, rate }: Sound): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + pcm.byteLength, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(pcm.byteLength, 40);
  return Buffer.concat([head, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)]);
}
