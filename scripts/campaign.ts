// npm run campaign -- --interviews N --seed S [--mode M]: random interviews with the response lock against the model of the
// server, on every core; a table by mode with the numbers that must be 0, and of whatever fails the smallest interview that fails
// the same way, with the command (--batch-seed) that plays its batch again. Exits with 1 when a target is missed or a batch crashed.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { batchesOf } from '../test/realtime/lock-campaign/batches.js';
import { addTally, newTally, type Batch } from '../test/realtime/lock-campaign/campaign.js';
import { playBatches } from '../test/realtime/lock-campaign/crew.js';
import { CAMPAIGN_MODES } from '../test/realtime/lock-campaign/interview-plan.js';
import { repeated, table, told } from '../test/realtime/lock-campaign/report.js';
import { missedTargets } from '../test/realtime/lock-campaign/targets.js';

const { values } = parseArgs({
  options: {
    interviews: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    mode: { type: 'string' },
    'batch-seed': { type: 'string' },
  },
});
const interviews = Number(values.interviews);
const seed = Number(values.seed);
const batchSeed = values['batch-seed'] === undefined ? undefined : Number(values['batch-seed']);
const modes = CAMPAIGN_MODES.filter((mode) => !values.mode || mode === values.mode);
if (
  ![interviews, seed, batchSeed ?? 0].every(Number.isSafeInteger) ||
  interviews < 1 ||
  modes.length === 0 ||
  (batchSeed !== undefined && modes.length > 1)
) {
  console.error(
    `Expected --interviews and --seed as whole numbers, --mode as one of ${CAMPAIGN_MODES.join(', ')}, and --batch-seed with a mode only`,
  );
  process.exit(2);
}

const started = performance.now();
const batches: readonly Batch[] =
  batchSeed === undefined
    ? batchesOf(interviews, seed, modes)
    : modes.map((mode) => ({ mode, seed: batchSeed, interviews }));
const tallies = new Map(modes.map((mode) => [mode, newTally(mode)]));
const wrong: string[] = [];
console.log(
  `${interviews.toLocaleString('en')} interviews, ${batchSeed === undefined ? `seed ${seed}` : `batch seed ${batchSeed}`}`,
);

await playBatches({
  batches,
  threads: Math.min(availableParallelism(), batches.length),
  startWorker: () =>
    new Worker(fileURLToPath(new URL('../demo/server/speech/worker-start.mjs', import.meta.url)), {
      argv: [new URL('campaign-worker.ts', import.meta.url).href],
    }),
  onResult: ({ tally, failure }) => {
    const sum = tallies.get(tally.mode);
    if (sum) addTally(sum, tally);
    if (failure) console.log(`\n${told(failure)}`);
  },
  onCrash: (batch, cause) => {
    wrong.push(`crashed: ${repeated(batch)}`);
    console.log(`\nA batch crashed: ${repeated(batch)}`, cause);
  },
});
wrong.push(...missedTargets([...tallies.values()]));
console.log(`\n${table([...tallies.values()])}`);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `\n${wrong.length === 0 ? 'Every target is met' : `Missed: ${wrong.join('; ')}`}. ${seconds} s, seed ${batchSeed ?? seed}`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
