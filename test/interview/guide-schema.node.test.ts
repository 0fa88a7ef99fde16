import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { safeParse } from 'valibot';
import { guideSchemaText, schemaUrl, type Json } from '../../scripts/guide-schema.js';
import { guideSchema } from '../../src/interview/guide-schema.js';
import { localizeGuide, parseGuide } from '../../src/interview/guide.js';

const read = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'));

/** A validator for the few words of JSON Schema that ours uses, so that the file is judged and not what made it. */
function fits(schema: Json, value: unknown): boolean {
  const {
    type,
    properties = {},
    required = [],
    additionalProperties,
    items,
    prefixItems,
    anyOf,
  } = schema as {
    type?: 'string' | 'boolean' | 'integer' | 'number' | 'array' | 'object';
    properties?: Record<string, Json>;
    required?: string[];
    additionalProperties?: false | Json;
    items?: false | Json;
    prefixItems?: Json[];
    anyOf?: Json[];
  };
  if (anyOf) return anyOf.some((option) => fits(option, value));
  if ('const' in schema) return value === schema['const'];
  if ('enum' in schema) return (schema['enum'] as unknown[]).includes(value);
  switch (type) {
    case 'string':
      return (
        typeof value === 'string' &&
        value.length >= ((schema['minLength'] as number | undefined) ?? 0) &&
        new RegExp((schema['pattern'] as string | undefined) ?? '').test(value)
      );
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
    case 'number':
      return (
        typeof value === 'number' &&
        value >= ((schema['minimum'] as number | undefined) ?? -Infinity) &&
        (type === 'number' || Number.isInteger(value))
      );
    case 'array':
      return (
        Array.isArray(value) &&
        value.length >= ((schema['minItems'] as number | undefined) ?? 0) &&
        value.every((item, at) => {
          const rule = prefixItems?.[at] ?? items;
          return rule !== false && fits(rule as Json, item);
        })
      );
    case 'object':
      return (
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        required.every((key) => key in value) &&
        Object.keys(value).length >= ((schema['minProperties'] as number | undefined) ?? 0) &&
        Object.entries(value).every(([key, part]) => {
          const rule = properties[key] ?? additionalProperties;
          return rule !== false && fits(rule as Json, part);
        })
      );
    case undefined:
      throw new Error(`Not a schema of ours: ${JSON.stringify(schema)}`);
  }
}

/** Of that shape; what its parts say of each other is no matter of a schema. */
function isGuide(value: unknown): boolean {
  return safeParse(guideSchema, value).success;
}

test('guide.schema.json is what the validator says (else: node --import tsx scripts/guide-schema.ts)', async () => {
  assert.equal(await readFile(schemaUrl, 'utf8'), await guideSchemaText());
});

test('the schema and the validator agree on the demo guide, with each of its values broken in turn', async () => {
  const schema = (await read('../../guide.schema.json')) as Json;
  const guide = await read('../../demo/guides/onboarding.json');
  assert.ok(fits(schema, guide));
  let refused = 0;
  const visit = (parent: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(parent)) {
      // (No list among them: to the validator an empty one is an object without keys.)
      for (const wrong of [null, '', -1, true, {}, { text: 'x' }]) {
        parent[key] = wrong;
        const isRight = isGuide(guide);
        if (!isRight) refused += 1;
        if (fits(schema, guide) !== isRight) {
          assert.fail(`${key} = ${JSON.stringify(wrong)}: the validator says ${isRight}`);
        }
      }
      parent[key] = value;
      if (typeof value === 'object' && value !== null) visit(value as Record<string, unknown>);
    }
    if (!Array.isArray(parent)) {
      parent['misspelt'] = 1;
      assert.equal(fits(schema, guide), isGuide(guide), 'a key that nobody knows');
      delete parent['misspelt'];
    }
  };
  visit(guide as Record<string, unknown>);
  assert.ok(isGuide(guide), 'everything was put back');
  assert.ok(refused > 300, `refused ${refused}`);
});

test('the demo guide has what a demonstration needs, in both its languages', async () => {
  const guide = parseGuide(await read('../../demo/guides/onboarding.json'));
  const english = localizeGuide(guide, { seed: 'x' });
  const german = localizeGuide(guide, { language: 'de', seed: 'x' });
  assert.ok(english.sections.length >= 3);
  const questions = english.sections.flatMap((section) => section.questions);
  assert.ok(questions.length >= 6);
  assert.ok(questions.every(({ probes }) => probes.length > 0));
  assert.equal(english.assessment?.audience, 'both');
  assert.equal(english.assessment.dimensions.length, 3);
  assert.match(english.disclosure ?? '', /local server.*synthetic voice.*OpenAI/s);
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(texts)
        : [];
  const same = texts(german.sections).filter(
    (text) => text.includes(' ') && texts(english.sections).includes(text),
  );
  assert.deepEqual(same, [], 'nothing is left untranslated');
});
