import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type FrameScorer, StreamDetector } from '../../demo/server/speech/stream-detector.js';
import {
  detect,
  type DetectionChange,
  type DetectionState,
  SILENT,
} from '../../demo/server/speech/turn-detection.js';

const FRAME_MS = 32;

/** What the fold tells for frames of these probabilities. */
function changes(
  probabilities: readonly number[],
  rules = { threshold: 0.5, silenceMs: 160 },
): DetectionChange[] {
  let state: DetectionState = SILENT;
  return probabilities.flatMap((probability, n) => {
    const next = detect(state, { probability, startMs: n * FRAME_MS, endMs: (n + 1) * FRAME_MS }, rules);
    state = next.state;
    return next.change ? [next.change] : [];
  });
}

const frames = (...runs: [number, number][]): number[] =>
  runs.flatMap(([p, count]) => Array<number>(count).fill(p));

describe('turn detection', () => {
  it('tells where speech starts and ends', () => {
    assert.deepEqual(changes(frames([0.1, 10], [0.9, 20], [0.1, 10])), [
      { type: 'started', sinceMs: 320 },
      { type: 'stopped', sinceMs: 320, untilMs: 960 },
    ]);
  });

  it('takes a single loud frame for a click', () => {
    assert.deepEqual(changes(frames([0.1, 5], [0.99, 1], [0.1, 20], [0.99, 1], [0.1, 20])), []);
  });

  it('bridges pauses that are shorter than the silence asked for', () => {
    assert.equal(changes(frames([0.9, 5], [0.1, 4], [0.9, 5], [0.1, 4])).length, 1);
    assert.equal(changes(frames([0.9, 5], [0.1, 5], [0.9, 5], [0.1, 5])).length, 4);
  });

  it('goes on through syllables a little under the threshold, but does not start with them', () => {
    assert.deepEqual(changes(frames([0.4, 50])), []);
    assert.deepEqual(
      changes(frames([0.6, 5], [0.4, 50])).map(({ type }) => type),
      ['started'],
    );
  });

  it('alternates starts and stops in order, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (given, threshold) => {
          const told = changes(given, { threshold, silenceMs: 64 });
          let lastMs = 0;
          for (const [n, change] of told.entries()) {
            assert.equal(change.type, n % 2 === 0 ? 'started' : 'stopped');
            const atMs = change.type === 'started' ? change.sinceMs : change.untilMs;
            assert.ok(atMs >= lastMs);
            lastMs = atMs;
          }
        },
      ),
    );
  });
});

/** Loud frames are speech; an answer waits until the test lets it go. */
function fakeScorer(): FrameScorer & { calls: number[]; release: () => void; isHolding: boolean } {
  const waiting: (() => void)[] = [];
  const scorer = {
    frameSamples: 512,
    calls: [] as number[],
    isHolding: false,
    release: () => {
      for (const go of waiting.splice(0)) go();
    },
    freshMemory: () => new Float32Array(1),
    score: async (sound: Float32Array, memory: Float32Array) => {
      scorer.calls.push(memory[0] ?? NaN);
      if (scorer.isHolding) await new Promise<void>((go) => waiting.push(go));
      const count = sound.length / 512;
      const probabilities = Float32Array.from({ length: count }, (_, n) =>
        Math.abs(sound[n * 512 + 256] ?? 0) > 0.1 ? 0.9 : 0,
      );
      return { probabilities, memory: Float32Array.of((memory[0] ?? 0) + count) };
    },
  };
  return scorer;
}

const sound = (seconds: number, level: number): Int16Array => new Int16Array(seconds * 24_000).fill(level);
const RULES = { threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 500 };

describe('stream detector', () => {
  it('counts the padding before the start and the silence behind the end, as the provider does', async () => {
    const detector = new StreamDetector(fakeScorer(), RULES);
    const events = [
      ...(await detector.push(sound(1, 0))),
      ...(await detector.push(sound(2, 8000))),
      ...(await detector.push(sound(1, 0))),
    ];
    assert.deepEqual(
      events.map(({ type }) => type),
      ['started', 'stopped'],
    );
    const [started, stopped] = events;
    assert.ok(started?.type === 'started' && Math.abs(started.audioStartMs - 700) <= 40);
    assert.ok(stopped?.type === 'stopped' && Math.abs(stopped.audioEndMs - 3500) <= 40);
  });

  it('never pads into the turn before, nor before the beginning', async () => {
    const detector = new StreamDetector(fakeScorer(), { ...RULES, prefixPaddingMs: 2000 });
    const events = [
      ...(await detector.push(sound(1, 8000))),
      ...(await detector.push(sound(0.6, 0))),
      ...(await detector.push(sound(1, 8000))),
    ];
    const [first, end, second] = events;
    assert.deepEqual(first, { type: 'started', audioStartMs: 0 });
    assert.ok(end?.type === 'stopped' && second?.type === 'started');
    assert.equal(second.audioStartMs, end.audioEndMs);
  });

  it('judges chunks of any length in order, each with the memory of the one before', async () => {
    const scorer = fakeScorer();
    const detector = new StreamDetector(scorer, RULES);
    const pushes = Array.from({ length: 100 }, () => detector.push(sound(0.02, 8000)));
    const events = (await Promise.all(pushes)).flat();
    assert.deepEqual(events, [{ type: 'started', audioStartMs: 0 }]);
    assert.deepEqual(
      scorer.calls,
      scorer.calls.map((_, n) => n),
    );
    // 2 s are 62 whole frames and a rest; the converter holds the last millisecond back.
    assert.equal(scorer.calls.length, 62);
  });

  it('forgets on reset: no stop for a start from before, a fresh memory, positions that go on', async () => {
    const scorer = fakeScorer();
    const detector = new StreamDetector(scorer, RULES);
    assert.equal((await detector.push(sound(1, 8000))).length, 1);
    detector.reset();
    assert.deepEqual(await detector.push(sound(2, 0)), []);
    const events = await detector.push(sound(1, 8000));
    const [started] = events;
    assert.ok(started?.type === 'started' && Math.abs(started.audioStartMs - 2700) <= 40);
    assert.equal(scorer.calls[1], 0);
  });

  it('drops an answer that comes back after a reset', async () => {
    const scorer = fakeScorer();
    scorer.isHolding = true;
    const detector = new StreamDetector(scorer, RULES);
    const late = detector.push(sound(1, 8000));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(scorer.calls.length, 1);
    detector.reset();
    scorer.release();
    assert.deepEqual(await late, []);
  });

  it('never finds anything without a model, and goes on after a failure', async () => {
    const scorer = fakeScorer();
    const none = new StreamDetector({ ...scorer, score: () => Promise.resolve(undefined) }, RULES);
    assert.deepEqual(await none.push(sound(1, 8000)), []);

    let tries = 0;
    const failing: FrameScorer = {
      ...scorer,
      score: (...given) => {
        tries += 1;
        return tries === 1 ? Promise.reject(new Error('broken')) : scorer.score(...given);
      },
    };
    const detector = new StreamDetector(failing, RULES);
    await assert.rejects(detector.push(sound(1, 8000)), { message: 'broken' });
    assert.equal((await detector.push(sound(1, 8000))).length, 1);
  });
});
