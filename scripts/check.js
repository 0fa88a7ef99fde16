// npm run check: everything that can be known of the code without running it, after a fresh build.
import { existsSync, readFileSync } from 'node:fs';
import { build, fail, installIfNeeded, root, run, tool } from './setup.js';
import { join } from 'node:path';

await installIfNeeded();
await build();

const MANIFEST = join(root, 'custom-elements.json');
const manifest = () => (existsSync(MANIFEST) ? readFileSync(MANIFEST, 'utf8') : '');

const checks = {
  format: [tool('prettier'), ['--check', '--log-level', 'warn', '.']],
  lint: [tool('eslint'), ['--max-warnings', '0', '.']],
  floors: [tool('depcruise'), ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'src']],
  types: [tool('tsc'), ['-p', 'tsconfig.json']],
  'types without the DOM': [tool('tsc'), ['-p', 'tsconfig.core.json']],
  'types of the audio thread': [tool('tsc'), ['-p', 'tsconfig.worklets.json']],
  package: [tool('publint'), ['--strict']],
  'types of the package': [
    tool('attw'),
    ['--pack', '.', '--profile', 'esm-only', '--format', 'ascii', '--quiet'],
  ],
  size: [tool('size-limit'), []],
};

const failed = [];
for (const [name, [command, args]] of Object.entries(checks)) {
  console.log(`── ${name}`);
  if ((await run(command, args)) !== 0) failed.push(name);
}

console.log('── manifest');
const before = manifest();
if ((await run(process.execPath, ['scripts/manifest.js'])) !== 0) failed.push('manifest');
else if (manifest() !== before) {
  failed.push('manifest');
  console.error('custom-elements.json was stale. It is made anew: look at it and commit it.');
}

if (failed.length > 0) fail(`Failed: ${failed.join(', ')}`);
console.log('\nEvery check passed.');
