import type { Usage } from '../dialogue/dialogue.js';

/** Of all replies and all work beside them, reloads included. */
export interface SessionUsage extends Usage {
  /** An estimate in US dollars; `undefined` once a model was used whose price is not known. */
  readonly costUsd: number | undefined;
}

export const noUsage: SessionUsage = {
  inputTokens: 0,
  outputTokens: 0,
  inputAudioTokens: 0,
  outputAudioTokens: 0,
  cachedTokens: 0,
  cachedAudioTokens: 0,
  transcribedSeconds: 0,
  costUsd: 0,
};

export function addUsage(a: SessionUsage, b: Usage, costUsd: number | undefined): SessionUsage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    inputAudioTokens: a.inputAudioTokens + b.inputAudioTokens,
    outputAudioTokens: a.outputAudioTokens + b.outputAudioTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    cachedAudioTokens: a.cachedAudioTokens + b.cachedAudioTokens,
    transcribedSeconds: a.transcribedSeconds + b.transcribedSeconds,
    costUsd: a.costUsd === undefined || costUsd === undefined ? undefined : a.costUsd + costUsd,
  };
}
