// A reporter for Node's test runner that writes nothing but counts and failures, as JSON, for the closing lines of `npm test`.
import { relative } from 'node:path';

export default async function* countTests(source) {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for await (const { type, data } of source) {
    if (data?.details?.type === 'suite') continue;
    if (type === 'test:pass') counts[data.skip || data.todo ? 'skipped' : 'passed']++;
    else if (type === 'test:fail') {
      counts.failed++;
      const { error } = data.details;
      const why = String(error?.cause?.message ?? error?.message ?? '');
      counts.failures.push({ file: relative(process.cwd(), data.file ?? ''), name: data.name, why });
    }
  }
  yield JSON.stringify(counts);
}
