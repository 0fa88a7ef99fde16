import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { smoothLevel } from '../../src/ui/smooth-level.js';

const level = (): fc.Arbitrary<number> => fc.double({ min: 0, max: 1, noNaN: true });

describe('smoothLevel', () => {
  it('stays between what was drawn and what is measured', () => {
    fc.assert(
      fc.property(level(), level(), fc.integer({ min: 0, max: 1000 }), (drawn, measured, elapsedMs) => {
        const next = smoothLevel(drawn, measured, elapsedMs);
        if (next === 0) return Math.min(drawn, measured) < 0.005;
        return next >= Math.min(drawn, measured) - 1e-9 && next <= Math.max(drawn, measured) + 1e-9;
      }),
    );
  });

  it('draws nothing that no meter can show', () => {
    expect(smoothLevel(0, 7, 10_000)).to.equal(1);
    expect(smoothLevel(0.5, -1, 10_000)).to.equal(0);
  });

  it('rises faster than it falls', () => {
    expect(smoothLevel(0, 1, 16) - 0).to.be.greaterThan(1 - smoothLevel(1, 0, 16));
  });

  it('does not depend on how often it is drawn', () => {
    let often = 0;
    for (let frame = 0; frame < 10; frame++) often = smoothLevel(often, 1, 5);
    expect(often).to.be.closeTo(smoothLevel(0, 1, 50), 1e-9);
  });
});
