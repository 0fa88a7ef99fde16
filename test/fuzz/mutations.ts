/** Damage to JSON: what versions, proxies, bugs and ill will make of a value that was right. */
import fc from 'fast-check';

/** In JSON's text these become what no JavaScript value can be written as. */
export const BEYOND_JSON = { '@@NaN': 'NaN', '@@Infinity': '1e999', '@@-Infinity': '-1e999' } as const;

function ownProto(): object {
  const value: Record<string, unknown> = {};
  write({ of: value, key: '__proto__' }, { polluted: true });
  return value;
}

function nested(depth: number): unknown {
  let value: unknown = 'core';
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { value };
  return value;
}

/** Values that take the place of others. */
export const rubbish: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, -0.5, 1.5, 1e308, -(2 ** 53), 2 ** 53),
  fc.constantFrom<unknown>('', ' ', '\u0000', '\ud800', '=', 'AAA', 'A'.repeat(4001), 'not base64!'),
  fc.constantFrom<unknown>(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'id1',
    'item_1',
    'resp_1',
  ),
  fc.constantFrom<unknown>(...Object.keys(BEYOND_JSON)),
  fc
    .constantFrom<() => unknown>(
      ownProto,
      () => ({}),
      () => [],
      () => [[]],
      () => [null],
      () => ({ constructor: { prototype: { polluted: true } }, length: -1 }),
      () => nested(200),
      () => 'x'.repeat(30_000),
      () => Array.from({ length: 3000 }, (_, n) => n),
      () => Array.from({ length: 300 }, (_, n) => ({ id: `item_${n}`, type: 'message' })),
    )
    .map((make) => make()),
  fc.string(),
  fc.jsonValue({ maxDepth: 3 }),
);

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'type',
  'id',
  'length',
  'then',
  'toJSON',
  '',
];

export interface Mutation {
  readonly kind: 'drop' | 'retype' | 'rename' | 'nest' | 'double' | 'add' | 'swap' | 'negate';
  /** Which of all places in the value. */
  readonly at: number;
  readonly other: number;
  readonly key: string;
  readonly value: unknown;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('retype', 'drop', 'rename', 'nest', 'double', 'add', 'swap', 'negate'),
  at: fc.nat(400),
  other: fc.nat(400),
  key: fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 4 })),
  value: rubbish,
});

type Container = Record<string, unknown> | unknown[];
interface Place {
  readonly of: Container;
  readonly key: string;
}

/** A copy of `value` with all of that done to it. */
export function mutated(value: unknown, mutations: readonly Mutation[]): unknown {
  const root: { value: unknown } = { value: structuredClone(value) };
  for (const each of mutations) mutate(root, each);
  return root.value;
}

function mutate(root: { value: unknown }, { kind, at, other, key, value }: Mutation): void {
  const places = placesIn(root);
  const place = places[at % places.length];
  if (!place) return;
  const old = read(place);
  switch (kind) {
    case 'retype':
      write(place, structuredClone(value));
      break;
    case 'drop':
      remove(place);
      break;
    case 'rename':
      remove(place);
      write({ of: place.of, key: Array.isArray(place.of) ? place.key : key }, old);
      break;
    case 'nest':
      write(place, at % 2 ? [old] : { [key === '__proto__' ? 'value' : key]: old });
      break;
    case 'double':
      if (Array.isArray(place.of)) place.of.splice(Number(place.key), 0, structuredClone(old));
      else write(place, [old, structuredClone(old)]);
      break;
    case 'add':
      if (isContainer(old))
        write({ of: old, key: Array.isArray(old) ? String(old.length) : key }, structuredClone(value));
      break;
    case 'swap': {
      const second = places[other % places.length];
      if (!second) break;
      const copy = structuredClone(old);
      write(place, structuredClone(read(second)));
      write(second, copy);
      break;
    }
    case 'negate':
      if (typeof old === 'number') write(place, -old - 1);
      else if (typeof old === 'boolean') write(place, !old);
      else if (typeof old === 'string') write(place, old.split('').reverse().join(''));
  }
}

/** A typed array is none: it takes nothing in but numbers. */
function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}

function placesIn(root: { value: unknown }): Place[] {
  const places: Place[] = [];
  const walk = (of: Container): void => {
    for (const key of Object.keys(of).slice(0, 40)) {
      if (places.length > 400) return;
      places.push({ of, key });
      const value = read({ of, key });
      if (isContainer(value)) walk(value);
    }
  };
  walk(root);
  return places;
}

function read({ of, key }: Place): unknown {
  return Object.getOwnPropertyDescriptor(of, key)?.value;
}

/** As an own property, also where the key is `__proto__`. */
function write({ of, key }: Place, value: unknown): void {
  Object.defineProperty(of, key, { value, enumerable: true, configurable: true, writable: true });
}

function remove({ of, key }: Place): void {
  if (Array.isArray(of)) of.splice(Number(key), 1);
  else Reflect.deleteProperty(of, key);
}

/** As text, with the numbers that JSON cannot hold. */
export function textOf(value: unknown): string {
  return JSON.stringify({ value })
    .slice('{"value":'.length, -1)
    .replace(/"(@@(?:NaN|-?Infinity))"/g, (_, name: keyof typeof BEYOND_JSON) => BEYOND_JSON[name]);
}
