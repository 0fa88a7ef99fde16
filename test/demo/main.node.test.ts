import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

function start(env: Record<string, string>): {
  child: ReturnType<typeof spawn>;
  line: (wanted: RegExp) => Promise<string>;
} {
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/server/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const line = (wanted: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (chunk: Buffer): void => {
        output += chunk.toString();
        const found = wanted.exec(output);
        if (found) resolve(found[0]);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.on('close', () => {
        reject(new Error(`It ended with: ${output}`));
      });
    });
  return { child, line };
}

describe('The server process', () => {
  it('tells its address once the page can be opened, and ends on a signal, however often it comes', async () => {
    const { child, line } = start({ PORT: '0', OPENAI_API_KEY: 'sk-test' });
    const address = await line(/http:\/\/localhost:\d+/);
    assert.equal((await fetch(`${address}/nothing`)).status, 404);
    const closed = once(child, 'close');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    assert.deepEqual(await closed, [0, null]);
    await assert.rejects(fetch(address));
  });

  it('says what is wrong with a port', async () => {
    const { child, line } = start({ PORT: 'http' });
    assert.match(await line(/.+\n/), /Expected PORT to be a number from 0 to 65535, got "http"/);
    const code: unknown = child.exitCode ?? (await once(child, 'close'))[0];
    assert.equal(code, 1);
  });
});
