/** The shape of a guide, version 1, as it is written. `guide.schema.json` is made from this. */
import * as v from 'valibot';

/** valibot takes a list for an object whose keys are numbers. */
function noList<Schema extends v.GenericSchema>(schema: Schema): Schema {
  return {
    ...schema,
    '~run': (dataset, config) =>
      schema['~run'](Array.isArray(dataset.value) ? { value: null } : dataset, config),
  };
}

/** Objects know their keys: a misspelt one would otherwise be silently without effect. */
function shape<Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, v.ErrorMessage<v.StrictObjectIssue>> {
  // Without a prototype: `constructor` and the like would pass for known keys.
  const known = { ...entries };
  Object.setPrototypeOf(known, null);
  return noList(
    v.strictObject(known, (issue) => {
      const key = issue.path?.at(-1)?.key;
      if (issue.expected === 'never') return 'not known here';
      if (typeof key !== 'string') return 'expected an object';
      // A missing key is described as a wrong one is.
      const { message } = entries[key] as { message?: unknown };
      return typeof message === 'string' ? message : 'missing';
    }),
  );
}

const string = v.pipe(v.string('expected text'), v.nonEmpty('expected text'));
/** Without blanks and colons: the ids of moves are made of them. */
const id = v.pipe(
  v.string('expected an id'),
  v.regex(/^[^\s:]+$/, 'expected an id without spaces and colons'),
);
const boolean = v.boolean('expected true or false');
const text = v.union(
  [string, v.pipe(noList(v.record(string, string)), v.minEntries(1, 'expected text'))],
  'expected text',
);
const minutes = v.pipe(v.number('expected minutes'), v.minValue(0.1, 'expected minutes'));
const number = v.number('expected a number');
const list = <Item extends v.GenericSchema>(item: Item): v.ArraySchema<Item, string> =>
  v.array(item, 'expected a list');
const some = <Item extends v.GenericSchema>(
  item: Item,
): v.SchemaWithPipe<
  readonly [v.ArraySchema<Item, string>, v.NonEmptyAction<v.InferOutput<Item>[], string>]
> => v.pipe(list(item), v.nonEmpty('expected at least one'));

const probe = shape({
  id,
  type: v.optional(string),
  say: text,
  when: v.optional(text),
});

const question = shape({
  id,
  ask: text,
  verbatim: v.optional(boolean),
  required: v.optional(boolean),
  objectives: v.optional(list(shape({ id, label: text }))),
  probes: v.optional(list(probe)),
  maxProbes: v.optional(
    v.pipe(
      v.number('expected a whole number'),
      v.integer('expected a whole number'),
      v.minValue(0, 'expected 0 or more'),
    ),
  ),
  skippable: v.optional(boolean),
});

const section = shape({
  id,
  title: v.optional(text),
  order: v.optional(v.picklist(['fixed', 'shuffle'], 'expected "fixed" or "shuffle"')),
  questions: some(question),
});

const line = { say: text, verbatim: v.optional(boolean) };

export const guideSchema = shape({
  $schema: v.optional(string),
  version: v.literal(1, 'expected 1'),
  id: string,
  revision: v.optional(string),
  title: v.optional(text),
  language: v.optional(string),
  disclosure: v.optional(text),
  consent: v.optional(
    shape({
      version: string,
      text,
      items: v.optional(list(shape({ id, label: text, required: v.optional(boolean) }))),
    }),
  ),
  persona: v.optional(shape({ name: v.optional(text), manner: v.optional(text), voice: v.optional(string) })),
  time: v.optional(
    shape({
      targetMinutes: v.optional(minutes),
      maxMinutes: v.optional(minutes),
      nudgeSeconds: v.optional(
        v.pipe(v.number('expected 0 or more seconds'), v.minValue(0, 'expected 0 or more seconds')),
      ),
    }),
  ),
  cost: v.optional(
    shape({ maxUsd: v.pipe(v.number('expected an amount'), v.minValue(0, 'expected an amount')) }),
  ),
  opening: v.optional(shape(line)),
  sections: some(section),
  closing: v.optional(
    shape({
      anythingElse: v.optional(v.union([boolean, text], 'expected true, false or text')),
      summary: v.optional(v.picklist(['spoken', 'none'], 'expected "spoken" or "none"')),
      say: v.optional(text),
      verbatim: v.optional(boolean),
    }),
  ),
  assessment: v.optional(
    shape({
      run: v.optional(v.literal('background', 'expected "background"')),
      dimensions: some(
        shape({
          id,
          label: text,
          scale: v.optional(v.strictTuple([number, number], 'expected [lowest, highest]')),
        }),
      ),
      audience: v.optional(
        v.picklist(['host', 'participant', 'both'], 'expected "host", "participant" or "both"'),
      ),
    }),
  ),
});
