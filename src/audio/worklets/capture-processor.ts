import { CaptureFrames } from '../capture-frames.js';
import { unreachable } from '../../async/state-table.js';
import { FRAME_SAMPLES } from '../worklet-messages.js';
import type { CaptureCommand, CaptureReport } from '../worklet-messages.js';

const SILENCE = new Float32Array(128);

/** From the microphone to the main thread, in frames of 20 ms. The node mixes down to one channel before this. */
export class CaptureProcessor extends AudioWorkletProcessor implements AudioWorkletProcessorImpl {
  #isClosed = false;
  // postMessage copies before it returns, so one message and one transfer list serve every frame.
  readonly #message: Extract<CaptureReport, { type: 'frame' }> = {
    type: 'frame',
    pcm: new Int16Array(FRAME_SAMPLES),
    samples: 0,
    rms: 0.5,
  };
  readonly #transfer: ArrayBuffer[] = [this.#message.pcm.buffer];
  readonly #frames = new CaptureFrames(sampleRate, (pcm, samples, rms) => {
    this.#message.pcm = pcm;
    this.#message.samples = samples;
    this.#message.rms = rms;
    this.#transfer[0] = pcm.buffer;
    this.port.postMessage(this.#message, this.#transfer);
  });

  constructor() {
    super();
    // Until it is told to: a message that comes late would let sound out.
    this.#frames.isOpen = false;
    this.port.onmessage = ({ data }: MessageEvent<CaptureCommand>) => {
      this.#obey(data);
    };
  }

  process(inputs: Float32Array[][]): boolean {
    // Firefox gives no channel at all where nothing sounds: a device that was muted, a stream that has not begun. Silence is
    // sound all the same: without it nobody would hear that the participant has come to an end.
    this.#frames.push(inputs[0]?.[0] ?? SILENCE);
    return !this.#isClosed;
  }

  #obey(command: CaptureCommand): void {
    switch (command.type) {
      case 'gate':
        this.#frames.isOpen = command.isOpen;
        break;
      case 'flush':
        this.#frames.flush();
        this.port.postMessage({ type: 'flushed', id: command.id } satisfies CaptureReport);
        break;
      case 'return':
        this.#frames.giveBack(command.pcm);
        break;
      case 'close':
        this.#isClosed = true;
        break;
      default:
        unreachable(command);
    }
  }
}
