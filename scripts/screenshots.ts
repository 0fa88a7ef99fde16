// Takes a picture of every state of the screen, at a telephone's width and a table's, light and dark, under the strictest policy.
//   npx tsx scripts/screenshots.ts [folder] [scene …]
import { build } from 'esbuild';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import type * as Gallery from '../test/support/gallery.js';
import { browserFlags, findBrowser } from './find-browser.js';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html";
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/page.css"><script type="module" src="/gallery.js"></script>`;
const STYLE = `:root{color-scheme:light}:root[data-theme=dark]{color-scheme:dark}body{margin:0;padding:1.5rem;background:light-dark(#eceae5,#0d0e0f)}
ai-interview{max-inline-size:64rem;margin-inline:auto}@media (width<600px){body{padding:0}}`;

const SIZES = { narrow: { width: 360, height: 640 }, wide: { width: 1280, height: 800 } };

const [folder = '.cache/screenshots', ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const script = await bundle();
const server = createServer((request, response) => {
  const [type, body] = request.url?.startsWith('/gallery.js')
    ? ['text/javascript', script]
    : request.url?.startsWith('/page.css')
      ? ['text/css', STYLE]
      : ['text/html', PAGE];
  response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body);
});
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const browser = await puppeteer.launch({ executablePath: await findBrowser(), args: browserFlags });
let violations = 0;
try {
  const [page = await browser.newPage()] = await browser.pages();
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warn') return;
    violations++;
    console.log(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    violations++;
    console.log(String(error));
  });
  await page.goto(`${origin}/`);
  const scenes = await page.evaluate(async (path) => {
    const { SCENES } = (await import(path)) as typeof Gallery;
    return Object.keys(SCENES);
  }, '/gallery.js');
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewport(viewport);
    for (const theme of ['light', 'dark']) {
      for (const scene of scenes.filter((name) => only.length === 0 || only.includes(name))) {
        await page.goto(`${origin}/`);
        await page.evaluate(
          async (path, name, colours) => {
            document.documentElement.dataset.theme = colours;
            const { show } = (await import(path)) as typeof Gallery;
            await show(name, { theme: colours });
            // Levels are drawn over several frames.
            for (let frame = 0; frame < 40; frame++) await new Promise(requestAnimationFrame);
          },
          '/gallery.js',
          scene,
          theme,
        );
        await page.screenshot({ path: join(folder, `${scene}-${size}-${theme}.png`) });
      }
    }
  }
} finally {
  await browser.close();
  server.close();
}
console.log(`Pictures are in ${folder}; ${violations} errors and warnings`);
if (violations > 0) process.exitCode = 1;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['test/support/gallery.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    tsconfig: 'tsconfig.json',
    conditions: ['browser', 'production'],
    write: false,
    plugins: [
      {
        // The gallery plays sessions of its own.
        name: 'no-session',
        setup: (build) => {
          build.onLoad({ filter: /src[\\/]session\.ts$/ }, () => ({
            contents: 'export class InterviewSession {}',
          }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}
