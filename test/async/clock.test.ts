import { expect } from '@open-wc/testing';
import { systemClock } from '../../src/async/clock.js';

describe('systemClock', () => {
  it('does not go back', () => {
    let last = systemClock.now();
    for (let reading = 0; reading < 1000; reading++) {
      const now = systemClock.now();
      expect(now).to.be.at.least(last);
      last = now;
    }
  });

  it('fires after the time it was given, and not once cleared', async () => {
    const fired: string[] = [];
    const start = systemClock.now();
    const cleared = systemClock.setTimeout(() => fired.push('cleared'), 5);
    await new Promise<void>((resolve) => {
      systemClock.setTimeout(() => {
        fired.push('kept');
        resolve();
      }, 10);
      systemClock.clearTimeout(cleared);
    });
    expect(fired).to.deep.equal(['kept']);
    expect(systemClock.now() - start).to.be.at.least(9);
  });

  it('takes a wait without an end for a long one, not for none', async () => {
    const fired: string[] = [];
    const handles = [Infinity, 2 ** 31, 2 ** 40].map((ms) =>
      systemClock.setTimeout(() => fired.push(String(ms)), ms),
    );
    await new Promise<void>((resolve) => {
      systemClock.setTimeout(resolve, 30);
    });
    for (const handle of handles) systemClock.clearTimeout(handle);
    expect(fired).to.deep.equal([]);
  });
});
