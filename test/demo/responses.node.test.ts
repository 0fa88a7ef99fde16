import assert from 'node:assert/strict';
import type { RealtimeResponseUsage } from 'openai/resources/realtime/realtime';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import { FakeSpeech } from './fake-speech.js';
import { callsIn, ofType, RealtimeClient, saidIn, typesOf } from './realtime-client.js';

const GREETING = 'Hello, and thank you for taking the time. What would you like to talk about?';

function statusOf(item: object | undefined): unknown {
  return (item as { status?: unknown } | undefined)?.status;
}

describe('Responses', () => {
  let speech: FakeSpeech;
  let demo: Demo;
  let client: RealtimeClient;
  before(async () => {
    speech = new FakeSpeech();
    demo = await startDemo({ port: 0, speech, pace: Infinity });
  });
  after(() => demo.close());
  beforeEach(async () => {
    client = await RealtimeClient.connect(demo, { audio: { input: { turn_detection: null } } });
  });
  afterEach(() => client.close());
  const created = async (response: Record<string, unknown> = {}, event_id?: string): Promise<string> => {
    client.send({ type: 'response.create', event_id, response });
    return (await client.next('response.created')).response.id ?? '';
  };

  it('come in writing as the provider orders the events', async () => {
    const events = await client.respond({ output_modalities: ['text'] });
    const collapsed = typesOf(events).filter((type, n, all) => type !== all[n - 1]);
    assert.deepEqual(collapsed, [
      'response.created',
      'rate_limits.updated',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
    ]);
    assert.equal(saidIn(events), GREETING);
    assert.equal(
      ofType(events, 'response.output_text.delta')
        .map(({ delta }) => delta)
        .join(''),
      GREETING,
    );
    assert.ok(ofType(events, 'response.output_text.delta').length > 1);
  });

  it('come aloud with words in step with the sound, in the session’s voice', async () => {
    await client.update({ audio: { output: { voice: 'cedar' } } });
    speech.spoken.length = 0;
    const events = await client.respond();
    assert.deepEqual(
      speech.spoken.map(({ voice }) => voice),
      ['cedar', 'cedar'],
    );
    assert.equal(saidIn(events), GREETING);
    const deltas = events.filter(
      ({ type }) =>
        type === 'response.output_audio.delta' || type === 'response.output_audio_transcript.delta',
    );
    assert.equal(deltas[0]?.type, 'response.output_audio_transcript.delta');
    assert.equal(deltas[1]?.type, 'response.output_audio.delta');
    const half = deltas.slice(0, Math.ceil(deltas.length / 2));
    const words = ofType(half, 'response.output_audio_transcript.delta')
      .map(({ delta }) => delta)
      .join('');
    assert.ok(words.length > GREETING.length * 0.3 && words.length < GREETING.length * 0.7, words);
    assert.deepEqual(
      typesOf(events).filter((type) => type.endsWith('.done')),
      [
        'response.output_audio.done',
        'response.output_audio_transcript.done',
        'response.content_part.done',
        'conversation.item.done',
        'response.output_item.done',
        'response.done',
      ],
    );
    // Ten milliseconds a letter, in pieces of at most 200 ms, and a pause between the two sentences.
    const bytes = ofType(events, 'response.output_audio.delta').map(
      ({ delta }) => Buffer.from(delta, 'base64').length,
    );
    assert.equal(bytes.reduce((sum, length) => sum + length, 0) / 48, GREETING.length * 10 + 250);
    assert.ok(Math.max(...bytes) <= 250 * 48);
  });

  it('hold the same response, item and content ids in all their events', async () => {
    const events = await client.respond();
    const ids = new Set(events.flatMap((event) => ('response_id' in event ? [event.response_id] : [])));
    assert.deepEqual([...ids], [ofType(events, 'response.created')[0]?.response.id]);
    const itemIds = new Set(
      events.flatMap((event) =>
        'item_id' in event ? [event.item_id] : 'item' in event ? [event.item.id] : [],
      ),
    );
    assert.equal(itemIds.size, 1);
  });

  it('echo metadata when created and when done, and null without', async () => {
    const metadata = { create_id: 'c-1', request_ids: 'a b' };
    for (const [given, echoed] of [
      [metadata, metadata],
      [undefined, null],
    ] as const) {
      const events = await client.respond({ metadata: given });
      assert.deepEqual(ofType(events, 'response.created')[0]?.response.metadata, echoed);
      assert.deepEqual(ofType(events, 'response.done')[0]?.response.metadata, echoed);
    }
  });

  it('tell their state when created and when done', async () => {
    const events = await client.respond({ output_modalities: ['text'] });
    const begun = ofType(events, 'response.created')[0]?.response;
    assert.match(begun?.id ?? '', /^resp_\w{21}$/);
    assert.deepEqual(
      [
        begun?.object,
        begun?.status,
        begun?.status_details,
        begun?.output,
        begun?.usage,
        begun?.output_modalities,
      ],
      ['realtime.response', 'in_progress', null, [], null, ['text']],
    );
    assert.match(begun?.conversation_id ?? '', /^conv_/);
    const done = ofType(events, 'response.done')[0]?.response;
    assert.deepEqual([done?.id, done?.status, done?.status_details], [begun?.id, 'completed', null]);
    const [item] = done?.output ?? [];
    assert.ok(item?.type === 'message' && item.role === 'assistant');
    assert.deepEqual([item.status, item.content], ['completed', [{ type: 'output_text', text: GREETING }]]);
  });

  it('count tokens that add up, and cache what was read before', async () => {
    await client.update({ instructions: 'Ask one question at a time. '.repeat(20) });
    const usage = async (): Promise<RealtimeResponseUsage> =>
      ofType(await client.respond(), 'response.done')[0]!.response.usage!;
    const first = await usage();
    const second = await usage();
    for (const {
      total_tokens,
      input_tokens,
      output_tokens,
      input_token_details: read,
      output_token_details: said,
    } of [first, second]) {
      assert.equal(total_tokens, input_tokens! + output_tokens!);
      assert.equal(input_tokens, read!.text_tokens! + read!.audio_tokens!);
      assert.equal(output_tokens, said!.text_tokens! + said!.audio_tokens!);
    }
    assert.ok(first.output_token_details!.audio_tokens! > 10);
    assert.equal(first.input_token_details!.cached_tokens, 0);
    assert.ok(second.input_tokens! > first.input_tokens!);
    assert.equal(second.input_token_details!.cached_tokens, 128);
  });

  describe('one at a time', () => {
    it('refuse a second one with the id of the first and the event_id of the second, and send nothing more for it', async () => {
      const release = speech.holdSpeaking();
      const first = await created();
      client.send({ type: 'response.create', event_id: 'second' });
      const error = await client.error();
      assert.deepEqual(error, {
        type: 'invalid_request_error',
        code: 'conversation_already_has_active_response',
        message: `Conversation already has an active response in progress: ${first}. Wait until the response is finished before creating a new one.`,
        param: null,
        event_id: 'second',
      });
      client.send({ type: 'response.create' });
      assert.equal((await client.error()).event_id, null);
      release();
      const events = [...(await client.until('response.done')), ...(await client.settled())];
      assert.deepEqual(ofType(events, 'response.created'), []);
      assert.deepEqual(
        ofType(events, 'response.done').map(({ response }) => response.id),
        [first],
      );
    });

    it('are free again right after done', async () => {
      await client.respond();
      await client.respond();
      assert.deepEqual(ofType(client.events, 'error'), []);
    });

    it('run any number out of band beside it, which are in no conversation', async () => {
      const release = speech.holdSpeaking();
      const first = await created();
      const aside = { conversation: 'none', output_modalities: ['text'], input: [] };
      const a = await created({ ...aside, metadata: { n: 'a' } });
      const b = await created({ ...aside, metadata: { n: 'b' } });
      const done = [await client.next('response.done'), await client.next('response.done')];
      assert.deepEqual(
        done.map(({ response }) => [response.id, response.metadata, response.conversation_id]),
        [
          [a, { n: 'a' }, null],
          [b, { n: 'b' }, null],
        ],
      );
      assert.deepEqual(
        ofType(client.events, 'conversation.item.added').filter(
          ({ item }) => 'role' in item && item.role === 'user',
        ),
        [],
      );
      release();
      const events = await client.until('response.done');
      assert.equal(ofType(events, 'response.done')[0]?.response.id, first);
      const itemIds = ofType(client.events, 'conversation.item.added').map(({ item }) => item.id);
      const asides = done.flatMap(({ response }) => response.output ?? []).map(({ id }) => id);
      assert.equal(asides.length, 2);
      assert.ok(!asides.some((id) => itemIds.includes(id)));
    });
  });

  it('out of band that end leave the one of the conversation where it is', async () => {
    const release = speech.holdSpeaking();
    const first = await created();
    await client.respond({ conversation: 'none', output_modalities: ['text'] });
    client.send({ type: 'response.create' });
    assert.ok((await client.error()).message.includes(first));
    release();
    assert.equal((await client.next('response.done')).response.id, first);
  });

  it('whose item the client deletes in the middle end without telling of it in the conversation', async () => {
    const release = speech.holdSpeaking();
    client.send({ type: 'response.create' });
    const { item } = await client.next('response.output_item.added');
    client.send({ type: 'conversation.item.delete', item_id: item.id });
    await client.next('conversation.item.deleted');
    release();
    const events = await client.until('response.done');
    assert.ok(typesOf(events).includes('response.output_item.done'));
    assert.ok(!typesOf(events).includes('conversation.item.done'));
    assert.equal(ofType(events, 'response.done')[0]?.response.status, 'completed');
  });

  describe('when cancelled', () => {
    it('end at once with what was said, and nothing comes after', async () => {
      await client.respond();
      const release = speech.holdSpeaking();
      const id = await created();
      await client.next('response.content_part.added');
      client.send({ type: 'response.cancel', response_id: id });
      const events = await client.until('response.done');
      release();
      const { response } = ofType(events, 'response.done')[0]!;
      assert.deepEqual(
        [response.id, response.status, response.status_details],
        [id, 'cancelled', { type: 'cancelled', reason: 'client_cancelled' }],
      );
      assert.equal(statusOf(response.output?.[0]), 'incomplete');
      assert.deepEqual(typesOf(events), [
        'response.output_audio.done',
        'response.output_audio_transcript.done',
        'response.content_part.done',
        'conversation.item.done',
        'response.output_item.done',
        'response.done',
      ]);
      assert.deepEqual(await client.settled(), []);
      await client.respond();
    });

    it('stop in the middle of their sound', async () => {
      await client.close();
      const paced = await startDemo({ port: 0, speech, pace: 20 });
      client = await RealtimeClient.connect(paced);
      client.send({ type: 'response.create' });
      await client.next('response.output_audio.delta');
      client.send({ type: 'response.cancel' });
      const events = await client.until('response.done');
      const sent = ofType(client.events, 'response.output_audio.delta').length;
      assert.ok(sent >= 1 && sent < 5, `${String(sent)} pieces`);
      const { transcript } = ofType(events, 'response.output_audio_transcript.done')[0]!;
      assert.ok(transcript.length > 0 && GREETING.startsWith(transcript));
      await client.close();
      await paced.close();
      client = await RealtimeClient.connect(demo);
    });

    it('without an id only in the conversation, never out of band', async () => {
      const release = speech.holdSpeaking();
      const aside = await created({ conversation: 'none' });
      client.send({ type: 'response.cancel', event_id: 'x' });
      assert.deepEqual(await client.error(), {
        type: 'invalid_request_error',
        code: 'response_cancel_not_active',
        message: 'Cancellation failed: no active response found',
        param: null,
        event_id: 'x',
      });
      const inBand = await created();
      client.send({ type: 'response.cancel' });
      assert.equal((await client.next('response.done')).response.id, inBand);
      client.send({ type: 'response.cancel', response_id: aside });
      const done = await client.next('response.done');
      assert.deepEqual([done.response.id, done.response.status], [aside, 'cancelled']);
      release();
    });

    it('by an id that is not at work are told so, and what is at work goes on', async () => {
      const release = speech.holdSpeaking();
      const id = await created();
      client.send({ type: 'response.cancel', response_id: 'resp_other' });
      assert.equal((await client.error()).code, 'response_cancel_not_active');
      release();
      const { response } = await client.next('response.done');
      assert.deepEqual([response.id, response.status], [id, 'completed']);
      client.send({ type: 'response.cancel', response_id: id });
      assert.equal((await client.error()).code, 'response_cancel_not_active');
    });
  });

  describe('end', () => {
    for (const modality of ['text', 'audio'] as const) {
      it(`incomplete where the tokens run out (${modality})`, async () => {
        const { response } = ofType(
          await client.respond({ max_output_tokens: 10, output_modalities: [modality] }),
          'response.done',
        )[0]!;
        assert.deepEqual(
          [response.status, response.status_details],
          ['incomplete', { type: 'incomplete', reason: 'max_output_tokens' }],
        );
        assert.ok((response.usage?.output_tokens ?? 99) <= 10);
        assert.equal(statusOf(response.output?.[0]), 'incomplete');
      });
    }

    it('failed when there is no voice, and the conversation is free again', async () => {
      const mute = Object.assign(new FakeSpeech(), {
        // eslint-disable-next-line @typescript-eslint/require-await
        async *speak(): AsyncGenerator<Int16Array> {
          throw new Error('There is no voice here');
        },
      });
      const silent = await startDemo({ port: 0, speech: mute, pace: Infinity });
      const other = await RealtimeClient.connect(silent);
      const { response } = ofType(await other.respond(), 'response.done')[0]!;
      assert.equal(response.status, 'failed');
      assert.deepEqual(response.status_details?.error, {
        type: 'server_error',
        code: 'server_error',
        message: 'There is no voice here',
      });
      const written = await other.respond({ output_modalities: ['text'] });
      assert.equal(ofType(written, 'response.done')[0]?.response.status, 'completed');
      await other.close();
      await silent.close();
    });
  });

  describe('read', () => {
    const text = (role: string, words: string): Record<string, unknown> => ({
      type: 'message',
      role,
      content: [{ type: role === 'assistant' ? 'output_text' : 'input_text', text: words }],
    });

    it('the conversation, unless they are given an input of their own', async () => {
      await client.say('We drove to the old harbour together.');
      const written = { output_modalities: ['text'] };
      assert.match(saidIn(await client.respond(written)), /harbour/);
      const own = await client.respond({ ...written, input: [text('user', 'My bicycle was stolen once.')] });
      assert.match(saidIn(own), /bicycle/);
      assert.doesNotMatch(saidIn(own), /harbour/);
      assert.equal(saidIn(await client.respond({ ...written, input: [] })), GREETING);
    });

    it('items by reference, and refuse one that is not there', async () => {
      const id = await client.say('We drove to the old harbour together.');
      const events = await client.respond({
        conversation: 'none',
        output_modalities: ['text'],
        input: [{ type: 'item_reference', id }],
      });
      assert.match(saidIn(events), /harbour/);
      client.send({ type: 'response.create', response: { input: [{ type: 'item_reference', id: 'zz' }] } });
      assert.equal((await client.error()).param, 'response.input[0].id');
    });

    it('instructions of their own instead of the session’s', async () => {
      await client.update({ instructions: 'Say “the session speaks”' });
      const written = { output_modalities: ['text'] };
      assert.equal(saidIn(await client.respond(written)), 'the session speaks');
      assert.equal(saidIn(await client.respond({ ...written, instructions: 'Say “I speak”' })), 'I speak');
    });
  });

  describe('call', () => {
    const tools = [
      {
        type: 'function',
        name: 'note',
        parameters: {
          type: 'object',
          required: ['kind', 'text'],
          properties: {
            kind: { enum: ['short', 'long'] },
            text: { type: 'string' },
            page: { type: 'integer' },
          },
        },
      },
      { type: 'function', name: 'other' },
    ];

    it('a tool that they are forced to, and say nothing', async () => {
      await client.say('Remember the harbour');
      const events = await client.respond({ tools, tool_choice: { type: 'function', name: 'note' } });
      const [call] = callsIn(events);
      assert.deepEqual(
        [call?.name, call?.arguments],
        ['note', { kind: 'short', text: 'Remember the harbour' }],
      );
      assert.equal(saidIn(events), '');
      const collapsed = typesOf(events).filter((type, n, all) => type !== all[n - 1]);
      assert.deepEqual(collapsed.slice(2), [
        'response.output_item.added',
        'conversation.item.added',
        'response.function_call_arguments.delta',
        'response.function_call_arguments.done',
        'conversation.item.done',
        'response.output_item.done',
        'response.done',
      ]);
      const deltas = ofType(events, 'response.function_call_arguments.delta');
      assert.deepEqual(JSON.parse(deltas.map(({ delta }) => delta).join('')), call?.arguments);
      await client.add({ type: 'function_call_output', call_id: call?.call_id, output: '{}' });
    });

    for (const [response, param] of [
      [{ tools, tool_choice: { type: 'function', name: 'nobody' } }, 'response.tool_choice'],
      [{ tools: [], tool_choice: 'required' }, 'response.tool_choice'],
      [{ output_modalities: ['audio', 'text'] }, 'response.output_modalities'],
      [{ modalities: ['text'] }, 'response.modalities'],
      [{ metadata: { key: 7 } }, 'response.metadata.key'],
      [{ metadata: { ['k'.repeat(65)]: 'v' } }, `response.metadata.${'k'.repeat(65)}`],
      [
        { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${String(n)}`, 'v'])) },
        'response.metadata',
      ],
      [{ conversation: 'conv_1' }, 'response.conversation'],
      [{ input: [{ type: 'message', role: 'user' }] }, 'response.input[0].content'],
    ] as const) {
      it(`nothing and do not start with a wrong ${param.slice(0, 40)} (${JSON.stringify(response).slice(0, 40)})`, async () => {
        client.send({ type: 'response.create', response });
        assert.equal((await client.error()).param, param);
        assert.deepEqual(await client.settled(), []);
      });
    }
  });
});
