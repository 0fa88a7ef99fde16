// A reporter for the browser's test runner that writes counts and failures, as JSON, for the closing lines of `npm test`.
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const testsOf = ({ tests = [], suites = [] }, path = []) => [
  ...tests.map((test) => ({ ...test, path: [...path, test.name] })),
  ...suites.flatMap((suite) => testsOf(suite, [...path, suite.name])),
];

/** @param {string} folder where `browser.json` goes */
export function countBrowserTests(folder) {
  return {
    onTestRunFinished({ sessions }) {
      const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
      for (const session of sessions) {
        const file = relative(process.cwd(), session.testFile ?? '');
        const tests = session.testResults ? testsOf(session.testResults) : [];
        for (const { passed, skipped, path, error } of tests) {
          counts[skipped ? 'skipped' : passed ? 'passed' : 'failed']++;
          if (!skipped && !passed)
            counts.failures.push({ file, name: path.join(' › '), why: error?.message ?? '' });
        }
        // A file that did not load has no failed test, and is a failure all the same.
        if (!session.passed && tests.every(({ passed, skipped }) => passed || skipped)) {
          counts.failed++;
          const why = session.errors.map(({ message }) => message).join('; ');
          counts.failures.push({ file, name: 'the whole file', why });
        }
      }
      writeFileSync(join(folder, 'browser.json'), JSON.stringify(counts));
    },
  };
}
