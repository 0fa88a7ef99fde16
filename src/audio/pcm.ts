// Sound as the wire has it (16-bit integers) and as the browser has it (floats from -1 to 1). Runs on both threads; allocates nothing.

const FULL_SCALE = 32_768;

/** One float sample as 16 bits: clipped at full scale, and silence for what is not a number. */
export function toPcm16(sample: number): number {
  const scaled = Math.round(sample * FULL_SCALE);
  if (scaled >= FULL_SCALE) return FULL_SCALE - 1;
  if (scaled < -FULL_SCALE) return -FULL_SCALE;
  return scaled || 0;
}

/** Exact: `toPcm16` gives the same integer back. */
export function fromPcm16(sample: number): number {
  return sample / FULL_SCALE;
}
