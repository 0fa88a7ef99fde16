import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { remainderOf } from '../../src/realtime/barge-in.js';

const ms = fc.double({ min: 0, max: 100_000, noNaN: true });

describe('what remains of silenced sound', () => {
  it('never ends behind what was received or behind what was played, and is a whole number of milliseconds', () => {
    fc.assert(
      fc.property(ms, ms, fc.boolean(), (playedMs, receivedMs, isGrowing) => {
        const rest = remainderOf({ playedMs, receivedMs, isGrowing });
        if (rest.type !== 'truncated') return;
        expect(rest.audioEndMs).to.be.at.most(receivedMs).and.at.most(playedMs).and.above(0);
        expect(Number.isInteger(rest.audioEndMs)).to.equal(true);
        expect(rest.heardMs - rest.audioEndMs).to.be.within(0, 1);
      }),
    );
  });

  it('is nothing where less than a millisecond was heard', () => {
    expect(remainderOf({ playedMs: 0.9, receivedMs: 500, isGrowing: false }).type).to.equal('unheard');
    expect(remainderOf({ playedMs: 0, receivedMs: 0, isGrowing: true }).type).to.equal('unheard');
  });

  it('is the whole only where nothing more would have come', () => {
    expect(remainderOf({ playedMs: 500, receivedMs: 500, isGrowing: false }).type).to.equal('whole');
    expect(remainderOf({ playedMs: 500, receivedMs: 500, isGrowing: true }).type).to.equal('truncated');
  });
});
