import { expect } from '@open-wc/testing';
import { settle } from '../../src/testing/fake-clock.js';
import { Talk } from '../support/realtime-talk.js';

const call = (n: number, args = '{}') => ({
  ...{ id: `item_c${n}`, type: 'function_call', call_id: `call_${n}`, name: `tool_${n}` },
  ...{ arguments: args, status: 'completed' },
});

async function called(talk: Talk, count: number): Promise<string> {
  talk.dialogue.say({ reason: 'continue' });
  const response = await talk.created();
  for (let n = 1; n <= count; n++)
    await talk.wire.say({ type: 'response.output_item.done', response_id: response, item: call(n) });
  return response;
}

describe('tool calls', () => {
  it('R12: are told together, answered in their own order, and continued exactly once', async () => {
    const talk = await Talk.open();
    const response = await called(talk, 3);
    await talk.done(response, 'completed', [call(1), call(2), call(3)]);
    expect(talk.all('calls')).to.have.length(1);
    expect(talk.all('calls')[0]?.calls.map(({ callId }) => callId)).to.deep.equal([
      'call_1',
      'call_2',
      'call_3',
    ]);
    talk.dialogue.answer('call_2', 'b', { andContinue: true });
    talk.dialogue.answer('call_1', 'a', { andContinue: false });
    talk.wire.expect('conversation.item.create');
    expect(talk.wire.expect('conversation.item.create')['item']).to.include({
      call_id: 'call_2',
      output: 'b',
    });
    await settle();
    talk.wire.expectNothing();
    talk.dialogue.answer('call_3', 'c', { andContinue: true });
    talk.dialogue.answer('call_3', 'again', { andContinue: true });
    talk.dialogue.answer('call_unknown', 'late', { andContinue: true });
    talk.wire.expect('conversation.item.create');
    await settle();
    expect(talk.wire.unread.map(({ type }) => type)).to.deep.equal(['response.create']);
    await talk.interviewer('Done.', 100);
    await talk.end();
  });

  it('are told once, also when the end of their response comes twice', async () => {
    const talk = await Talk.open();
    const response = await called(talk, 1);
    await talk.done(response, 'completed', [call(1)]);
    await talk.done(response, 'completed', [call(1)]);
    expect(talk.all('calls')).to.have.length(1);
    talk.dialogue.answer('call_1', 'noted', { andContinue: false });
    talk.wire.expect('conversation.item.create');
    await settle();
    talk.wire.expectNothing();
    await talk.end();
  });

  it('R12: ask for nothing when nobody wants the interviewer to go on', async () => {
    const talk = await Talk.open();
    const response = await called(talk, 1);
    await talk.done(response);
    talk.dialogue.answer('call_1', 'noted', { andContinue: false });
    talk.wire.expect('conversation.item.create');
    await settle();
    await talk.end();
  });

  for (const status of ['cancelled', 'failed', 'incomplete'])
    it(`R12: of a response that was ${status} are dropped`, async () => {
      const talk = await Talk.open();
      const response = await called(talk, 2);
      await talk.done(response, status);
      expect(talk.all('calls')).to.deep.equal([]);
      talk.dialogue.answer('call_1', 'late', { andContinue: true });
      await settle();
      await talk.end();
    });

  it('know whether the same response also spoke', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'continue' });
    const response = await talk.created();
    const turnId = await talk.begins(response, 'item_1');
    await talk.sounds(response, 'item_1', 100, 'Let me see.');
    await talk.itemDone(response, 'item_1', 'Let me see.');
    await talk.done(response, 'completed', [call(1, 'no json')]);
    expect(talk.all('calls')).to.deep.equal([
      { calls: [{ callId: 'call_1', name: 'tool_1', arguments: 'no json' }], spoke: true, turnId },
    ]);
    await talk.end();
  });

  it('do not take an empty item of the same response for speech', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'continue' });
    const response = await talk.created();
    const turnId = await talk.begins(response, 'item_1');
    await talk.done(response, 'completed', [call(1)]);
    expect(talk.all('calls')[0]?.spoke).to.equal(false);
    expect(talk.changes(turnId).at(-1)).to.equal('removed');
    await talk.end();
  });

  it('R13: are answered at once although another response is active; the continuation waits', async () => {
    const talk = await Talk.open();
    const response = await called(talk, 1);
    await talk.done(response);
    talk.dialogue.say({ reason: 'assessment' });
    const other = await talk.created();
    talk.dialogue.answer('call_1', 'a', { andContinue: true });
    talk.wire.expect('conversation.item.create');
    await settle();
    talk.wire.expectNothing();
    await talk.done(other);
    expect(talk.wire.expect('response.create')['response']).to.deep.include({ tool_choice: 'none' });
    await talk.end();
  });

  it('R14: share the reply to a participant who speaks meanwhile, who keeps the tools', async () => {
    const talk = await Talk.open();
    const response = await called(talk, 1);
    await talk.done(response);
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    talk.dialogue.answer('call_1', 'a', { andContinue: true });
    talk.wire.expect('conversation.item.create');
    talk.speak(200);
    const ticket = talk.dialogue.commitTurn();
    talk.expectAppends();
    talk.wire.expect('input_audio_buffer.commit');
    await talk.taken('item_p');
    expect(talk.wire.unread).to.have.length(1);
    expect(talk.wire.unread[0]?.['response']).to.not.have.property('tool_choice');
    await talk.interviewer('To both.', 100);
    expect((await ticket.outcome).status).to.equal('completed');
    await talk.end();
  });
});

describe('work aside', () => {
  it('runs beside a reply, is asked for in writing, and gives back the model’s text', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const spoken = await talk.created();
    const aside = talk.dialogue.runAside({ instructions: 'Judge.', input: 'All that was said.' });
    const create = talk.wire.expect('response.create');
    expect(create['response']).to.deep.include({
      conversation: 'none',
      instructions: 'Judge.',
      output_modalities: ['text'],
      max_output_tokens: 1024,
      tools: [],
      tool_choice: 'none',
    });
    const beside = await talk.created({ conversation_id: null }, create);
    const item = { id: 'item_a', type: 'message', role: 'assistant', content: [] };
    await talk.wire.say({ type: 'response.output_item.added', response_id: beside, item });
    const part = { response_id: beside, item_id: 'item_a', output_index: 0, content_index: 0 };
    await talk.wire.say({ type: 'response.output_text.delta', ...part, delta: '{"depth":' });
    await talk.done(spoken);
    await talk.wire.say({
      type: 'response.done',
      response: {
        ...{
          id: beside,
          status: 'completed',
          conversation_id: null,
          metadata: (create['response'] as { metadata: object }).metadata,
        },
        output: [{ ...item, content: [{ type: 'output_text', text: '{"depth":4}' }] }],
        usage: { input_tokens: 3 },
      },
    });
    expect(await aside).to.equal('{"depth":4}');
    expect(talk.all('change'), 'nobody hears it').to.deep.equal([]);
    expect(talk.all('usage')).to.have.length(1);
    await talk.end();
  });

  it('rejects with what the provider said', async () => {
    const talk = await Talk.open();
    const aside = talk.dialogue.runAside({ instructions: 'a', input: 'b' }).catch((error: unknown) => error);
    const create = talk.wire.expect('response.create');
    const error = {
      type: 'invalid_request_error',
      code: 'invalid_value',
      message: 'No.',
      event_id: create.event_id,
    };
    await talk.wire.say({ type: 'error', error });
    expect(await aside).to.include({ code: 'provider-error', message: 'invalid_value: No.' });
    await talk.end();
  });

  it('stops with the reason of its signal and cancels what runs', async () => {
    const talk = await Talk.open();
    const stop = new AbortController();
    const aside = talk.dialogue
      .runAside({ instructions: 'a', input: 'b', signal: stop.signal })
      .catch((error: unknown) => error);
    const beside = await talk.created({ conversation_id: null });
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await aside).to.equal(reason);
    talk.wire.expect('response.cancel', { response_id: beside });
    await talk.end();
  });
});
