import { open, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

export interface StaticFile {
  readonly body: Buffer;
  readonly type: string;
  /** Changes whenever the file does. */
  readonly tag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
};

/** One segment of a path that may be served: no dot in front, nothing that could climb out. */
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** The page's own files (the top of `demo/`, and its guides), and what was built beside them. */
export class StaticFiles {
  readonly #demo: string;
  readonly #dist: string;

  /** @param root the project's folder */
  constructor(root: string) {
    this.#demo = join(root, 'demo');
    this.#dist = join(root, 'dist');
  }

  /** @param pathname as it stands in the address. Undefined for what is not there or must not be seen. */
  async find(pathname: string): Promise<StaticFile | undefined> {
    const segments = pathname === '/' ? ['index.html'] : pathname.slice(1).split('/');
    // Encoded characters are in no name that is served, so nothing has to be decoded.
    if (!segments.every((segment) => SEGMENT.test(segment))) return undefined;
    const type = TYPES[extname(segments.at(-1) ?? '')];
    if (type === undefined) return undefined;
    for (const [folder, isIn] of [
      [this.#demo, segments.length === 1 || (segments.length === 2 && segments[0] === 'guides')],
      [this.#dist, true],
    ] as const) {
      const file = isIn ? await read(folder, segments) : undefined;
      if (file) return { ...file, type };
    }
    return undefined;
  }
}

async function read(
  folder: string,
  segments: readonly string[],
): Promise<Omit<StaticFile, 'type'> | undefined> {
  try {
    const path = await realpath(join(folder, ...segments));
    // A link may lead anywhere; only what lies in the folder is served.
    if (!path.startsWith((await realpath(folder)) + sep)) return undefined;
    const handle = await open(path);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return undefined;
      const tag = `"${stats.size.toString(36)}-${Math.round(stats.mtimeMs).toString(36)}"`;
      return { body: await handle.readFile(), tag };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ENOENT' || code === 'ENOTDIR';
}
