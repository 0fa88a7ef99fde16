import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { toFloat, toPcm16 } from '../../demo/server/speech/pcm16.js';
import { convertRate, RateConverter } from '../../demo/server/speech/rate-converter.js';
import { parseWav } from '../../demo/server/speech/wav.js';
import { readWav } from '../support/wav.js';

const tone = (hertz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * n) / rate));

/** Without the edges, where the tone starts and ends out of nothing. */
const middle = (samples: Float32Array): Float32Array => samples.subarray(400, samples.length - 400);
const decibels = (samples: Float32Array): number =>
  10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

describe('rate converter', () => {
  for (const [from, to] of [
    [24_000, 16_000],
    [16_000, 24_000],
  ] as const) {
    it(`keeps a tone in time and strength from ${String(from)} to ${String(to)} Hz`, () => {
      const expected = middle(tone(1000, to, 1));
      const actual = middle(convertRate(tone(1000, from, 1), from, to));
      assert.equal(actual.length, expected.length);
      const error = actual.map((sample, n) => sample - (expected[n] ?? 0));
      assert.ok(decibels(error) < decibels(expected) - 60, `error ${String(decibels(error))} dB`);
    });
  }

  it('lets nothing above the new Nyquist frequency through', () => {
    assert.ok(
      decibels(middle(convertRate(tone(9000, 24_000, 1), 24_000, 16_000))) <
        decibels(tone(9000, 24_000, 1)) - 60,
    );
  });

  it('adds no image above the old Nyquist frequency', () => {
    // A tone of 6 kHz at 16 kHz would come back at 10 kHz.
    const up = convertRate(tone(6000, 16_000, 1), 16_000, 24_000);
    const expected = tone(6000, 24_000, 1);
    const error = middle(up).map((sample, n) => sample - (middle(expected)[n] ?? 0));
    assert.ok(decibels(error) < -45, `error ${String(decibels(error))} dB`);
  });

  it('gives the same sound whatever the chunks', () => {
    const sound = tone(440, 24_000, 0.2);
    const whole = convertRate(sound, 24_000, 16_000);
    fc.assert(
      fc.property(fc.array(fc.nat(1500), { maxLength: 12 }), (sizes) => {
        const converter = new RateConverter(24_000, 16_000);
        const made: number[] = [];
        let at = 0;
        for (const size of [...sizes, sound.length]) {
          made.push(...converter.push(sound.subarray(at, at + size)));
          at += size;
        }
        made.push(...converter.flush());
        assert.deepEqual(Float32Array.from(made), whole);
      }),
      { numRuns: 30 },
    );
  });

  it('holds back under two milliseconds', () => {
    const made = new RateConverter(24_000, 16_000).push(new Float32Array(24_000)).length;
    assert.ok(made > 16_000 - 32 && made <= 16_000, String(made));
  });

  it('gives nothing for nothing', () => {
    assert.equal(convertRate(new Float32Array(0), 24_000, 16_000).length, 0);
  });
});

describe('16-bit sound', () => {
  it('comes back unchanged, and is clipped rather than wrapped', () => {
    const pcm = Int16Array.of(-32_768, -1, 0, 1, 32_767);
    assert.deepEqual(toPcm16(toFloat(pcm)), pcm);
    assert.deepEqual(toPcm16(Float32Array.of(1.5, -1.5)), Int16Array.of(32_767, -32_768));
  });
});

describe('WAV reader', () => {
  it('reads the recordings of the tests', () => {
    const { rate, pcm } = readWav(new URL('../speech/librivox-0870.wav', import.meta.url));
    assert.equal(rate, 16_000);
    assert.equal(Math.round(pcm.length / 1600), 71);
  });

  it('refuses what is no 16-bit mono WAV', () => {
    assert.throws(() => parseWav(new TextEncoder().encode('OggS and so on and on')), /no WAV/);
    assert.throws(() => parseWav(new Uint8Array(0)), /no WAV/);
  });
});
