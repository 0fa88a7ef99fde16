import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, before, describe, it } from 'node:test';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { FakeSpeech } from './fake-speech.js';
import { mintSecret, RealtimeClient, realtimeUrl } from './realtime-client.js';

describe('A connection to /v1/realtime', () => {
  let demo: Demo;
  let nowMs = 1_800_000_000_000;
  const clock = new FakeClock();
  const clients: RealtimeClient[] = [];
  const connect = (...args: ConstructorParameters<typeof RealtimeClient>): RealtimeClient => {
    const client = new RealtimeClient(...args);
    clients.push(client);
    return client;
  };
  const query = (text = '?model=gpt-realtime-2.1'): string => realtimeUrl(demo) + text;

  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), clock, now: () => nowMs, pace: Infinity });
  });
  after(() => demo.close());
  afterEach(() => {
    for (const client of clients.splice(0)) client.socket.terminate();
  });

  describe('with a secret in a subprotocol', () => {
    it('gets session.created first, with the settings of the secret and the end of the session', async () => {
      const { value, expires_at, session } = await mintSecret(demo, {
        expires_after: { anchor: 'created_at', seconds: 60 },
        session: { type: 'realtime', instructions: 'Be brief.', audio: { output: { voice: 'cedar' } } },
      });
      assert.match(value, /^ek_/);
      assert.equal(expires_at, nowMs / 1_000 + 60);
      assert.equal(session['instructions'], 'Be brief.');

      const client = connect(query(), ['realtime', `openai-insecure-api-key.${value}`]);
      const first = await client.read();
      assert.equal(first.type, 'session.created');
      assert.equal(client.socket.protocol, 'realtime');
      const created = (first as unknown as { session: Record<string, unknown> }).session;
      assert.match(String(created['id']), /^sess_/);
      assert.equal(created['object'], 'realtime.session');
      assert.equal(created['type'], 'realtime');
      assert.equal(created['model'], 'gpt-realtime-2.1');
      assert.equal(created['instructions'], 'Be brief.');
      assert.equal(created['expires_at'], nowMs / 1_000 + 3_600);
      assert.deepEqual((created['audio'] as { input: unknown }).input, {
        format: { type: 'audio/pcm', rate: 24_000 },
        noise_reduction: null,
        transcription: null,
        turn_detection: {
          type: 'server_vad',
          threshold: 0.5,
          prefix_padding_ms: 300,
          silence_duration_ms: 500,
          create_response: true,
          interrupt_response: true,
          idle_timeout_ms: null,
        },
      });
      assert.equal((await client.read()).type, 'conversation.created');
    });

    it('may start several sessions, and none once the secret is over', async () => {
      const { value } = await mintSecret(demo, { expires_after: { seconds: 10 } });
      const protocols = ['realtime', `openai-insecure-api-key.${value}`];
      const first = connect(query(), protocols);
      await first.next('session.created');
      await connect(query(), protocols).next('session.created');
      nowMs += 10_000;
      const late = connect(query(), protocols);
      assert.equal((await late.error()).code, 'invalid_api_key');
      assert.deepEqual(await late.closed, { code: 3_000, reason: 'invalid_request_error.invalid_api_key' });
      // The lifetime of a secret limits starting, not talking.
      first.send({ type: 'input_audio_buffer.clear' });
      await first.next('input_audio_buffer.cleared');
    });

    it('is refused when nobody issued it, and a key of a server does not pass there', async () => {
      for (const secret of ['ek_unknown', 'sk-any']) {
        const client = connect(query(), ['realtime', `openai-insecure-api-key.${secret}`]);
        const error = await client.error();
        assert.equal(error.code, 'invalid_api_key');
        assert.ok(!error.message.includes(secret));
        assert.equal((await client.closed).code, 3_000);
      }
    });

    it('needs no model when the secret has one, and the connection’s own wins', async () => {
      const { value } = await mintSecret(demo, {
        session: { type: 'realtime', model: 'gpt-realtime-2.1-mini' },
      });
      const protocols = ['realtime', `openai-insecure-api-key.${value}`];
      const modelOf = async (address: string): Promise<unknown> =>
        ((await connect(address, protocols).next('session.created')).session as { model?: unknown }).model;
      assert.equal(await modelOf(query('')), 'gpt-realtime-2.1-mini');
      assert.equal(await modelOf(query('?model=gpt-realtime-2')), 'gpt-realtime-2');
    });
  });

  it('takes any key in a header, as servers send it', async () => {
    const client = connect(query(), ['realtime'], { headers: { authorization: 'Bearer sk-any' } });
    await client.next('session.created');
  });

  it('is refused without a key', async () => {
    const client = connect(query(), ['realtime']);
    assert.equal((await client.error()).code, 'invalid_api_key');
    assert.equal((await client.closed).code, 3_000);
  });

  for (const [name, protocols, headers] of [
    ['header', ['realtime'], { authorization: 'Bearer sk-any', 'openai-beta': 'realtime=v1' }],
    ['subprotocol', ['realtime', 'openai-beta.realtime-v1'], { authorization: 'Bearer sk-any' }],
  ] as const) {
    it(`is refused with the beta ${name}`, async () => {
      const client = connect(query(), [...protocols], { headers });
      assert.equal((await client.error()).code, 'beta_api_shape_disabled');
      assert.deepEqual(await client.closed, {
        code: 4_000,
        reason: 'invalid_request_error.beta_api_shape_disabled',
      });
      assert.equal(client.events.length, 1);
    });
  }

  for (const [search, code] of [
    ['', 'missing_required_parameter'],
    ['?model=gpt-realtime-2.1&call_id=rtc_1', 'invalid_value'],
    ['?intent=transcription', 'unsupported_value'],
    ['?model=whisper', 'model_not_found'],
  ] as const) {
    it(`is refused at "${search}"`, async () => {
      const client = connect(query(search), ['realtime'], { headers: { authorization: 'Bearer sk-any' } });
      assert.equal((await client.error()).code, code);
      assert.equal((await client.closed).code, 4_000);
    });
  }

  for (const [origin, isWelcome] of [
    ['http://localhost:8000', true],
    ['http://127.0.0.1:1234', true],
    ['https://evil.example', false],
    ['http://localhost.evil.example', false],
    ['null', false],
  ] as const) {
    it(`from a page of ${origin} is ${isWelcome ? 'welcome' : 'refused before it is one'}`, async () => {
      const client = connect(query(), ['realtime'], { origin, headers: { authorization: 'Bearer sk-any' } });
      if (isWelcome) {
        await client.next('session.created');
      } else {
        assert.equal((await client.closed).code, 1_006);
        assert.equal(client.events.length, 0);
      }
    });
  }

  it('to a name that was bent to this machine is refused', async () => {
    const client = connect(query(), ['realtime'], {
      headers: { host: 'evil.example', authorization: 'Bearer sk-any' },
    });
    assert.equal((await client.closed).code, 1_006);
  });

  it('is given up when its peer answers no ping, and kept when it does', async () => {
    const headers = { authorization: 'Bearer sk-any' };
    const alive = connect(query(), ['realtime'], { headers });
    const dead = connect(query(), ['realtime'], { headers, autoPong: false });
    await Promise.all([alive.next('session.created'), dead.next('session.created')]);
    const pinged = Promise.all([once(alive.socket, 'ping'), once(dead.socket, 'ping')]);
    clock.advance(30_000);
    await pinged;
    // Its pong went out before what it sends now, so that once this is carried out the pong was seen.
    await alive.settled();
    clock.advance(30_000);
    assert.equal((await dead.closed).code, 1_006);
    assert.deepEqual(await alive.settled(), []);
  });

  it('is closed when a message is larger than 15 MiB and what belongs around it', async () => {
    const client = await RealtimeClient.connect(demo);
    clients.push(client);
    client.send({ type: 'input_audio_buffer.append', audio: 'A'.repeat(16 * 1_024 * 1_024) });
    assert.equal((await client.closed).code, 1_009);
  });

  it('takes 15 MiB at once', async () => {
    const client = await RealtimeClient.connect(demo);
    clients.push(client);
    client.send({ type: 'input_audio_buffer.append', audio: 'A'.repeat(15 * 1_024 * 1_024) });
    assert.deepEqual(await client.settled(), []);
  });
});

describe('POST /v1/realtime/client_secrets', () => {
  let demo: Demo;
  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech() });
  });
  after(() => demo.close());
  const ask = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${demo.url}/v1/realtime/client_secrets`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-any', ...headers },
      body,
    });

  for (const [name, body, headers, status, code] of [
    ['a body that is no JSON', '{', {}, 400, 'invalid_json'],
    ['an unknown field', '{"model":"x"}', {}, 400, 'unknown_parameter'],
    ['a session without a type', '{"session":{}}', {}, 400, 'missing_required_parameter'],
    ['a lifetime of two days', '{"expires_after":{"seconds":172800}}', {}, 400, 'integer_above_max_value'],
    ['no key', '{}', { authorization: '' }, 401, 'invalid_api_key'],
    ['a foreign page', '{}', { origin: 'https://evil.example' }, 403, null],
    ['a body without an end', 'x'.repeat(300_000), {}, 413, null],
  ] as const) {
    it(`refuses ${name}`, async () => {
      const response = await ask(body, headers);
      assert.equal(response.status, status);
      assert.equal(((await response.json()) as { error: { code: string | null } }).error.code, code);
    });
  }

  it('gives a secret of ten minutes when nothing else is asked', async () => {
    const { expires_at } = (await (await ask('')).json()) as { expires_at: number };
    assert.ok(Math.abs(expires_at - Date.now() / 1_000 - 600) < 5);
  });
});
