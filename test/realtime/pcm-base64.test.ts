import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { fromBase64, toBase64 } from '../../src/realtime/pcm-base64.js';

describe('sound in base64', () => {
  it('comes back as it went, sample for sample', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 200 }), (pcm) => {
        expect([...fromBase64(toBase64(pcm))]).to.deep.equal([...pcm]);
      }),
    );
  });

  it('is little-endian', () => {
    expect(toBase64(new Int16Array([1, -2]))).to.equal(btoa('\x01\x00\xfe\xff'));
  });

  it('takes a part of a larger array, and a minute at once', () => {
    const all = new Int16Array(24_000 * 60).fill(5);
    all[24_000] = 9;
    expect([...fromBase64(toBase64(all.subarray(23_999, 24_002)))]).to.deep.equal([5, 9, 5]);
    expect(fromBase64(toBase64(all)).length).to.equal(all.length);
  });

  it('drops half a sample and refuses what is no base64', () => {
    expect(fromBase64(btoa('\x01\x00\x02')).length).to.equal(1);
    expect(() => fromBase64('%%%')).to.throw();
  });
});
