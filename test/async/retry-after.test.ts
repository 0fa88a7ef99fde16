import { expect } from '@open-wc/testing';
import { retryAfterMs } from '../../src/async/retry-after.js';

const NOW = Date.UTC(2026, 10, 22, 12);

describe('retryAfterMs', () => {
  for (const [header, ms] of [
    [null, undefined],
    ['', undefined],
    ['soon', undefined],
    ['0', 0],
    [' 7 ', 7000],
    [new Date(NOW + 3000).toUTCString(), 3000],
    [new Date(NOW - 3000).toUTCString(), 0],
    // More than a number holds.
    ['9'.repeat(400), undefined],
  ] as const)
    it(`reads ${JSON.stringify(header?.slice(0, 40))} as ${String(ms)}`, () => {
      expect(retryAfterMs(header, NOW)).to.equal(ms);
    });
});
