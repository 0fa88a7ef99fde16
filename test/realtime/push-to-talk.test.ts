import { expect } from '@open-wc/testing';
import { settle } from '../../src/testing/fake-clock.js';
import { Talk } from '../support/realtime-talk.js';

describe('push-to-talk', () => {
  it('sends what is said between press and release, every sample of it and nothing else', async () => {
    const talk = await Talk.open();
    talk.speak(100);
    talk.wire.expectNothing();
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    talk.speak(140);
    expect(talk.expectAppends(), 'in pieces of 40 ms').to.equal(120);
    talk.speak(20);
    talk.dialogue.hear(new Int16Array(100));
    talk.dialogue.commitTurn();
    talk.speak(100);
    await settle();
    expect(talk.expectAppends()).to.be.closeTo(40 + 100 / 24, 1e-9);
    talk.wire.expect('input_audio_buffer.commit');
    await talk.end();
  });

  it('keeps a frame whose array the caller fills again', async () => {
    const talk = await Talk.open();
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    const frame = new Int16Array(480).fill(7);
    talk.dialogue.hear(frame);
    frame.fill(9);
    talk.dialogue.hear(frame);
    const { audio } = talk.wire.expect('input_audio_buffer.append') as unknown as { audio: string };
    expect(atob(audio).charCodeAt(0)).to.equal(7);
    talk.dialogue.discardTurn();
    talk.wire.expect('input_audio_buffer.clear');
    await talk.end();
  });

  it('asks for one reply once the turn is taken in and recorded, not before', async () => {
    let record: () => void = () => undefined;
    const talk = await Talk.open({ beforeReply: () => new Promise((resolve) => (record = resolve)) });
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    talk.speak(200);
    const ticket = talk.dialogue.commitTurn();
    talk.expectAppends();
    talk.wire.expect('input_audio_buffer.commit');
    await settle();
    talk.wire.expectNothing();
    await talk.taken('item_p');
    talk.wire.expectNothing();
    record();
    await settle();
    await talk.interviewer('Yes.', 100);
    expect(await ticket.outcome).to.deep.equal({ status: 'completed' });
    await talk.end();
  });

  it('asks all the same when the turn cannot be recorded', async () => {
    const talk = await Talk.open({ beforeReply: () => Promise.reject(new Error('disk full')) });
    const { ticket } = await talk.participant('item_p');
    await talk.interviewer('Yes.', 100);
    expect(await ticket.outcome).to.deep.equal({ status: 'completed' });
    expect(talk.all('error').map(({ code }) => code)).to.deep.equal(['storage-unavailable']);
    await talk.end();
  });

  it('asks all the same when the server forgets to say that the turn was taken in', async () => {
    const talk = await Talk.open();
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    talk.speak(200);
    talk.dialogue.commitTurn();
    talk.expectAppends();
    talk.wire.expect('input_audio_buffer.commit');
    await talk.clock.advanceAsync(4999);
    talk.wire.expectNothing();
    await talk.clock.advanceAsync(1);
    const turnId = talk.participantTurn();
    await talk.created();
    await talk.taken('item_late');
    await talk.transcribed('item_late', 'Here I am.');
    expect(talk.changes(turnId)).to.include('final: Here I am.');
    await talk.end();
  });

  it('holds every other reply back while the button is pressed, and until the turn has asked', async () => {
    const talk = await Talk.open();
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    const waiting = talk.dialogue.say({ reason: 'assessment' });
    await talk.clock.advanceAsync(90_000);
    talk.wire.expectNothing();
    talk.speak(200);
    const ticket = talk.dialogue.commitTurn();
    talk.expectAppends();
    talk.wire.expect('input_audio_buffer.commit');
    await settle();
    talk.wire.expectNothing();
    await talk.taken('item_p');
    await talk.interviewer('The summary.', 100);
    expect((await waiting.outcome).status).to.equal('completed');
    await talk.interviewer('The answer.', 100);
    expect((await ticket.outcome).status).to.equal('completed');
    await talk.end();
  });

  it('R27: silences what only plays without cancelling anything', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const turnId = await talk.interviewer('A long welcome to all of you', 3000, 'item_w');
    await talk.starts(turnId, 1234.9);
    talk.dialogue.beginTurn();
    await settle();
    expect(talk.playback.flushes).to.equal(1);
    talk.wire.expect('input_audio_buffer.clear');
    talk.wire.expect('conversation.item.truncate', {
      item_id: 'item_w',
      content_index: 0,
      audio_end_ms: 1234,
    });
    expect(talk.change(turnId, 'interrupted')).to.deep.include({
      by: 'participant',
      heardMs: 1234.9,
      generatedMs: 3000,
    });
    expect(talk.changes(turnId).slice(-3)).to.deep.equal([
      'interrupted',
      'ended',
      'final: A long welcome to all of you',
    ]);
    const [spoken] = talk.all('spoken');
    expect(spoken?.heardShare).to.be.closeTo(0.4116, 0.001);
    await talk.end();
  });

  it('R28: a press cancels what is generated, truncates what plays, and drops what still comes of it', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const response = await talk.created();
    const turnId = await talk.begins(response, 'item_w');
    await talk.sounds(response, 'item_w', 2000, 'Welcome');
    await talk.starts(turnId, 500);
    talk.dialogue.beginTurn();
    talk.wire.expect('response.cancel', { response_id: response });
    talk.wire.expect('input_audio_buffer.clear');
    await settle();
    talk.wire.expect('conversation.item.truncate', { item_id: 'item_w', audio_end_ms: 500 });
    const sounds = talk.all('speech').length;
    await talk.sounds(response, 'item_w', 2000, ' to everybody');
    await talk.begins(response, 'item_w2');
    await talk.sounds(response, 'item_w2', 100, 'More');
    expect(talk.all('speech')).to.have.length(sounds);
    expect(talk.all('change').filter(({ type }) => type === 'began')).to.have.length(2);
    talk.speak(300);
    const { length } = talk.all('spoken');
    const ticket = talk.dialogue.commitTurn();
    talk.expectAppends();
    talk.wire.expect('input_audio_buffer.commit');
    await talk.taken('item_p');
    talk.wire.expectNothing();
    await talk.done(response, 'cancelled');
    talk.wire.expect('conversation.item.delete', { item_id: 'item_w2' });
    await talk.interviewer('Go on.', 100);
    expect((await ticket.outcome).status).to.equal('completed');
    expect(talk.changes(turnId).at(-1)).to.equal('final: Welcome');
    expect(talk.all('spoken')).to.have.length(length);
    expect(talk.all('error')).to.deep.equal([]);
    await talk.end();
  });

  it('R40: truncates the item that plays and deletes the one not begun', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const first = await talk.interviewer('First part', 1000, 'item_1');
    talk.dialogue.say({ reason: 'continue' });
    const second = await talk.interviewer('Second part', 1000, 'item_2');
    await talk.starts(first, 400);
    await talk.dialogue.interrupt('host');
    talk.wire.expect('conversation.item.truncate', { item_id: 'item_1', audio_end_ms: 400 });
    talk.wire.expect('conversation.item.delete', { item_id: 'item_2' });
    expect(talk.change(first, 'interrupted').by).to.equal('host');
    expect(talk.changes(second).at(-1)).to.equal('removed');
    expect(talk.all('spoken').map(({ turnId }) => turnId)).to.deep.equal([first]);
    await talk.wire.say({ type: 'conversation.item.deleted', item_id: 'item_2' });
    talk.dialogue.say({ reason: 'continue' });
    const third = await talk.interviewer('Third', 100);
    expect(talk.change(third, 'linked').afterId).to.equal(first);
    await talk.end();
  });

  it('does not call interrupted what was played to its end', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const turnId = await talk.interviewer('Hello', 1000);
    await talk.starts(turnId, 1000);
    await talk.dialogue.interrupt('participant');
    expect(talk.changes(turnId).slice(-2)).to.deep.equal(['ended', 'final: Hello']);
    expect(talk.all('spoken').map(({ heardShare }) => heardShare)).to.deep.equal([1]);
    await talk.end();
  });

  it('never truncates behind what was received, whatever the player says', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const response = await talk.created();
    const turnId = await talk.begins(response, 'item_1');
    await talk.sounds(response, 'item_1', 300, 'Hello');
    await talk.starts(turnId, 320);
    await talk.dialogue.interrupt('participant');
    talk.wire.expect('response.cancel');
    talk.wire.expect('conversation.item.truncate', { audio_end_ms: 300 });
    await talk.end();
  });

  it('asks for the reply only after the server knows what was heard', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const turnId = await talk.interviewer('A long welcome', 3000, 'item_w');
    await talk.starts(turnId, 100);
    let flushed: () => void = () => undefined;
    talk.playback.flushing = new Promise((resolve) => (flushed = resolve));
    await talk.participant('item_p');
    talk.wire.expectNothing();
    flushed();
    await settle();
    talk.wire.expect('conversation.item.truncate');
    talk.wire.expect('response.create');
    await talk.end();
  });

  it('cancels a reply that was asked for but has not begun, as soon as it begins', async () => {
    const talk = await Talk.open();
    const first = talk.dialogue.say({ reason: 'opening' });
    const create = talk.wire.expect('response.create');
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    const response = await talk.created({}, create);
    talk.wire.expect('response.cancel', { response_id: response });
    const item = { id: 'item_1', type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    await talk.wire.say({ type: 'response.output_item.added', response_id: response, item });
    await talk.sounds(response, 'item_1', 100, 'Hello');
    expect(talk.all('speech')).to.deep.equal([]);
    await talk.done(response, 'cancelled');
    talk.wire.expect('conversation.item.delete', { item_id: 'item_1' });
    expect((await first.outcome).status).to.equal('cancelled');
    talk.dialogue.discardTurn();
    talk.wire.expect('input_audio_buffer.clear');
    await talk.end();
  });

  it('R29: a press that was too short is never committed and leaves nothing', async () => {
    const talk = await Talk.open();
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    talk.speak(80);
    const ticket = talk.dialogue.commitTurn();
    expect(await ticket.outcome).to.deep.equal({ status: 'skipped' });
    expect(talk.expectAppends()).to.equal(80);
    talk.wire.expect('input_audio_buffer.clear');
    expect(talk.changes(talk.participantTurn())).to.deep.equal(['began', 'removed']);
    expect(talk.all('hearing').map(({ isHearing }) => isHearing)).to.deep.equal([true, false]);
    talk.dialogue.say({ reason: 'opening' });
    talk.wire.expect('response.create');
    await talk.end();
  });

  it('R29: a commit that the server finds empty asks for nothing', async () => {
    const talk = await Talk.open();
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    talk.speak(120);
    const ticket = talk.dialogue.commitTurn();
    talk.expectAppends();
    const { event_id } = talk.wire.expect('input_audio_buffer.commit');
    const message = 'Error committing input audio buffer: buffer too small.';
    const error = {
      type: 'invalid_request_error',
      code: 'input_audio_buffer_commit_empty',
      message,
      event_id,
    };
    await talk.wire.say({ type: 'error', error });
    expect(await ticket.outcome).to.deep.equal({ status: 'skipped' });
    expect(talk.changes(talk.participantTurn())).to.deep.equal(['began', 'ended', 'removed']);
    expect(talk.all('error')).to.deep.equal([]);
    await talk.participant('item_p');
    talk.wire.expect('response.create');
    expect(talk.changes(talk.participantTurn())).to.include('linked');
    await talk.end();
  });

  it('R43: a cough stays as a marked gap and blocks nothing', async () => {
    const talk = await Talk.open();
    const { turnId } = await talk.participant('item_cough');
    await talk.transcribed('item_cough', '  ');
    const reply = await talk.interviewer('Could you say that again?', 100);
    expect(talk.changes(turnId)).to.deep.equal(['began', 'ended', 'linked', 'failed']);
    expect(talk.change(reply, 'linked').afterId).to.equal(turnId);
    await talk.played(reply, 100);
    const { turnId: next } = await talk.participant('item_next');
    await talk.wire.say({
      type: 'conversation.item.input_audio_transcription.failed',
      ...{ item_id: 'item_next', content_index: 0, error: { type: 'x', message: 'y' } },
    });
    expect(talk.changes(next).at(-1)).to.equal('failed');
    expect(talk.all('error')).to.deep.equal([]);
    talk.wire.expect('response.create');
    await talk.end();
  });

  it('grows the words as they come, takes the whole in their place, and gives up on them after a while', async () => {
    const talk = await Talk.open();
    const { turnId } = await talk.participant('item_p');
    const type = 'conversation.item.input_audio_transcription.delta';
    await talk.wire.say({ type, item_id: 'item_p', content_index: 0, delta: 'I tea' });
    await talk.wire.say({ type, item_id: 'item_p', content_index: 0, delta: 'ch mats' });
    await talk.interviewer('Yes?', 100);
    await talk.transcribed('item_p', ' I teach maths. ');
    expect(talk.changes(turnId).slice(-3)).to.deep.equal([
      'text: I tea',
      'text: I teach mats',
      'final: I teach maths.',
    ]);
    const silent = await talk.participant('item_q');
    await talk.clock.advanceAsync(30_000);
    expect(talk.changes(silent.turnId).at(-1)).to.equal('failed');
    await talk.transcribed('item_q', 'Late.');
    expect(talk.changes(silent.turnId).at(-1)).to.equal('final: Late.');
    await talk.dialogue.close();
  });

  it('sends nothing before the session is confirmed, and nothing in text mode', async () => {
    const talk = await Talk.open({ mode: 'text' });
    talk.speak(100);
    talk.dialogue.setMode('push-to-talk', 'voice');
    talk.wire.expect('session.update', {
      session: { type: 'realtime', output_modalities: ['audio'], audio: { input: { turn_detection: null } } },
    });
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    talk.speak(100);
    talk.wire.expectNothing();
    await talk.wire.say({ type: 'session.updated', session: {} });
    talk.speak(40);
    talk.wire.expect('input_audio_buffer.append');
    talk.dialogue.discardTurn();
    talk.wire.expect('input_audio_buffer.clear');
    await talk.end();
  });

  it('R39: a change of the mode drops what is being said', async () => {
    const talk = await Talk.open();
    talk.dialogue.beginTurn();
    talk.wire.expect('input_audio_buffer.clear');
    talk.speak(400);
    talk.expectAppends();
    talk.dialogue.setMode('text', 'voice');
    talk.wire.expect('input_audio_buffer.clear');
    talk.wire.expect('session.update');
    expect(talk.changes(talk.participantTurn())).to.deep.equal(['began', 'removed']);
    talk.dialogue.say({ reason: 'opening' });
    await settle();
    talk.wire.expectNothing();
    await talk.wire.say({ type: 'session.updated', session: {} });
    talk.wire.expect('response.create');
    await talk.end();
  });
});
