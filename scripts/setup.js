// What every command of the project needs before it runs: the packages of the lock file, and the built files.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMP = join(root, 'node_modules', '.installed-for');
// What a build writes last: a build that broke off is none.
const BUILT = join(root, 'dist', 'types', 'index.d.ts');
const SOURCES = [
  'src',
  'scripts',
  'vite.config.ts',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];

/** Runs a command with its output shown; resolves with its exit code, and passes Ctrl-C on by itself (same terminal group). */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** The path of a tool that one of the packages brings. */
export const tool = (name) => join(root, 'node_modules', '.bin', name);

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

/** Installs from the lock file when node_modules is missing or of another lock file. */
export async function installIfNeeded() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) fail(`Node 20 or later is needed; this is ${process.version}.`);
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockHash()) return;
  console.log('Installing packages from package-lock.json (once; about a minute) …');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    shell: process.platform === 'win32',
  });
  if (code !== 0) fail('npm ci failed: see its message above. Is the package registry reachable?');
  writeFileSync(STAMP, lockHash());
}

const newest = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
};

/** Builds dist/ when it is missing or older than what it is made of. */
export async function buildIfNeeded() {
  const built = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (SOURCES.every((source) => newest(join(root, source)) <= built)) return;
  await build();
}

export async function build() {
  console.log('Building dist/ …');
  const steps = [
    [tool('vite'), ['build', '--mode', 'script', '--logLevel', 'warn']],
    [tool('vite'), ['build', '--mode', 'modules', '--logLevel', 'warn']],
    [tool('tsc'), ['-p', 'tsconfig.build.json']],
  ];
  for (const [command, args] of steps) {
    if ((await run(command, args)) !== 0) fail(`The build failed at: ${args.join(' ')}`);
  }
}

/** Ends the command with one plain sentence. */
export function fail(sentence) {
  console.error(`\n${sentence}`);
  process.exit(1);
}
