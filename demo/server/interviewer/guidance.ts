import * as v from 'valibot';
import type { ContextItem } from './context.js';

const act = v.picklist([
  'opening',
  'ask',
  'probe',
  'follow-up',
  'repeat',
  'anything-else',
  'summary',
  'close',
  'nudge',
]);

const move = v.object({
  id: v.string(),
  act,
  say: v.optional(v.string()),
  verbatim: v.optional(v.boolean()),
  when: v.optional(v.string()),
});

const guidanceSchema = v.object({
  guidance: v.number(),
  language: v.optional(v.string(), 'en'),
  make: v.picklist(['one', 'all']),
  moves: v.pipe(v.array(move), v.minLength(1)),
  assess: v.optional(v.boolean(), false),
});

export type Move = v.InferOutput<typeof move>;
export type Guidance = v.InferOutput<typeof guidanceSchema>;

/** The guidance that holds: the last one in the conversation, told by the system or as the output of a tool. */
export function latestGuidance(items: readonly ContextItem[]): Guidance | undefined {
  for (const item of items.toReversed()) {
    if (item.kind !== 'system' && item.kind !== 'result') continue;
    const parsed = v.safeParse(guidanceSchema, lastJsonBlock(item.text));
    if (parsed.success) return parsed.output;
  }
  return undefined;
}

/** The JSON of the last fenced block of a text; undefined where there is none, or none that parses. */
export function lastJsonBlock(text: string): unknown {
  const block = [...text.matchAll(/```json\s*\n([^]*?)```/g)].at(-1)?.[1];
  if (block === undefined) return undefined;
  try {
    return JSON.parse(block) as unknown;
  } catch {
    return undefined;
  }
}
