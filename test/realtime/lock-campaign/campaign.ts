import fc from 'fast-check';
import { interviews } from './interview-generator.js';
import type { CampaignMode, Interview } from './interview-plan.js';
import type { InterviewRecord } from './interview-record.js';
import { violations, wasCarried, type InvariantName } from './invariants.js';
import { playInterview } from './play-interview.js';

/** So many interviews of one mode, all from one seed. */
export interface Batch {
  readonly mode: CampaignMode;
  readonly seed: number;
  readonly interviews: number;
}

export interface Failure extends Batch {
  readonly interview: Interview;
  readonly wrong: Partial<Record<InvariantName, readonly string[]>>;
}

export interface Tally {
  readonly mode: CampaignMode;
  interviews: number;
  requests: number;
  responses: number;
  conflicts: number;
  lost: number;
  surfaced: number;
  twice: number;
  /** Interviews after which the lock was not idle, or somebody had no outcome. */
  stuck: number;
  /** Requests without an outcome, or with more than one. */
  unsettled: number;
  /** Requests that went on from one connection to the next and were served there. */
  carried: number;
  /** Requests that should have gone on, and did not. */
  dropped: number;
  /** Interviews in which any invariant was broken. */
  broken: number;
}

export function newTally(mode: CampaignMode): Tally {
  return {
    ...{ mode, interviews: 0, requests: 0, responses: 0, conflicts: 0 },
    ...{ lost: 0, surfaced: 0, twice: 0, stuck: 0, unsettled: 0, carried: 0, dropped: 0, broken: 0 },
  };
}

export interface BatchResult {
  readonly tally: Tally;
  readonly failure: Failure | undefined;
}

/** Plays a batch; the first interview that breaks an invariant ends it, and is shrunk. */
export async function runBatch(batch: Batch): Promise<BatchResult> {
  const tally = newTally(batch.mode);
  let broken: string[] | undefined;
  const property = fc.asyncProperty(interviews(batch.mode), async (interview) => {
    const record = await playInterview(interview);
    const wrong = violations(record);
    // What shrinking plays again is counted no more.
    if (!broken) count(tally, record, wrong);
    // A smaller interview that breaks something else is another story.
    if (Object.keys(wrong).some((name) => !broken || broken.includes(name))) {
      broken ??= Object.keys(wrong);
      throw new Error(JSON.stringify(wrong, undefined, 1));
    }
  });
  const result = await fc.check(property, { numRuns: batch.interviews, seed: batch.seed });
  if (!result.failed) return { tally, failure: undefined };
  const [interview] = result.counterexample ?? [];
  if (!interview) throw new Error('Expected the case that failed', { cause: result.errorInstance });
  const wrong = violations(await playInterview(interview));
  return { tally, failure: { ...batch, interview, wrong } };
}

function count(
  tally: Tally,
  record: InterviewRecord,
  wrong: Partial<Record<InvariantName, readonly string[]>>,
): void {
  const { asked, model } = record;
  const isStuck = wrong['every ticket settles once'] ?? wrong['idle at the end'];
  tally.interviews++;
  tally.requests += asked.length;
  tally.responses += model.responses.length;
  tally.conflicts += model.conflicts;
  tally.lost += wrong['served after it was asked, or told why not']?.length ?? 0;
  tally.surfaced += wrong['no error of the protocol surfaces']?.length ?? 0;
  tally.twice += wrong['nobody is served twice']?.length ?? 0;
  tally.stuck += isStuck ? 1 : 0;
  tally.unsettled += wrong['every ticket settles once']?.length ?? 0;
  tally.carried += asked.filter((each) => wasCarried(record, each)).length;
  tally.dropped += wrong['a reconnection costs only what was being answered']?.length ?? 0;
  tally.broken += Object.keys(wrong).length > 0 ? 1 : 0;
}

export function addTally(sum: Tally, more: Tally): void {
  for (const key of Object.keys(more) as (keyof Tally)[]) if (key !== 'mode') sum[key] += more[key];
}
