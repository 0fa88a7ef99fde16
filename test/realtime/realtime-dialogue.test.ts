import { expect } from '@open-wc/testing';
import { settle } from '../../src/testing/fake-clock.js';
import { Talk, wordsOf } from '../support/realtime-talk.js';

describe('RealtimeDialogue', () => {
  describe('opening', () => {
    it('greets the server, configures the session and waits for the confirmation', async () => {
      const talk = new Talk();
      const opening = talk.dialogue.open(talk.options({ model: 'gpt-x', voice: 'marin' }));
      let isOpen = false;
      void opening.then(() => (isOpen = true));
      await settle();
      expect(talk.wire.url).to.equal('ws://localhost/v1/realtime?model=gpt-x');
      expect(talk.wire.protocols).to.deep.equal(['realtime', 'openai-insecure-api-key.ek_1']);
      talk.wire.accept();
      await talk.wire.say({ type: 'session.created', session: {} });
      const update = talk.wire.expect('session.update');
      expect(update['session']).to.deep.equal({
        type: 'realtime',
        model: 'gpt-x',
        instructions: 'Be kind.',
        output_modalities: ['audio'],
        tools: [],
        tool_choice: 'auto',
        audio: {
          input: {
            format: { type: 'audio/pcm', rate: 24000 },
            transcription: { model: 'gpt-transcribe', language: 'en' },
            turn_detection: null,
          },
          output: { format: { type: 'audio/pcm', rate: 24000 }, voice: 'marin' },
        },
      });
      await settle();
      expect(isOpen).to.equal(false);
      await talk.wire.say({ type: 'session.updated', session: {} });
      await opening;
      expect(talk.all('status').map(({ status }) => status)).to.deep.equal(['connecting', 'open']);
      await talk.end();
    });

    it('R35: asks for nothing before the session is confirmed, and gives up waiting for that after 5 s', async () => {
      const talk = new Talk();
      const opening = talk.dialogue.open(talk.options());
      await settle();
      talk.wire.accept();
      await talk.wire.say({ type: 'session.created', session: {} });
      talk.wire.expect('session.update');
      talk.dialogue.say({ reason: 'opening' });
      await settle();
      talk.wire.expectNothing();
      await talk.clock.advanceAsync(5000);
      await opening;
      talk.wire.expect('response.create');
      await talk.end();
    });

    it('rejects when the server refuses the configuration', async () => {
      const talk = new Talk();
      const opening = talk.dialogue.open(talk.options());
      await settle();
      talk.wire.accept();
      await talk.wire.say({ type: 'session.created', session: {} });
      const { event_id } = talk.wire.expect('session.update');
      const error = {
        type: 'invalid_request_error',
        code: 'unknown_parameter',
        message: 'No such thing',
        event_id,
      };
      void talk.wire.say({ type: 'error', error });
      const failure = await opening.catch((reason: unknown) => reason);
      expect(failure).to.include({ code: 'provider-error', message: 'unknown_parameter: No such thing' });
      expect(talk.dialogue.status).to.equal('closed');
      expect(talk.wire.readyState).to.equal(3);
      expect(talk.clock.pending).to.equal(0);
    });

    it('rejects with the reason when its signal aborts, and may be opened again', async () => {
      const talk = new Talk();
      const stop = new AbortController();
      const opening = talk.dialogue.open(talk.options({ signal: stop.signal }));
      await settle();
      stop.abort(new Error('no longer wanted'));
      const failure = await opening.catch((reason: unknown) => reason);
      expect(failure).to.have.property('message', 'no longer wanted');
      const again = talk.dialogue.open(talk.options());
      await talk.accept();
      await again;
      expect(talk.server.sockets).to.have.length(2);
      expect(talk.tokens).to.equal(2);
      await talk.end();
    });

    it('tells the model the history first and continues behind its last turn', async () => {
      const history = [
        { id: 'a', speaker: 'interviewer', text: 'Where do you work?' },
        { id: 'b', speaker: 'participant', text: 'At a school.' },
        { id: 'c', speaker: 'participant', text: '' },
      ] as const;
      const talk = new Talk();
      const opening = talk.dialogue.open(talk.options({ history }));
      await talk.accept();
      expect(wordsOf(talk.wire.expect('conversation.item.create'))).to.equal(
        'What follows is the interview so far. Go on from there, and greet nobody again.',
      );
      expect(talk.wire.expect('conversation.item.create')['item']).to.deep.include({
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Where do you work?' }],
      });
      expect(talk.wire.expect('conversation.item.create')['item']).to.deep.include({
        role: 'user',
        content: [{ type: 'input_text', text: 'At a school.' }],
      });
      await opening;
      talk.dialogue.say({ reason: 'continue' });
      const turnId = await talk.interviewer('And then?', 400);
      expect(talk.change(turnId, 'linked').afterId).to.equal('c');
      await talk.end();
    });
  });

  describe('a conversation', () => {
    it('opens with a forced tool, continues once, hears the participant and answers', async () => {
      const talk = await Talk.open();
      talk.guidance = 'Opening moves';
      const opening = talk.dialogue.say({ reason: 'opening', forceTool: 'interview_guidance' });
      await settle();
      expect(wordsOf(talk.wire.expect('conversation.item.create'))).to.equal('Opening moves');
      const create = talk.wire.expect('response.create');
      expect(create['response']).to.deep.include({
        tool_choice: { type: 'function', name: 'interview_guidance' },
      });
      const forced = await talk.created({}, create);
      const call = {
        ...{ id: 'item_call', type: 'function_call', call_id: 'call_1', name: 'interview_guidance' },
        ...{ arguments: '{"move":"opening"}', status: 'completed' },
      };
      await talk.wire.say({
        type: 'response.output_item.done',
        response_id: forced,
        output_index: 0,
        item: call,
      });
      expect(talk.all('calls'), 'not before the response is done').to.deep.equal([]);
      await talk.done(forced, 'completed', [call]);
      expect(await opening.outcome).to.deep.equal({ status: 'completed' });
      expect(talk.all('calls')).to.deep.equal([
        {
          calls: [{ callId: 'call_1', name: 'interview_guidance', arguments: { move: 'opening' } }],
          spoke: false,
        },
      ]);

      talk.guidance = undefined;
      talk.dialogue.answer('call_1', '{"say":"Welcome."}', { andContinue: true });
      const output = talk.wire.expect('conversation.item.create');
      expect(output['item']).to.deep.include({
        type: 'function_call_output',
        call_id: 'call_1',
        output: '{"say":"Welcome."}',
      });
      await settle();
      expect(talk.wire.unread[0]?.['response']).to.deep.include({ tool_choice: 'none' });
      const welcome = await talk.interviewer('Welcome. Where do you work?', 2000);
      await talk.played(welcome, 2000);

      const { ticket, turnId } = await talk.participant('item_p1');
      expect(talk.recorded).to.deep.equal([turnId]);
      talk.clock.advance(300);
      const question = await talk.interviewer('And what do you teach?', 1000);
      expect((await ticket.outcome).status).to.equal('completed');
      talk.clock.advance(100);
      await talk.played(question, 1000);
      await talk.transcribed('item_p1', 'At a school.');

      expect(talk.changes(welcome)).to.deep.equal([
        'began',
        'linked',
        'text: Welcome. Where do you work?',
        'sounded',
        'ended',
        'final: Welcome. Where do you work?',
      ]);
      expect(talk.changes(turnId)).to.deep.equal(['began', 'ended', 'linked', 'final: At a school.']);
      expect(talk.change(turnId, 'linked').afterId).to.equal(welcome);
      expect(talk.change(question, 'linked').afterId).to.equal(turnId);
      expect(talk.change(question, 'sounded').latencyMs).to.equal(400);
      expect(talk.change(welcome, 'sounded')).to.not.have.property('latencyMs');
      expect(talk.all('spoken').map(({ heardShare }) => heardShare)).to.deep.equal([1, 1]);
      expect(talk.all('heard')).to.deep.equal([{ turnId }]);
      expect(talk.all('error')).to.deep.equal([]);
      await talk.end();
    });

    it('tells when the model is at work and when the participant is heard', async () => {
      const talk = await Talk.open();
      await talk.participant('item_p1');
      const question = await talk.interviewer('Yes?', 500);
      await talk.played(question, 500);
      expect(talk.all('hearing').map(({ isHearing }) => isHearing)).to.deep.equal([true, false]);
      expect(talk.all('thinking').map(({ isThinking }) => isThinking)).to.deep.equal([true, false]);
      await talk.end();
    });

    it('gives out sound by turn, says when no more comes, and counts what it cost', async () => {
      const talk = await Talk.open();
      talk.dialogue.say({ reason: 'opening' });
      const response = await talk.created();
      const turnId = await talk.begins(response, 'item_1');
      await talk.sounds(response, 'item_1', 40, 'Hel');
      await talk.sounds(response, 'item_1', 60, 'lo');
      await talk.itemDone(response, 'item_1', 'Hello');
      await talk.wire.say({ type: 'session.created', session: { type: 'realtime', model: 'a-model' } });
      for (const usage of [
        { type: 'duration', seconds: 2.5 },
        { type: 'tokens', input_token_details: { audio_tokens: 40 } },
      ]) {
        const type = 'conversation.item.input_audio_transcription.completed';
        await talk.wire.say({ type, item_id: 'item_0', content_index: 0, transcript: 'Hello', usage });
      }
      await talk.wire.say({
        type: 'response.done',
        response: {
          id: response,
          status: 'completed',
          usage: {
            total_tokens: 30,
            input_tokens: 20,
            output_tokens: 10,
            input_token_details: {
              audio_tokens: 5,
              cached_tokens: 8,
              cached_tokens_details: { audio_tokens: 3 },
            },
            output_token_details: { audio_tokens: 7 },
          },
        },
      });
      expect(talk.all('speech').map(({ pcm, turnId: id }) => [id, pcm.length])).to.deep.equal([
        [turnId, 960],
        [turnId, 1440],
      ]);
      expect(talk.all('speech')[0]?.pcm[0]).to.equal(1000);
      expect(talk.all('speech-end')).to.deep.equal([{ turnId }]);
      expect(talk.all('usage').map(({ transcribedSeconds }) => transcribedSeconds)).to.deep.equal([
        2.5, 4, 0,
      ]);
      expect(talk.all('usage').at(-1)).to.deep.equal({
        inputTokens: 20,
        outputTokens: 10,
        inputAudioTokens: 5,
        outputAudioTokens: 7,
        cachedTokens: 8,
        cachedAudioTokens: 3,
        transcribedSeconds: 0,
        model: 'a-model',
      });
      await talk.end();
    });

    it('answers in writing: a turn is over when its response is complete', async () => {
      const talk = await Talk.open({ output: 'text', mode: 'text' });
      talk.dialogue.say({ reason: 'opening' });
      const response = await talk.created({ output_modalities: ['text'] });
      const turnId = await talk.begins(response, 'item_1');
      const part = { response_id: response, item_id: 'item_1', output_index: 0, content_index: 0 };
      await talk.wire.say({ type: 'response.output_text.delta', ...part, delta: 'Good ' });
      await talk.wire.say({ type: 'response.output_text.delta', ...part, delta: 'day.' });
      await talk.wire.say({ type: 'response.output_text.done', ...part, text: 'Good day.' });
      expect(talk.all('spoken')).to.deep.equal([]);
      await talk.done(response);
      expect(talk.change(turnId, 'began').medium).to.equal('text');
      expect(talk.changes(turnId)).to.deep.equal([
        'began',
        'linked',
        'text: Good ',
        'text: Good day.',
        'ended',
        'final: Good day.',
      ]);
      expect(talk.all('spoken')).to.deep.equal([{ turnId, text: 'Good day.', heardShare: 1 }]);
      await talk.end();
    });

    it('understands a server that sends its words only with the end of the response', async () => {
      const talk = await Talk.open({ output: 'text' });
      talk.dialogue.say({ reason: 'opening' });
      const response = await talk.created();
      await talk.done(response, 'completed', [
        {
          id: 'item_1',
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Late words.' }],
        },
      ]);
      expect(talk.all('spoken').map(({ text }) => text)).to.deep.equal(['Late words.']);
      await talk.end();
    });

    it('goes on when nothing plays the sound: the turn ends with what was heard', async () => {
      const talk = await Talk.open();
      talk.dialogue.say({ reason: 'opening' });
      const turnId = await talk.interviewer('Hello', 1000);
      await talk.clock.advanceAsync(5999);
      expect(talk.all('spoken')).to.deep.equal([]);
      await talk.clock.advanceAsync(1);
      expect(talk.all('spoken')).to.deep.equal([{ turnId, text: 'Hello', heardShare: 0 }]);
      await talk.end();
    });
  });

  describe('guidance', () => {
    it('is asked for once, at the moment when the create that it serves goes out', async () => {
      const talk = await Talk.open();
      talk.guidance = 'early';
      const release = talk.dialogue.hold('test');
      const { ticket } = await talk.participant('item_p1');
      talk.dialogue.say({ reason: 'continue' });
      await settle();
      expect(talk.guidanceAsked).to.equal(0);
      talk.guidance = 'late';
      release();
      await settle();
      expect(wordsOf(talk.wire.expect('conversation.item.create'))).to.equal('late');
      expect(talk.guidanceAsked).to.equal(1);
      await talk.interviewer('Both answered.', 100);
      expect((await ticket.outcome).status).to.equal('completed');
      await talk.end();
    });

    it('gives way to guidance of the request itself, and is no turn of the conversation', async () => {
      const talk = await Talk.open();
      talk.guidance = 'standing';
      talk.dialogue.say({ reason: 'assessment', guidance: () => 'Say the summary.' });
      const item = talk.wire.expect('conversation.item.create');
      expect(wordsOf(item)).to.equal('Say the summary.');
      expect(talk.guidanceAsked).to.equal(0);
      const { id } = item['item'] as { id: string };
      await talk.itemAdded({ id, type: 'message', role: 'system', content: [] });
      const turnId = await talk.interviewer('In short: well done.', 100);
      expect(talk.change(turnId, 'linked').afterId).to.equal(null);
      await talk.end();
    });
  });

  describe('errors', () => {
    it('tells an event without the field that it needs as a protocol error, and goes on', async () => {
      const talk = await Talk.open();
      await talk.wire.say({ type: 'response.output_audio.delta', response_id: 'r', delta: 7 });
      await talk.wire.say({ type: 'response.mcp_call.in_progress', item_id: 'x' });
      expect(talk.all('error').map(({ code, message }) => [code, message])).to.deep.equal([
        [
          'protocol-error',
          'response.output_audio.delta, "item_id": Invalid key: Expected "item_id" but received undefined',
        ],
      ]);
      expect([...talk.dialogue.ignoredEvents]).to.deep.equal([['response.mcp_call.in_progress', 1]]);
      expect(talk.dialogue.status).to.equal('open');
      await talk.end();
    });

    it('remembers no more types of unknown events than anybody will read', async () => {
      const talk = await Talk.open();
      for (let n = 0; n < 300; n++) talk.wire.raw(JSON.stringify({ type: `future.${n}` }));
      talk.wire.raw(JSON.stringify({ type: 'x'.repeat(100_000) }));
      talk.wire.raw(JSON.stringify({ type: 'future.7' }));
      const { ignoredEvents } = talk.dialogue;
      expect(ignoredEvents.size).to.equal(101);
      expect(ignoredEvents.get('other')).to.equal(201);
      expect(ignoredEvents.get('future.7')).to.equal(2);
      await talk.end();
    });

    it('reports an error that nobody waits for, and not those of the lock', async () => {
      const talk = await Talk.open();
      const error = { type: 'invalid_request_error', code: 'strange', message: 'What?', event_id: 'unknown' };
      await talk.wire.say({ type: 'error', error });
      await talk.wire.say({ type: 'error', error: { ...error, code: 'response_cancel_not_active' } });
      // What the server itself tried while a response was active, in its wordings of today and of before.
      const message = 'Conversation already has an active response in progress: resp_1.';
      const code = 'conversation_already_has_active_response';
      await talk.wire.say({ type: 'error', error: { ...error, code, message, event_id: null } });
      await talk.wire.say({ type: 'error', error: { ...error, code: null, message, event_id: null } });
      const nothing = 'Cancellation failed: no active response found';
      await talk.wire.say({ type: 'error', error: { ...error, code: null, message: nothing } });
      expect(talk.all('error').map(({ code, message }) => [code, message])).to.deep.equal([
        ['provider-error', 'strange: What?'],
      ]);
      expect(talk.all('error')[0]?.isDiagnostic, 'the participant need not know').to.equal(true);
      await talk.end();
    });

    it('ends at an error after which nothing will work: every ticket settles', async () => {
      const talk = await Talk.open();
      const ticket = talk.dialogue.say({ reason: 'opening' });
      await talk.created();
      const error = { type: 'insufficient_quota', code: 'insufficient_quota', message: 'No money.' };
      await talk.wire.say({ type: 'error', error });
      expect(talk.dialogue.status).to.equal('closed');
      expect(talk.all('error').map(({ code, recoverable }) => [code, recoverable])).to.deep.equal([
        ['provider-quota', false],
      ]);
      expect(['failed', 'disconnected']).to.include((await ticket.outcome).status);
      expect(talk.server.sockets).to.have.length(1);
      await talk.clock.advanceAsync(60_000);
      expect(talk.server.sockets).to.have.length(1);
      expect(talk.clock.pending).to.equal(0);
    });
  });
});
