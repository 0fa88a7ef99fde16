import { FakeClock, RealtimeModel, settle } from '../../../src/testing/index.js';
import { InterviewClient } from './interview-client.js';
import type { Interview } from './interview-plan.js';
import type { InterviewRecord } from './interview-record.js';

/** Longer than every time limit after one another. */
const AFTERMATH_MS = 6 * 3_600_000;

/** Plays an interview to its end, and long after it. */
export async function playInterview(interview: Interview): Promise<InterviewRecord> {
  const clock = new FakeClock();
  const model = new RealtimeModel({ clock, script: interview.script });
  const client = new InterviewClient(clock, model, interview);
  for (const { afterMs, act } of interview.steps) {
    clock.advance(afterMs);
    client.do(act);
    await Promise.resolve();
  }
  model.steady();
  client.finish();
  clock.advance(AFTERMATH_MS);
  await settle();
  return client.record();
}
