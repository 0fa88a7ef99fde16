import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { PlayedTurns } from '../../src/audio/played-turns.js';

describe('PlayedTurns', () => {
  it("counts in milliseconds of the model's own samples", () => {
    const turns = new PlayedTurns();
    turns.admit('a');
    turns.count('a', 36_000);
    expect(turns.playedMs('a')).to.equal(1_500);
    expect(turns.playedMs('unknown')).to.equal(0);
  });

  it('takes the last count of a turn that is being cut short, and then no more', () => {
    const turns = new PlayedTurns();
    turns.admit('a');
    const { isAny, settle } = turns.cut();
    expect(isAny).to.be.true;
    turns.count('a', 2_400);
    settle();
    turns.count('a', 24_000);
    expect(turns.playedMs('a')).to.equal(100);
  });

  it('does not call finished what was cut short before that was known, but counts it', () => {
    const turns = new PlayedTurns();
    turns.admit('a');
    turns.cut();
    expect(turns.finish('a', 2_400)).to.be.false;
    expect(turns.playedMs('a')).to.equal(100);
  });

  it('never lets a turn come back', () => {
    type Step = 'admit' | 'finish' | 'cut';
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom<Step>('admit', 'finish', 'cut'), fc.constantFrom('a', 'b')), {
          maxLength: 40,
        }),
        (steps) => {
          const turns = new PlayedTurns();
          const known = new Set<string>();
          const over = new Set<string>();
          for (const [step, id] of steps) {
            if (step === 'admit') {
              expect(turns.admit(id)).to.equal(!over.has(id));
              known.add(id);
            } else if (step === 'finish') {
              expect(turns.finish(id, 10)).to.equal(known.has(id) && !over.has(id));
              if (known.has(id)) over.add(id);
            } else {
              const live = [...known].filter((turn) => !over.has(turn));
              const { isAny, settle } = turns.cut();
              settle();
              expect(isAny).to.equal(live.length > 0);
              for (const turn of live) over.add(turn);
            }
            expect(turns.isAnyLive).to.equal([...known].some((turn) => !over.has(turn)));
          }
        },
      ),
    );
  });
});
