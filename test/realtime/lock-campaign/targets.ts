import type { Tally } from './campaign.js';
import type { CampaignMode } from './interview-plan.js';

/** What must not happen in any interview. */
const NEVER = ['lost', 'surfaced', 'twice', 'stuck', 'unsettled', 'dropped', 'broken'] as const;

/** Where this client is the only author of responses in every interview, and nothing is lost on the way. */
const ONLY_AUTHOR: readonly CampaignMode[] = ['push-to-talk', 'client-authored'];

/** @returns every target that was missed, with the number that should have been 0 */
export function missedTargets(tallies: readonly Tally[]): string[] {
  return tallies.flatMap((tally) => {
    const counts = [...NEVER, ...(ONLY_AUTHOR.includes(tally.mode) ? (['conflicts'] as const) : [])];
    return counts.filter((name) => tally[name] > 0).map((name) => `${tally.mode}: ${tally[name]} ${name}`);
  });
}
