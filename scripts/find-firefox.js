// Finds a Firefox to test with: FIREFOX_PATH, then an installed one.
import { findExecutable, isExecutable } from './find-executable.js';

const PLACES = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** @returns {string} the path of a Firefox; throws with a way on when there is none. */
export function findFirefox() {
  const named = process.env.FIREFOX_PATH;
  if (named && !isExecutable(named)) throw new Error(`FIREFOX_PATH names no executable file: ${named}`);
  const found = named || findExecutable(['firefox', 'firefox-esr'], PLACES);
  if (!found) throw new Error('No Firefox was found. Install one, or set FIREFOX_PATH to its executable.');
  return found;
}
