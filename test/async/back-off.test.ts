import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { backOffMs } from '../../src/async/back-off.js';

describe('backOffMs', () => {
  it('doubles from the first wait to the longest', () => {
    const random = (): number => 1;
    const waits = [1, 2, 3, 4, 5, 6, 7, 2000].map((attempt) => backOffMs(attempt, { random }));
    expect(waits).to.deep.equal([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('keeps every wait within its half at random, and follows the random number in it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        fc.integer({ min: 1, max: 1000 }),
        (attempt, draw, firstMs) => {
          const options = { firstMs, maxMs: 20_000 };
          const full = Math.min(20_000, firstMs * 2 ** (attempt - 1));
          const wait = backOffMs(attempt, { ...options, random: () => draw });
          expect(wait).to.be.within(full / 2, full);
          expect(wait).to.be.closeTo(full / 2 + (full / 2) * draw, 1e-6);
        },
      ),
    );
  });

  it('spreads pages that failed together', () => {
    const waits = new Set(Array.from({ length: 20 }, () => backOffMs(4)));
    expect(waits.size).to.be.greaterThan(10);
  });
});
