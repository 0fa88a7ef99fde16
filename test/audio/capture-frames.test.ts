import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { CaptureFrames } from '../../src/audio/capture-frames.js';
import { toPcm16 } from '../../src/audio/pcm.js';
import { Resampler } from '../../src/audio/resampler.js';
import { tone } from './tones.js';

interface Frame {
  readonly pcm: Int16Array<ArrayBuffer>;
  readonly rms: number;
}

function harness(rate: number, { givesBack = true } = {}): { frames: CaptureFrames; heard: Frame[] } {
  const heard: Frame[] = [];
  const frames = new CaptureFrames(rate, (pcm, samples, rms) => {
    heard.push({ pcm: pcm.slice(0, samples), rms });
    if (givesBack) frames.giveBack(pcm.fill(-1));
  });
  return { frames, heard };
}

const joined = (heard: readonly Frame[]): number[] => heard.flatMap(({ pcm }) => [...pcm]);

describe('CaptureFrames', () => {
  it('hands out every sample exactly once, in frames of 20 ms, and the rest when flushed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(16_000, 44_100, 48_000),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        (rate, chunks, givesBack) => {
          const { frames, heard } = harness(rate, { givesBack });
          const sound = tone(
            440,
            rate,
            chunks.reduce((sum, n) => sum + n, 0),
          );
          let at = 0;
          for (const length of chunks) frames.push(sound.subarray(at, (at += length)));
          frames.flush();
          const whole = new Resampler(rate);
          const expected = new Float32Array(whole.maxOutput(sound.length));
          const count = whole.process(sound, expected);
          expect(joined(heard)).to.deep.equal([...expected.subarray(0, count)].map(toPcm16));
          for (const { pcm } of heard.slice(0, -1)) expect(pcm.length).to.equal(480);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('flushes nothing when nothing is left', () => {
    const { frames, heard } = harness(24_000);
    frames.push(tone(440, 24_000, 480));
    frames.flush();
    frames.flush();
    expect(heard.map(({ pcm }) => pcm.length)).to.deep.equal([480]);
  });

  it('keeps nothing from before the gate opened', () => {
    const { frames, heard } = harness(24_000);
    frames.push(tone(440, 24_000, 300));
    frames.isOpen = false;
    frames.push(tone(440, 24_000, 5_000));
    frames.flush();
    expect(heard).to.have.length(0);
    frames.isOpen = true;
    frames.push(tone(440, 24_000, 480));
    expect(heard.map(({ pcm }) => pcm.length)).to.deep.equal([480]);
  });

  it('measures each frame for itself', () => {
    const { frames, heard } = harness(24_000);
    frames.push(tone(1_000, 24_000, 960, { amplitude: 0.4 }));
    frames.push(new Float32Array(960));
    expect(heard[1]?.rms).to.be.closeTo(0.4 / Math.SQRT2, 0.01);
    expect(heard[3]?.rms).to.be.below(0.001);
  });

  it('fills the frames that came back instead of new ones', () => {
    const seen = new Set<Int16Array>();
    const waiting: Int16Array<ArrayBuffer>[] = [];
    const frames = new CaptureFrames(24_000, (pcm) => {
      seen.add(pcm);
      waiting.push(pcm);
      // The main thread is 400 ms behind.
      const back = waiting.length > 20 ? waiting.shift() : undefined;
      if (back) frames.giveBack(back);
    });
    for (let i = 0; i < 3_000; i++) frames.push(new Float32Array(480));
    expect(seen.size).to.be.at.most(26);
  });

  it('loses nothing when frames do not come back for two seconds', () => {
    const { frames, heard } = harness(24_000, { givesBack: false });
    frames.push(tone(440, 24_000, 48_000));
    expect(joined(heard)).to.have.length(48_000);
  });
});
