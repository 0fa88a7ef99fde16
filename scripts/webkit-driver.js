// Starts the WebDriver of WebKitGTK for the tests, and ends it with this process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { findExecutable } from './find-executable.js';

const LIMIT_MS = 10_000;

/** The browser has no place of its own in PATH, and its folder's name holds a version. */
function findMiniBrowser() {
  const folders = [
    '/usr/lib',
    '/usr/lib64',
    '/usr/libexec',
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
  ];
  const places = folders.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => name.startsWith('webkit'))
        .map((name) => `${folder}/${name}/MiniBrowser`);
    } catch {
      return []; // no such folder on this system
    }
  });
  return findExecutable(['MiniBrowser'], places.sort().reverse());
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function isListening(port) {
  const socket = createConnection({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** @returns {Promise<{ port: number, browserPath: string }>} throws with a way on where it is not installed. */
export async function startWebKitDriver() {
  const driverPath = findExecutable(['WebKitWebDriver']);
  const browserPath = findMiniBrowser();
  if (!driverPath || !browserPath) {
    throw new Error('WebKitGTK was not found. On Debian or Ubuntu: apt-get install webkit2gtk-driver xvfb');
  }
  const port = await freePort();
  const driver = spawn(driverPath, [`--port=${port}`], { stdio: 'ignore' });
  process.on('exit', () => driver.kill());
  const until = Date.now() + LIMIT_MS;
  while (!(await isListening(port))) {
    if (driver.exitCode !== null || Date.now() > until) throw new Error(`${driverPath} did not start`);
    await delay(50);
  }
  return { port, browserPath };
}
