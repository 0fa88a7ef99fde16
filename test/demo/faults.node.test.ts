import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { FakeSpeech } from './fake-speech.js';
import { ofType, RealtimeClient, realtimeUrl, typesOf } from './realtime-client.js';

const headers = { authorization: 'Bearer sk-any' };
const NOW_MS = 1_800_000_000_000;

describe('A fault in the address of /v1/realtime', () => {
  let demo: Demo;
  const clock = new FakeClock();
  const clients: RealtimeClient[] = [];
  const connect = (query: string): RealtimeClient => {
    const client = new RealtimeClient(`${realtimeUrl(demo)}?${query}&model=gpt-realtime-2.1`, ['realtime'], {
      headers,
    });
    clients.push(client);
    return client;
  };
  /** Connected, and told to answer in writing and not to respond by itself. */
  const talk = async (query: string): Promise<RealtimeClient> => {
    const client = connect(query);
    await client.next('session.created');
    await client.update({ output_modalities: ['text'], audio: { input: { turn_detection: null } } });
    return client;
  };

  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), clock, now: () => NOW_MS, pace: Infinity });
  });
  after(() => demo.close());
  afterEach(() => {
    for (const client of clients.splice(0)) client.socket.terminate();
  });

  for (const [query, message] of [
    ['latencey=300', /^Unknown fault 'latencey'\. Known faults are: latency, jitter, /],
    ['constructor=1', /^Unknown fault 'constructor'/],
    ['latency=fast', /^Invalid value 'fast' for fault 'latency': expected an integer from 0 to 60000\.$/],
    ['latency=-1', /expected an integer from 0/],
    ['latency=1&latency=2', /^Fault 'latency' was given twice\.$/],
    ['drop-after=5min', /expected a number of events such as 20, or a time such as 500ms or 5s/],
    ['close=1006', /\(for 1006 use drop-after\)/],
    ['close=1005', /expected 1000 to 1003/],
    ['close=5000', /expected 1000 to 1003/],
    ['close-after=3', /^Fault 'close-after' needs 'close' beside it\.$/],
    ['fail-times=3', /needs 'fail'/],
    ['close=1000&close-reason=' + 'x'.repeat(124), /at most 123 bytes/],
    ['lose=response.created:0', /types of events with commas between/],
    ['lose=', /types of events/],
    ['error=Not%20a%20code', /a word such as server_error/],
    ['unasked=often', /expected turn, or a time/],
    ['unasked=5', /expected turn, or a time/],
    ['null-ids=no', /expected no value/],
    ['refuse=200', /an integer from 400 to 599/],
    ['session-seconds=0', /an integer from 1/],
    ['times=', /an integer from 1/],
  ] as const) {
    it(`is refused when it is "${query.slice(0, 40)}", and the message tells why`, async () => {
      const client = connect(query);
      const error = await client.error();
      assert.equal(error.code, 'invalid_fault');
      assert.match(error.message, message);
      assert.equal((await client.closed).code, 4_000);
      assert.equal(client.events.length, 1);
    });
  }

  it('delays every event by its latency, in order', async () => {
    const client = connect('latency=300');
    await opened(client);
    const started = client.socket;
    client.send({ type: 'input_audio_buffer.clear' });
    await flushed(started);
    clock.advance(299);
    await flushed(started);
    assert.deepEqual(client.events, []);
    clock.advance(1);
    assert.deepEqual(typesOf(await client.until('conversation.created')), [
      'session.created',
      'conversation.created',
    ]);
    clock.advance(300);
    await client.next('input_audio_buffer.cleared');
  });

  it('keeps the order of events also with jitter', async () => {
    const client = connect('jitter=1000');
    await opened(client);
    for (let n = 0; n < 20; n++) client.send({ type: 'conversation.item.retrieve', item_id: `none-${n}` });
    await flushed(client.socket);
    clock.advance(1_000);
    const errors: string[] = [];
    while (errors.length < 20) errors.push((await client.error()).message);
    assert.deepEqual(
      errors.map((text) => /none-(\d+)/.exec(text)?.[1]),
      Array.from({ length: 20 }, (_, n) => String(n)),
    );
  });

  it('drops the connection after so many events, without a close frame', async () => {
    const client = connect('drop-after=2');
    assert.equal((await client.closed).code, 1_006);
    assert.deepEqual(typesOf(client.events), ['session.created', 'conversation.created']);
  });

  it('drops the connection after some time', async () => {
    const client = connect('drop-after=2s');
    await client.next('conversation.created');
    clock.advance(1_999);
    assert.deepEqual(await client.settled(), []);
    clock.advance(1);
    assert.equal((await client.closed).code, 1_006);
  });

  it('closes with a code and a reason, before the first event if told so', async () => {
    const client = connect('close=4321&close-reason=As+you+like&close-after=0');
    assert.deepEqual(await client.closed, { code: 4_321, reason: 'As you like' });
    assert.deepEqual(client.events, []);
  });

  it('closes after the first event unless told otherwise, or after some time', async () => {
    const first = connect('close=1011');
    assert.equal((await first.closed).code, 1_011);
    assert.deepEqual(typesOf(first.events), ['session.created']);
    const later = connect('close=1013&close-after=500ms');
    await later.next('conversation.created');
    clock.advance(500);
    assert.deepEqual(await later.closed, { code: 1_013, reason: '' });
  });

  it('refuses the upgrade with a status', async () => {
    const client = connect('refuse=503');
    assert.equal((await client.closed).code, 1_006);
  });

  it('takes any key for an invalid one', async () => {
    const client = connect('invalid-key');
    assert.equal((await client.error()).code, 'invalid_api_key');
    assert.equal((await client.closed).code, 3_000);
  });

  it('puts a frame that is no JSON, or one that is too large, before an event', async () => {
    const frames: string[] = [];
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(`${realtimeUrl(demo)}?model=gpt-realtime-2.1&malformed=1&oversized=2`, {
      headers,
    });
    await new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        frames.push(data.toString());
        if (frames.length === 4) resolve();
      });
    });
    socket.terminate();
    assert.throws(() => JSON.parse(frames[0] ?? '') as unknown, SyntaxError);
    assert.match(frames[1] ?? '', /^\{"type":"session\.created"/);
    assert.ok((frames[2] ?? '').length > 15 * 1_024 * 1_024);
    assert.match(frames[3] ?? '', /^\{"type":"conversation\.created"/);
  });

  it('loses events by type, all of them or the nth', async () => {
    const client = connect('lose=conversation.created,input_audio_buffer.cleared:2');
    await opened(client);
    for (let n = 0; n < 3; n++) client.send({ type: 'input_audio_buffer.clear' });
    const events = await client.settled();
    assert.deepEqual(typesOf(events), [
      'session.created',
      'input_audio_buffer.cleared',
      'input_audio_buffer.cleared',
    ]);
  });

  for (const [word, code] of [
    ['null', null],
    ['insufficient_quota', 'insufficient_quota'],
  ] as const) {
    it(`sends an error with the code ${word} that is about no event`, async () => {
      const client = connect(`error=${word}&error-after=2`);
      await client.next('conversation.created');
      const error = await client.error();
      assert.deepEqual([error.code, error.event_id], [code, null]);
    });
  }

  it('lets errors name neither a code nor what they are about', async () => {
    const client = connect('null-ids');
    await opened(client);
    client.send({ type: 'response.cancel', event_id: 'mine' });
    const error = await client.error();
    assert.deepEqual([error.code, error.event_id], [null, null]);
    assert.match(error.message, /no active response/);
  });

  it('lets responses fail with a code, the first or all', async () => {
    const once = await talk('fail=rate_limit_exceeded&fail-times=1&reset-seconds=2');
    const failed = await once.respond();
    const [done] = ofType(failed, 'response.done');
    assert.equal(done?.response.status, 'failed');
    assert.equal(done.response.status_details?.error?.code, 'rate_limit_exceeded');
    assert.deepEqual(ofType(failed, 'rate_limits.updated')[0]?.rate_limits, [
      { name: 'requests', limit: 1_000, remaining: 0, reset_seconds: 2 },
    ]);
    const [next] = ofType(await once.respond(), 'response.done');
    assert.equal(next?.response.status, 'completed');

    const always = await talk('fail=insufficient_quota');
    for (let n = 0; n < 3; n++) {
      const events = await always.respond();
      const [{ response } = { response: undefined }] = ofType(events, 'response.done');
      assert.equal(response?.status_details?.error?.code, 'insufficient_quota');
      assert.deepEqual(ofType(events, 'rate_limits.updated'), []);
    }
  });

  it('spends no failure on a response that was refused', async () => {
    const client = await talk('fail=server_error&fail-times=2');
    client.send({ type: 'response.create' });
    client.send({ type: 'response.create' });
    const events = [...(await client.until('response.done')), ...(await client.respond())];
    const codes = ofType(events, 'response.done').map(({ response }) => response.status_details?.error?.code);
    assert.deepEqual(codes, ['server_error', 'server_error']);
  });

  it('responds after a turn although told not to', async () => {
    const client = await talk('unasked=turn');
    await client.say('I remember the reception.');
    clock.advance(0);
    const [created] = ofType(await client.until('response.done'), 'response.created');
    assert.equal(created?.response.metadata, null);
  });

  it('responds every so often of its own will', async () => {
    const client = await talk('unasked=3s');
    for (let n = 0; n < 2; n++) {
      clock.advance(3_000);
      await client.until('response.done');
    }
    await client.close();
  });

  it('ends the session after as many seconds', async () => {
    const client = connect('session-seconds=5');
    const { session } = await client.next('session.created');
    assert.equal((session as { expires_at?: unknown }).expires_at, NOW_MS / 1_000 + 5);
    clock.advance(5_000);
    assert.equal((await client.error()).code, 'session_expired');
    assert.deepEqual(await client.closed, {
      code: 1_001,
      reason: 'Your session hit the maximum duration of 5 seconds.',
    });
  });

  it('is over after as many times, counted for each address', async () => {
    for (const [run, codes] of [
      ['a', [4_400, 4_400, undefined, undefined]],
      ['b', [4_400, 4_400, undefined]],
    ] as const) {
      for (const code of codes) {
        const client = connect(`close=4400&close-after=0&times=2&run=${run}`);
        if (code === undefined) await client.next('conversation.created');
        else assert.equal((await client.closed).code, code);
      }
    }
  });
});

async function opened({ socket }: RealtimeClient): Promise<void> {
  if (socket.readyState === socket.OPEN) return;
  await new Promise<void>((resolve) => {
    socket.once('open', () => {
      resolve();
    });
  });
}

/** Everything sent so far has arrived at the server, and what it sent by then has come back: pings stay in order. */
async function flushed(socket: RealtimeClient['socket']): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.once('pong', () => {
      resolve();
    });
    socket.ping();
  });
}

describe('A fault in the address of /api/token', () => {
  let demo: Demo;
  const clock = new FakeClock();
  const ask = (query: string): Promise<Response> =>
    fetch(`${demo.url}/api/token${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });

  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), clock, now: () => NOW_MS });
  });
  after(() => demo.close());

  for (const [query, message] of [
    ['?faulty', /^Unknown fault 'faulty'\. Known faults are: down, slow, /],
    ['?status=200', /an integer from 400 to 599/],
    ['?retry-after=3', /needs 'status'/],
    ['?skew=late', /a number of seconds such as 7200 or -7200/],
  ] as const) {
    it(`is refused when it is "${query}", and the answer tells why`, async () => {
      const response = await ask(query);
      assert.equal(response.status, 400);
      const { error } = (await response.json()) as { error: { message: string } };
      assert.match(error.message, message);
    });
  }

  it('ends the connection without an answer', async () => {
    await assert.rejects(ask('?down'), TypeError);
  });

  it('answers late', async () => {
    let isAnswered = false;
    const late = ask('?slow=700').then((response) => {
      isAnswered = true;
      return response;
    });
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(699);
    assert.equal((await ask('')).status, 200);
    assert.equal(isAnswered, false);
    clock.advance(1);
    assert.equal((await late).status, 200);
  });

  it('answers with a status and asks to wait', async () => {
    const response = await ask('?status=429&retry-after=2');
    assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '2']);
    assert.equal((await ask('?status=403')).headers.get('retry-after'), null);
  });

  it('answers with a page, or with JSON of another shape', async () => {
    const page = await ask('?html');
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.deepEqual(Object.keys((await (await ask('?shape')).json()) as object), ['token']);
  });

  it('gives a secret that is over', async () => {
    const response = await ask('?expired');
    const { expires_at } = (await response.json()) as { expires_at: number };
    assert.equal(expires_at, NOW_MS / 1_000 - 60);
  });

  it('has a clock that is off, in what it promises and in its date', async () => {
    const response = await ask('?skew=-7200');
    const { expires_at } = (await response.json()) as { expires_at: number };
    assert.equal(expires_at, NOW_MS / 1_000 + 60 - 7_200);
    assert.equal(Date.parse(response.headers.get('date') ?? ''), NOW_MS - 7_200_000);
  });

  it('is over after as many times', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 3; n++) statuses.push((await ask('?status=500&times=2')).status);
    assert.deepEqual(statuses, [500, 500, 200]);
  });
});
