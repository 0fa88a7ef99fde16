import { expect } from '@open-wc/testing';
import { HalfDuplex } from '../../src/session/half-duplex.js';
import { FakeClock } from '../../src/testing/fake-clock.js';

const frame = Int16Array.of(1, -2, 3);

function stage() {
  const clock = new FakeClock(0);
  const halfDuplex = new HalfDuplex(clock);
  return { clock, halfDuplex, pass: () => [...halfDuplex.pass(frame)] };
}

describe('half duplex', () => {
  it('lets everything through before the interviewer has spoken', () => {
    expect(stage().pass()).to.deep.equal([1, -2, 3]);
  });

  it('gives silence of the same length while the interviewer is heard, from one turn into the next', () => {
    const { clock, halfDuplex, pass } = stage();
    halfDuplex.watch({ type: 'started', turnId: 'a', at: 0 });
    clock.advance(60_000);
    expect(pass()).to.deep.equal([0, 0, 0]);
    halfDuplex.watch({ type: 'finished', turnId: 'a', at: clock.now() });
    clock.advance(1000);
    expect(pass()).to.deep.equal([0, 0, 0]);
    expect([...frame]).to.deep.equal([1, -2, 3]);
  });

  it('hears the participant again once the room has gone quiet', () => {
    const { clock, halfDuplex, pass } = stage();
    halfDuplex.watch({ type: 'started', turnId: 'a', at: 0 });
    clock.advance(1000);
    halfDuplex.watch({ type: 'silent', at: 1000 });
    clock.advance(299);
    expect(pass()).to.deep.equal([0, 0, 0]);
    clock.advance(1);
    expect(pass()).to.deep.equal([1, -2, 3]);
    halfDuplex.watch({ type: 'started', turnId: 'b', at: clock.now() });
    expect(pass()).to.deep.equal([0, 0, 0]);
  });
});
