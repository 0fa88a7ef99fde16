import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startDemo } from '../../demo/server/demo.js';
import { watchStatus } from '../../demo/server/http/demo-status.js';
import type { SpeechProgress } from '../../demo/server/speech/speech.js';
import { FakeSpeech } from './fake-speech.js';

describe('The status of the demo', () => {
  it('is ready once nothing is loading any more, also where a part is missing', () => {
    let report: (progress: SpeechProgress) => void = () => undefined;
    const status = watchStatus('local', {
      onProgress: (listener) => {
        report = listener;
        return () => undefined;
      },
    });
    assert.deepEqual(status(), {
      ready: false,
      parts: { recognition: 'loading', voice: 'loading', detection: 'loading' },
      provider: 'local',
    });
    report({ part: 'recognition', state: 'ready' });
    report({ part: 'voice', state: 'missing' });
    assert.equal(status().ready, false);
    report({ part: 'detection', state: 'ready' });
    assert.deepEqual(status(), {
      ready: true,
      parts: { recognition: 'ready', voice: 'missing', detection: 'ready' },
      provider: 'local',
    });
  });

  it('is ready at once where a provider hears and speaks', () => {
    assert.deepEqual(watchStatus('remote', undefined)(), {
      ready: true,
      parts: { recognition: 'ready', voice: 'ready', detection: 'ready' },
      provider: 'openai',
    });
  });

  it('is served to the page, and never from a cache', async () => {
    const demo = await startDemo({ port: 0, speech: new FakeSpeech() });
    try {
      const response = await fetch(`${demo.url}/status`);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      const body = (await response.json()) as { parts: { recognition: string } };
      assert.equal(body.parts.recognition, 'ready');
    } finally {
      await demo.close();
    }
  });
});
