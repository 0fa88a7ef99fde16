// The real models: what a person said is heard, what is spoken can be understood, silence is silence.
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { after, before, describe, it } from 'node:test';
import { toFloat, toPcm16 } from '../../demo/server/speech/pcm16.js';
import { convertRate } from '../../demo/server/speech/rate-converter.js';
import {
  type DetectorEvent,
  type Speech,
  type SpeechProgress,
  startSpeech,
} from '../../demo/server/speech/speech.js';
import { readWav } from '../support/wav.js';
import { pooledWordErrorRate } from '../support/word-error-rate.js';

const RATE = 24_000;
const CLIPS = [
  {
    file: 'librivox-0870.wav',
    said: 'and mister john dashwood had then leisure to consider how much there might be prudently in his power to do for them',
  },
  { file: 'librivox-0880.wav', said: 'he was not an ill disposed young man' },
];

const SPOKEN = [
  'What do you remember about your first day at work?',
  'Can you tell me about one moment that surprised you?',
  'Thank you for taking part in this interview.',
];

function recording(file: string): Int16Array {
  const { rate, pcm } = readWav(new URL(`../speech/${file}`, import.meta.url));
  return toPcm16(convertRate(toFloat(pcm), rate, RATE));
}

function joined(...parts: Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

const silence = (seconds: number): Int16Array => new Int16Array(seconds * RATE);

/** White noise that is the same in every run. */
function noise(seconds: number, level: number): Int16Array {
  let seed = 7;
  return Int16Array.from({ length: seconds * RATE }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (seed / 1_073_741_824 - 1) * level;
  });
}

/** Where a recording is loud, in ms: two windows of 20 ms within 22 dB of the loudest, without any model. */
function loudRange(pcm: Int16Array): { startMs: number; endMs: number } {
  const width = 0.02 * RATE;
  const energies = Array.from({ length: Math.floor(pcm.length / width) }, (_, n) =>
    pcm.subarray(n * width, (n + 1) * width).reduce((sum, sample) => sum + sample * sample, 0),
  );
  const limit = Math.max(...energies) * 10 ** -2.2;
  const loud = energies.flatMap((energy, n) => (energy > limit && (energies[n + 1] ?? 0) > limit ? [n] : []));
  return { startMs: (loud[0] ?? 0) * 20, endMs: ((loud.at(-1) ?? 0) + 2) * 20 };
}

async function collect(chunks: AsyncIterable<Int16Array>): Promise<Int16Array[]> {
  const all: Int16Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

describe('speech with the base model', () => {
  let speech: Speech;
  const progress: SpeechProgress[] = [];

  before(async () => {
    speech = startSpeech();
    speech.onProgress((step) => progress.push(step));
    await speech.ready;
  });
  after(() => speech.close());

  it('tells of each part that it loads and then that it is ready', async () => {
    assert.deepEqual(await speech.ready, {
      hears: true,
      speaks: true,
      detects: true,
      model: 'moonshine-base',
    });
    for (const part of ['recognition', 'voice', 'detection']) {
      const states = progress.filter((step) => step.part === part).map(({ state }) => state);
      assert.deepEqual(states, ['loading', 'ready']);
    }
  });

  it('tells a late listener how things are, and after its undoing nothing', () => {
    const late: SpeechProgress[] = [];
    const stop = speech.onProgress((step) => late.push(step));
    stop();
    assert.deepEqual(late.map(({ part, state }) => `${part} ${state}`).sort(), [
      ...['detection ready', 'recognition ready', 'voice ready'],
    ]);
  });

  it('hears a person with a pooled word error rate of at most 20 %, off the thread that asks', async (t) => {
    const before = performance.eventLoopUtilization();
    const startedAt = performance.now();
    const pairs = [];
    let seconds = 0;
    for (const { file, said } of CLIPS) {
      const pcm = joined(silence(1), recording(file), silence(2));
      seconds += pcm.length / RATE;
      pairs.push({ said, heard: await speech.hear(pcm) });
    }
    const { utilization } = performance.eventLoopUtilization(before);
    const took = (performance.now() - startedAt) / 1000;
    const rate = pooledWordErrorRate(pairs);
    t.diagnostic(
      `word error rate ${(100 * rate).toFixed(1)} %, ${(took / seconds).toFixed(3)} s of work per second of sound`,
    );
    assert.ok(rate <= 0.2, JSON.stringify(pairs));
    assert.ok(utilization < 0.5, `event loop busy ${String(utilization)}`);
  });

  it('hears a long answer in pieces, without losing its middle', async () => {
    const [clip] = CLIPS;
    assert.ok(clip);
    const sentence = recording(clip.file);
    const answer = joined(sentence, silence(0.8), sentence, silence(4), sentence, silence(0.8), sentence);
    const said = Array<string>(4).fill(clip.said).join(' ');
    const heard = await speech.hear(answer);
    assert.ok(pooledWordErrorRate([{ said, heard }]) <= 0.2, heard);
  });

  it('hears nothing in silence and in noise', async () => {
    assert.equal(await speech.hear(silence(3)), '');
    assert.equal(await speech.hear(noise(3, 1000)), '');
    assert.equal(await speech.hear(noise(3, 20_000)), '');
    assert.equal(await speech.hear(new Int16Array(0)), '');
  });

  it('speaks so that each of the four voices can be understood', async (t) => {
    for (const voice of ['marin', 'cedar', 'ballad', 'echo']) {
      const pairs = [];
      for (const said of SPOKEN)
        pairs.push({
          said,
          heard: await speech.hear(joined(...(await collect(speech.speak(said, { voice }))))),
        });
      const rate = pooledWordErrorRate(pairs);
      t.diagnostic(`${voice}: word error rate ${(100 * rate).toFixed(1)} %`);
      assert.ok(rate <= 0.25, `${voice}: ${JSON.stringify(pairs)}`);
    }
  });

  it('speaks sentence by sentence, at once, and leaves out what it cannot say', async () => {
    const chunks = await collect(
      speech.speak('Thank you, Zoë! Привет. How was your first day?', { voice: 'marin' }),
    );
    assert.equal(chunks.length, 2);
    for (const chunk of chunks) assert.ok(chunk.length > 0.5 * RATE && chunk.length < 5 * RATE);
    const [first] = chunks;
    const loudAt = first?.findIndex((sample) => Math.abs(sample) > 1000) ?? -1;
    assert.ok(loudAt >= 0 && loudAt < 0.15 * RATE, String(loudAt));
    assert.deepEqual(await collect(speech.speak('… 你好', { voice: 'marin' })), []);
  });

  it('speaks on and on', async () => {
    // Flite is a program that starts anew for each sentence: many starts once ended the whole process.
    const chunks = await collect(speech.speak('Yes. No. -5! '.repeat(40), { voice: 'echo' }));
    assert.equal(chunks.length, 120);
    for (const [n, chunk] of chunks.entries()) if (n > 2) assert.deepEqual(chunk, chunks[3 + (n % 3)]);
  });

  it('gives different voices different sound', async () => {
    const [marin, cedar] = await Promise.all(
      ['marin', 'cedar'].map((voice) => collect(speech.speak('Hello there.', { voice }))),
    );
    assert.notDeepEqual(marin, cedar);
  });

  it('answers two utterances that come at once, each with its own words', async () => {
    const heard = await Promise.all(CLIPS.map(({ file }) => speech.hear(recording(file))));
    for (const [n, { said }] of CLIPS.entries()) {
      assert.ok(pooledWordErrorRate([{ said, heard: heard[n] ?? '' }]) <= 0.3, JSON.stringify(heard));
    }
  });

  it('rejects with the reason on abort, before and while hearing, and hears the next utterance', async () => {
    const [long, short] = CLIPS;
    assert.ok(long && short);
    const reason = new Error('the participant left');
    await assert.rejects(speech.hear(recording(long.file), { signal: AbortSignal.abort(reason) }), reason);
    const controller = new AbortController();
    const aborted = speech.hear(recording(long.file), { signal: controller.signal });
    const next = speech.hear(recording(short.file));
    controller.abort(reason);
    await assert.rejects(aborted, reason);
    assert.ok(pooledWordErrorRate([{ said: short.said, heard: await next }]) <= 0.3);
  });

  it('stops speaking on abort, with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const heard: Int16Array[] = [];
    const speaking = async (): Promise<void> => {
      for await (const chunk of speech.speak('One. Two. Three. Four.', {
        voice: 'marin',
        signal: controller.signal,
      })) {
        heard.push(chunk);
        controller.abort(reason);
      }
    };
    await assert.rejects(speaking(), reason);
    assert.equal(heard.length, 1);
  });

  it('detects where a person starts within 150 ms and stops within 200 ms', async (t) => {
    for (const { file } of CLIPS) {
      const sound = joined(silence(1), recording(file), silence(1.5));
      const { startMs, endMs } = loudRange(sound);
      const detector = speech.detector({ threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 500 });
      const events: DetectorEvent[] = [];
      let slowestMs = 0;
      for (let at = 0; at < sound.length; at += 480) {
        const pushedAt = performance.now();
        events.push(...(await detector.push(sound.subarray(at, at + 480))));
        slowestMs = Math.max(slowestMs, performance.now() - pushedAt);
      }
      t.diagnostic(
        `${file}: loud from ${String(startMs)} to ${String(endMs)} ms; ${JSON.stringify(events)}; slowest push ${slowestMs.toFixed(0)} ms`,
      );
      const [started, stopped] = events;
      assert.equal(events.length, 2);
      assert.ok(started?.type === 'started' && stopped?.type === 'stopped');
      assert.ok(Math.abs(started.audioStartMs + 300 - startMs) <= 150);
      assert.ok(Math.abs(stopped.audioEndMs - 500 - endMs) <= 200);
    }
  });

  it('detects nothing in silence and noise', async () => {
    const detector = speech.detector({ threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 500 });
    for (const sound of [silence(3), noise(3, 1000), noise(3, 15_000), silence(1)]) {
      assert.deepEqual(await detector.push(sound), []);
    }
  });

  it('keeps the detectors of two connections apart', async () => {
    const options = { threshold: 0.5, prefixPaddingMs: 0, silenceDurationMs: 500 };
    const [talking, quiet] = [speech.detector(options), speech.detector(options)];
    const [clip] = CLIPS;
    assert.ok(clip);
    const [heard, none] = await Promise.all([talking.push(recording(clip.file)), quiet.push(silence(7))]);
    assert.equal(heard[0]?.type, 'started');
    assert.deepEqual(none, []);
  });
});

describe('speech that is not all there', () => {
  it('is ready without its recognition weights, says why, and still speaks and detects', async () => {
    const speech = startSpeech({ weightsFolder: '/nowhere/at/all' });
    try {
      const { reason, ...status } = await speech.ready;
      assert.deepEqual(status, { hears: false, speaks: true, detects: true, model: 'moonshine-base' });
      assert.match(reason ?? '', /recognition: .*\/nowhere\/at\/all/);
      await assert.rejects(speech.hear(silence(1)), /\/nowhere\/at\/all/);
      assert.equal((await collect(speech.speak('I can still speak.', { voice: 'marin' }))).length, 1);
    } finally {
      await speech.close();
    }
  });

  it('settles everything when it is closed before it has loaded, twice quietly', async () => {
    const speech = startSpeech({ model: 'tiny' });
    const hearing = assert.rejects(speech.hear(silence(1)), /closed/);
    await speech.close();
    await speech.close();
    await hearing;
    const { hears, speaks, detects, reason } = await speech.ready;
    assert.deepEqual({ hears, speaks, detects }, { hears: false, speaks: false, detects: false });
    assert.match(reason ?? '', /closed/);
  });
});
