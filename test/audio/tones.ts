/** A sine as floats. `from` is the index of its first sample, so that pieces of one tone join. */
export function tone(
  hz: number,
  rate: number,
  samples: number,
  { amplitude = 0.5, from = 0 } = {},
): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: samples },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * (from + i)) / rate),
  );
}

/** A sine as 16-bit samples none of which is zero, so that every played sample can be told from silence. */
export function pcmTone(hz: number, samples: number, from = 0): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: samples }, (_, i) => {
    const value = Math.round(12_000 * Math.sin((2 * Math.PI * hz * (from + i)) / 24_000));
    return value === 0 ? 1 : value;
  });
}

/** The amplitude of one frequency in a stretch of sound, by the Goertzel sum with a Hann window. */
export function amplitudeAt(hz: number, rate: number, samples: Float32Array): number {
  let re = 0;
  let im = 0;
  let weights = 0;
  samples.forEach((sample, i) => {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length);
    const angle = (2 * Math.PI * hz * i) / rate;
    re += weight * sample * Math.cos(angle);
    im += weight * sample * Math.sin(angle);
    weights += weight;
  });
  return (2 * Math.hypot(re, im)) / weights;
}

export const decibels = (ratio: number): number => 20 * Math.log10(Math.max(ratio, 1e-12));

export function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}
