import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';

describe('FakeClock', () => {
  it('stands still until it is moved', async () => {
    const clock = new FakeClock(5);
    clock.setTimeout(() => expect.fail('nobody moved the clock'), 0);
    await settle();
    expect(clock.now()).to.equal(5);
    expect(clock.pending).to.equal(1);
  });

  it('fires every due timer at its own time, by time and then by the order of making', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 }),
        fc.integer({ min: 0, max: 25 }),
        (waits, ms) => {
          const clock = new FakeClock();
          const fired: [number, number, number][] = [];
          waits.forEach((wait, index) =>
            clock.setTimeout(() => fired.push([wait, index, clock.now()]), wait),
          );
          clock.advance(ms);
          const due = waits.map((wait, index) => [wait, index, wait]).filter(([wait]) => (wait ?? 0) <= ms);
          due.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0));
          expect(fired).to.deep.equal(due);
          expect(clock.now()).to.equal(ms);
          expect(clock.pending).to.equal(waits.length - due.length);
        },
      ),
    );
  });

  it('fires timers that timers make, as far as the time goes', () => {
    const clock = new FakeClock();
    const at: number[] = [];
    const tick = (): void => {
      at.push(clock.now());
      clock.setTimeout(tick, 10);
    };
    clock.setTimeout(tick, 10);
    clock.advance(35);
    expect(at).to.deep.equal([10, 20, 30]);
    expect(clock.pending).to.equal(1);
  });

  it('does not fire what was cleared, also by a timer of the same time', () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    clock.setTimeout(() => {
      fired.push('first');
      clock.clearTimeout(second);
    }, 10);
    const second = clock.setTimeout(() => fired.push('second'), 10);
    clock.advance(10);
    expect(fired).to.deep.equal(['first']);
  });

  it('takes a wait that is no number, or negative, for none', () => {
    const clock = new FakeClock(100);
    const at: number[] = [];
    clock.setTimeout(() => at.push(clock.now()), Number.NaN);
    clock.setTimeout(() => at.push(clock.now()), -5);
    clock.advance(1);
    expect(at).to.deep.equal([100, 100]);
    expect(clock.now()).to.equal(101);
  });

  it('never goes back', () => {
    const clock = new FakeClock();
    clock.setTimeout(() => {
      clock.advance(100);
    }, 1);
    clock.advance(10);
    expect(clock.now()).to.equal(101);
    expect(() => {
      clock.advance(-1);
    }).to.throw(RangeError, 'got -1 ms');
  });

  it('lets promises settle between timers', async () => {
    const clock = new FakeClock();
    const order: string[] = [];
    clock.setTimeout(() => void settle().then(() => order.push('promise of the first')), 1);
    clock.setTimeout(() => order.push('second timer'), 2);
    await clock.advanceAsync(2);
    expect(order).to.deep.equal(['promise of the first', 'second timer']);
  });
});

describe('settle', () => {
  it('reaches the end of a deep chain of async functions', async () => {
    const deep = async (levels: number): Promise<number> => (levels === 0 ? 0 : 1 + (await deep(levels - 1)));
    let reached = 0;
    void deep(40).then((levels) => (reached = levels));
    await settle();
    expect(reached).to.equal(40);
  });
});
