import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import type { ReceivedMessage } from '../../demo/server/http/transcript-receiver.js';
import { FakeSpeech } from './fake-speech.js';

const NOW = Date.UTC(2026, 10, 22, 12);

const turn = (key: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  version: 1,
  key,
  sequence: 1,
  interviewId: '["study","p-1"]',
  guideId: 'study',
  participant: 'p-1',
  startedAt: '2026-11-22T11:00:00.000Z',
  kind: 'turn',
  turn: {
    n: 1,
    id: 'item_1',
    afterId: null,
    speaker: 'participant',
    medium: 'voice',
    status: 'final',
    text: 'Maria met me at the door.',
    startedAtMs: 10,
  },
  ...more,
});

describe("The demo's receiver of transcripts", () => {
  let demo: Demo;
  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), now: () => NOW });
  });
  after(() => demo.close());

  const post = async (
    body: unknown,
    { key, ...headers }: Record<string, string> = {},
  ): Promise<{ status: number; error: string | undefined }> => {
    const response = await fetch(`${demo.url}/api/transcript`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key ?? (body as { key?: string }).key ?? 'k',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      error: text === '' ? undefined : (JSON.parse(text) as { error: string }).error,
    };
  };
  const received = async (): Promise<ReceivedMessage[]> => {
    const response = await fetch(`${demo.url}/api/transcript`);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    return ((await response.json()) as { messages: ReceivedMessage[] }).messages;
  };

  it('shows what it received, in the order of coming, and each key once', async () => {
    assert.deepEqual(await received(), []);
    const end = {
      ...turn('c'),
      kind: 'end',
      turn: undefined,
      reason: 'completed',
      turns: 1,
      consent: { version: '3' },
    };
    const removed = { ...turn('b'), kind: 'removed', turn: undefined, turnId: 'item_9' };
    for (const message of [turn('a'), removed, turn('a', { participant: 'another' }), end]) {
      assert.deepEqual(await post(message), { status: 204, error: undefined });
    }
    const messages = await received();
    assert.deepEqual(
      messages.map(({ key, kind }) => `${key} ${kind}`),
      ['a turn', 'b removed', 'c end'],
    );
    assert.deepEqual(messages[0], { ...turn('a'), receivedAt: '2026-11-22T12:00:00.000Z' });
  });

  for (const [what, status, body, headers] of [
    ['a text that is no JSON', 400, '{', {}],
    ['a key that is not the header’s', 400, turn('x'), { key: 'y' }],
    ['another content type', 415, turn('x'), { 'content-type': 'text/plain' }],
    ['a page of another origin', 403, turn('x'), { origin: 'https://evil.example' }],
    ['another version', 422, turn('x', { version: 2 }), {}],
    ['another kind', 422, turn('x', { kind: 'caption' }), {}],
    ['a turn without a text', 422, turn('x', { turn: { id: 'a' } }), {}],
    [
      'a turn that is not settled',
      422,
      turn('x', { turn: { ...(turn('x')['turn'] as object), status: 'partial' } }),
      {},
    ],
    ['a list', 422, [], {}],
    ['too much', 413, turn('x', { turn: { text: 'x'.repeat(300_000) } }), {}],
  ] as const) {
    it(`refuses ${what}, and keeps nothing of it`, async () => {
      const before = await received();
      const answer = await post(body, headers);
      assert.equal(answer.status, status);
      assert.ok(answer.error);
      assert.deepEqual(await received(), before);
    });
  }

  it('answers nobody who knows it by a foreign name, and no page of elsewhere', async () => {
    const ask = (headers: Record<string, string>, method = 'GET'): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request(`${demo.url}/api/transcript`, { headers, method }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    assert.equal(await ask({ host: 'evil.example' }), 421);
    assert.equal(await ask({ origin: 'https://evil.example' }), 403);
    assert.equal(await ask({}, 'DELETE'), 405);
    assert.equal(await ask({}, 'HEAD'), 200);
  });
});
