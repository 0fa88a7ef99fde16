import fc from 'fast-check';
import { interviews } from '../../realtime/lock-campaign/interview-generator.js';
import {
  CAMPAIGN_MODES,
  type CampaignMode,
  type Interview,
} from '../../realtime/lock-campaign/interview-plan.js';
import type { LockUnderTest } from './lock-under-test.js';
import { noLock } from './no-lock.js';
import { ourLock } from './our-lock.js';
import { playWith } from './play-with.js';
import { sdkSequencer } from './sdk-sequencer.js';
import { seedFlag } from './seed-flag.js';

export const LOCKS: readonly LockUnderTest[] = [noLock, seedFlag, sdkSequencer, ourLock];

/** One lock in one mode, over all interviews. */
export interface LockRow {
  readonly mode: CampaignMode;
  readonly lock: string;
  readonly interviews: number;
  /** Requests that had to be served, and how many of them never were. */
  asked: number;
  lost: number;
  /** Errors that reached the application: creates refused because a response was active, and cancels of none. */
  conflicts: number;
  cancels: number;
  twice: number;
  /** Of those, the ones that no client could have spared. */
  crossed: number;
  /** Interviews after which nothing that is asked for is answered any more. */
  stuck: number;
}

/** The same random interviews for every lock: the campaign's, in its modes. */
export async function measureLocks(
  { interviews: count, seed }: { readonly interviews: number; readonly seed: number },
  onRow: (row: LockRow) => void = () => undefined,
): Promise<LockRow[]> {
  const rows: LockRow[] = [];
  for (const mode of CAMPAIGN_MODES) {
    const plans = fc.sample(interviews(mode).filter(isServed), { seed, numRuns: count });
    for (const lock of LOCKS) {
      const row: LockRow = {
        ...{ mode, lock: lock.name, interviews: count },
        ...{ asked: 0, lost: 0, conflicts: 0, cancels: 0, twice: 0, crossed: 0, stuck: 0 },
      };
      for (const plan of plans) {
        const played = await playWith(plan, lock);
        for (const key of ['asked', 'lost', 'conflicts', 'cancels', 'twice', 'crossed'] as const)
          row[key] += played[key];
        row.stuck += played.isStuck ? 1 : 0;
      }
      rows.push(row);
      onRow(row);
    }
  }
  return rows;
}

/** Where the server swallows every create there is nothing to be won. */
function isServed({ script }: Interview): boolean {
  return script.responses.some(({ fault }) => fault !== 'create swallowed');
}
