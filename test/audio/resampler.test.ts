import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { Resampler } from '../../src/audio/resampler.js';
import { amplitudeAt, decibels, rms, tone } from './tones.js';

const RATES = [
  8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000,
];

function resample(
  rate: number,
  input: Float32Array,
  cuts: readonly number[] = [128],
): Float32Array<ArrayBuffer> {
  const resampler = new Resampler(rate);
  const out = new Float32Array(resampler.maxOutput(input.length) + cuts.length);
  let written = 0;
  for (let at = 0, cut = 0; at < input.length; cut++) {
    const chunk = input.subarray(at, at + (cuts[cut % cuts.length] ?? 128));
    const room = new Float32Array(resampler.maxOutput(chunk.length));
    const count = resampler.process(chunk, room);
    out.set(room.subarray(0, count), written);
    written += count;
    at += chunk.length;
  }
  return out.slice(0, written);
}

/** Gain of one tone, in decibels, once the filter is full. */
function gain(rate: number, hz: number, at = hz): number {
  const out = resample(rate, tone(hz, rate, rate / 4));
  return decibels(amplitudeAt(at, 24_000, out.subarray(1_000, 1_000 + 4_800)) / 0.5);
}

describe('Resampler', () => {
  for (const rate of RATES) {
    it(`keeps what a device of ${rate} Hz hears up to 10 kHz within half a decibel`, () => {
      const top = Math.min(10_000, 0.45 * rate);
      for (let hz = 100; hz <= top; hz += (top - 100) / 12) {
        expect(gain(rate, hz), `${hz} Hz`).to.be.within(-0.5, 0.5);
      }
    });

    if (rate > 24_000) {
      it(`leaves nothing above 12 kHz of a device of ${rate} Hz to fold back`, () => {
        for (let hz = 12_000; hz < rate / 2; hz += (rate / 2 - 12_000) / 16) {
          const out = resample(rate, tone(hz, rate, rate / 4));
          const rest = rms(out.subarray(1_000, 5_000)) / rms(tone(hz, rate, 4_000));
          expect(decibels(rest), `${hz} Hz`).to.be.below(-60);
        }
      });
    }
  }

  it('leaves no mirror image of what a slow device hears', () => {
    expect(gain(16_000, 3_000, 13_000 - 2_000)).to.be.below(-60);
    expect(gain(16_000, 6_000, 10_000)).to.be.below(-60);
    expect(gain(8_000, 1_000, 7_000)).to.be.below(-60);
  });

  it('makes 24,000 samples of a second at every rate', () => {
    for (const rate of RATES) {
      expect(resample(rate, new Float32Array(rate)).length, `${rate} Hz`).to.equal(24_000);
    }
  });

  it('meets an odd rate within a thousandth', () => {
    for (const rate of [44_056, 47_952, 37_800, 47_999, 48_024]) {
      const made = resample(rate, new Float32Array(rate * 10), [rate]).length;
      expect(made, `${rate} Hz`).to.be.within(240_000 * 0.999, 240_000 * 1.001);
    }
  });

  it('says how much later a sound comes out', () => {
    for (const rate of [16_000, 44_100, 48_000]) {
      const click = new Float32Array(rate / 10);
      const at = Math.round(rate / 50);
      click[at] = 1;
      const out = resample(rate, click);
      const loudest = out.reduce((best, value, i) => (value > (out[best] ?? 0) ? i : best), 0);
      const delay = loudest / 24_000 - at / rate;
      expect(delay).to.be.closeTo(new Resampler(rate).delaySeconds, 1 / 24_000);
      expect(delay).to.be.below(0.004);
    }
  });

  it('gives the same bits however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RATES),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 200, maxLength: 2_000 }),
        (rate, cuts, samples) => {
          const input = Float32Array.from(samples);
          expect(resample(rate, input, cuts)).to.deep.equal(resample(rate, input, [input.length]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('writes no more than it says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8_000, max: 192_000 }),
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 20 }),
        (rate, lengths) => {
          const resampler = new Resampler(rate);
          for (const length of lengths) {
            const room = new Float32Array(resampler.maxOutput(length));
            expect(resampler.process(new Float32Array(length), room)).to.be.at.most(room.length);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('refuses a rate that no device has', () => {
    for (const rate of [0, 7_999, 192_001, NaN])
      expect(() => new Resampler(rate)).to.throw(RangeError, String(rate));
  });
});
