/**
 * What may go wrong with one response, or with the connection around it. `created lost`, `done lost`: sent, and never received.
 * `answer lost`: both. `created late`: told after `done`, and only then. `created twice`: told in time, and after `done` once more. `create swallowed`: the server has never seen it. `create stalled`:
 * the server acts on it 12 s later, when nobody waits for it any more. `done twice`, `unknown done`: one too many.
 * `drop at …`: the connection goes just before the server would act on the create, just after it told `created`, in the middle, or
 * just before it would tell `done`.
 */
export const MODEL_FAULTS = [
  'created lost',
  'done lost',
  'answer lost',
  'created late',
  'created twice',
  'create swallowed',
  'create stalled',
  'done twice',
  'unknown done',
  'drop at create',
  'drop at created',
  'drop midway',
  'drop at done',
] as const;

export type ModelFault = (typeof MODEL_FAULTS)[number];

/**
 * How a server words the refusal of a create. `exact`: as the provider does today. `old`: no code, no event id and no response
 * named, as it did in January 2025. `lost` never arrives.
 */
export const MODEL_REFUSALS = ['exact', 'no event id', 'no code', 'neither', 'old', 'lost'] as const;

export type ModelRefusal = (typeof MODEL_REFUSALS)[number];
