import { expect } from '@open-wc/testing';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { RetryWait } from '../../src/ui/retry-wait.js';

function waiting() {
  const clock = new FakeClock(5000);
  const host = {
    updates: 0,
    addController: () => undefined,
    removeController: () => undefined,
    requestUpdate: () => {
      host.updates++;
    },
    updateComplete: Promise.resolve(true),
  };
  return { clock, host, wait: new RetryWait(host, clock) };
}

describe('RetryWait', () => {
  it('lets nobody wait who was not asked to', () => {
    const { wait, clock } = waiting();
    expect(wait.secondsLeft).to.equal(0);
    wait.begin(0);
    expect(wait.secondsLeft).to.equal(0);
    expect(clock.pending).to.equal(0);
  });

  it('counts down to zero, asks for an update each second, and is quiet then', () => {
    const { wait, clock, host } = waiting();
    wait.begin(2500);
    const seen = [wait.secondsLeft];
    for (let n = 0; n < 3; n++) {
      clock.advance(1000);
      seen.push(wait.secondsLeft);
    }
    expect(seen).to.deep.equal([3, 2, 1, 0]);
    expect(host.updates).to.equal(4);
    expect(clock.pending).to.equal(0);
  });

  it('keeps nobody from trying for longer than ten minutes', () => {
    const { wait, clock } = waiting();
    wait.begin(Number.MAX_VALUE);
    expect(wait.secondsLeft).to.equal(600);
    clock.advance(600_000);
    expect(wait.secondsLeft).to.equal(0);
  });

  it('begins anew, and stops with its host', () => {
    const { wait, clock } = waiting();
    wait.begin(60_000);
    wait.begin(10_000);
    expect(wait.secondsLeft).to.equal(10);
    expect(clock.pending).to.equal(1);
    wait.hostDisconnected();
    expect(clock.pending).to.equal(0);
    clock.advance(4000);
    wait.hostConnected();
    expect(wait.secondsLeft).to.equal(6);
    expect(clock.pending).to.equal(1);
  });
});
