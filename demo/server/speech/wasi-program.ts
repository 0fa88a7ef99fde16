// Runs a WASI program that reads its arguments and writes one file, all in memory. node:wasi is not used: on Node 20 it ends
// the whole process (a segmentation fault) after some dozens of runs in a worker thread.

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NO_ENTRY = 44;
const NOT_SUPPORTED = 58;

/** Descriptors 0 to 2 are the standard streams; 3 is the one folder that there is, 4 the one file in it. */
const FOLDER = 3;
const FILE = 4;
const FOLDER_NAME = '/out';
const CHARACTER_DEVICE = 2;
const DIRECTORY = 3;
const REGULAR_FILE = 4;
const OPEN_CREATE = 1;

/** Where the program has to write: the only file that it can open. */
export const OUTPUT_PATH = `${FOLDER_NAME}/file`;

export interface ProgramResult {
  code: number;
  /** What the program wrote into `OUTPUT_PATH`. */
  file: Uint8Array<ArrayBuffer>;
}

export async function runProgram(
  program: WebAssembly.Module,
  args: readonly string[],
): Promise<ProgramResult> {
  const run = new ProgramRun(args);
  return run.start(await WebAssembly.instantiate(program, { wasi_snapshot_preview1: run.imports() }));
}

class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`The program ended with code ${String(code)}.`);
    this.code = code;
  }
}

class ProgramRun {
  readonly #args: readonly Uint8Array[];
  readonly #file = new MemoryFile();
  #memory: WebAssembly.Memory | undefined;

  constructor(args: readonly string[]) {
    this.#args = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
  }

  start({ exports }: WebAssembly.Instance): ProgramResult {
    const { memory, _start: main } = exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof main !== 'function')
      throw new Error('This is no WASI program.');
    this.#memory = memory;
    return { code: exitCode(main as () => void), file: this.#file.content() };
  }

  imports(): Record<string, (...args: never[]) => number> {
    return {
      args_sizes_get: (count: number, size: number) => {
        this.#view().setUint32(count, this.#args.length, true);
        this.#view().setUint32(
          size,
          this.#args.reduce((sum, arg) => sum + arg.length, 0),
          true,
        );
        return SUCCESS;
      },
      args_get: (pointers: number, buffer: number) => {
        let at = buffer;
        for (const [n, arg] of this.#args.entries()) {
          this.#view().setUint32(pointers + 4 * n, at, true);
          this.#bytes(at, arg.length).set(arg);
          at += arg.length;
        }
        return SUCCESS;
      },
      // A synthesiser needs no time of day; the same text always sounds the same.
      clock_time_get: (_clock: number, _precision: bigint, time: number) => {
        this.#view().setBigUint64(time, 0n, true);
        return SUCCESS;
      },
      fd_prestat_get: (descriptor: number, prestat: number) => {
        if (descriptor !== FOLDER) return BAD_DESCRIPTOR;
        this.#view().setUint32(prestat, 0, true);
        this.#view().setUint32(prestat + 4, FOLDER_NAME.length, true);
        return SUCCESS;
      },
      fd_prestat_dir_name: (descriptor: number, name: number, length: number) => {
        if (descriptor !== FOLDER) return BAD_DESCRIPTOR;
        this.#bytes(name, length).set(new TextEncoder().encode(FOLDER_NAME).subarray(0, length));
        return SUCCESS;
      },
      fd_fdstat_get: (descriptor: number, stat: number) => {
        if (descriptor > FILE) return BAD_DESCRIPTOR;
        this.#bytes(stat, 24).fill(0);
        const type =
          descriptor === FOLDER ? DIRECTORY : descriptor === FILE ? REGULAR_FILE : CHARACTER_DEVICE;
        this.#view().setUint8(stat, type);
        this.#view().setBigUint64(stat + 8, 0xffff_ffff_ffff_ffffn, true);
        this.#view().setBigUint64(stat + 16, 0xffff_ffff_ffff_ffffn, true);
        return SUCCESS;
      },
      fd_fdstat_set_flags: () => SUCCESS,
      path_open: (
        _folder: number,
        _lookup: number,
        name: number,
        length: number,
        how: number,
        _rights: bigint,
        _inheriting: bigint,
        _flags: number,
        opened: number,
      ) => {
        const path = `${FOLDER_NAME}/${new TextDecoder().decode(this.#bytes(name, length))}`;
        if (path !== OUTPUT_PATH || (how & OPEN_CREATE) === 0) return NO_ENTRY;
        this.#view().setUint32(opened, FILE, true);
        return SUCCESS;
      },
      fd_write: (descriptor: number, vectors: number, count: number, written: number) => {
        let total = 0;
        for (let n = 0; n < count; n += 1) {
          const start = this.#view().getUint32(vectors + 8 * n, true);
          const length = this.#view().getUint32(vectors + 8 * n + 4, true);
          // What it prints is for a terminal that is not there.
          if (descriptor === FILE) this.#file.write(this.#bytes(start, length));
          total += length;
        }
        this.#view().setUint32(written, total, true);
        return SUCCESS;
      },
      fd_read: (_descriptor: number, _vectors: number, _count: number, read: number) => {
        this.#view().setUint32(read, 0, true);
        return SUCCESS;
      },
      fd_seek: (descriptor: number, offset: bigint, whence: number, position: number) => {
        if (descriptor !== FILE) return NOT_SUPPORTED;
        this.#view().setBigUint64(position, BigInt(this.#file.seek(Number(offset), whence)), true);
        return SUCCESS;
      },
      fd_close: () => SUCCESS,
      proc_exit: (code: number) => {
        throw new Exit(code);
      },
    };
  }

  #view(): DataView {
    return new DataView(this.#buffer());
  }

  #bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#buffer(), start, length);
  }

  /** Asked for each time: the buffer is another one after the program's memory has grown. */
  #buffer(): ArrayBuffer {
    if (!this.#memory) throw new Error('The program has no memory before it starts.');
    return this.#memory.buffer;
  }
}

function exitCode(main: () => void): number {
  try {
    main();
    return 0;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    throw error;
  }
}

class MemoryFile {
  #bytes = new Uint8Array(65_536);
  #size = 0;
  #position = 0;

  write(bytes: Uint8Array): void {
    const end = this.#position + bytes.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#position);
    this.#position = end;
    this.#size = Math.max(this.#size, end);
  }

  /** `whence` as in C: from the start, from here, from the end. Gives the new position. */
  seek(offset: number, whence: number): number {
    const origin = [0, this.#position, this.#size][whence] ?? 0;
    this.#position = Math.max(0, origin + offset);
    return this.#position;
  }

  content(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#size);
  }
}
