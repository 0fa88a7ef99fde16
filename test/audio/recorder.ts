/** Runs on the audio thread beside what it records, in the same quanta, so what it hears is to the sample. */
const SOURCE = `registerProcessor('test-recorder', class extends AudioWorkletProcessor {
  process([input]) {
    this.port.postMessage(input[0] ? input[0].slice() : new Float32Array(128));
    return true;
  }
});`;

export interface Recorder {
  /** Everything heard so far. */
  sound(): Float32Array<ArrayBuffer>;
  /** Resolves once so many more seconds were heard. */
  heard(seconds: number): Promise<void>;
}

export async function record(source: AudioNode): Promise<Recorder> {
  const { context } = source;
  const url = URL.createObjectURL(new Blob([SOURCE], { type: 'text/javascript' }));
  await context.audioWorklet.addModule(url);
  URL.revokeObjectURL(url);
  const node = new AudioWorkletNode(context, 'test-recorder', { numberOfOutputs: 1 });
  const quanta: Float32Array[] = [];
  const waiting = new Set<() => void>();
  node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
    quanta.push(data);
    for (const check of waiting) check();
  };
  const begun = new Promise<void>((resolve) => {
    waiting.add(resolve);
  });
  source.connect(node).connect(context.destination);
  // A node may run some quanta later than it was connected: what sounds before that it would miss.
  await begun;
  waiting.clear();
  return {
    sound: () => {
      const whole = new Float32Array(quanta.length * 128);
      quanta.forEach((quantum, i) => {
        whole.set(quantum, i * 128);
      });
      return whole;
    },
    heard: (seconds) => {
      const enough = quanta.length + Math.ceil((seconds * context.sampleRate) / 128);
      return new Promise((resolve) => {
        const check = (): void => {
          if (quanta.length < enough) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
      });
    },
  };
}

/** What was heard from the first sample that is not silence to the last, as 16-bit samples. */
export function played(sound: Float32Array): Int16Array<ArrayBuffer> {
  const first = sound.findIndex((sample) => sample !== 0);
  const last = sound.findLastIndex((sample) => sample !== 0);
  return first < 0
    ? new Int16Array(0)
    : Int16Array.from(sound.subarray(first, last + 1), (x) => Math.round(x * 32_768));
}

/** Keeps the main thread from doing anything. */
export function beBusy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
