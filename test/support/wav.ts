import { readFileSync } from 'node:fs';
import { parseWav, type Sound } from '../../demo/server/speech/wav.js';

/** A recording of the tests: 16-bit mono. */
export function readWav(path: string | URL): Sound {
  return parseWav(readFileSync(path));
}
