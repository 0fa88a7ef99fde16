import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { WebSocket } from 'ws';
import { startDemo } from '../demo/server/demo.js';
import type { Demo } from '../demo/server/demo.js';
import { parseGuide } from '../src/interview/guide.js';
import { NEXT } from '../src/realtime/lock-flight.js';
import { FakeSpeech } from './demo/fake-speech.js';
import { startProvider } from './server/provider-stand-in.js';
import { readmeExample } from './support/readme-example.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** Inside the project, so that `ai-interview` is this package as it was built. */
const FOLDER = join(ROOT, '.cache', 'readme');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Runs an example to its end. What it prints is in `printed`. */
async function run(
  name: string,
  options: { before?: string; replacements?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly printed: readonly unknown[][]; readonly default?: unknown }> {
  const file = join(FOLDER, `${name}.mjs`);
  const console = `export const printed = [];
const console = { log: (...words) => printed.push(words), error: (...words) => printed.push(['error', ...words]) };`;
  writeFileSync(file, `${console}\n${options.before ?? ''}\n${readmeExample(name, options.replacements)}`);
  return (await import(pathToFileURL(file).href)) as { printed: unknown[][]; default?: unknown };
}

describe('The README’s examples', () => {
  let demo: Demo;
  before(async () => {
    mkdirSync(FOLDER, { recursive: true });
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), pace: Infinity });
  });
  after(async () => {
    rmSync(FOLDER, { recursive: true, force: true });
    await demo.close();
  });

  it('hold a guide that is one', () => {
    const { id, sections } = parseGuide(JSON.parse(readmeExample('guide')));
    assert.equal(id, 'first-week');
    assert.equal(sections[0]?.questions[0]?.probes?.length, 1);
  });

  it('give a secret to who is invited, and to nobody else', async () => {
    const provider = await startProvider();
    try {
      const served = await run('token', {
        before: `const isInvited = (cookie) => cookie === 'invited=1';
const process = { env: { OPENAI_API_KEY: 'sk-secret', OPENAI_BASE_URL: '${provider.url}/v1' } };`,
      });
      const { fetch } = served.default as { fetch: (request: Request) => Promise<Response> };
      const ask = (cookie: string): Promise<Response> =>
        fetch(
          new Request('https://example.com/api/token', {
            method: 'POST',
            headers: { cookie, 'x-real-ip': '192.0.2.1', 'content-type': 'application/json' },
            body: '{}',
          }),
        );
      assert.equal((await ask('')).status, 403);
      assert.equal(provider.received.length, 0);
      const answer = (await (await ask('invited=1')).json()) as Record<string, unknown>;
      assert.equal(answer['value'], 'ek_1');
      assert.equal(provider.received[0]?.headers['authorization'], 'Bearer sk-secret');
      assert.doesNotMatch(JSON.stringify(answer), /sk-secret/);
    } finally {
      await provider.close();
    }
  });

  it('hold an interview without a screen', async () => {
    const { printed } = await run('session', {
      before: `import { WebSocket } from 'ws';
Object.assign(globalThis, { WebSocket });`,
      replacements: {
        "'/api/token'": `'${demo.url}/api/token'`,
        "'/guides/onboarding.json'": `'${demo.url}/guides/onboarding.json'`,
      },
    });
    const lines = printed.map(([line]) => String(line));
    assert.match(lines[0] ?? '', /^interviewer: .*first day/);
    assert.ok(lines.includes('participant: I remember that the reception was empty.'), lines.join('\n'));
    assert.equal(lines.filter((line) => line.startsWith('interviewer: ')).length, 2);
    assert.equal(lines.at(-1), 'over: host');
  });

  it('send two requests one after the other through another client', async () => {
    const openai = new OpenAI({ apiKey: 'sk-any', baseURL: `${demo.url}/v1` });
    const { value } = await openai.realtime.clientSecrets.create({ session: { type: 'realtime' } });
    const { hostname, port } = new URL(demo.url);
    const errors: string[] = [];
    // It always asks for TLS, which a server on loopback has no use for: the plain socket takes its place.
    const connectHere = (options: { model: string }): OpenAIRealtimeWS =>
      new OpenAIRealtimeWS(
        { ...options, options: { createConnection: () => connect({ host: hostname, port: Number(port) }) } },
        new OpenAI({ apiKey: value, baseURL: `${demo.url}/v1` }),
      ).on('error', ({ message }) => errors.push(message));
    let realtime: OpenAIRealtimeWS | undefined;
    Object.assign(globalThis, {
      connectHere: (options: { model: string }) => (realtime = connectHere(options)),
    });
    const { printed } = await run('lock', {
      replacements: { 'new OpenAIRealtimeWS(': 'globalThis.connectHere(' },
    });
    assert.deepEqual(printed, [['completed', 'completed']]);
    assert.deepEqual(errors, []);
    assert.equal(realtime?.socket.readyState, WebSocket.OPEN);
    realtime.close();
  });

  it('test a page without a server and without waiting', async () => {
    const { printed } = await run('testing', { before: `const guide = ${readmeExample('guide')};` });
    assert.deepEqual(printed, [
      [
        [
          'What do you remember about your first day?',
          'The reception was empty.',
          'Is there anything else that you would like to add?',
        ],
      ],
    ]);
  });
});

describe('The README', () => {
  it('names every attribute of the element', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'custom-elements.json'), 'utf8')) as {
      modules: { declarations?: { tagName?: string; attributes?: { name: string }[] }[] }[];
    };
    const element = manifest.modules
      .flatMap(({ declarations = [] }) => declarations)
      .find(({ tagName }) => tagName === 'ai-interview');
    const names = (element?.attributes ?? []).map(({ name }) => name);
    assert.ok(names.length > 15, names.join());
    for (const name of names) assert.match(README, new RegExp(`^\\| \`${name}[\`=]`, 'm'), name);
  });

  it('tells the moves of the lock as the code has them', () => {
    const [, rows = ''] = /<!-- moves -->\s*([^]*?)\n\n/.exec(README) ?? [];
    const told = [...rows.matchAll(/^\| `(\w+)` *\| `(\w+)`/gm)].map(([, from, to]) => `${from} ${to}`);
    const overlaps = ['active requested', 'cancelling requested', 'cancelling active'];
    const moves = Object.entries(NEXT).flatMap(([from, to]) => to.map((status) => `${from} ${status}`));
    assert.deepEqual([...told, ...overlaps].sort(), moves.sort());
    assert.match(README, /`active` may go back to `requested`, and `cancelling` to\s`requested` or `active`/);
  });

  it('names no file that is missing', () => {
    const links = [...README.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path ?? '');
    assert.ok(links.length > 8);
    for (const path of links) assert.ok(readFileSync(join(ROOT, path)).length > 0, path);
  });
});
