import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { FakeSpeech, sound, SPEECH_STARTS, SPEECH_STOPS } from './fake-speech.js';
import { ofType, RealtimeClient, saidIn, typesOf } from './realtime-client.js';

describe('The participant’s sound', () => {
  const clock = new FakeClock();
  let speech: FakeSpeech;
  let demo: Demo;
  let client: RealtimeClient;
  beforeEach(async () => {
    speech = new FakeSpeech();
    demo = await startDemo({ port: 0, speech, clock, pace: Infinity });
    client = await RealtimeClient.connect(demo, {
      output_modalities: ['text'],
      audio: { input: { turn_detection: null, transcription: { model: 'gpt-transcribe' } } },
    });
  });
  afterEach(async () => {
    await client.close();
    await demo.close();
  });
  const detect = (turn_detection: Record<string, unknown>): Promise<unknown> =>
    client.update({ audio: { input: { turn_detection } } });
  const commit = (): void => {
    client.send({ type: 'input_audio_buffer.commit' });
  };

  describe('committed by the client', () => {
    it('becomes an item at once and words later, and no response', async () => {
      const first = await client.say('Good morning.');
      const release = speech.holdHearing();
      speech.utterances.push('On my first day nobody was there and I waited.');
      client.append(sound(150));
      client.append(sound(150));
      commit();
      const taken = await client.until('conversation.item.done');
      assert.deepEqual(typesOf(taken), [
        'input_audio_buffer.committed',
        'conversation.item.added',
        'conversation.item.done',
      ]);
      const [committed] = ofType(taken, 'input_audio_buffer.committed');
      assert.equal(committed?.previous_item_id, first);
      assert.equal(ofType(taken, 'conversation.item.added')[0]?.previous_item_id, first);
      assert.deepEqual(await client.settled(), []);

      release();
      const told = await client.until('conversation.item.input_audio_transcription.completed');
      const deltas = ofType(told, 'conversation.item.input_audio_transcription.delta');
      assert.ok(deltas.length > 1);
      const completed = told.at(-1);
      assert.ok(completed?.type === 'conversation.item.input_audio_transcription.completed');
      assert.equal(completed.item_id, committed.item_id);
      assert.equal(completed.transcript, 'On my first day nobody was there and I waited.');
      assert.equal(deltas.map(({ delta }) => delta).join(''), completed.transcript);
      assert.deepEqual(completed.usage, { type: 'duration', seconds: 0.3 });
      assert.deepEqual(speech.heard, [300]);
      assert.deepEqual(await client.settled(), []);
    });

    it('is refused below 100 ms, and nothing of it is lost', async () => {
      client.append(sound(99));
      client.send({ type: 'input_audio_buffer.commit', event_id: 'early' });
      assert.deepEqual(await client.error(), {
        type: 'invalid_request_error',
        code: 'input_audio_buffer_commit_empty',
        message:
          'Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has 99.00ms of audio.',
        param: null,
        event_id: 'early',
      });
      client.append(sound(1));
      commit();
      await client.next('input_audio_buffer.committed');
    });

    it('is forgotten by a clear', async () => {
      client.append(sound(500));
      client.send({ type: 'input_audio_buffer.clear' });
      await client.next('input_audio_buffer.cleared');
      commit();
      assert.match((await client.error()).message, /only has 0\.00ms/);
    });

    it('is understood by the interviewer without telling its words where nobody asked for them', async () => {
      await client.update({ audio: { input: { transcription: null } } });
      speech.utterances.push('I once repaired a windmill with my uncle.');
      client.append(sound(200));
      commit();
      const events = await client.respond();
      assert.match(saidIn(events), /windmill/);
      assert.ok(!typesOf(client.events).some((type) => type.includes('transcription')));
    });

    it('makes the response wait for its words, which come before or within it', async () => {
      const release = speech.holdHearing();
      speech.utterances.push('I once repaired a windmill with my uncle.');
      client.append(sound(200));
      commit();
      client.send({ type: 'response.create' });
      await client.next('response.created');
      assert.deepEqual(typesOf(await client.settled()), ['rate_limits.updated']);
      release();
      const events = await client.until('response.done');
      assert.ok(
        typesOf(events).indexOf('conversation.item.input_audio_transcription.completed') <
          typesOf(events).indexOf('response.output_item.added'),
      );
      assert.match(saidIn(events), /windmill/);
    });

    it('that cannot be understood is told as failed, and the interviewer asks to say it again', async () => {
      speech.utterances.push(new Error('The recogniser is not here'));
      client.append(sound(200));
      commit();
      const { item_id } = await client.next('input_audio_buffer.committed');
      const failed = await client.next('conversation.item.input_audio_transcription.failed');
      assert.equal(failed.item_id, item_id);
      assert.equal(failed.error.message, 'The recogniser is not here');
      assert.match(saidIn(await client.respond()), /did not catch that/);
    });

    it('without words in it completes empty, and the interviewer asks to say it again', async () => {
      speech.utterances.push('');
      client.append(sound(200));
      commit();
      const told = await client.until('conversation.item.input_audio_transcription.completed');
      assert.deepEqual(ofType(told, 'conversation.item.input_audio_transcription.delta'), []);
      assert.match(saidIn(await client.respond()), /did not catch that/);
    });

    it('whose item is gone by the time is not told of any more', async () => {
      const release = speech.holdHearing();
      speech.utterances.push('never mind');
      client.append(sound(200));
      commit();
      const { item_id } = await client.next('input_audio_buffer.committed');
      client.send({ type: 'conversation.item.delete', item_id });
      await client.next('conversation.item.deleted');
      release();
      assert.match(saidIn(await client.respond()), /Hello/);
      assert.ok(!typesOf(client.events).some((type) => type.includes('transcription')));
    });

    it('put into an item is understood, and not transcribed', async () => {
      speech.utterances.push('I once repaired a windmill with my uncle.');
      const audio = Buffer.from(sound(120).buffer).toString('base64');
      await client.add({ type: 'message', role: 'user', content: [{ type: 'input_audio', audio }] });
      assert.match(saidIn(await client.respond()), /windmill/);
      assert.ok(!typesOf(client.events).some((type) => type.includes('transcription')));
    });
  });

  describe('under voice detection', () => {
    const speak = (): void => {
      client.append(sound(400));
      client.append(sound(100, SPEECH_STARTS));
      client.append(sound(100));
      client.append(sound(500, SPEECH_STOPS));
    };

    it('is cut into a turn with the run-up, and answered', async () => {
      await detect({ type: 'server_vad' });
      speech.utterances.push('I once repaired a windmill with my uncle.');
      speak();
      const events = await client.until('response.done');
      const [started] = ofType(events, 'input_audio_buffer.speech_started');
      const [stopped] = ofType(events, 'input_audio_buffer.speech_stopped');
      assert.equal(started?.audio_start_ms, 100);
      assert.equal(stopped?.audio_end_ms, 1_100);
      const ids = new Set([
        started.item_id,
        stopped.item_id,
        ofType(events, 'input_audio_buffer.committed')[0]?.item_id,
        ofType(events, 'conversation.item.added')[0]?.item.id,
      ]);
      assert.equal(ids.size, 1);
      assert.deepEqual(speech.heard, [1_000]);
      assert.deepEqual(typesOf(events).slice(0, 7), [
        'input_audio_buffer.speech_started',
        'input_audio_buffer.speech_stopped',
        'input_audio_buffer.committed',
        'conversation.item.added',
        'conversation.item.done',
        'response.created',
        'rate_limits.updated',
      ]);
      assert.match(saidIn(events), /windmill/);
      assert.equal(ofType(events, 'response.created')[0]?.response.metadata, null);
    });

    it('loses nothing when it comes faster than the detector judges', async () => {
      await detect({ type: 'server_vad', create_response: false });
      const release = speech.holdDetecting();
      client.append(sound(400));
      client.append(sound(100, SPEECH_STARTS));
      for (let n = 0; n < 50; n++) client.append(sound(100));
      client.append(sound(100, SPEECH_STOPS));
      await client.settled();
      release();
      await client.next('conversation.item.input_audio_transcription.completed');
      assert.deepEqual(speech.heard, [300 + 100 + 5_000 + 100]);
    });

    it('is not answered by itself with create_response off', async () => {
      await detect({ type: 'server_vad', create_response: false });
      speak();
      await client.next('conversation.item.input_audio_transcription.completed');
      assert.deepEqual(await client.settled(), []);
    });

    it('stops the interviewer, with turn_detected as the reason', async () => {
      await detect({ type: 'server_vad', create_response: false });
      await client.update({ output_modalities: ['audio'] });
      const release = speech.holdSpeaking();
      client.send({ type: 'response.create' });
      await client.next('response.content_part.added');
      client.append(sound(100, SPEECH_STARTS));
      const events = await client.until('response.done');
      assert.equal(events[0]?.type, 'input_audio_buffer.speech_started');
      const { response } = ofType(events, 'response.done')[0]!;
      assert.deepEqual(
        [response.status, response.status_details],
        ['cancelled', { type: 'cancelled', reason: 'turn_detected' }],
      );
      release();
    });

    it('lets the interviewer finish with interrupt_response off, and then collides as the provider does', async () => {
      await detect({ type: 'server_vad', interrupt_response: false });
      await client.update({ output_modalities: ['audio'] });
      const release = speech.holdSpeaking();
      client.send({ type: 'response.create' });
      const { response } = await client.next('response.created');
      speak();
      const error = await client.error();
      assert.equal(error.code, 'conversation_already_has_active_response');
      assert.ok(error.message.includes(response.id ?? '?'));
      assert.equal(error.event_id, null);
      release();
      assert.equal((await client.next('response.done')).response.status, 'completed');
    });

    it('does not stop what runs out of band', async () => {
      await detect({ type: 'server_vad', create_response: false });
      const release = speech.holdSpeaking();
      client.send({
        type: 'response.create',
        response: { conversation: 'none', output_modalities: ['audio'] },
      });
      await client.next('response.content_part.added');
      client.append(sound(100, SPEECH_STARTS));
      await client.next('input_audio_buffer.speech_started');
      release();
      assert.equal((await client.next('response.done')).response.status, 'completed');
    });

    it('is detected as the session says, and anew when that changes', async () => {
      speech.detectors.length = 0;
      await detect({ type: 'server_vad', threshold: 0.7, prefix_padding_ms: 100, silence_duration_ms: 800 });
      await detect({ type: 'server_vad', threshold: 0.7 });
      await detect({ type: 'semantic_vad', eagerness: 'low' });
      await detect({ type: 'semantic_vad', eagerness: 'high' });
      assert.deepEqual(speech.detectors, [
        { threshold: 0.7, prefixPaddingMs: 100, silenceDurationMs: 800 },
        { threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 700 },
        { threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 700 },
      ]);
    });

    it('goes on over a change of the silence that ends it, and no other change', async () => {
      await detect({ type: 'server_vad', create_response: false });
      speech.detectors.length = 0;
      client.append(sound(400));
      client.append(sound(100, SPEECH_STARTS));
      const { item_id } = await client.next('input_audio_buffer.speech_started');
      await detect({ type: 'server_vad', create_response: false, silence_duration_ms: 2_500 });
      client.append(sound(500, SPEECH_STOPS));
      assert.equal((await client.next('input_audio_buffer.committed')).item_id, item_id);
      assert.deepEqual([speech.detectors, speech.silences], [[], [2_500]]);
    });

    describe('by meaning', () => {
      const pause = async (words: string): Promise<void> => {
        await detect({ type: 'semantic_vad', eagerness: 'low', create_response: false });
        speech.utterances.push(words);
        client.append(sound(400));
        client.append(sound(100, SPEECH_STARTS));
        client.append(sound(800, SPEECH_STOPS));
        await client.next('input_audio_buffer.speech_started');
        await client.settled();
      };
      const wait = async (ms: number): Promise<string[]> => {
        for (let n = 0; n < ms / 100; n++) client.append(sound(100));
        return typesOf(await client.settled());
      };

      it('ends after a patient pause where the words look complete', async () => {
        await pause('The lift was stuck.');
        assert.deepEqual(await wait(1_200), []);
        await wait(100);
        assert.equal((await client.next('input_audio_buffer.speech_stopped')).audio_end_ms, 600 + 2_000);
      });

      it('waits much longer where they do not', async () => {
        await pause('The lift was stuck and');
        assert.deepEqual(await wait(7_200), []);
        await wait(100);
        assert.equal((await client.next('input_audio_buffer.speech_stopped')).audio_end_ms, 600 + 8_000);
      });

      it('is one turn with what follows a pause for thought', async () => {
        await pause('Let me think.');
        assert.deepEqual(await wait(3_000), []);
        speech.utterances.push('Let me think. The lift was stuck.');
        client.append(sound(100, SPEECH_STARTS));
        client.append(sound(800, SPEECH_STOPS));
        assert.deepEqual(typesOf(await client.settled()), []);
        speech.utterances.push('Let me think. The lift was stuck.');
        await wait(1_400);
        await client.next('input_audio_buffer.committed');
        assert.ok((speech.heard.at(-1) ?? 0) > 4_500, 'all of it was taken in');
      });

      it('goes by silence where nothing can be understood', async () => {
        speech.utterances.push(new Error('no model'));
        await pause('');
        speech.utterances.length = 0;
        await wait(1_400);
        await client.next('input_audio_buffer.speech_stopped');
      });
    });

    it('counts its time from the beginning of the session, also with a detector that came later', async () => {
      client.append(sound(1_000));
      await detect({ type: 'server_vad', create_response: false });
      client.append(sound(400));
      client.append(sound(100, SPEECH_STARTS));
      assert.equal((await client.next('input_audio_buffer.speech_started')).audio_start_ms, 1_100);
    });

    for (const [name, event, answer] of [
      ['cleared', { type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared'],
      ['committed by the client', { type: 'input_audio_buffer.commit' }, 'input_audio_buffer.committed'],
      [
        'no longer to be detected',
        { type: 'session.update', session: { type: 'realtime', audio: { input: { turn_detection: null } } } },
        'session.updated',
      ],
    ] as const) {
      it(`${name} in mid-speech is no turn any more`, async () => {
        await detect({ type: 'server_vad', create_response: false });
        client.append(sound(200, SPEECH_STARTS));
        await client.next('input_audio_buffer.speech_started');
        client.send(event);
        await client.next(answer);
        client.append(sound(500, SPEECH_STOPS));
        const types = typesOf(await client.settled());
        assert.ok(!types.includes('input_audio_buffer.speech_stopped'), types.join());
        assert.ok(!types.includes('input_audio_buffer.committed'), types.join());
      });
    }

    it('is forgotten again after a turn that the client broke off', async () => {
      await detect({ type: 'server_vad', create_response: false });
      client.append(sound(200, SPEECH_STARTS));
      await client.next('input_audio_buffer.speech_started');
      client.send({ type: 'input_audio_buffer.clear' });
      for (let n = 0; n < 100; n++) client.append(sound(100));
      await client.settled();
      commit();
      await client.next('conversation.item.input_audio_transcription.completed');
      assert.ok((speech.heard.at(-1) ?? 0) <= 1_500, `${String(speech.heard.at(-1))} ms`);
    });

    it('is forgotten while nobody speaks, but for a run-up', async () => {
      await detect({ type: 'server_vad', create_response: false });
      for (let n = 0; n < 100; n++) client.append(sound(100));
      client.append(sound(100, SPEECH_STARTS));
      client.append(sound(100, SPEECH_STOPS));
      await client.next('conversation.item.input_audio_transcription.completed');
      assert.deepEqual(speech.heard, [500]);
      for (let n = 0; n < 100; n++) client.append(sound(100));
      await client.settled();
      commit();
      await client.next('conversation.item.input_audio_transcription.completed');
      const held = speech.heard.at(-1) ?? 0;
      assert.ok(held >= 1_300 && held <= 1_500, `${String(held)} ms`);
    });
  });

  describe('that does not come', () => {
    it('is answered after the idle time and the playback of what was said', async () => {
      await client.update({
        output_modalities: ['audio'],
        audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 6_000 } } },
      });
      const events = await client.respond();
      await client.settled();
      const spokenMs =
        ofType(events, 'response.output_audio.delta').reduce(
          (sum, { delta }) => sum + Buffer.from(delta, 'base64').length,
          0,
        ) / 48;
      client.append(sound(300));
      await client.settled();
      clock.advance(spokenMs + 5_999);
      assert.deepEqual(await client.settled(), []);
      clock.advance(1);
      const idle = await client.until('response.done');
      const [triggered] = ofType(idle, 'input_audio_buffer.timeout_triggered');
      assert.deepEqual([triggered?.audio_start_ms, triggered?.audio_end_ms], [0, 300]);
      assert.equal(ofType(idle, 'input_audio_buffer.committed')[0]?.item_id, triggered?.item_id);
      assert.equal(ofType(idle, 'response.done')[0]?.response.status, 'completed');
    });

    it('is not waited for once somebody speaks', async () => {
      await detect({ type: 'server_vad', idle_timeout_ms: 6_000, create_response: false });
      await client.respond();
      client.append(sound(100, SPEECH_STARTS));
      await client.next('input_audio_buffer.speech_started');
      clock.advance(20_000);
      assert.deepEqual(await client.settled(), []);
    });
  });
});
