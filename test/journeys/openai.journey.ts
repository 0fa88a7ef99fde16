import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FakeSpeech } from '../demo/fake-speech.js';
import { isAtRest, turnsOf } from './support/at-rest.js';
import { guideOrder } from './support/guide-order.js';
import { InterviewPage } from './support/interview-page.js';
import { startOpenAiStandIn, type OpenAiStandIn } from './support/openai-stand-in.js';
import { Traffic } from './support/traffic.js';
import { withDemo } from './support/with-demo.js';

const KEY = 'sk-proj-journey-0123456789abcdef';

const ANSWERS = [
  'On my first day Maria met me at the door at nine, and we set up my laptop together before lunch.',
  'Tom welcomed me on Monday: he showed me the kitchen, and we drank coffee with the whole team.',
];

describe('the demo with a key for OpenAI', { timeout: 120_000 }, () => {
  const failures: unknown[] = [];
  let provider: OpenAiStandIn;

  const onError = (error: unknown): void => {
    failures.push(error);
  };
  before(async () => {
    provider = await startOpenAiStandIn({ apiKey: KEY, speech: new FakeSpeech(), onError });
  });
  const stage = withDemo(() => ({
    env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: provider.baseUrl },
    onError,
  }));
  after(() => provider.close());

  it('holds the interview with the provider, and keeps the key to itself', async () => {
    assert.equal(stage.demo.provider, 'remote');
    assert.equal(stage.demo.speech, undefined, 'no speech model of its own is loaded');

    const interview = await InterviewPage.open(stage.browser, 'about:blank', { isMicrophoneFake: false });
    const traffic = await Traffic.on(await interview.page.createCDPSession());
    await interview.page.goto(stage.demo.url, { waitUntil: 'load' });
    await interview.enter({ withMicrophone: false });
    await interview.until('the opening', isAtRest);
    for (const [index, answer] of ANSWERS.entries()) {
      await interview.type(answer);
      await interview.until(
        `the reply to answer ${String(index + 1)}`,
        (events) => isAtRest(events) && turnsOf(events, 'interviewer').length >= index + 2,
      );
    }

    const turns = await interview.transcript();
    assert.deepEqual(
      turns.map(({ speaker, status }) => `${speaker}: ${status}`),
      ['interviewer', 'participant', 'interviewer', 'participant', 'interviewer'].map(
        (speaker) => `${speaker}: final`,
      ),
    );
    assert.deepEqual(
      turns.filter(({ speaker }) => speaker === 'participant').map(({ text }) => text),
      ANSWERS,
    );
    assert.deepEqual(
      turns.filter(({ act }) => act === 'opening' || act === 'ask').map(({ questionId }) => questionId),
      guideOrder().slice(0, 3),
    );

    const { host } = new URL(provider.baseUrl);
    assert.equal(traffic.sockets.length, 1);
    assert.ok(
      traffic.sockets[0]?.startsWith(`ws://${host}/v1/realtime?`),
      `the socket goes to the provider: ${String(traffic.sockets[0])}`,
    );
    assert.equal(provider.orders.length, 1, 'one secret was asked for');
    const [order] = provider.orders;
    assert.equal(order?.authorization, `Bearer ${KEY}`);
    const { expires_after } = order.body as { expires_after: unknown };
    assert.deepEqual(expires_after, { anchor: 'created_at', seconds: 60 });

    const [secret] = provider.secrets;
    assert.ok(secret);
    assert.equal(
      provider.handshakes[0]?.['sec-websocket-protocol'],
      `realtime, openai-insecure-api-key.${secret.value}`,
    );
    assert.ok(
      (await traffic.count(secret.value)) >= 2,
      'the secret came with the token and went with the socket',
    );
    assert.ok((await traffic.count(ANSWERS[0] ?? '')) >= 1, 'frames are looked into');
    assert.equal(await traffic.count(KEY), 0, 'the key is nowhere in what the page sent or was sent');

    assert.deepEqual(interview.wire.of('error'), []);
    assert.deepEqual(interview.wire.open, []);
    assert.equal(interview.wire.mostAtOnce, 1);
    assert.deepEqual(interview.problems, []);
    assert.deepEqual(failures, []);
    await interview.page.close();
  });
});
