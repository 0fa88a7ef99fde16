/**
 * What the processors of each package allocate per second of sound, by V8's own count: their own code, as it comes, in Node with the
 * audio thread's globals stood in for. A page has no such count.
 */
import { resolveObjectURL } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext, runInThisContext } from 'node:vm';
import { bundleWorklet } from '../../../scripts/worklet-plugin.js';
import { CAPTURE_PROCESSOR, PLAYBACK_PROCESSOR } from '../../../src/audio/worklet-messages.js';
import type { Contender } from './rigs.js';

const QUANTUM = 128;
const RATE = 24_000;
const CHUNK = RATE / 5;
/** Enough for the compiler to settle, and so little that nothing is collected within. */
const SECONDS = 10;
/** One for all quanta, since an object made here for each would be counted as the processor's. */
const PARAMETERS = {};

export interface Allocation {
  readonly contender: Contender;
  /** kB for one second of sound. */
  readonly captureKb: number;
  readonly playbackKb: number;
}

interface Processor {
  readonly port: { onmessage?: (event: { data: unknown }) => void; postMessage: (message: unknown) => void };
  process(inputs: Float32Array[][], outputs: Float32Array[][], parameters: object): boolean;
}

interface Parts {
  readonly source: string;
  readonly capture: string;
  /** Of the device's context: the others have theirs at the rate of the wire, and let the browser resample. */
  readonly captureRate: number;
  readonly startCapture: readonly object[];
  readonly playback: string;
  readonly startPlayback: readonly object[];
  readonly chunk: (pcm: Int16Array) => object;
}

const PARTS: Readonly<Record<Contender, () => Promise<Parts>>> = {
  ours: async () => ({
    source: await bundleWorklet('src/audio/worklets/index.ts'),
    ...{ capture: CAPTURE_PROCESSOR, captureRate: 48_000, startCapture: [{ type: 'gate', isOpen: true }] },
    ...{ playback: PLAYBACK_PROCESSOR, startPlayback: [] },
    chunk: (pcm) => ({ type: 'play', turnId: 'a', pcm }),
  }),
  wavtools: async () => {
    const folder = new URL('lib/worklets/', `file://${createRequire(import.meta.url).resolve('wavtools')}`);
    const sources = await Promise.all(
      (['audio_processor', 'stream_processor'] as const).map(async (name) => {
        const module = (await import(new URL(`${name}.js`, folder).href)) as Record<string, string>;
        const url = Object.values(module).find((text) => text.startsWith('blob:')) ?? '';
        return (await resolveObjectURL(url)?.text()) ?? '';
      }),
    );
    return {
      source: sources.join('\n'),
      ...{ capture: 'audio_processor', captureRate: RATE, startCapture: [{ event: 'start', id: 1 }] },
      ...{ playback: 'stream_processor', startPlayback: [] },
      chunk: (pcm) => ({ event: 'write', buffer: pcm, trackId: 'a' }),
    };
  },
  '@elevenlabs/client': async () => {
    const resolve = createRequire(import.meta.url).resolve;
    const read = (name: string): Promise<string> =>
      readFile(resolve(`@elevenlabs/client/worklets/${name}.js`), 'utf8');
    const format = { type: 'setFormat', format: 'pcm', sampleRate: RATE, chunkDurationMs: 25 };
    return {
      source: `${await read('rawAudioProcessor')}\n${await read('audioConcatProcessor')}`,
      ...{ capture: 'rawAudioProcessor', captureRate: RATE, startCapture: [format] },
      ...{ playback: 'audioConcatProcessor', startPlayback: [format] },
      chunk: (pcm) => ({ type: 'buffer', buffer: pcm.buffer }),
    };
  },
};

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export async function measureAllocation(contender: Contender): Promise<Allocation> {
  const parts = await PARTS[contender]();
  const make = audioThread(parts.source);
  return {
    contender,
    captureKb: await perSecond(captureRun(make(parts.capture, parts.captureRate), parts)),
    playbackKb: await perSecond(playbackRun(make(parts.playback, RATE), parts)),
  };
}

function audioThread(source: string): (name: string, rate: number) => Processor {
  const made = new Map<string, new () => Processor>();
  const thread = globalThis as unknown as Record<string, unknown>;
  thread.AudioWorkletProcessor = class {
    readonly port: Processor['port'] = { postMessage: () => undefined };
  };
  thread.registerProcessor = (name: string, processor: new () => Processor) => made.set(name, processor);
  // In a function, as a module has a scope of its own.
  runInThisContext(`(() => {${source}\n})()`);
  return (name, rate) => {
    thread.sampleRate = rate;
    thread.currentFrame = 0;
    const Processor = made.get(name);
    if (!Processor) throw new Error(`Expected ${name} to be registered`);
    return new Processor();
  };
}

function captureRun(processor: Processor, { captureRate, startCapture }: Parts): (seconds: number) => void {
  for (const data of startCapture) processor.port.onmessage?.({ data });
  const sound = Float32Array.from({ length: QUANTUM }, (_, i) => Math.sin(i / 9) / 2);
  const [inputs, outputs] = [[[sound]], [[new Float32Array(QUANTUM)]]];
  const back = { data: { type: 'return', pcm: undefined as unknown } };
  // Ours gets its frames back from the main thread; the others give theirs away.
  processor.port.postMessage = (message) => {
    const { type, pcm } = message as { type?: string; pcm?: unknown };
    if (type !== 'frame') return;
    back.data.pcm = pcm;
    processor.port.onmessage?.(back);
  };
  return (seconds) => {
    for (let n = (seconds * captureRate) / QUANTUM; n > 0; n--)
      processor.process(inputs, outputs, PARAMETERS);
  };
}

function playbackRun(processor: Processor, { startPlayback, chunk }: Parts): (seconds: number) => void {
  for (const data of startPlayback) processor.port.onmessage?.({ data });
  const [inputs, outputs] = [[], [[new Float32Array(QUANTUM)]]];
  const thread = globalThis as unknown as { currentFrame: number };
  // The sound that arrives is the main thread's to allocate; what is made of it here is the audio thread's.
  const pcm = new Int16Array(CHUNK).fill(8000);
  return (seconds) => {
    for (let n = 0; n < seconds * 5; n++) {
      processor.port.onmessage?.({ data: chunk(pcm) });
      for (let quantum = 0; quantum < CHUNK / QUANTUM; quantum++) {
        processor.process(inputs, outputs, PARAMETERS);
        thread.currentFrame += QUANTUM;
      }
    }
  };
}

/** The quietest of several stretches, since the compiler allocates too. */
async function perSecond(run: (seconds: number) => void): Promise<number> {
  run(4 * SECONDS);
  const stretches: number[] = [];
  for (let n = 0; n < 8; n++) {
    await collected();
    const before = process.memoryUsage();
    run(SECONDS);
    const after = process.memoryUsage();
    stretches.push(after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers));
  }
  return Math.max(0, Math.min(...stretches)) / SECONDS / 1000;
}

/** Buffers are given back some time after their arrays. */
async function collected(): Promise<void> {
  for (let n = 0; n < 3; n++) {
    collect();
    await setTimeout(30);
  }
}
