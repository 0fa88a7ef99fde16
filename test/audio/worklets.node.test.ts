// The very file that ships, run for a simulated hour with the audio thread's globals stood in for. Node has V8's exact heap
// counts, which a page has not: a single object allocated per quantum fails these tests.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext, runInThisContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import {
  CAPTURE_PROCESSOR,
  PLAYBACK_PROCESSOR,
  type CaptureReport,
  type PlaybackReport,
} from '../../src/audio/worklet-messages.js';
import { pcmTone, tone } from './tones.js';

const QUANTUM = 128;
const HOUR_S = 3_600;
const NONE: Float32Array[][] = [];

class Port {
  onmessage: ((event: { data: unknown }) => void) | undefined;
  /** Set by a test; receives what the processor posts, in the same instant. */
  receive: (message: unknown) => void = () => undefined;
  readonly #event = { data: undefined as unknown };

  postMessage(message: unknown): void {
    this.receive(message);
  }

  /** Allocates nothing by itself. */
  send(data: unknown): void {
    this.#event.data = data;
    this.onmessage?.(this.#event);
  }
}

interface Processor {
  readonly port: Port;
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}

interface AudioThread {
  AudioWorkletProcessor: unknown;
  registerProcessor: (name: string, make: new () => Processor) => void;
  sampleRate: number;
  currentFrame: number;
}

const thread = globalThis as unknown as AudioThread;
const made = new Map<string, new () => Processor>();
thread.AudioWorkletProcessor = class {
  readonly port = new Port();
};
thread.registerProcessor = (name, make) => made.set(name, make);

const { outputFiles } = await build({
  entryPoints: ['src/audio/worklets/index.ts'],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
});
const file = outputFiles[0]?.text ?? '';
// In a function, as a module has a scope of its own.
runInThisContext(`(() => {${file}})()`);

function create(name: string, sampleRate: number): Processor {
  thread.sampleRate = sampleRate;
  thread.currentFrame = 0;
  const make = made.get(name);
  assert.ok(make, `${name} is registered`);
  return new make();
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Without the contents of buffers, which are given back some time after a collection. */
function liveBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/**
 * What a quantum allocates, in bytes, by V8's own count. The quietest of several stretches, since the compiler allocates too; an
 * object for every quantum would be in each of them. Collects before a stretch, so that nothing is collected within one.
 */
function bytesPerQuantum(run: (quanta: number) => void): number {
  const quanta = 10_000;
  run(3 * quanta);
  const stretches = Array.from({ length: 8 }, () => {
    collect();
    const before = process.memoryUsage();
    run(quanta);
    const after = process.memoryUsage();
    return after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers);
  });
  return Math.min(...stretches) / quanta;
}

function capture(
  rate: number,
  { isOpen = true } = {},
): { run: (quanta: number) => void; samples: () => number } {
  const processor = create(CAPTURE_PROCESSOR, rate);
  if (isOpen) processor.port.send({ type: 'gate', isOpen });
  // Frames stay away for 100 ms, as they do behind a main thread that has work to do.
  const away: Int16Array<ArrayBuffer>[] = Array.from({ length: 5 }, () => new Int16Array(480));
  const back = { type: 'return', pcm: away[0] };
  let next = 0;
  let samples = 0;
  processor.port.receive = (message) => {
    const report = message as CaptureReport;
    if (report.type !== 'frame') return;
    samples += report.samples;
    back.pcm = away[next];
    away[next] = report.pcm;
    next = (next + 1) % away.length;
    processor.port.send(back);
  };
  const inputs = [[tone(440, rate, QUANTUM)]];
  return {
    run: (quanta) => {
      for (let i = 0; i < quanta; i++) processor.process(inputs, NONE);
    },
    samples: () => samples,
  };
}

function playback(): { processor: Processor; output: Float32Array; run: (quanta: number) => void } {
  const processor = create(PLAYBACK_PROCESSOR, 24_000);
  const output = new Float32Array(QUANTUM);
  const outputs = [[output]];
  return {
    processor,
    output,
    run: (quanta) => {
      for (let i = 0; i < quanta; i++) {
        processor.process(NONE, outputs);
        thread.currentFrame += QUANTUM;
      }
    },
  };
}

describe('the worklet file', () => {
  it('weighs at most 4 kB gzip', () => {
    assert.ok(gzipSync(file).length <= 4_096, `${gzipSync(file).length} bytes`);
  });

  it('would be caught if a quantum allocated as little as one small object', () => {
    let last: object = {};
    const bytes = bytesPerQuantum((quanta) => {
      for (let i = 0; i < quanta; i++) last = { last: null };
    });
    assert.ok(bytes >= 16, `${bytes} bytes`);
    assert.ok(last);
  });
});

describe('both processors', () => {
  it('live until they are closed, so that the browser can let go of them', () => {
    for (const name of [CAPTURE_PROCESSOR, PLAYBACK_PROCESSOR]) {
      const processor = create(name, 24_000);
      const sound = [[new Float32Array(QUANTUM)]];
      assert.equal(processor.process(sound, sound), true);
      assert.equal(processor.process([[]], sound), true, 'also without an input');
      processor.port.send({ type: 'close' });
      assert.equal(processor.process(sound, sound), false);
    }
  });
});

describe('the capture processor', () => {
  it('allocates nothing per quantum', () => {
    const { run } = capture(48_000);
    const bytes = bytesPerQuantum(run);
    // A fraction boxed for a frame's or a report's message, and nothing for a quantum.
    assert.ok(bytes < 4, `${bytes} bytes per quantum`);
  });

  it('lets nothing out until its gate is opened, also when nobody has told it anything yet', () => {
    const { run, samples } = capture(48_000, { isOpen: false });
    run(1000);
    assert.equal(samples(), 0);
  });

  it('hears every sample of an hour and does not grow', () => {
    const rate = 16_000; // as a headset has it, and quickly simulated
    const { run, samples } = capture(rate);
    run(10_000);
    const before = liveBytes();
    const heard = samples();
    const quanta = (HOUR_S * rate) / QUANTUM;
    run(quanta);
    assert.ok(liveBytes() - before < 200_000, `${liveBytes() - before} bytes more`);
    assert.ok(Math.abs(samples() - heard - HOUR_S * 24_000) <= 480);
  });
});

describe('the playback processor', () => {
  it('allocates nothing per quantum', () => {
    const { processor, run } = playback();
    processor.port.send({ type: 'play', turnId: 'a', pcm: pcmTone(440, 24_000 * 700) });
    const bytes = bytesPerQuantum(run);
    // A fraction boxed for a frame's or a report's message, and nothing for a quantum.
    assert.ok(bytes < 4, `${bytes} bytes per quantum`);
  });

  it('allocates nothing per chunk, however small the chunks are', () => {
    const { processor, run } = playback();
    // Made once: a message that arrives is the browser's to allocate.
    const play = { type: 'play', turnId: 'a', pcm: pcmTone(440, 2 * QUANTUM) };
    for (let lead = 0; lead < 6; lead++) processor.port.send(play);
    const bytes = bytesPerQuantum((quanta) => {
      for (let i = 0; i < quanta; i += 2) {
        processor.port.send(play);
        run(2);
      }
    });
    assert.ok(bytes < 1, `${bytes} bytes per quantum`);
  });

  it('keeps time where the browser forgets to move its count of frames', () => {
    const { processor, run } = playback();
    thread.currentFrame = 24_000;
    run(1);
    let frame = 0;
    processor.port.receive = (message) => {
      const report = message as PlaybackReport;
      if (report.type === 'started') frame = report.frame;
    };
    for (let quantum = 0; quantum < 3; quantum++) {
      thread.currentFrame = 24_000;
      run(1);
    }
    processor.port.send({ type: 'play', turnId: 'a', pcm: pcmTone(440, 240) });
    processor.port.send({ type: 'end', turnId: 'a' });
    thread.currentFrame = 24_000;
    run(1);
    assert.equal(frame, 24_000 + 4 * QUANTUM);
  });

  it('plays an hour of turns to the sample, some of them interrupted, and does not grow', () => {
    const { processor, run } = playback();
    let finished = 0;
    let cut = 0;
    processor.port.receive = (message) => {
      const report = message as PlaybackReport;
      if (report.type === 'finished') finished += report.samples;
      if (report.type === 'flushed') for (const { samples } of report.played) cut += samples;
    };
    const second = pcmTone(440, 24_000);
    let sent = 0;
    /** Ten seconds of sound that arrive at once, in chunks of 100 ms, as the server sends them; every third turn is cut short. */
    const turn = (n: number): void => {
      const turnId = `turn ${n}`;
      for (let chunk = 0; chunk < 100; chunk++) {
        processor.port.send({ type: 'play', turnId, pcm: second.subarray(0, 2_400) });
      }
      if (n % 3 === 0) {
        run(500);
        processor.port.send({ type: 'flush', id: n });
        run(1_375);
        sent += 500 * QUANTUM;
      } else {
        processor.port.send({ type: 'end', turnId });
        run(1_876);
        sent += 240_000;
      }
    };
    for (let n = 0; n < 6; n++) turn(n);
    const before = liveBytes();
    for (let n = 6; n < HOUR_S / 10; n++) turn(n);
    assert.equal(finished + cut, sent);
    assert.ok(liveBytes() - before < 200_000, `${liveBytes() - before} bytes more`);
  });

  it('keeps the memory of a long answer only until it was played, or flushed', async () => {
    const { processor, run } = playback();
    const chunks: WeakRef<Int16Array>[] = [];
    const alive = async (): Promise<number> => {
      // A reference just made or read stays alive until the turn of the event loop is over.
      await new Promise(setImmediate);
      collect();
      return chunks.filter((chunk) => chunk.deref()).length;
    };
    const send = (turnId: string): void => {
      for (let i = 0; i < 3_000; i++) {
        const pcm = new Int16Array(480);
        chunks.push(new WeakRef(pcm));
        processor.port.send({ type: 'play', turnId, pcm });
      }
      processor.port.send({ type: 'end', turnId });
    };
    send('played');
    assert.equal(await alive(), 3_000);
    run((3_000 * 480) / QUANTUM);
    assert.ok((await alive()) <= 1);
    send('flushed');
    processor.port.send({ type: 'flush', id: 1 });
    assert.ok((await alive()) <= 1);
  });
});
