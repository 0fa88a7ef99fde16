// Flite, a small synthesiser of English: intelligible, and audibly synthetic. It is a command-line program compiled to WASI,
// so each sentence is one run of it that writes a WAV file.
import type { FliteVoice } from './flite-voices.js';
import { OUTPUT_PATH, runProgram } from './wasi-program.js';
import { parseWav, type Sound } from './wav.js';

export class Flite {
  readonly #program: WebAssembly.Module;

  private constructor(program: WebAssembly.Module) {
    this.#program = program;
  }

  static async load(program: Uint8Array<ArrayBuffer>): Promise<Flite> {
    return new Flite(await WebAssembly.compile(program));
  }

  /** One sentence of plain ASCII, at the voice's own rate. */
  async speak(sentence: string, voice: FliteVoice): Promise<Sound> {
    const { code, file } = await runProgram(this.#program, [
      'flite',
      '-voice',
      voice,
      '-t',
      sentence,
      '-o',
      OUTPUT_PATH,
    ]);
    if (code !== 0) throw new Error(`Flite ended with code ${String(code)}.`);
    return parseWav(file);
  }
}
