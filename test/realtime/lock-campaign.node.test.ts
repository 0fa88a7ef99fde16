// Random interviews against the model of the server, others in every run; `npm run campaign` plays any number of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { newTally, runBatch, type Batch } from './lock-campaign/campaign.js';
import { playBatches } from './lock-campaign/crew.js';
import { CAMPAIGN_MODES, type CampaignMode } from './lock-campaign/interview-plan.js';
import { repeated, told } from './lock-campaign/report.js';
import { missedTargets } from './lock-campaign/targets.js';

/** Together 2,000. Faults have the most ways to go wrong. */
const INTERVIEWS: Readonly<Record<CampaignMode, number>> = {
  'push-to-talk': 250,
  'server-authored': 350,
  'client-authored': 250,
  'out-of-band': 250,
  interruptions: 300,
  faults: 600,
};
const seed = Math.floor(Math.random() * 2 ** 31);

describe('the response lock in random interviews', () => {
  for (const mode of CAMPAIGN_MODES) {
    const batch: Batch = { mode, seed, interviews: INTERVIEWS[mode] };
    it(`keeps every promise: ${mode}`, async () => {
      const { tally, failure } = await runBatch(batch);
      assert.equal(failure?.wrong, undefined, failure && told(failure));
      assert.deepEqual(missedTargets([tally]), [], repeated(batch));
      assert.equal(tally.interviews, batch.interviews, repeated(batch));
      // A campaign in which nothing happens proves nothing.
      assert.ok(tally.responses > batch.interviews, `${tally.responses} responses: ${repeated(batch)}`);
      if (mode === 'server-authored' || mode === 'faults') assert.ok(tally.conflicts > 0, repeated(batch));
      if (mode === 'faults') assert.ok(tally.carried > 0, repeated(batch));
    });
  }
});

describe('the campaign', () => {
  it('names every target that was missed', () => {
    const clean = CAMPAIGN_MODES.map(newTally);
    assert.deepEqual(missedTargets(clean), []);
    for (const name of ['lost', 'surfaced', 'twice', 'stuck', 'unsettled', 'dropped', 'broken'] as const)
      assert.deepEqual(missedTargets([{ ...newTally('faults'), [name]: 2 }]), [`faults: 2 ${name}`]);
    const conflicts = CAMPAIGN_MODES.map((mode) => ({ ...newTally(mode), conflicts: 1 }));
    assert.deepEqual(missedTargets(conflicts), ['push-to-talk: 1 conflicts', 'client-authored: 1 conflicts']);
  });

  it('names the batch that a thread died of, however it died, and plays the others', async () => {
    const batches = [1, 2, 3, 4, 5, 6].map((n): Batch => ({ mode: 'faults', seed: n, interviews: 1 }));
    const played: number[] = [];
    const crashed = new Map<number, string>();
    await playBatches({
      batches,
      threads: 2,
      limitMs: 2000,
      startWorker: () => new Worker(FRAIL, { eval: true, stderr: true }),
      onResult: ({ tally }) => played.push(tally.interviews),
      onCrash: ({ seed: ofBatch }, cause) => crashed.set(ofBatch, String(cause)),
    });
    assert.deepEqual(played.sort(), [1, 4, 6]);
    assert.deepEqual([...crashed].sort(), [
      [2, 'Error: no more'],
      [3, 'Error: The thread ended with 9'],
      [5, 'AbortError: The operation was aborted'],
    ]);
  });
});

/** Dies of two batches, never ends a third, and tells their seeds for the others. */
const FRAIL = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', ({ seed }) => {
    if (seed === 2) throw new Error('no more');
    if (seed === 3) process.exit(9);
    while (seed === 5);
    parentPort.postMessage({ tally: { interviews: seed } });
  });
`;
