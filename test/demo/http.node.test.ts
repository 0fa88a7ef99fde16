import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import { StaticFiles } from '../../demo/server/http/static-files.js';
import { startProvider } from '../server/provider-stand-in.js';
import type { ProviderStandIn } from '../server/provider-stand-in.js';
import { FakeSpeech } from './fake-speech.js';
import { RealtimeClient } from './realtime-client.js';

/** As no fetch would send it: the path is not tidied, and every header is as it is given. */
function raw(
  demo: Demo,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<number> {
  return new Promise((resolve, reject) => {
    request(demo.url, { path, headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

const token = (demo: Demo, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${demo.url}/api/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ guideId: 'demo' }),
  });

describe('The demo', () => {
  let demo: Demo;
  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), pace: Infinity });
  });
  after(() => demo.close());

  it('gives every answer the strictest headers under which its page works', async () => {
    const response = await fetch(`${demo.url}/nothing.js`);
    assert.equal(response.status, 404);
    const { host } = new URL(demo.url);
    const policy = response.headers.get('content-security-policy')?.split('; ') ?? [];
    assert.ok(policy.includes("default-src 'none'"));
    assert.ok(policy.includes("script-src 'self'"));
    assert.ok(policy.includes("style-src 'self'"));
    assert.ok(policy.includes(`connect-src 'self' ws://${host}`));
    assert.ok(policy.includes("frame-ancestors 'none'"));
    assert.ok(!policy.some((rule) => /unsafe|\*/.test(rule)), policy.join('; '));
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.match(response.headers.get('permissions-policy') ?? '', /microphone=\(self\)/);
  });

  for (const [path, headers, method, status] of [
    ['/', { host: 'evil.example' }, 'GET', 421],
    ['/api/token', { host: 'evil.example' }, 'POST', 421],
    ['/server/demo.ts', {}, 'GET', 404],
    ['/../package.json', {}, 'GET', 404],
    ['/guides/../../package.json', {}, 'GET', 404],
    ['/%2e%2e/package.json', {}, 'GET', 404],
    ['/..%5cpackage.json', {}, 'GET', 404],
    ['//etc/passwd', {}, 'GET', 404],
    ['/.git/config', {}, 'GET', 404],
    ['/ai-interview.js', {}, 'DELETE', 405],
    ['/v1/realtime', {}, 'GET', 426],
    ['/v1/realtime/client_secrets', {}, 'GET', 405],
    ['/api/token', {}, 'GET', 405],
  ] as const) {
    it(`answers ${method} ${path} ${'host' in headers ? 'under a foreign name ' : ''}with ${String(status)}`, async () => {
      assert.equal(await raw(demo, path, headers, method), status);
    });
  }

  it('hands out a token with which the page connects to this server', async () => {
    const response = await token(demo, { origin: demo.url });
    assert.equal(response.status, 200);
    const { value, expires_at, url } = (await response.json()) as {
      value: string;
      expires_at: number;
      url: string;
    };
    assert.ok(Math.abs(expires_at - Date.now() / 1_000 - 60) < 5);
    assert.equal(url, `${demo.url.replace('http', 'ws')}/v1/realtime`);
    const client = new RealtimeClient(url, ['realtime', `openai-insecure-api-key.${value}`], {
      origin: demo.url,
    });
    const { session } = await client.next('session.created');
    assert.equal((session as { model?: string }).model, 'gpt-realtime-2.1');
    await client.close();
  });

  it('hands out none to a foreign page', async () => {
    assert.equal((await token(demo, { origin: 'https://evil.example' })).status, 403);
  });

  it('tells the page the name by which it was addressed, also through a forwarded port', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      request(
        demo.url,
        { path: '/api/token', method: 'POST', headers: { host: 'localhost:9999' } },
        (response) => {
          response.setEncoding('utf8').on('data', resolve);
        },
      )
        .on('error', reject)
        .end();
    });
    assert.equal((JSON.parse(answer) as { url: string }).url, 'ws://localhost:9999/v1/realtime');
  });

  it('says so when its port is taken', async () => {
    const port = Number(new URL(demo.url).port);
    await assert.rejects(startDemo({ port, speech: new FakeSpeech() }), { code: 'EADDRINUSE' });
  });

  it('ends its sessions when it closes, and closing twice is quiet', async () => {
    const other = await startDemo({ port: 0, speech: new FakeSpeech() });
    const client = await RealtimeClient.connect(other);
    await Promise.all([other.close(), other.close()]);
    assert.ok([1_001, 1_006].includes((await client.closed).code));
    await assert.rejects(fetch(other.url));
  });
});

describe('The demo with OPENAI_API_KEY', () => {
  let provider: ProviderStandIn;
  let demo: Demo;
  before(async () => {
    provider = await startProvider();
    demo = await startDemo({
      port: 0,
      env: { OPENAI_API_KEY: 'sk-real', OPENAI_BASE_URL: `${provider.url}/v1` },
    });
  });
  after(async () => {
    await demo.close();
    await provider.close();
  });

  it('asks the provider for the secret and sends the page there', async () => {
    const answer: unknown = await (await token(demo)).json();
    assert.deepEqual(answer, {
      value: 'ek_1',
      expires_at: 1_800_000_060,
      url: `${provider.url.replace('http', 'ws')}/v1/realtime`,
    });
    const [request] = provider.received;
    assert.equal(request?.headers['authorization'], 'Bearer sk-real');
    assert.equal(request.path, '/v1/realtime/client_secrets');
  });

  it('lets the page connect to the provider and loads no models of its own', async () => {
    const policy = (await fetch(demo.url)).headers.get('content-security-policy') ?? '';
    assert.ok(policy.includes(`${provider.url} ${provider.url.replace('http', 'ws')}`));
    assert.equal(demo.speech, undefined);
    assert.equal(demo.provider, 'remote');
    assert.equal(await raw(demo, '/v1/realtime/client_secrets', {}, 'POST'), 405);
  });
});

describe('StaticFiles', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'static-files-'));
    for (const folder of ['demo/guides', 'demo/server', 'dist/locales']) {
      await mkdir(join(root, folder), { recursive: true });
    }
    for (const [path, text] of [
      ['demo/index.html', 'page'],
      ['demo/demo.js', 'script'],
      ['demo/notes.txt', 'notes'],
      ['demo/guides/first.json', '{}'],
      ['demo/server/main.js', 'secret'],
      ['dist/ai-interview.js', 'built'],
      ['dist/locales/de.js', 'words'],
      ['secret.json', 'secret'],
    ] as const) {
      await writeFile(join(root, path), text);
    }
    await symlink(join(root, 'secret.json'), join(root, 'dist', 'link.json'));
  });
  after(() => rm(root, { recursive: true }));

  for (const [path, text, type] of [
    ['/', 'page', 'text/html; charset=utf-8'],
    ['/demo.js', 'script', 'text/javascript; charset=utf-8'],
    ['/guides/first.json', '{}', 'application/json; charset=utf-8'],
    ['/ai-interview.js', 'built', 'text/javascript; charset=utf-8'],
    ['/locales/de.js', 'words', 'text/javascript; charset=utf-8'],
  ] as const) {
    it(`serves ${path}`, async () => {
      const file = await new StaticFiles(root).find(path);
      assert.deepEqual([file?.body.toString(), file?.type], [text, type]);
    });
  }

  for (const path of [
    '/server/main.js',
    '/link.json',
    '/notes.txt',
    '/guides',
    '/guides/',
    '/guides/second.json',
    '/secret.json',
    '/ai-interview.js/x.js',
  ]) {
    it(`does not serve ${path}`, async () => {
      assert.equal(await new StaticFiles(root).find(path), undefined);
    });
  }
});
