import type { Batch } from './campaign.js';
import { CAMPAIGN_MODES, type CampaignMode } from './interview-plan.js';

const BATCH = 1000;

/** Splits a campaign evenly over the modes and into batches, each with a seed of its own that follows from the campaign's. */
export function batchesOf(
  interviews: number,
  seed: number,
  modes: readonly CampaignMode[] = CAMPAIGN_MODES,
): Batch[] {
  return modes.flatMap((mode, m) => {
    const count = Math.floor(interviews / modes.length) + (m < interviews % modes.length ? 1 : 0);
    const place = CAMPAIGN_MODES.indexOf(mode);
    return Array.from({ length: Math.ceil(count / BATCH) }, (_, n) => ({
      mode,
      // Odd factors: neither modes nor batches nor neighbouring campaigns share a seed.
      seed: (Math.imul(seed, 0x9e3779b1) + Math.imul(place + 1, 0x85ebca6b) + Math.imul(n, 0xc2b2ae35)) | 0,
      interviews: Math.min(BATCH, count - n * BATCH),
    }));
  });
}
