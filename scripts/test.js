// npm test: every test but the long journeys, from a fresh clone, and one line that counts them.
// npm run test:long: the journeys that take longer than a wait at the desk, or those of them whose names follow.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfNeeded, fail, installIfNeeded, root, run, tool } from './setup.js';

await installIfNeeded();
await buildIfNeeded();
const { findBrowser } = await import('./find-browser.js');
const browser = await findBrowser().catch((error) => fail(error.message));
console.log(`Testing in ${browser}`);

const results = join(root, '.cache', 'test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const env = { ...process.env, CHROME_PATH: browser, TEST_RESULTS: results };
const filesBelow = (folder, ending) =>
  (existsSync(join(root, folder)) ? readdirSync(join(root, folder), { recursive: true }) : [])
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith(ending))
    .sort();

const inNode = (name, files, concurrency) =>
  run(
    process.execPath,
    [
      ...['--import', 'tsx', '--test', `--test-concurrency=${concurrency}`],
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...[
        '--test-reporter=./scripts/count-tests.js',
        `--test-reporter-destination=${join(results, `${name}.json`)}`,
      ],
      ...files,
    ],
    { env },
  );

const LONG = join('test', 'journeys', 'long');
const journeys = filesBelow('test/journeys', '.journey.ts');
const [flag, ...names] = process.argv.slice(2);
const isWanted = (file) => names.length === 0 || names.some((name) => file.includes(name));
const longJourneys = journeys.filter((file) => file.startsWith(LONG) && isWanted(file));
// The test runner would take an empty list for "everything that looks like a test".
if (flag === '--long' && longJourneys.length === 0) fail(`No journey in ${LONG} has such a name`);

const runs =
  flag === '--long'
    ? { journeys: () => inNode('journeys', longJourneys, 1) }
    : {
        browser: () => run(tool('web-test-runner'), [], { env }),
        node: () => inNode('node', filesBelow('test', '.node.test.ts'), 1),
        journeys: () =>
          inNode(
            'journeys',
            journeys.filter((file) => !file.startsWith(LONG)),
            1,
          ),
      };
const failedRuns = [];
for (const [name, start] of Object.entries(runs)) {
  console.log(`\n── ${name} ──`);
  if ((await start()) !== 0) failedRuns.push(name);
}

const failures = [];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of Object.keys(runs)) {
  let counts = { passed: 0, failed: 1, skipped: 0, failures: [] }; // a run that left no count did not get to its end
  try {
    counts = JSON.parse(readFileSync(join(results, `${name}.json`), 'utf8'));
  } catch (error) {
    console.error(`The ${name} tests left no result: ${error.message}`);
  }
  for (const key of Object.keys(total)) total[key] += counts[key];
  failures.push(...counts.failures);
}
if (failedRuns.length > 0) {
  console.error(`\nFailed: ${failedRuns.join(', ')}`);
  // Once more at the end: whoever reads the last screen only, or a log that was cut, sees what to look for.
  for (const { file, name, why } of failures) {
    console.error(`\n✖ ${file}: ${name}\n${why.slice(0, 1000).replace(/^/gm, '    ')}`);
  }
  total.failed = Math.max(total.failed, 1);
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);
