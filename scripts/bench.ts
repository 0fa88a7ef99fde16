// npm run bench -- [--only locks|turnaround|sound] [--interviews N] [--seed S]: this project beside its peers, in one run. Prints
// tables and writes all numbers as JSON. What is measured and how: test/bench/README.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lockTable } from '../test/bench/locks/lock-table.js';
import { measureLocks } from '../test/bench/locks/measure-locks.js';
import { measureAllocation } from '../test/bench/sound/audio-thread.js';
import { CONTENDERS, measureSound } from '../test/bench/sound/measure-sound.js';
import { soundTable } from '../test/bench/sound/sound-table.js';
import { table } from '../test/bench/table.js';
import { measureTurnaround } from '../test/bench/turnaround/measure-turnaround.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    interviews: { type: 'string', default: '200' },
    seed: { type: 'string', default: '7' },
  },
});
const interviews = Number(values.interviews);
const seed = Number(values.seed);
if (!Number.isSafeInteger(interviews) || interviews < 1 || !Number.isSafeInteger(seed)) {
  console.error('Expected --interviews and --seed as whole numbers');
  process.exit(2);
}

const results: Record<string, unknown> = {
  at: new Date().toISOString(),
  node: process.version,
  cores: cpus().length,
  processor: cpus()[0]?.model,
  /** Before anything was measured. On a machine with other work the times are longer; the ratios hold. */
  load: loadavg()[0],
};
const started = performance.now();

const parts: Readonly<Record<string, () => Promise<void>>> = {
  locks: async () => {
    console.log(`\nLocks: ${interviews} interviews a mode, seed ${seed}, the same for each\n`);
    const rows = await measureLocks({ interviews, seed });
    results.locks = { interviews, seed, rows };
    console.log(lockTable(rows));
  },
  turnaround: async () => {
    console.log('\nFrom `response.done` arriving to the next `response.create` leaving, in Chromium\n');
    const rows = await measureTurnaround({ rounds: 4, perRound: 300 });
    results.turnaround = rows;
    const official = rows.find(({ contender }) => contender === 'official')?.meanUs ?? NaN;
    console.log(
      table(
        ['', 'median', 'trimmed mean', '95th percentile', 'against the official'],
        rows.map(({ contender, medianUs, meanUs, p95Us }) => [
          NAMES[contender],
          ...[medianUs, meanUs, p95Us].map((us) => `${Math.round(us)} µs`),
          (meanUs / official).toFixed(2),
        ]),
      ),
    );
  },
  sound: async () => {
    console.log('\nThe sound path, in Chromium, both directions at 24 kHz\n');
    const allocations = [];
    for (const contender of CONTENDERS) allocations.push(await measureAllocation(contender));
    const rows = await measureSound();
    results.sound = { rows, allocations };
    console.log(soundTable(rows, allocations));
    console.log('\nnot offered: @elevenlabs/client does not tell its page how much of the sound was played.');
  },
};
const NAMES = {
  floor: 'the floor: parse the event, send a fixed text',
  lock: 'our transport, validation and lock',
  dialect: 'the same with all that an interview does meanwhile',
  official: 'the official transport (@openai/agents-realtime)',
};

const wanted = Object.entries(parts).filter(([name]) => values.only === undefined || values.only === name);
if (wanted.length === 0) {
  console.error(`Expected --only as one of ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
const path = join(dirname(fileURLToPath(import.meta.url)), '..', '.cache', 'bench.json');
mkdirSync(dirname(path), { recursive: true });
for (const [, measure] of wanted) {
  await measure();
  // After each part: a later one that breaks takes no number with it.
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
}
console.log(`\n${Math.round((performance.now() - started) / 1000)} s. All numbers: ${path}`);
