import { array, is, looseObject, nullable, number, picklist, string, type InferOutput } from 'valibot';
import type { Assessment } from './assessment-types.js';

const stored = looseObject({
  dimensions: array(looseObject({ id: string(), label: string(), score: nullable(number()) })),
  summary: string(),
  audience: picklist(['host', 'participant', 'both']),
  atMs: number(),
});

/** An assessment that an earlier page kept with its interview; `undefined` where there is none, or one of another shape. */
export function storedAssessment(value: unknown): Assessment | undefined {
  return is(stored, value) ? (value satisfies InferOutput<typeof stored>) : undefined;
}
