import { after, before, describe, it } from 'node:test';
import { startDemo, type Demo } from '../../demo/server/demo.js';
import { killAndComeBack, ReadySpeech } from './support/kill.js';

describe('a browser that is killed', { timeout: 120_000 }, () => {
  let demo: Demo;
  before(async () => {
    demo = await startDemo({ port: 0, speech: new ReadySpeech() });
  });
  after(() => demo.close());

  it('loses nothing of what was said, and the host receives all of it', async () => {
    await killAndComeBack(demo.url, { mode: 'text', afterMs: 1500 });
  });
});
