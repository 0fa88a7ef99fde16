import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import { FakeSpeech } from './fake-speech.js';
import { ofType, RealtimeClient } from './realtime-client.js';

interface Settings {
  audio: { input: Record<string, unknown>; output: Record<string, unknown> };
  [name: string]: unknown;
}

describe('session.update', () => {
  const speech = new FakeSpeech();
  let demo: Demo;
  let client: RealtimeClient;
  before(async () => {
    demo = await startDemo({ port: 0, speech, pace: Infinity });
  });
  after(() => demo.close());
  beforeEach(async () => {
    client = await RealtimeClient.connect(demo);
  });
  afterEach(() => client.close());
  const update = async (session: Record<string, unknown>): Promise<Settings> =>
    (await client.update(session)).session as unknown as Settings;

  it('changes only what is present', async () => {
    const before = await update({ instructions: 'Be brief.', audio: { output: { voice: 'cedar' } } });
    const after = await update({
      audio: { input: { turn_detection: null, transcription: { model: 'gpt-transcribe' } } },
    });
    assert.deepEqual(after, {
      ...before,
      audio: {
        ...before.audio,
        input: { ...before.audio.input, turn_detection: null, transcription: { model: 'gpt-transcribe' } },
      },
    });
    assert.equal(after.audio.output['voice'], 'cedar');
  });

  it('clears with null and with empty values', async () => {
    await update({
      instructions: 'x',
      tools: [{ type: 'function', name: 'f' }],
      audio: { input: { transcription: { model: 'm' } } },
    });
    const after = await update({ instructions: '', tools: [], audio: { input: { transcription: null } } });
    assert.deepEqual(
      [after['instructions'], after['tools'], after.audio.input['transcription']],
      ['', [], null],
    );
  });

  it('keeps the rest of a turn detection of the same kind, and takes the defaults of another', async () => {
    const detection = async (turn_detection: unknown): Promise<unknown> =>
      (await update({ audio: { input: { turn_detection } } })).audio.input['turn_detection'];
    const server = {
      type: 'server_vad',
      threshold: 0.5,
      prefix_padding_ms: 300,
      silence_duration_ms: 900,
      create_response: false,
      interrupt_response: true,
      idle_timeout_ms: null,
    };
    assert.deepEqual(
      await detection({ type: 'server_vad', silence_duration_ms: 900, create_response: false }),
      server,
    );
    assert.deepEqual(await detection({ type: 'server_vad', threshold: 0.7 }), { ...server, threshold: 0.7 });
    assert.deepEqual(await detection({ type: 'semantic_vad', eagerness: 'low' }), {
      type: 'semantic_vad',
      eagerness: 'low',
      create_response: true,
      interrupt_response: true,
    });
  });

  for (const [name, session, code, param] of [
    ['has no type', {}, 'missing_required_parameter', 'session.type'],
    ['is of another type', { type: 'transcription' }, 'invalid_value', 'session.type'],
    ['sets temperature', { temperature: 0.8 }, 'unknown_parameter', 'session.temperature'],
    ['uses a beta name', { modalities: ['text'] }, 'unknown_parameter', 'session.modalities'],
    ['uses a flat voice', { voice: 'marin' }, 'unknown_parameter', 'session.voice'],
    [
      'asks for both modalities',
      { output_modalities: ['text', 'audio'] },
      'invalid_value',
      'session.output_modalities',
    ],
    ['asks for no modality', { output_modalities: [] }, 'invalid_value', 'session.output_modalities'],
    ['changes the model', { model: 'gpt-realtime-2' }, 'invalid_value', 'session.model'],
    [
      'names a voice that there is not',
      { audio: { output: { voice: 'bob' } } },
      'invalid_value',
      'session.audio.output.voice',
    ],
    [
      'asks for 16 kHz',
      { audio: { input: { format: { type: 'audio/pcm', rate: 16_000 } } } },
      'invalid_value',
      'session.audio.input.format.rate',
    ],
    [
      'asks for telephone sound',
      { audio: { input: { format: { type: 'audio/pcmu' } } } },
      'unsupported_value',
      'session.audio.input.format',
    ],
    [
      'has a threshold above one',
      { audio: { input: { turn_detection: { type: 'server_vad', threshold: 1.5 } } } },
      'decimal_above_max_value',
      'session.audio.input.turn_detection.threshold',
    ],
    [
      'gives an idle timeout to semantic detection',
      { audio: { input: { turn_detection: { type: 'semantic_vad', idle_timeout_ms: 6_000 } } } },
      'unknown_parameter',
      'session.audio.input.turn_detection.idle_timeout_ms',
    ],
    [
      'asks for too many tokens',
      { max_output_tokens: 4_097 },
      'integer_above_max_value',
      'session.max_output_tokens',
    ],
    [
      'has a tool without a name',
      { tools: [{ type: 'function' }] },
      'missing_required_parameter',
      'session.tools[0].name',
    ],
    [
      'has a tool of an unknown kind',
      { tools: [{ type: 'web', name: 'w' }] },
      'invalid_value',
      'session.tools[0].type',
    ],
    [
      'speaks too fast',
      { audio: { output: { speed: 2 } } },
      'integer_above_max_value',
      'session.audio.output.speed',
    ],
    ['has a number for instructions', { instructions: 7 }, 'invalid_type', 'session.instructions'],
  ] as const) {
    it(`that ${name} is refused and changes nothing`, async () => {
      const sent =
        name === 'has no type' ? session : { type: 'realtime', instructions: 'changed', ...session };
      client.send({ type: 'session.update', event_id: 'mine', session: sent });
      const error = await client.error();
      assert.deepEqual(
        [error.type, error.code, error.param, error.event_id],
        ['invalid_request_error', code, param, 'mine'],
      );
      assert.notEqual((await update({}))['instructions'], 'changed');
    });
  }

  it('cannot change a voice that was heard, and may name it again', async () => {
    await update({ audio: { output: { voice: 'marin' } } });
    await client.respond({ output_modalities: ['text'] });
    await update({ audio: { output: { voice: 'cedar' } } });
    await client.respond();
    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { output: { voice: 'marin' } } },
    });
    const error = await client.error();
    assert.equal(error.code, 'cannot_update_voice');
    assert.equal(error.message, "Cannot update a conversation's voice if assistant audio is present.");
    await update({ audio: { output: { voice: 'cedar' } } });
    client.send({ type: 'response.create', response: { audio: { output: { voice: 'marin' } } } });
    assert.equal((await client.error()).code, 'cannot_update_voice');
  });

  it('changes the speed only between responses, and never tracing', async () => {
    const release = speech.holdSpeaking();
    client.send({ type: 'response.create' });
    await client.next('response.created');
    client.send({ type: 'session.update', session: { type: 'realtime', audio: { output: { speed: 1.2 } } } });
    assert.equal((await client.error()).param, 'session.audio.output.speed');
    release();
    await client.next('response.done');
    assert.equal((await update({ audio: { output: { speed: 1.2 } } })).audio.output['speed'], 1.2);
    await update({ tracing: 'auto' });
    client.send({ type: 'session.update', session: { type: 'realtime', tracing: null } });
    assert.equal((await client.error()).param, 'session.tracing');
  });
});

describe('A message', () => {
  let demo: Demo;
  let client: RealtimeClient;
  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), pace: Infinity });
    client = await RealtimeClient.connect(demo);
  });
  after(async () => {
    await client.close();
    await demo.close();
  });

  for (const [name, text, code, param] of [
    ['that is no JSON', 'hello', 'invalid_json', null],
    ['that is no object', '[]', 'invalid_event', null],
    ['without a type', '{}', 'missing_required_parameter', 'type'],
    ['of an unknown type', '{"type":"response.start"}', 'invalid_value', 'type'],
    ['of a type from Object’s prototype', '{"type":"constructor"}', 'invalid_value', 'type'],
    ['that only WebRTC knows', '{"type":"output_audio_buffer.clear"}', 'invalid_event', 'type'],
    ['with an unknown field', '{"type":"response.cancel","foo":1}', 'unknown_parameter', 'foo'],
    [
      'with a field of the wrong type',
      '{"type":"input_audio_buffer.append","audio":7}',
      'invalid_type',
      'audio',
    ],
    [
      'with sound that is no base64',
      '{"type":"input_audio_buffer.append","audio":"%%%%"}',
      'invalid_value',
      'audio',
    ],
    ['with half a sample', '{"type":"input_audio_buffer.append","audio":"AAAA"}', 'invalid_value', 'audio'],
  ] as const) {
    it(`${name} is answered with an error, and the session goes on`, async () => {
      client.socket.send(text);
      const error = await client.error();
      assert.deepEqual([error.type, error.code, error.param], ['invalid_request_error', code, param]);
      assert.equal(error.event_id, null);
      assert.deepEqual(await client.settled(), []);
    });
  }

  it('in a binary frame is answered with an error', async () => {
    client.socket.send(Buffer.from('{"type":"input_audio_buffer.clear"}'), { binary: true });
    assert.equal((await client.error()).code, 'invalid_json');
  });

  it('that fails is named by its event_id, also when the rest of it is wrong', async () => {
    client.send({ type: 'response.create', event_id: 'e-1', response: { foo: 1 } });
    assert.equal((await client.error()).event_id, 'e-1');
  });

  it('is answered with events that each have an id of their own', async () => {
    await client.respond();
    const ids = client.events.map((event) => ('event_id' in event ? event.event_id : ''));
    assert.ok(ids.every((id) => /^event_\w{21}$/.test(id)));
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      ofType(client.events, 'error').filter(({ error }) => error.type === 'server_error'),
      [],
    );
  });
});
