// npm start: from a fresh clone to a page with an interview on it.
import { buildIfNeeded, installIfNeeded, root } from './setup.js';
import { spawn } from 'node:child_process';

await installIfNeeded();
await buildIfNeeded();
const server = spawn(process.execPath, ['--import', 'tsx', 'demo/server/main.ts'], {
  cwd: root,
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to the server too; a signal to this process alone is passed on. Either way we leave after it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));
server.on('close', (code) => process.exit(code ?? 0));
