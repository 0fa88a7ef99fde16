/** A page in Chromium that measures, and the server on loopback behind it. */
import { build, type Plugin } from 'esbuild';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import puppeteer, { type Page } from 'puppeteer-core';
import { WebSocketServer, type WebSocket } from 'ws';
import { browserFlags, findBrowser } from '../../../scripts/find-browser.js';
import { bundleWorklet } from '../../../scripts/worklet-plugin.js';

/** With these the page's clock counts in steps of 5 µs instead of 100. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
const WORKLET = 'ai-interview.worklet.js';

export interface BenchPage {
  readonly page: Page;
  /** The module that was bundled. */
  readonly script: string;
  readonly close: () => Promise<void>;
}

/** @param onSocket serves the page's WebSockets, told apart by their URL */
export async function openBenchPage(
  entry: string,
  onSocket: (socket: WebSocket, url: URL) => void,
): Promise<BenchPage> {
  const files: Readonly<Record<string, readonly [string, string]>> = {
    '/': ['text/html', '<!doctype html><meta charset="utf-8"><title>Bench</title><body>'],
    '/page.js': ['text/javascript', await bundle(entry)],
    [`/${WORKLET}`]: ['text/javascript', await bundleWorklet('src/audio/worklets/index.ts')],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[request.url ?? ''] ?? ['text/plain', ''];
    response.writeHead(body === '' ? 404 : 200, { 'content-type': type, ...ISOLATION }).end(body);
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket, request) => {
    onSocket(socket, new URL(request.url ?? '/', 'ws://localhost'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await puppeteer.launch({
    executablePath: await findBrowser(),
    headless: true,
    args: browserFlags,
  });
  const close = async (): Promise<void> => {
    await browser.close();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    server.close();
  };
  try {
    const [page = await browser.newPage()] = await browser.pages();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { page, script: '/page.js', close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** As a product would ship it: the packages' own browser builds, minified. */
async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    tsconfig: 'tsconfig.json',
    plugins: [workletText],
  });
  return outputFiles[0]?.text ?? '';
}

/** The copy of the worklet that the script brings along; the page has the file. */
const workletText: Plugin = {
  name: 'worklet-text',
  setup: (bundler) => {
    bundler.onResolve({ filter: /\?worklet$/ }, ({ path }) => ({ path, namespace: 'worklet' }));
    bundler.onLoad({ filter: /./, namespace: 'worklet' }, () => ({ contents: 'export default ""' }));
  },
};
