// Finds a Chromium to test with: CHROME_PATH, then an installed one, then the one inside an npm package.
// Nothing is downloaded and nothing is installed system-wide.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findExecutable, isExecutable } from './find-executable.js';

const NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** Flags that every test needs: a microphone that needs no permission, sound without a gesture, no network of its own. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

/** @returns {Promise<string>} the path of a browser; throws with a way on when there is none. */
export async function findBrowser() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (!isExecutable(named)) throw new Error(`CHROME_PATH names no executable file: ${named}`);
    return named;
  }
  return findExecutable(NAMES, PLACES) ?? (unpacked ??= packagedBrowser());
}

/** Once a process: every unpacking makes its folder inside the last one's, until paths are too long for the browser's database. */
let unpacked;

async function packagedBrowser() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chrome or Chromium was found. Install one, or set CHROME_PATH to its executable.');
  }
  // The package unpacks into TMPDIR: a folder of our own keeps two test runs from unpacking over each other.
  const folder = join(process.env.TMPDIR ?? '/tmp', `ai-interview-browser-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.env.TMPDIR = folder;
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  const path = await chromium.executablePath();
  delete process.env.AWS_EXECUTION_ENV;
  // The package looks for its typeface in /tmp/fonts whatever TMPDIR is. Without any, text has no width and a text field
  // brings the browser down.
  writeFileSync(
    join(folder, 'fonts', 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${join(folder, 'fonts', 'fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>`,
  );
  return path;
}
