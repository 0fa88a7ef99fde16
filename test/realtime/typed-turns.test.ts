import { expect } from '@open-wc/testing';
import { settle } from '../../src/testing/fake-clock.js';
import { Talk, wordsOf } from '../support/realtime-talk.js';

describe('typed turns', () => {
  it('show at once, wait for the reply that is under way, and go out with their own create', async () => {
    const talk = await Talk.open();
    talk.guidance = 'Next move';
    talk.dialogue.say({ reason: 'opening', guidance: () => undefined });
    const response = await talk.created();
    const ticket = talk.dialogue.sendText('I work at a school.');
    await settle();
    const turnId = talk.participantTurn();
    expect(talk.changes(turnId)).to.deep.equal(['began', 'text: I work at a school.']);
    expect(talk.change(turnId, 'began')).to.include({ medium: 'text' }).and.not.to.have.property('afterId');
    expect(talk.recorded).to.deep.equal([turnId]);
    talk.wire.expectNothing();
    await talk.done(response);
    const item = talk.wire.expect('conversation.item.create');
    expect(item['item']).to.deep.include({ type: 'message', role: 'user' });
    expect(wordsOf(item)).to.equal('I work at a school.');
    expect(wordsOf(talk.wire.expect('conversation.item.create'))).to.equal('Next move');
    expect(talk.changes(turnId).at(-1)).to.equal('final: I work at a school.');
    expect(talk.all('heard')).to.deep.equal([{ turnId }]);
    const { id } = item['item'] as { id: string };
    await talk.itemAdded({ id, type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x' }] });
    const reply = await talk.interviewer('What do you teach?', 100);
    expect(talk.change(turnId, 'linked').afterId).to.equal(null);
    expect(talk.change(reply, 'linked').afterId).to.equal(turnId);
    expect(await ticket.outcome).to.deep.equal({ status: 'completed' });
    await talk.end();
  });

  it('R7: outlive a reply whose end was lost: they are told, final and answered before they expire', async () => {
    const talk = await Talk.open({ output: 'text' });
    talk.dialogue.say({ reason: 'opening' });
    const response = await talk.created();
    const tickets = ['I work at a school.', 'In the canteen.'].map((text) => talk.dialogue.sendText(text));
    await talk.clock.advanceAsync(1000);
    await talk.begins(response, 'item_1');
    await talk.itemDone(response, 'item_1', 'Welcome.');
    // Its `response.done` never comes. It may have more to say, so it is asked about first, and not too soon.
    await talk.clock.advanceAsync(19_000);
    talk.wire.expectNothing();
    await talk.clock.advanceAsync(1000);
    const { event_id } = talk.wire.expect('response.cancel', { response_id: response });
    const code = 'response_cancel_not_active';
    await talk.wire.say({
      type: 'error',
      error: { type: 'invalid_request_error', code, message: '', event_id },
    });
    for (const text of ['I work at a school.', 'In the canteen.']) {
      expect(wordsOf(talk.wire.expect('conversation.item.create'))).to.equal(text);
      const told = talk.all('change').filter((change) => change.type === 'final' && change.text === text);
      expect(told, 'whatever becomes of its reply').to.have.length(1);
      await talk.interviewer('I see.', 0);
    }
    for (const { outcome } of tickets) expect(await outcome).to.deep.equal({ status: 'completed' });
    await talk.end();
  });

  it('leave nothing behind when they expire', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const response = await talk.created();
    const ticket = talk.dialogue.sendText('Too late', { timeToLiveMs: 2000 });
    await talk.clock.advanceAsync(2000);
    expect(await ticket.outcome).to.deep.equal({ status: 'expired' });
    expect(talk.changes(talk.participantTurn()).at(-1)).to.equal('removed');
    await talk.done(response);
    await talk.end();
  });

  it('leave nothing behind when they are withdrawn, also while they are being recorded', async () => {
    for (const beforeReply of [
      () => Promise.resolve(),
      () => new Promise<void>((done) => setTimeout(done, 5)),
    ]) {
      const talk = await Talk.open({ beforeReply });
      talk.dialogue.say({ reason: 'opening' });
      await talk.created();
      const stop = new AbortController();
      const ticket = talk.dialogue.sendText('Never mind', { signal: stop.signal });
      await settle();
      stop.abort();
      expect(await ticket.outcome).to.deep.equal({ status: 'aborted' });
      expect(talk.changes(talk.participantTurn()).at(-1)).to.equal('removed');
      await talk.end();
    }
  });

  it('R22: are taken back when the server refuses them; the next one is answered', async () => {
    const talk = await Talk.open();
    const ticket = talk.dialogue.sendText('Bad');
    await settle();
    const { event_id } = talk.wire.expect('conversation.item.create');
    const create = talk.wire.expect('response.create');
    const error = { type: 'invalid_request_error', code: 'invalid_value', message: 'No.', event_id };
    await talk.wire.say({ type: 'error', error });
    const response = await talk.created({}, create);
    talk.wire.expect('response.cancel', { response_id: response });
    await talk.done(response, 'cancelled');
    const outcome = await ticket.outcome;
    expect(outcome.status).to.equal('failed');
    expect(outcome.error).to.include({ code: 'provider-error' });
    expect(talk.changes(talk.participantTurn()).at(-1)).to.equal('removed');
    expect(talk.all('error'), 'the ticket tells it').to.deep.equal([]);
    const next = talk.dialogue.sendText('Good');
    await settle();
    talk.wire.expect('conversation.item.create');
    await talk.interviewer('Fine.', 100);
    expect((await next.outcome).status).to.equal('completed');
    await talk.end();
  });

  it('R22: an error about another event of ours touches neither the lock nor the application', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const turnId = await talk.interviewer('Welcome', 1000);
    await talk.starts(turnId, 100);
    await talk.dialogue.interrupt('participant');
    const { event_id } = talk.wire.expect('conversation.item.truncate');
    const ticket = talk.dialogue.say({ reason: 'continue' });
    const response = await talk.created();
    await talk.wire.say({
      type: 'error',
      error: { code: 'item_truncate_invalid_item_id', message: 'x', event_id },
    });
    expect(talk.all('error')).to.deep.equal([]);
    await talk.done(response);
    expect((await ticket.outcome).status).to.equal('completed');
    await talk.end();
  });

  it('keep their order and get a reply each', async () => {
    const talk = await Talk.open();
    const tickets = ['one', 'two', 'three'].map((text) => talk.dialogue.sendText(text));
    for (const text of ['one', 'two', 'three']) {
      await settle();
      expect(wordsOf(talk.wire.expect('conversation.item.create'))).to.equal(text);
      await talk.interviewer(`About ${text}`, 100);
      talk.wire.unread.length === 0 || (await settle());
    }
    for (const ticket of tickets) expect((await ticket.outcome).status).to.equal('completed');
    await talk.end();
  });
});
