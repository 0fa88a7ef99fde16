import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { fromPcm16, toPcm16 } from '../../src/audio/pcm.js';

describe('pcm', () => {
  it('brings every 16-bit sample back as it was', () => {
    for (let sample = -32_768; sample <= 32_767; sample++) {
      if (toPcm16(fromPcm16(sample)) !== sample)
        expect.fail(`${sample} came back as ${toPcm16(fromPcm16(sample))}`);
    }
  });

  it('clips what is too loud instead of wrapping around', () => {
    expect(toPcm16(1)).to.equal(32_767);
    expect(toPcm16(7)).to.equal(32_767);
    expect(toPcm16(Infinity)).to.equal(32_767);
    expect(toPcm16(-1)).to.equal(-32_768);
    expect(toPcm16(-1.5)).to.equal(-32_768);
  });

  it('takes what is not a number for silence', () => {
    expect(toPcm16(NaN)).to.equal(0);
  });

  it('is never off by more than half a step', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1 - 1 / 32_768, noNaN: true }), (sample) => {
        expect(Math.abs(fromPcm16(toPcm16(sample)) - sample)).to.be.at.most(0.5 / 32_768);
      }),
    );
  });
});
