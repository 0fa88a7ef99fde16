// Silero's speech detection, version 6. The model is a fold: it needs what it remembered of the frames before, which the
// caller keeps, so that one model serves any number of streams and none has to be closed.
import { loadModel, ort } from './onnx.js';
import {
  CONTEXT_SAMPLES,
  FRAME_RATE,
  FRAME_SAMPLES,
  freshMemory,
  type SileroMemory,
  STATE_SIZE,
} from './silero-frames.js';

const STATE_SHAPE = [2, 1, 128] as const;

export interface SileroScores {
  /** One from 0 to 1 for each frame. */
  probabilities: Float32Array;
  memory: SileroMemory;
}

export class Silero {
  readonly #session: ort.InferenceSession;
  readonly #rate = new ort.Tensor('int64', BigInt64Array.of(BigInt(FRAME_RATE)), []);

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  static async load(model: Uint8Array): Promise<Silero> {
    return new Silero(await loadModel(model));
  }

  /** How much each whole frame of `frames` sounds like speech. Samples after the last whole frame are not looked at. */
  async score(frames: Float32Array, memory: SileroMemory): Promise<SileroScores> {
    const probabilities = new Float32Array(Math.floor(frames.length / FRAME_SAMPLES));
    let state: Float32Array = memory.slice(0, STATE_SIZE);
    let context: Float32Array = memory.slice(STATE_SIZE);
    for (let n = 0; n < probabilities.length; n += 1) {
      const frame = frames.subarray(n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES);
      const input = new Float32Array(CONTEXT_SAMPLES + FRAME_SAMPLES);
      input.set(context);
      input.set(frame, CONTEXT_SAMPLES);
      const { output, stateN } = await this.#session.run({
        input: new ort.Tensor('float32', input, [1, input.length]),
        state: new ort.Tensor('float32', state, STATE_SHAPE),
        sr: this.#rate,
      });
      probabilities[n] = floats(output)[0] ?? 0;
      state = floats(stateN);
      context = frame.slice(-CONTEXT_SAMPLES);
    }
    const next = freshMemory();
    next.set(state);
    next.set(context, STATE_SIZE);
    return { probabilities, memory: next };
  }
}

function floats(tensor: ort.Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error('The speech detection model gave no float tensor.');
}
