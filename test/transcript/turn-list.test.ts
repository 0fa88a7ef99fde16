import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { TurnList, type NewTurn } from '../../src/transcript/turn-list.js';
import { turn } from './watched-store.js';

const ids = (list: TurnList): string => list.turns.map(({ id }) => id).join(' ');
const links = (list: TurnList): string =>
  list.turns.map(({ id, afterId }) => `${afterId ?? '·'}>${id}`).join(' ');

const listOf = (...turns: NewTurn[]): TurnList => {
  const list = new TurnList();
  for (const one of turns) list.put(one);
  return list;
};

describe('TurnList', () => {
  it('numbers turns once, in the order of arrival, and never sorts by the number', () => {
    const list = listOf(turn('b', { afterId: 'a' }), turn('a', { afterId: null }));
    list.put(turn('b', { afterId: 'a', text: 'x' }));
    expect(list.turns.map(({ id, n }) => `${id}${n}`)).to.deep.equal(['a2', 'b1']);
  });

  it('gives another array only when something changed, and says which turns', () => {
    const list = new TurnList();
    expect(list.put(turn('a', { afterId: null }))).to.deep.equal(['a']);
    const before = list.turns;
    expect(list.put(turn('a', { afterId: null }))).to.deep.equal([]);
    expect(list.turns).to.equal(before);
    expect(list.put(turn('b', { afterId: 'a' }))).to.deep.equal(['b']);
    expect(list.turns).to.not.equal(before);
    expect(list.turns[0]).to.equal(before[0]);
  });

  it('relinks what follows when a turn is put in between', () => {
    const list = listOf(turn('a', { afterId: null }), turn('b', { afterId: 'a' }));
    expect(list.put(turn('x', { afterId: 'a' }))).to.deep.equal(['x', 'b']);
    expect(links(list)).to.equal('·>a a>x x>b');
  });

  it('keeps a turn at the end until its place is told', () => {
    const list = listOf(
      turn('q', { afterId: null }),
      turn('p', { startedAtMs: 5 }),
      turn('r', { afterId: 'q', startedAtMs: 9 }),
    );
    expect(ids(list)).to.equal('q r p');
    list.put(turn('p', { startedAtMs: 5, afterId: 'q' }));
    expect(ids(list)).to.equal('q p r');
  });

  it('leaves a settled turn whose place was never told where it happened', () => {
    const list = listOf(turn('q', { afterId: null }), turn('gap', { startedAtMs: 5 }));
    list.put(turn('gap', { startedAtMs: 5, status: 'failed' }));
    list.put(turn('r', { afterId: 'q', startedAtMs: 60 }));
    list.put(turn('s', { afterId: 'r', startedAtMs: 70 }));
    expect(ids(list)).to.equal('q gap r s');
  });

  it('joins a removed turn’s neighbours, also those that are told later', () => {
    const list = listOf(
      turn('a', { afterId: null }),
      turn('b', { afterId: 'a' }),
      turn('c', { afterId: 'b' }),
    );
    expect(list.remove('b')).to.deep.equal(['c', 'b']);
    expect(links(list)).to.equal('·>a a>c');
    list.put(turn('x', { afterId: 'b' }));
    expect(links(list)).to.equal('·>a a>x x>c');
    expect(list.remove('b')).to.deep.equal([]);
    expect(list.put(turn('b', { afterId: 'a', text: 'again' }))).to.deep.equal([]);
  });

  it('does not move other turns when one is removed', () => {
    const list = listOf(
      turn('p', { afterId: null }),
      turn('x', { afterId: 'p' }),
      turn('y', { afterId: 'p' }),
      turn('z', { afterId: 'x' }),
    );
    expect(ids(list)).to.equal('p y x z');
    list.remove('x');
    expect(ids(list)).to.equal('p y z');
  });

  it('never lets a settled turn go back', () => {
    const list = listOf(turn('a', { afterId: null, status: 'final', text: 'Yes.' }));
    list.put(turn('a', { afterId: null, text: '' }));
    list.put(turn('a', { afterId: null, status: 'failed', text: '' }));
    expect(list.get('a')).to.include({ status: 'final', text: 'Yes.' });
  });

  it('keeps marks through later tellings, also marks that came first', () => {
    const list = new TurnList();
    expect(list.mark('a', { questionId: 'q1' })).to.deep.equal([]);
    list.put(turn('a', { afterId: null }));
    expect(list.mark('a', { act: 'ask' })).to.deep.equal(['a']);
    expect(list.mark('a', { act: 'ask' })).to.deep.equal([]);
    list.put(turn('a', { afterId: null, text: 'What …' }));
    expect(list.get('a')).to.include({ questionId: 'q1', act: 'ask', text: 'What …' });
  });

  it('takes over an earlier page’s numbers, marks and order', () => {
    const first = listOf(turn('b', { afterId: 'a', startedAtMs: 9 }), turn('a', { afterId: null }));
    first.mark('a', { sectionId: 's1' });
    const second = new TurnList();
    second.restore([...first.turns].reverse());
    expect(second.turns).to.deep.equal(first.turns);
    second.put(turn('a', { afterId: null, status: 'final', text: 'Hello' }));
    second.put(turn('c', { afterId: null, startedAtMs: 100 }));
    expect(second.get('a')).to.include({ n: 2, sectionId: 's1', text: 'Hello' });
    expect(second.get('c')).to.include({ n: 3 });
    expect(links(second)).to.equal('·>a a>b b>c');
  });

  for (const [how, afterId] of [
    ['begins its chain anew', null],
    ['names an unknown turn', 'elsewhere'],
    ['names an earlier turn as its last', 'a'],
    ['names the last one', 'c'],
    ['has not told its place', undefined],
  ] as const) {
    it(`joins a second connection that ${how}`, () => {
      const list = listOf(
        turn('a', { afterId: null, status: 'final', startedAtMs: 0 }),
        turn('b', { afterId: 'a', status: 'final', startedAtMs: 10 }),
        turn('c', { afterId: 'b', status: 'failed', startedAtMs: 20 }),
      );
      list.seal();
      list.put(turn('d', { startedAtMs: 100, ...(afterId !== undefined && { afterId }) }));
      list.put(turn('e', { afterId: 'd', startedAtMs: 110 }));
      expect(links(list)).to.equal('·>a a>b b>c c>d d>e');
    });
  }

  const id = fc.integer({ min: 0, max: 6 }).map((n) => `t${n}`);
  const command = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('put' as const),
        id,
        afterId: fc.oneof(id, fc.constant(null), fc.constant(undefined), fc.constant('missing')),
        status: fc.constantFrom('partial' as const, 'final' as const, 'failed' as const),
        text: fc.constantFrom('', 'a', 'a b'),
        startedAtMs: fc.integer({ min: 0, max: 20 }),
      }),
    },
    fc.record({ do: fc.constant('remove' as const), id }),
    fc.record({ do: fc.constant('mark' as const), id, questionId: fc.constantFrom('q1', 'q2') }),
    fc.record({ do: fc.constant('seal' as const) }),
  );

  it('keeps every turn once, linked in a line, whatever is told', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const list = new TurnList();
        const here = new Set<string>();
        const gone = new Set<string>();
        const numbers = new Map<string, number>();
        for (const one of commands) {
          const before = list.turns;
          let changed: readonly string[] = [];
          if (one.do === 'put') {
            const { status, text, startedAtMs, afterId } = one;
            const place = afterId === undefined ? {} : { afterId };
            changed = list.put(turn(one.id, { status, text, startedAtMs, ...place }));
            if (!gone.has(one.id)) here.add(one.id);
          } else if (one.do === 'remove') {
            changed = list.remove(one.id);
            if (here.delete(one.id)) gone.add(one.id);
          } else if (one.do === 'mark') changed = list.mark(one.id, { questionId: one.questionId });
          else list.seal();

          expect(list.turns.map((each) => each.id).sort()).to.deep.equal([...here].sort());
          list.turns.forEach((each, index) => {
            expect(each.afterId).to.equal(list.turns[index - 1]?.id ?? null);
            expect(each.n).to.equal(numbers.get(each.id) ?? each.n);
            numbers.set(each.id, each.n);
            // What was not named as changed is the very same as before.
            if (!changed.includes(each.id)) expect(before).to.include(each);
          });
          expect(new Set(numbers.values()).size).to.equal(numbers.size);
          if (changed.length === 0) expect(list.turns).to.equal(before);
        }
        const restored = new TurnList();
        restored.restore(list.turns);
        expect(restored.turns).to.deep.equal(list.turns);
      }),
      { numRuns: 500 },
    );
  });
});
