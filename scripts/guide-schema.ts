// Writes guide.schema.json (JSON Schema 2020-12) from the shape that the package validates guides with:
//   node --import tsx scripts/guide-schema.ts
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { GenericSchema } from 'valibot';
import { format, resolveConfig } from 'prettier';
import { guideSchema } from '../src/interview/guide-schema.js';

export type Json = Record<string, unknown>;

/** What an editor shows beside a key; by path, `[]` for the items of a list. */
const DESCRIPTIONS: Record<string, string> = {
  cost: 'What the interview may cost.',
  'cost.maxUsd': 'In US dollars, by an estimate: near it the interview comes to its closing, at it it ends.',
  '': 'An interview guide, version 1. Every text may be a string, or a record of strings by language (BCP 47).',
  $schema: 'For editors; the interview ignores it.',
  version: 'The version of this format.',
  id: 'The guide; part of the key under which interviews are stored.',
  revision: 'Yours to choose; it is stored with every interview.',
  title: 'What the screen shows. Default: the id.',
  language: 'BCP 47. What the interview is held in, unless the page asks for another language.',
  disclosure: 'Whom the participant talks with, and what becomes of it; shown before anything else.',
  consent: 'What the participant agrees to before the interview begins.',
  'consent.version': 'Recorded with the decision, together with a hash of the very text.',
  'consent.items': 'Boxes to tick, one by one.',
  'consent.items[].required': 'Without it there is no interview. Default: false.',
  persona: 'Who interviews.',
  'persona.manner': 'In words, for the model: warm, calm, brief.',
  'persona.voice': "A voice of the provider's.",
  'time.targetMinutes': 'From here on optional questions and probes are left out.',
  'time.maxMinutes': 'From here on only the closing is left.',
  'time.nudgeSeconds':
    'Silence after which the interviewer asks whether the participant is still there, twice at most. Default: 30; 0: never.',
  opening: 'The first words, said once.',
  'opening.verbatim': 'Word for word. Default: false.',
  'sections[].order': 'shuffle: another order for each interview. Default: fixed.',
  'sections[].questions[].id': 'Unique in the whole guide; turns and coverage name it.',
  'sections[].questions[].ask': 'What is asked.',
  'sections[].questions[].verbatim': 'Word for word. Default: false.',
  'sections[].questions[].required':
    'It counts only when at least 90 % of it was heard, and is asked even when time is short. Default: false.',
  'sections[].questions[].objectives': 'What the answer should hold.',
  'sections[].questions[].probes': 'Further questions, from which the interviewer chooses.',
  'sections[].questions[].probes[].type': 'Yours to choose, such as example or contrast.',
  'sections[].questions[].probes[].when':
    'When to choose it: the id of an objective that was not met, or a condition in words.',
  'sections[].questions[].maxProbes':
    "Probes and the interviewer's own follow-ups together. Default: as many as there are probes.",
  'sections[].questions[].skippable': 'The participant may pass it over. Default: true.',
  'closing.anythingElse': 'Asks whether there is anything else, in these words where it is a text.',
  'closing.summary': 'spoken: the interviewer sums up what was said before it closes.',
  'closing.say': 'The last words.',
  assessment: 'A judgement of the whole interview by a model, beside the conversation.',
  'assessment.dimensions[].scale': 'Lowest and highest score. Default: 1 to 5.',
  'assessment.audience':
    'host (default): nothing of it is spoken. Else its summary is told to the participant.',
};

/** The parts of a valibot schema that are read here. */
type Schema = GenericSchema & {
  readonly entries?: Record<string, Schema>;
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly items?: readonly Schema[];
  readonly value?: Schema;
  readonly options?: readonly (Schema | string)[];
  readonly literal?: unknown;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
};

export function jsonSchemaOf(schema: GenericSchema, path = ''): Json {
  const description = DESCRIPTIONS[path];
  return { ...(description !== undefined && { description }), ...shapeOf(schema, path) };
}

function shapeOf(schema: Schema, path: string): Json {
  switch (schema.type) {
    case 'optional':
      return jsonSchemaOf(present(schema.wrapped), path);
    case 'strict_object': {
      const entries = Object.entries(present(schema.entries));
      return {
        type: 'object',
        properties: Object.fromEntries(
          entries.map(([key, value]) => [key, jsonSchemaOf(value, path === '' ? key : `${path}.${key}`)]),
        ),
        required: entries.filter(([, { type }]) => type !== 'optional').map(([key]) => key),
        additionalProperties: false,
      };
    }
    case 'array':
      return { type: 'array', items: jsonSchemaOf(present(schema.item), `${path}[]`), ...limits(schema) };
    case 'strict_tuple': {
      const items = present(schema.items);
      return {
        type: 'array',
        prefixItems: items.map((item) => shapeOf(item, path)),
        items: false,
        minItems: items.length,
      };
    }
    case 'record':
      return {
        type: 'object',
        additionalProperties: shapeOf(present(schema.value), path),
        ...limits(schema),
      };
    case 'union':
      return { anyOf: present(schema.options).map((option) => shapeOf(option as Schema, path)) };
    case 'picklist':
      return { enum: present(schema.options) };
    case 'literal':
      return { const: schema.literal };
    case 'string':
    case 'number':
    case 'boolean':
      return { type: schema.type, ...limits(schema) };
    default:
      throw new Error(`No JSON Schema is known for "${schema.type}" at ${path}`);
  }
}

function limits({ pipe = [], type }: Schema): Json {
  return Object.assign(
    {},
    ...pipe.slice(1).map((action): Json => {
      switch (action.type) {
        case 'non_empty':
          return type === 'array' ? { minItems: 1 } : { minLength: 1 };
        case 'min_entries':
          return { minProperties: action.requirement };
        case 'min_value':
          return { minimum: action.requirement };
        case 'integer':
          return { type: 'integer' };
        case 'regex':
          return { pattern: (action.requirement as RegExp).source };
        default:
          throw new Error(`No JSON Schema is known for "${action.type}"`);
      }
    }),
  ) as Json;
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('Expected a valibot schema of another shape');
  return value;
}

export const schemaUrl = new URL('../guide.schema.json', import.meta.url);

/** The file as it should be. */
export async function guideSchemaText(): Promise<string> {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Interview guide',
    ...jsonSchemaOf(guideSchema),
  };
  const options = await resolveConfig(fileURLToPath(schemaUrl));
  return format(JSON.stringify(schema), { ...options, parser: 'json' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await guideSchemaText();
  const before = await readFile(schemaUrl, 'utf8').catch(() => '');
  await writeFile(schemaUrl, text);
  console.log(text === before ? 'guide.schema.json is up to date' : 'guide.schema.json was written');
}
