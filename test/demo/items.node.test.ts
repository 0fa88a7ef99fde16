import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import { FakeSpeech, sound } from './fake-speech.js';
import { ofType, RealtimeClient, typesOf } from './realtime-client.js';

const user = (text: string, id?: string): Record<string, unknown> => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
  id,
});

describe('Items of the conversation', () => {
  const speech = new FakeSpeech();
  let demo: Demo;
  let client: RealtimeClient;
  before(async () => {
    demo = await startDemo({ port: 0, speech, pace: Infinity });
  });
  after(() => demo.close());
  beforeEach(async () => {
    client = await RealtimeClient.connect(demo, { audio: { input: { turn_detection: null } } });
  });
  afterEach(() => client.close());

  const create = async (
    item: Record<string, unknown>,
    previous_item_id?: string,
  ): Promise<(string | null)[]> => {
    client.send({ type: 'conversation.item.create', item, previous_item_id });
    const added = await client.next('conversation.item.added');
    const done = await client.next('conversation.item.done');
    assert.equal(added.item.id, done.item.id);
    assert.equal(added.previous_item_id, done.previous_item_id);
    return [added.item.id ?? null, added.previous_item_id ?? null];
  };
  const refused = async (
    event: Record<string, unknown>,
  ): Promise<{ code?: string | null; message: string }> => {
    client.send({ ...event, event_id: 'mine' });
    const error = await client.error();
    assert.equal(error.event_id, 'mine');
    return { code: error.code ?? null, message: error.message };
  };

  it('are told as added and done, and have the ids that the client gives them, or one of the server', async () => {
    assert.deepEqual(await create(user('one', 'first')), ['first', null]);
    const [second, previous] = await create(user('two'));
    assert.match(second ?? '', /^item_\w{21}$/);
    assert.equal(previous, 'first');
  });

  it('form a chain: at the end, behind another, or at the root', async () => {
    await create(user('a', 'a'));
    await create(user('b', 'b'));
    assert.deepEqual(await create(user('x', 'x'), 'a'), ['x', 'a']);
    assert.deepEqual(await create(user('r', 'r'), 'root'), ['r', null]);
    assert.deepEqual(await create(user('e', 'e')), ['e', 'b']);
    client.send({ type: 'conversation.item.delete', item_id: 'x' });
    assert.equal((await client.next('conversation.item.deleted')).item_id, 'x');
    assert.deepEqual(await create(user('y', 'y'), 'a'), ['y', 'a']);
  });

  it('are refused behind one that is not there, and under an id that is taken', async () => {
    await create(user('a', 'a'));
    const behind = await refused({
      type: 'conversation.item.create',
      item: user('b', 'b'),
      previous_item_id: 'zzz',
    });
    assert.equal(behind.code, 'item_create_invalid_previous_item_id');
    const twice = await refused({ type: 'conversation.item.create', item: user('a', 'a') });
    assert.match(twice.message, /'a' already exists/);
    assert.deepEqual(await create(user('c', 'c')), ['c', 'a']);
  });

  for (const [name, item, code, param] of [
    ['an id of more than 32 characters', user('a', 'x'.repeat(33)), 'string_above_max_length', 'item.id'],
    [
      'a call id of more than 32 characters',
      { type: 'function_call', call_id: 'x'.repeat(33), name: 'f', arguments: '{}' },
      'string_above_max_length',
      'item.call_id',
    ],
    ['no type', { role: 'user', content: [] }, 'missing_required_parameter', 'item.type'],
    ['an unknown type', { type: 'note' }, 'invalid_value', 'item.type'],
    ['an unknown role', { type: 'message', role: 'tool', content: [] }, 'invalid_value', 'item.role'],
    [
      'a beta content type',
      { type: 'message', role: 'user', content: [{ type: 'text', text: 'x' }] },
      'invalid_value',
      'item.content[0].type',
    ],
    [
      'the sound of an assistant',
      { type: 'message', role: 'assistant', content: [{ type: 'output_audio', audio: '' }] },
      'invalid_value',
      'item.content[0].type',
    ],
    [
      'a user’s words for the system',
      { type: 'message', role: 'system', content: [{ type: 'input_audio' }] },
      'invalid_value',
      'item.content[0].type',
    ],
    ['an unknown field', { ...user('x'), name: 'p' }, 'unknown_parameter', 'item.name'],
  ] as const) {
    it(`are refused with ${name}`, async () => {
      client.send({ type: 'conversation.item.create', item });
      const error = await client.error();
      assert.deepEqual([error.code, error.param], [code, param]);
      assert.deepEqual(await client.settled(), []);
    });
  }

  it('carry the output of a call only when the call is in the conversation', async () => {
    const output = (call_id: string): Record<string, unknown> => ({
      type: 'function_call_output',
      call_id,
      output: 'ok',
    });
    const unknown = await refused({ type: 'conversation.item.create', item: output('call_1') });
    assert.deepEqual(unknown, {
      code: 'invalid_value',
      message: "Tool call ID 'call_1' not found in conversation.",
    });
    await create({ type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' });
    await create(output('call_1'));
  });

  it('are retrieved as they stand, a participant’s sound included', async () => {
    speech.utterances.push('a few words');
    client.append(sound(200, 5));
    client.send({ type: 'input_audio_buffer.commit' });
    const { item_id } = await client.next('input_audio_buffer.committed');
    client.send({ type: 'conversation.item.retrieve', item_id });
    const { item } = await client.next('conversation.item.retrieved');
    assert.ok(item.type === 'message' && item.role === 'user');
    assert.equal(item.content[0]?.transcript, 'a few words');
    assert.equal(Buffer.from(item.content[0].audio ?? '', 'base64').length, 200 * 48);
  });

  for (const [event, code, message] of [
    [
      { type: 'conversation.item.retrieve', item_id: 'zz' },
      'item_retrieve_invalid_item_id',
      "Error retrieving item: the item with id 'zz' does not exist.",
    ],
    [
      { type: 'conversation.item.delete', item_id: 'zz' },
      'item_delete_invalid_item_id',
      "Error deleting item: the item with id 'zz' does not exist.",
    ],
    [
      { type: 'conversation.item.truncate', item_id: 'zz', content_index: 0, audio_end_ms: 0 },
      'item_truncate_invalid_item_id',
      "Error truncating item: the item with id 'zz' does not exist.",
    ],
  ] as const) {
    it(`refuse ${event.type} of one that is not there`, async () => {
      assert.deepEqual(await refused(event), { code, message });
    });
  }

  describe('when the interviewer’s sound is truncated', () => {
    const spoken = async (): Promise<{ id: string; ms: number }> => {
      const events = await client.respond();
      const bytes = ofType(events, 'response.output_audio.delta').reduce(
        (sum, { delta }) => sum + Buffer.from(delta, 'base64').length,
        0,
      );
      return { id: ofType(events, 'conversation.item.added')[0]?.item.id ?? '', ms: bytes / 48 };
    };
    const truncate = (item_id: string, audio_end_ms: number, content_index = 0): Record<string, unknown> => ({
      type: 'conversation.item.truncate',
      item_id,
      audio_end_ms,
      content_index,
    });

    it('forget its words, and cannot be made longer again', async () => {
      const { id, ms } = await spoken();
      client.send(truncate(id, 40));
      const told = await client.next('conversation.item.truncated');
      assert.deepEqual([told.item_id, told.content_index, told.audio_end_ms], [id, 0, 40]);
      client.send({ type: 'conversation.item.retrieve', item_id: id });
      const { item } = await client.next('conversation.item.retrieved');
      assert.ok(item.type === 'message' && item.role === 'assistant');
      assert.equal(item.content[0]?.transcript, '');
      assert.ok(ms > 41);
      assert.equal(
        (await refused(truncate(id, 41))).message,
        'Audio content of 40ms is already shorter than 41ms',
      );
    });

    it('refuse an end beyond the sound, and accept the very end', async () => {
      const { id, ms } = await spoken();
      assert.deepEqual(await refused(truncate(id, ms + 1)), {
        code: 'invalid_value',
        message: `Audio content of ${String(ms)}ms is already shorter than ${String(ms + 1)}ms`,
      });
      client.send(truncate(id, ms));
      await client.next('conversation.item.truncated');
    });

    it('refuse it for words in writing, for the participant, and for a part that there is not', async () => {
      const written = ofType(
        await client.respond({ output_modalities: ['text'] }),
        'conversation.item.added',
      )[0];
      const own = await client.say('hello');
      for (const id of [written?.item.id ?? '', own]) {
        assert.equal(
          (await refused(truncate(id, 0))).message,
          'Only model output audio messages can be truncated',
        );
      }
      assert.match((await refused(truncate((await spoken()).id, 0, 1))).message, /content_index/);
    });
  });

  it('of a response follow the item that was last when it began to speak', async () => {
    const own = await client.say('Hello there, what is this about?');
    const events = await client.respond();
    assert.equal(ofType(events, 'conversation.item.added')[0]?.previous_item_id, own);
    assert.equal(ofType(events, 'conversation.item.done')[0]?.previous_item_id, own);
    assert.ok(
      typesOf(events).indexOf('conversation.item.done') <
        typesOf(events).indexOf('response.output_item.done'),
    );
  });
});
