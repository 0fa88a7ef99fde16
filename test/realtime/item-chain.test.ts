import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import {
  emptyChain,
  itemsOf,
  turnLinks,
  withItem,
  withoutItem,
  type ItemChain,
} from '../../src/realtime/item-chain.js';

type Telling = readonly [id: string, previous: string | null];

/** A conversation as a server grows it: each item is put behind one that is there; with what it told of each. */
const conversation = fc.array(fc.nat(), { minLength: 1, maxLength: 25 }).map((places) => {
  const order: string[] = [];
  const tellings: Telling[] = places.map((place, n) => {
    const at = place % (order.length + 1);
    const id = `i${n}`;
    const previous = at === 0 ? null : (order[at - 1] ?? null);
    order.splice(at, 0, id);
    return [id, previous];
  });
  return { order, tellings };
});

const told = (tellings: readonly Telling[]): ItemChain =>
  tellings.reduce((chain, [id, previous]) => withItem(chain, id, previous), emptyChain(null));

describe('the item chain', () => {
  it('holds the order of the conversation, also where items are put in between', () => {
    fc.assert(
      fc.property(conversation, ({ order, tellings }) => {
        expect(itemsOf(told(tellings))).to.deep.equal(order);
      }),
    );
  });

  it('loses and doubles nothing in whatever order it is told, and puts each item behind the one it follows', () => {
    fc.assert(
      fc.property(
        conversation.chain(({ tellings }) =>
          fc.record({
            tellings: fc.constant(tellings),
            arrivals: fc.shuffledSubarray([...tellings], { minLength: tellings.length }),
          }),
        ),
        ({ tellings, arrivals }) => {
          const items = itemsOf(told([...arrivals, ...arrivals]));
          expect([...items].sort()).to.deep.equal(tellings.map(([id]) => id).sort());
          for (const [id, previous] of tellings)
            if (previous !== null) expect(items.indexOf(id)).to.be.above(items.indexOf(previous));
        },
      ),
    );
  });

  it('comes to the same order from a chain that only grew at its end, however late each item is told of', () => {
    const grown = fc
      .integer({ min: 1, max: 20 })
      .map((n) => Array.from({ length: n }, (_, at): Telling => [`i${at}`, at === 0 ? null : `i${at - 1}`]));
    const arrival = grown.chain((tellings) =>
      fc.tuple(fc.constant(tellings), fc.shuffledSubarray(tellings, { minLength: tellings.length })),
    );
    fc.assert(
      fc.property(arrival, ([tellings, arrivals]) => {
        expect(itemsOf(told(arrivals))).to.deep.equal(tellings.map(([id]) => id));
      }),
    );
  });

  it('closes the gap where an item is deleted', () => {
    fc.assert(
      fc.property(conversation, fc.nat(), ({ order, tellings }, pick) => {
        const gone = order[pick % order.length] ?? '';
        expect(itemsOf(withoutItem(told(tellings), gone))).to.deep.equal(order.filter((id) => id !== gone));
      }),
    );
  });

  it('links each turn to the turn before it and passes over what is none', () => {
    fc.assert(
      fc.property(conversation, fc.func(fc.boolean()), ({ order, tellings }, isTurn) => {
        const links = turnLinks(told(tellings), (id) => (isTurn(id) ? `turn of ${id}` : undefined));
        const turns = order.filter((id) => isTurn(id)).map((id) => `turn of ${id}`);
        expect([...links]).to.deep.equal(turns.map((turn, n) => [turn, turns[n - 1] ?? null]));
      }),
    );
  });

  it('hangs the first turn on the last of an earlier conversation', () => {
    const chain = withItem(withItem(emptyChain('before'), 'guidance', null), 'item', 'guidance');
    const links = turnLinks(chain, (id) => (id === 'item' ? 'turn' : undefined));
    expect([...links]).to.deep.equal([['turn', 'before']]);
  });

  it('keeps an item that follows an unknown one at the end until that one is told', () => {
    let chain = withItem(withItem(emptyChain(null), 'a', null), 'c', 'b');
    chain = withItem(chain, 'z', 'a');
    expect(itemsOf(chain)).to.deep.equal(['a', 'z', 'c']);
    expect(itemsOf(withItem(chain, 'b', 'a'))).to.deep.equal(['a', 'b', 'c', 'z']);
  });

  it('puts an item without a told place at the end', () => {
    expect(itemsOf(withItem(withItem(emptyChain(null), 'a', null), 'b', undefined))).to.deep.equal([
      'a',
      'b',
    ]);
  });
});
