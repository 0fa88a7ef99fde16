import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { orderByChain, type Link } from '../../src/transcript/chain.js';

const turn = (id: string, afterId: string | null | undefined, startedAtMs = 0): Link => ({
  id,
  afterId,
  startedAtMs,
});
const order = (...turns: Link[]): string =>
  orderByChain(turns)
    .map(({ id }) => id)
    .join(' ');

describe('orderByChain', () => {
  it('follows the links and not the arrival or the time', () => {
    expect(order(turn('c', 'b', 1), turn('a', null, 3), turn('b', 'a', 2))).to.equal('a b c');
  });

  it('puts a turn told later in between', () => {
    expect(order(turn('a', null), turn('b', 'a', 10), turn('c', 'b', 20), turn('x', 'a', 30))).to.equal(
      'a x b c',
    );
    expect(order(turn('a', null), turn('b', 'a'), turn('x', 'a'), turn('y', 'x'), turn('z', 'a'))).to.equal(
      'a z x y b',
    );
  });

  it('joins the pieces of several connections by their start', () => {
    expect(
      order(turn('b1', null, 100), turn('b2', 'b1', 90), turn('a1', null, 5), turn('a2', 'a1', 200)),
    ).to.equal('a1 a2 b1 b2');
  });

  it('loses no turn whose predecessor is not here', () => {
    expect(
      order(turn('a', null, 0), turn('c', 'lost', 20), turn('d', 'c', 30), turn('e', 'gone', 10)),
    ).to.equal('a e c d');
  });

  it('keeps turns without a place at the end, by their start, with what follows them', () => {
    expect(
      order(
        turn('u2', undefined, 9),
        turn('f', 'u2', 11),
        turn('u1', undefined, 7),
        turn('a', null, 8),
        turn('b', 'a', 30),
      ),
    ).to.equal('a b u1 u2 f');
  });

  it('opens circles at the turn that started first', () => {
    expect(order(turn('a', 'a'))).to.equal('a');
    expect(order(turn('x', null, 50), turn('a', 'c', 3), turn('b', 'a', 1), turn('c', 'b', 2))).to.equal(
      'x b c a',
    );
  });

  it('orders an interview of 20,000 turns without running out of stack', () => {
    const turns = Array.from({ length: 20_000 }, (_, n) => turn(`t${n}`, n === 0 ? null : `t${n - 1}`, n));
    expect(orderByChain([...turns].reverse())).to.deep.equal(turns);
    const siblings = turns.map(({ id }, n) => turn(id, n === 0 ? null : 't0', n));
    expect(orderByChain(siblings)).to.have.length(20_000);
  });

  const id = fc.integer({ min: 0, max: 12 }).map((n) => `t${n}`);
  const anyTurns = fc.uniqueArray(
    fc.record({
      id,
      afterId: fc.oneof(id, fc.constant(null), fc.constant(undefined), fc.constant('missing')),
      startedAtMs: fc.integer({ min: 0, max: 50 }),
    }),
    { selector: (link) => link.id, maxLength: 13 },
  );

  it('gives back every turn exactly once, whatever the links say', () => {
    fc.assert(
      fc.property(anyTurns, (turns) => {
        const ordered = orderByChain(turns);
        expect([...ordered].map(({ id }) => id).sort()).to.deep.equal(turns.map(({ id }) => id).sort());
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps an order that was written down once: links made from it give it back in any arrival', () => {
    fc.assert(
      fc.property(anyTurns, fc.array(fc.nat(), { minLength: 13, maxLength: 13 }), (turns, keys) => {
        const ordered = orderByChain(turns);
        const written = ordered.map((one, index) =>
          turn(one.id, ordered[index - 1]?.id ?? null, one.startedAtMs),
        );
        const arrived = written
          .map((one, index) => ({ one, key: keys[index] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(orderByChain(arrived)).to.deep.equal(written);
      }),
    );
  });

  it('follows any chain that turns were appended or inserted into, one told after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (places) => {
        const told: Link[] = [];
        const list: string[] = [];
        places.forEach((place, n) => {
          const index = place % (list.length + 1);
          // A second turn at the very front would be another head: here each goes behind one that is there.
          const at = n === 0 ? 0 : Math.max(1, index);
          told.push(turn(`t${n}`, at === 0 ? null : (list[at - 1] ?? null), n));
          list.splice(at, 0, `t${n}`);
        });
        expect(orderByChain(told).map(({ id }) => id)).to.deep.equal(list);
      }),
    );
  });
});
