/** What a library really plays, counted on the audio thread at the place where it leaves for the loudspeaker. */
const TAP = `registerProcessor('bench-tap', class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.count = 0;
    this.last = 0;
    this.port.onmessage = ({ data }) => {
      if (data === 'reset') this.count = this.last = 0;
      this.port.postMessage({ count: this.count, last: this.last });
    };
  }
  process(inputs) {
    const samples = inputs[0][0];
    if (!samples) return true;
    for (let i = 0; i < samples.length; i++) {
      if (Math.abs(samples[i]) < ${8 / 32768}) continue;
      this.count++;
      this.last = currentFrame + i;
    }
    return true;
  }
})`;

export interface Tapped {
  /** Samples that could be heard: within 60 dB of the tone that is played. */
  readonly count: number;
  /** The frame of the last of them, on the context's time. */
  readonly last: number;
}

const BrowserContext = globalThis.AudioContext;

export class TappedContext extends BrowserContext {
  /** The first with a way out: there something is played. A microphone's has one only so that it runs. */
  static playing: TappedContext | undefined;
  readonly tap: Promise<AudioWorkletNode>;

  constructor(options?: AudioContextOptions) {
    super(options);
    const url = URL.createObjectURL(new Blob([TAP], { type: 'text/javascript' }));
    this.tap = this.audioWorklet.addModule(url).then(() => {
      const node = new AudioWorkletNode(this, 'bench-tap', { numberOfOutputs: 1 });
      // Without a way out it would not be run.
      connect.call(node, this.destination);
      return node;
    });
  }

  async read(order: 'read' | 'reset' = 'read'): Promise<Tapped> {
    const { port } = await this.tap;
    return new Promise((resolve) => {
      port.onmessage = ({ data }: MessageEvent<Tapped>) => {
        resolve(data);
      };
      port.postMessage(order);
    });
  }
}

// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the node that it is of
const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;

/** From now on every context is tapped, and every node that is connected to a way out. */
export function tapEverything(): void {
  globalThis.AudioContext = TappedContext;
  AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode, ...more: []) {
    const { context } = this;
    const isWayOut = to instanceof AudioDestinationNode || to instanceof MediaStreamAudioDestinationNode;
    if (isWayOut && context instanceof TappedContext) {
      TappedContext.playing ??= context;
      void context.tap.then((tap) => connect.call(this, tap));
    }
    return connect.call(this, to, ...more);
  } as typeof AudioNode.prototype.connect;
}

/** A microphone that this page speaks into: clicks of a known time on a faint hum, at the rate of many devices. */
export class SpokenMicrophone {
  readonly #context = new BrowserContext({ sampleRate: 48_000 });
  readonly #out = this.#context.createMediaStreamDestination();
  readonly #click = this.#context.createGain();

  constructor() {
    const hum = new ConstantSourceNode(this.#context, { offset: 0.001 });
    const tone = new OscillatorNode(this.#context, { frequency: 1000 });
    this.#click.gain.value = 0;
    connect.call(hum, this.#out);
    connect.call(tone, this.#click);
    connect.call(this.#click, this.#out);
    hum.start();
    tone.start();
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(this.#out.stream.clone());
  }

  /** Clicks so often, at odd times. @returns when each was heard, on the page's clock */
  async clicks(count: number): Promise<number[]> {
    const context = this.#context;
    await context.resume();
    const times: number[] = [];
    let at = context.currentTime + 0.3;
    for (let n = 0; n < count; n++) {
      const { gain } = this.#click;
      gain.setValueAtTime(0.5, at);
      gain.setValueAtTime(0, at + 0.03);
      times.push(at);
      at += 0.27 + 0.013 * (n % 7);
    }
    // The context's clock runs in steps; the moment just after a step is when its sound is handed on.
    let offsetMs = Infinity;
    while (context.currentTime < at + 0.5) {
      offsetMs = Math.min(offsetMs, performance.now() - context.currentTime * 1000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return times.map((time) => time * 1000 + offsetMs);
  }
}
