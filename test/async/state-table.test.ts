import { expect } from '@open-wc/testing';
import { assertMove, unreachable, type StateTable } from '../../src/async/state-table.js';

type Light = 'red' | 'green' | 'off';
const NEXT = { red: ['green', 'off'], green: ['red'], off: [] } satisfies StateTable<Light>;
const LIGHTS = ['red', 'green', 'off'] as const;

describe('assertMove', () => {
  it('lets pass exactly the moves of the table', () => {
    const allowed: string[] = [];
    for (const from of LIGHTS) {
      for (const to of LIGHTS) {
        try {
          assertMove<Light>(NEXT, from, to);
          allowed.push(`${from}>${to}`);
        } catch (error) {
          expect(error).to.be.instanceOf(RangeError);
        }
      }
    }
    expect(allowed).to.deep.equal(['red>green', 'red>off', 'green>red']);
  });

  it('says what was expected and what came', () => {
    expect(() => {
      assertMove<Light>(NEXT, 'red', 'red');
    }).to.throw(RangeError, 'Expected one of [green, off] after "red", got "red"');
  });
});

describe('unreachable', () => {
  it('throws the value that the compiler did not know of', () => {
    expect(() => unreachable('blue' as never)).to.throw(RangeError, 'blue');
  });
});
