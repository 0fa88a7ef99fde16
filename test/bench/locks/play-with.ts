import type { LockRequest } from '../../../src/realtime/lock-types.js';
import { FakeClock, RealtimeModel } from '../../../src/testing/index.js';
import { InterviewClient, type ClientLock } from '../../realtime/lock-campaign/interview-client.js';
import type { Interview } from '../../realtime/lock-campaign/interview-plan.js';
import { judge, type Verdict } from './judge.js';
import type { LockReport, LockUnderTest } from './lock-under-test.js';

/** Longer than every time limit after one another. */
const AFTERMATH_MS = 6 * 3_600_000;
/** More than the faults that a script has in a row. */
const PROBES = 13;
const PROBE_MS = 120_000;

export interface Played extends Verdict {
  /** Errors that reached the application: creates refused because a response was active, and cancels of none. */
  readonly conflicts: number;
  readonly cancels: number;
  /** Long after it, nothing that is asked for is answered any more. */
  readonly isStuck: boolean;
}

/** Plays an interview as the campaign does, letting promises settle at every step, since others queue by promises. */
export async function playWith(interview: Interview, { make }: LockUnderTest): Promise<Played> {
  const clock = new FakeClock();
  const model = new RealtimeModel({ clock, script: interview.script });
  const report: LockReport = { requests: new Map<string, LockRequest>(), errors: [] };
  const client = new InterviewClient(clock, model, interview, (options) => make(options, report));
  for (const { afterMs, act } of interview.steps) {
    await clock.advanceAsync(afterMs);
    client.do(act);
  }
  model.steady();
  client.finish();
  await clock.advanceAsync(AFTERMATH_MS);
  const verdict = judge(client.record(), report.requests);
  const cancels = report.errors.filter((error) => /cancel/i.test(error)).length;
  const conflicts = report.errors.length - cancels;
  return { ...verdict, conflicts, cancels, isStuck: !(await answers(client.lock, model, clock)) };
}

async function answers(lock: ClientLock, model: RealtimeModel, clock: FakeClock): Promise<boolean> {
  const before = model.responses.length;
  for (let probe = 0; probe < PROBES; probe++) {
    lock.request({ reason: 'participant', response: {} });
    await clock.advanceAsync(PROBE_MS);
    if (model.responses.length > before) return true;
  }
  return false;
}
