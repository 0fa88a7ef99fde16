// Turns the device's rate into the 24 kHz of the wire. Runs on the audio thread: after construction nothing is allocated.

export const WIRE_RATE = 24_000;

/** What is kept, where the device's own rate allows it, and from where on nothing may remain: 12 kHz would fold back. */
const PASS_HZ = 10_000;
const STOP_HZ = WIRE_RATE / 2;
/** A device below 22 kHz keeps this share of its rate; the mirror image begins as far above half the rate as this lies below. */
const PASS_SHARE = 0.4536;
const STOP_BAND_DB = 72;
/** Exact for every rate that devices have; an odd one is met within a thousandth, which no ear hears. */
const MAX_PHASES = 512;

/**
 * A windowed-sinc filter in phases. It keeps its state from chunk to chunk: how a stream is cut into chunks does not change
 * one bit of what comes out.
 */
export class Resampler {
  /** How much later a sound comes out than it went in. */
  readonly delaySeconds: number;
  readonly #taps: number;
  readonly #phases: number;
  readonly #step: number;
  /** One row of taps for each phase, oldest sample first. */
  readonly #coefficients: Float32Array;
  /** The newest `taps` samples, written twice so that they always lie in one piece. */
  readonly #history: Float32Array;
  #position = 0;
  #phase = 0;

  /** @param inputRate samples a second, from 8,000 to 192,000 */
  constructor(inputRate: number) {
    if (!(inputRate >= 8_000 && inputRate <= 192_000)) {
      throw new RangeError(`Expected a sample rate from 8000 to 192000, got ${inputRate}`);
    }
    const passHz = Math.min(PASS_HZ, PASS_SHARE * inputRate);
    const stopHz = Math.min(STOP_HZ, inputRate - passHz);
    const length = (STOP_BAND_DB - 7.95) / (14.36 * ((stopHz - passHz) / inputRate)) + 1;
    this.#taps = 2 * Math.ceil(length / 2);
    const { phases, step } = nearestRatio(inputRate / WIRE_RATE);
    this.#phases = phases;
    this.#step = step;
    this.#coefficients = lowPass(this.#taps, phases, (passHz + stopHz) / 2 / inputRate);
    this.#history = new Float32Array(2 * this.#taps);
    this.delaySeconds = this.#taps / 2 / inputRate;
  }

  /** The most samples that `process` writes for so many. */
  maxOutput(inputLength: number): number {
    return Math.ceil((inputLength * this.#phases) / this.#step) + 1;
  }

  /**
   * Takes all of `input`.
   *
   * @param output at least `maxOutput(input.length)` long
   * @returns how many samples were written
   */
  process(input: Float32Array, output: Float32Array): number {
    const taps = this.#taps;
    const phases = this.#phases;
    const step = this.#step;
    const history = this.#history;
    const coefficients = this.#coefficients;
    let position = this.#position;
    let phase = this.#phase;
    let written = 0;
    for (let i = 0; i < input.length; i++) {
      const sample = input[i] ?? 0;
      history[position] = sample;
      history[position + taps] = sample;
      position = position + 1 === taps ? 0 : position + 1;
      for (; phase < phases; phase += step) {
        const row = phase * taps;
        let sum = 0;
        for (let k = 0; k < taps; k++) sum += (history[position + k] ?? 0) * (coefficients[row + k] ?? 0);
        output[written++] = sum;
      }
      phase -= phases;
    }
    this.#position = position;
    this.#phase = phase;
    return written;
  }
}

/** `ratio` as step / phases, exact for every usual rate (44,100 Hz: 147 / 80). */
function nearestRatio(ratio: number): { phases: number; step: number } {
  let best = { phases: 1, step: Math.round(ratio) || 1 };
  let bestError = Infinity;
  for (let phases = 1; phases <= MAX_PHASES; phases++) {
    const step = Math.max(1, Math.round(ratio * phases));
    const error = Math.abs(step / phases - ratio);
    if (error < bestError - 1e-12) {
      best = { phases, step };
      bestError = error;
    }
  }
  return best;
}

/** @param cutoff in cycles per input sample */
function lowPass(taps: number, phases: number, cutoff: number): Float32Array {
  const beta = 0.1102 * (STOP_BAND_DB - 8.7);
  const half = taps / 2;
  const rows = new Float32Array(taps * phases);
  const row = new Float64Array(taps);
  for (let phase = 0; phase < phases; phase++) {
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const t = phase / phases + (taps - 1 - k) - half;
      const x = 2 * cutoff * t;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      const value = sinc * bessel(beta * Math.sqrt(Math.max(0, 1 - (t / half) ** 2)));
      row[k] = value;
      sum += value;
    }
    for (let k = 0; k < taps; k++) rows[phase * taps + k] = (row[k] ?? 0) / sum;
  }
  return rows;
}

/** The modified Bessel function of order zero, for the Kaiser window. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-9; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}
