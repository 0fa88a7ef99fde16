import { isUnfinished } from '../../../src/dialogue/patience.js';
import type { SemanticVad } from './session-schema.js';

/** A pause after which the words so far are looked at. */
export const SEMANTIC_PAUSE_MS = 700;

/** How long a pause ends a turn whose words look complete: well below the provider's longest waits… */
const COMPLETE_MS = { low: 2_000, medium: 1_200, auto: 1_200, high: 700 } as const;
/** …which are kept for words that look as if more were to come. */
const UNFINISHED_MS = { low: 8_000, medium: 4_000, auto: 4_000, high: 2_000 } as const;

/**
 * How much silence ends a turn under semantic detection. The provider's model judges meaning; this server knows only what nobody
 * ends a sentence with, in English and German: "and", "um", "let me think".
 */
export function semanticWaitMs({ eagerness }: Pick<SemanticVad, 'eagerness'>, words: string): number {
  return (isUnfinished(words) ? UNFINISHED_MS : COMPLETE_MS)[eagerness];
}
