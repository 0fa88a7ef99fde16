// The browser is killed at 20 random moments of an interview. SEED=… plays the same moments again.
import { after, before, describe, it } from 'node:test';
import { startDemo, type Demo } from '../../../demo/server/demo.js';
import { SeededRandom } from '../../../src/testing/seeded-random.js';
import { killAndComeBack, ReadySpeech } from '../support/kill.js';

const KILLS = 20;
const LONGEST_MS = 6000;
const seed = Number(process.env['SEED'] ?? Date.now() % 1e6);

describe(`a browser that is killed at ${KILLS} moments, seed ${seed}`, { timeout: 900_000 }, () => {
  let demo: Demo;
  before(async () => {
    demo = await startDemo({ port: 0, speech: new ReadySpeech() });
  });
  after(() => demo.close());

  const random = new SeededRandom(seed);
  for (let n = 0; n < KILLS; n++) {
    const mode = n % 2 === 0 ? 'text' : 'push-to-talk';
    const afterMs = Math.round(random.next() * LONGEST_MS);
    it(`${mode}, after ${afterMs} ms`, async (test) => {
      const { told, kept } = await killAndComeBack(demo.url, { mode, afterMs });
      test.diagnostic(`${told} turns were told before, ${kept} are there after`);
    });
  }
});
