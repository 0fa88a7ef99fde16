// Sound at one rate to sound at another, by a ratio of small integers (24 ↔ 16 kHz is 3:2). A windowed sinc below the lower
// Nyquist frequency, with its state kept between chunks, and its delay taken out: sample n of the output sounds at n / toRate.

const ZERO_CROSSINGS = 48;
const PASS_BAND = 0.92;

export class RateConverter {
  readonly #up: number;
  readonly #down: number;
  readonly #half: number;
  /** Coefficients by phase of the output between two input samples, newest input last. */
  readonly #phases: readonly Float32Array[];
  /** Input not yet behind every filter; starts with silence, so that the first output is centred on the first input. */
  #held: Float32Array;
  /** Where the next output lies, in steps of 1/up of an input sample, counted from the first held sample's window. */
  #position = 0;
  #pushed = 0;
  #made = 0;

  constructor(fromRate: number, toRate: number) {
    const common = greatestCommonDivisor(fromRate, toRate);
    this.#up = toRate / common;
    this.#down = fromRate / common;
    const cutoff = (PASS_BAND * Math.min(fromRate, toRate)) / 2 / fromRate;
    this.#half = Math.ceil(ZERO_CROSSINGS / (2 * cutoff) / 2);
    this.#phases = Array.from({ length: this.#up }, (_, phase) =>
      coefficients(phase / this.#up, this.#half, cutoff),
    );
    this.#held = new Float32Array(this.#half - 1);
  }

  /** What is certain after this chunk: the filter looks half a window ahead, so the last few samples come with the next one. */
  push(samples: Float32Array): Float32Array {
    this.#pushed += samples.length;
    return this.#convert(samples);
  }

  /** The rest, with silence after the end. Together the output is as long as the input. Call once, when nothing more comes. */
  flush(): Float32Array {
    const owed = Math.round((this.#pushed * this.#up) / this.#down) - this.#made;
    return this.#convert(new Float32Array(this.#half + this.#down)).subarray(0, Math.max(0, owed));
  }

  #convert(samples: Float32Array): Float32Array {
    const held = new Float32Array(this.#held.length + samples.length);
    held.set(this.#held);
    held.set(samples, this.#held.length);
    const width = 2 * this.#half;
    const steps = (held.length - width + 1) * this.#up - this.#position;
    const output = new Float32Array(Math.max(0, Math.ceil(steps / this.#down)));
    for (let n = 0; n < output.length; n += 1) {
      const start = Math.floor(this.#position / this.#up);
      const phase = this.#phases[this.#position % this.#up] ?? this.#phases[0];
      let sum = 0;
      for (let k = 0; k < width; k += 1) sum += (held[start + k] ?? 0) * (phase?.[k] ?? 0);
      output[n] = sum;
      this.#position += this.#down;
    }
    const used = Math.min(Math.floor(this.#position / this.#up), held.length);
    this.#held = held.slice(used);
    this.#position -= used * this.#up;
    this.#made += output.length;
    return output;
  }
}

/** A whole recording at once. */
export function convertRate(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  if (fromRate === toRate) return samples;
  const converter = new RateConverter(fromRate, toRate);
  const body = converter.push(samples);
  const tail = converter.flush();
  const whole = new Float32Array(body.length + tail.length);
  whole.set(body);
  whole.set(tail, body.length);
  return whole;
}

/** A sinc under a Blackman window for an output that lies `fraction` of a sample behind the middle; its sum is one. */
function coefficients(fraction: number, half: number, cutoff: number): Float32Array {
  const taps = Float64Array.from({ length: 2 * half }, (_, k) => {
    const distance = k - (half - 1) - fraction;
    const angle = 2 * Math.PI * cutoff * distance;
    const turn = (Math.PI * distance) / half;
    return (
      (distance === 0 ? 1 : Math.sin(angle) / angle) *
      (0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn))
    );
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return Float32Array.from(taps, (tap) => tap / sum);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
