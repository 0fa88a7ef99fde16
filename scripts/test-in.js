// npm run test:firefox, npm run test:webkit: the browser tests in another browser than Chromium.
import { installIfNeeded, root, run, tool } from './setup.js';
import { join } from 'node:path';
import { findExecutable } from './find-executable.js';

const browser = process.argv[2];
await installIfNeeded();
const command = [
  tool('web-test-runner'),
  ['--config', join(root, `web-test-runner.${browser}.config.js`), ...process.argv.slice(3)],
];
// WebKitGTK has no headless mode.
const screen = browser === 'webkit' && !process.env.DISPLAY && findExecutable(['xvfb-run']);
process.exit(screen ? await run(screen, ['-a', command[0], ...command[1]]) : await run(...command));
