// A cough, made of what a throat makes it of: a few hoarse pulses with breath, through the resonances of an open mouth.
import type { Sound } from '../../demo/server/speech/wav.js';

const RATE = 24_000;
const PITCH_HZ = 110;
const FORMANTS = [
  { hz: 650, bandwidthHz: 120 },
  { hz: 1100, bandwidthHz: 160 },
  { hz: 2500, bandwidthHz: 250 },
] as const;
const PEAK = 14_000;

/** Three bursts of 200 ms. A speech detector takes them for a voice, and a recogniser finds no words in them. */
export function cough(): Sound {
  const burst = hoarseBurst(0.2 * RATE);
  const pcm = new Int16Array(0.9 * RATE);
  for (const startS of [0, 0.35, 0.7]) pcm.set(burst, startS * RATE);
  return { pcm, rate: RATE };
}

/** Begins at once and dies away; the pitch falls. */
function hoarseBurst(length: number): Int16Array {
  const breath = noise();
  const mouth = FORMANTS.map(resonator);
  let phase = 0;
  const sound = Float32Array.from({ length }, (_, n) => {
    const share = n / length;
    phase += (PITCH_HZ * (1 - 0.3 * share)) / RATE;
    const pulse = phase > 1 ? 8 : 0;
    phase %= 1;
    const throat = pulse + 0.1 * breath();
    const loudness = Math.min(1, n / (0.008 * RATE)) * Math.exp(-3 * share);
    return loudness * mouth.reduce((sum, formant) => sum + formant(throat), 0);
  });
  const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return Int16Array.from(sound, (sample) => (sample / peak) * PEAK);
}

/** The same each time. */
function noise(): () => number {
  let seed = 7;
  return () => {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
    return seed / 2 ** 31 - 1;
  };
}

function resonator({ hz, bandwidthHz }: (typeof FORMANTS)[number]): (sample: number) => number {
  const radius = Math.exp((-Math.PI * bandwidthHz) / RATE);
  const turn = 2 * radius * Math.cos((2 * Math.PI * hz) / RATE);
  let last = 0;
  let before = 0;
  return (sample) => {
    const next = (1 - radius) * sample + turn * last - radius * radius * before;
    before = last;
    last = next;
    return next;
  };
}
