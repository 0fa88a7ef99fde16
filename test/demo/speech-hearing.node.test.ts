import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Ears, hearUtterance } from '../../demo/server/speech/hearing.js';
import { grouped, quietestPlace, speechSpans, widened } from '../../demo/server/speech/speech-spans.js';

const FRAME = 512;
const RATE = 16_000;

/** Seconds of sound at 24 kHz: speech is loud, silence is zero. The ears below tell them apart by loudness alone. */
function sound(...parts: ['speech' | 'silence', number][]): Int16Array {
  return Int16Array.from(
    parts.flatMap(([kind, seconds]) => Array<number>(seconds * 24_000).fill(kind === 'speech' ? 8000 : 0)),
  );
}

function fakeEars(answers: (seconds: number, call: number) => string): Ears & { heardSeconds: number[] } {
  const heardSeconds: number[] = [];
  return {
    heardSeconds,
    frameSamples: FRAME,
    score: (samples) =>
      Promise.resolve(
        Float32Array.from({ length: Math.floor(samples.length / FRAME) }, (_, n) =>
          Math.abs(samples[n * FRAME + FRAME / 2] ?? 0) > 0.1 ? 0.99 : 0.01,
        ),
      ),
    transcribe: (samples) => {
      heardSeconds.push(samples.length / RATE);
      return Promise.resolve(answers(samples.length / RATE, heardSeconds.length));
    },
  };
}

const about = (actual: number | undefined, expected: number): void => {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) < 0.1,
    `expected about ${expected}, got ${String(actual)}`,
  );
};

describe('hearing an utterance', () => {
  it('gives the recogniser the speech and a quarter of a second on both sides', async () => {
    const ears = fakeEars(() => 'Yes.');
    assert.equal(await hearUtterance(sound(['silence', 2], ['speech', 1], ['silence', 3]), ears), 'Yes.');
    assert.equal(ears.heardSeconds.length, 1);
    about(ears.heardSeconds[0], 1.5);
  });

  it('does not ask the recogniser where nobody speaks', async () => {
    const ears = fakeEars(() => 'Thank you for watching.');
    assert.equal(await hearUtterance(sound(['silence', 3]), ears), '');
    assert.equal(await hearUtterance(new Int16Array(0), ears), '');
    assert.deepEqual(ears.heardSeconds, []);
  });

  it('takes the middle out of a long pause, and keeps what is around it in one piece', async () => {
    const ears = fakeEars(() => 'First, and then.');
    assert.equal(
      await hearUtterance(sound(['speech', 2], ['silence', 8], ['speech', 3]), ears),
      'First, and then.',
    );
    assert.equal(ears.heardSeconds.length, 1);
    about(ears.heardSeconds[0], 5.5);
  });

  it('tries once more, with less around it, when speech came back empty', async () => {
    const ears = fakeEars((_, call) => (call === 1 ? '' : 'No.'));
    assert.equal(await hearUtterance(sound(['silence', 1], ['speech', 1], ['silence', 1]), ears), 'No.');
    assert.equal(ears.heardSeconds.length, 2);
    about(ears.heardSeconds[1], 1.2);
  });

  it('gives up after the second try', async () => {
    const ears = fakeEars(() => '');
    assert.equal(await hearUtterance(sound(['speech', 1]), ears), '');
    assert.equal(ears.heardSeconds.length, 2);
  });

  it('cuts a long answer at its pauses and joins the words', async () => {
    const ears = fakeEars((_, call) => `Part ${String(call)}.`);
    const answer = sound(['speech', 9], ['silence', 1], ['speech', 9], ['silence', 1], ['speech', 9]);
    assert.equal(await hearUtterance(answer, ears), 'Part 1. Part 2.');
    for (const seconds of ears.heardSeconds) assert.ok(seconds <= 20);
  });

  it('cuts speech without a pause between 15 and 20 seconds, and loses nothing of it', async () => {
    const ears = fakeEars((_, call) => String(call));
    await hearUtterance(sound(['speech', 50]), ears);
    for (const seconds of ears.heardSeconds) assert.ok(seconds <= 20);
    about(
      ears.heardSeconds.reduce((sum, seconds) => sum + seconds, 0),
      50,
    );
  });

  it('stops between two pieces when it is no longer wanted', async () => {
    const controller = new AbortController();
    const ears = fakeEars((_, call) => {
      controller.abort(new Error('hung up'));
      return String(call);
    });
    const hearing = hearUtterance(sound(['speech', 50]), ears, { signal: controller.signal });
    await assert.rejects(hearing, { message: 'hung up' });
    assert.equal(ears.heardSeconds.length, 1);
  });
});

describe('spans of speech', () => {
  it('bridge short pauses and end with the recording', () => {
    const scores = [0, 0, 0.9, 0.9, 0.9, 0.1, 0.1, 0.9, 0.9];
    assert.deepEqual(speechSpans(scores, FRAME, RATE), [{ start: 2 * FRAME, end: 9 * FRAME }]);
  });

  it('leave out what is too short to be a word', () => {
    assert.deepEqual(speechSpans([0, 0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0], FRAME, RATE), []);
  });

  it('become one where their margins touch, and stay inside the recording', () => {
    const spans = [
      { start: 10, end: 20 },
      { start: 28, end: 40 },
      { start: 80, end: 95 },
    ];
    assert.deepEqual(widened(spans, 5, 98), [
      { start: 5, end: 45 },
      { start: 75, end: 98 },
    ]);
    assert.deepEqual(widened([{ start: 2, end: 4 }], 5, 98), [{ start: 0, end: 9 }]);
  });

  it('are grouped as long as a group is short enough', () => {
    const spans = [6, 6, 6].map((length, n) => ({ start: n * 10, end: n * 10 + length }));
    const groups = grouped(spans, { shortest: 5, longest: 12 }, () => 0);
    assert.deepEqual(groups, [spans.slice(0, 2), spans.slice(2)]);
  });

  it('are cut at the quietest place', () => {
    const samples = new Float32Array(100).fill(1);
    samples.fill(0, 60, 70);
    assert.equal(quietestPlace(samples, { start: 20, end: 90 }, 10), 65);
  });
});
