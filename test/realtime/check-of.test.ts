import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import * as v from 'valibot';
import { checkOf } from '../../src/realtime/check-of.js';

const text = v.string();
const schema = v.object({
  id: text,
  status: v.nullish(text),
  count: v.nullish(v.number()),
  metadata: v.nullish(v.record(text, text)),
  output: v.nullish(v.array(v.object({ type: text, content: v.nullish(v.array(text)) }))),
  session: v.optional(v.unknown()),
});

/** Mostly as the schema wants it, with anything in any place now and then. */
const orAnything = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 12, arbitrary: right },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined, NaN, 7, 'x', true, [], {}) },
  );
const record = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  orAnything(
    fc.record(Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, orAnything(value)])), {
      requiredKeys: Object.keys(fields).slice(0, 1),
    }),
  );
const values = record({
  id: fc.string(),
  status: fc.string(),
  count: fc.integer(),
  metadata: orAnything(fc.dictionary(fc.string(), orAnything(fc.string()), { maxKeys: 2 })),
  output: fc.array(
    record({ type: fc.string(), content: fc.array(orAnything(fc.string()), { maxLength: 2 }) }),
    {
      maxLength: 2,
    },
  ),
  session: fc.anything(),
});

describe('checkOf', () => {
  const check = checkOf(schema);

  it('says of any value what valibot says', () => {
    const seen = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(values, (value) => {
        const isRight = v.is(schema, value);
        seen[isRight ? 'right' : 'wrong']++;
        expect(check(value)).to.equal(isRight);
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(seen.right, seen.wrong)).to.be.above(300);
  });

  it('says no where valibot would leave a key out, so that valibot decides', () => {
    const value: unknown = JSON.parse('{"id": "r", "metadata": {"__proto__": 7}}');
    expect(v.is(schema, value)).to.equal(true);
    expect(check(value)).to.equal(false);
  });
});
