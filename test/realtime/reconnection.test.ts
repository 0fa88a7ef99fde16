import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { settle } from '../../src/testing/fake-clock.js';
import { Talk, wordsOf } from '../support/realtime-talk.js';

describe('a lost connection', () => {
  it('is replaced with a fresh token, the history first, and the conversation goes on behind its last turn', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const welcome = await talk.interviewer('Welcome', 100);
    await talk.played(welcome, 100);
    talk.resume = [{ id: welcome, speaker: 'interviewer', text: 'Welcome' }];
    talk.wire.lose();
    await settle();
    expect(talk.dialogue.status).to.equal('reconnecting');
    const waiting = talk.dialogue.say({ reason: 'continue' });
    talk.dialogue.inject('The connection was lost for a moment.');
    expect(talk.server.sockets).to.have.length(1);
    await talk.clock.advanceAsync(250);
    expect(talk.server.sockets).to.have.length(2);
    expect(talk.wire.protocols[1]).to.equal('openai-insecure-api-key.ek_2');
    await talk.accept();
    expect(talk.expectHistory()).to.deep.equal(['Welcome', 'The connection was lost for a moment.']);
    const next = await talk.interviewer('Where were we?', 100);
    expect(talk.change(next, 'linked').afterId).to.equal(welcome);
    expect((await waiting.outcome).status).to.equal('completed');
    expect(talk.all('status').map(({ status }) => status)).to.deep.equal([
      'connecting',
      'open',
      'reconnecting',
      'open',
    ]);
    expect(talk.all('error')).to.deep.equal([]);
    await talk.end();
  });

  it('before it was ever there is one that could not be made', async () => {
    const talk = new Talk();
    const opening = talk.dialogue.open(talk.options({})).catch((error: unknown) => error);
    await settle();
    talk.wire.accept();
    await settle();
    talk.wire.lose(1011);
    expect(await opening).to.include({ code: 'connection-failed', recoverable: true });
    expect(talk.all('error')).to.deep.equal([]);
    await talk.end();
  });

  it('R24: what still comes of the old connection is ignored', async () => {
    const talk = await Talk.open();
    const old = talk.wire;
    old.lose();
    await talk.clock.advanceAsync(250);
    await talk.accept();
    const { length } = talk.told;
    await old.say({ type: 'error', error: { message: 'late' } });
    await old.say({ type: 'response.output_audio.delta', response_id: 'r', item_id: 'i', delta: 'AAAA' });
    expect(talk.told).to.have.length(length);
    await talk.end();
  });

  it('in the middle of a reply: what came of it is played out, and the reply is asked for again', async () => {
    const talk = await Talk.open();
    const ticket = talk.dialogue.say({ reason: 'opening', forceTool: 'interview_guidance' });
    const response = await talk.created();
    const turnId = await talk.begins(response, 'item_1');
    await talk.sounds(response, 'item_1', 500, 'Welc');
    talk.wire.lose();
    await settle();
    expect(talk.all('speech-end')).to.deep.equal([{ turnId }]);
    await talk.played(turnId, 500);
    expect(talk.changes(turnId).slice(-2)).to.deep.equal(['ended', 'failed']);
    await talk.clock.advanceAsync(250);
    await talk.accept();
    const create = talk.wire.expect('response.create');
    expect(create['response']).to.deep.include({
      tool_choice: { type: 'function', name: 'interview_guidance' },
    });
    const again = await talk.created({}, create);
    await talk.done(again);
    expect((await ticket.outcome).status).to.equal('completed');
    await talk.end();
  });

  it('R23: a turn that was not taken in stays as a marked gap behind what was said, and is not asked about', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const welcome = await talk.interviewer('Welcome', 100);
    await talk.played(welcome, 100);
    talk.dialogue.beginTurn();
    talk.speak(400);
    const gap = talk.participantTurn();
    talk.wire.lose();
    const last = talk.told.at(-1);
    expect(last?.detail, 'all that it leaves behind is told before').to.have.property(
      'status',
      'reconnecting',
    );
    await settle();
    expect(talk.changes(gap)).to.deep.equal(['began', 'linked', 'ended', 'failed']);
    expect(talk.change(gap, 'linked').afterId).to.equal(welcome);
    expect(talk.all('hearing').at(-1)).to.deep.equal({ isHearing: false });
    expect(await talk.dialogue.commitTurn().outcome).to.deep.equal({ status: 'disconnected' });
    talk.dialogue.beginTurn();
    talk.speak(200);
    talk.resume = [{ id: welcome, speaker: 'interviewer', text: 'Welcome' }];
    await talk.clock.advanceAsync(250);
    await talk.accept();
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    talk.wire.expectNothing();
    const { turnId } = await talk.participant('item_p');
    expect(talk.change(turnId, 'linked').afterId).to.equal(gap);
    talk.wire.expect('response.create');
    await talk.end();
  });

  it('R23: between release and the server’s word for it the turn is a gap and its ticket disconnected', async () => {
    const talk = await Talk.open();
    talk.dialogue.beginTurn();
    talk.speak(400);
    const ticket = talk.dialogue.commitTurn();
    await settle();
    talk.wire.lose();
    expect(await ticket.outcome).to.deep.equal({ status: 'disconnected' });
    expect(talk.changes(talk.participantTurn()).at(-1)).to.equal('failed');
    await talk.clock.advanceAsync(250);
    await talk.accept();
    talk.dialogue.say({ reason: 'continue' });
    talk.wire.expect('response.create');
    await talk.end();
  });

  it('R23: a turn that was taken in is answered in the next connection; its words do not come any more', async () => {
    const talk = await Talk.open();
    const release = talk.dialogue.hold('test');
    const { ticket, turnId } = await talk.participant('item_p');
    talk.wire.lose();
    await settle();
    expect(talk.changes(turnId).at(-1)).to.equal('failed');
    release();
    await talk.clock.advanceAsync(250);
    await talk.accept();
    await talk.interviewer('Could you say that again?', 100);
    expect((await ticket.outcome).status).to.equal('completed');
    await talk.end();
  });

  it('R23: calls die with it, late answers are ignored, and the interviewer goes on', async () => {
    const talk = await Talk.open();
    talk.dialogue.say({ reason: 'opening' });
    const response = await talk.created();
    const call = { id: 'i', type: 'function_call', call_id: 'call_1', name: 'a', arguments: '{}' };
    await talk.done(response, 'completed', [call]);
    talk.wire.lose();
    await settle();
    talk.dialogue.answer('call_1', 'late', { andContinue: true });
    await talk.clock.advanceAsync(250);
    await talk.accept();
    expect(talk.wire.expect('response.create')['response']).to.not.have.property('tool_choice');
    await talk.end();
  });

  it('does not say a typed turn twice that was sent before, and says one that still waited', async () => {
    const talk = await Talk.open();
    const sent = talk.dialogue.sendText('First');
    await settle();
    talk.wire.expect('conversation.item.create');
    talk.wire.expect('response.create');
    const first = talk.participantTurn();
    const waiting = talk.dialogue.sendText('Second');
    await settle();
    const second = talk.participantTurn();
    talk.resume = [
      { id: first, speaker: 'participant', text: 'First' },
      { id: second, speaker: 'participant', text: 'Second' },
    ];
    talk.wire.lose();
    await talk.clock.advanceAsync(250);
    await talk.accept();
    expect(talk.expectHistory()).to.deep.equal(['First']);
    await talk.interviewer('About the first', 100);
    expect(wordsOf(talk.wire.expect('conversation.item.create'))).to.equal('Second');
    await talk.interviewer('About the second', 100);
    expect((await sent.outcome).status).to.equal('completed');
    expect((await waiting.outcome).status).to.equal('completed');
    await talk.end();
  });

  it('is tried eight times at growing distances, then given up: everything settles', async () => {
    const talk = await Talk.open();
    const ticket = talk.dialogue.say({ reason: 'opening' });
    await talk.created();
    talk.failToken = new InterviewError('token-unreachable', 'down');
    talk.wire.lose();
    const at: number[] = [];
    let before = talk.tokens;
    for (let ms = 0; ms < 60_000; ms += 50) {
      await talk.clock.advanceAsync(50);
      if (talk.tokens > before) at.push(ms + 50);
      before = talk.tokens;
    }
    expect(at).to.deep.equal([250, 750, 1750, 3750, 7750, 15_250, 22_750, 30_250]);
    expect(talk.dialogue.status).to.equal('closed');
    expect(await ticket.outcome).to.deep.equal({ status: 'disconnected' });
    const [error] = talk.all('error');
    expect(error).to.include({ code: 'connection-lost' });
    expect(error?.cause).to.include({ code: 'token-unreachable' });
    const types = talk.told.map(({ type }) => type);
    expect(types.lastIndexOf('error'), 'the reason comes before the end').to.be.below(
      types.lastIndexOf('status'),
    );
    expect(talk.clock.pending).to.equal(0);
  });

  it('waits as long as the token endpoint asks for, and stops where it says no', async () => {
    const talk = await Talk.open();
    talk.failToken = new InterviewError('token-refused', 'slow down', { retryAfterMs: 9000 });
    talk.wire.lose();
    await talk.clock.advanceAsync(250);
    expect(talk.tokens).to.equal(2);
    await talk.clock.advanceAsync(8999);
    expect(talk.tokens).to.equal(2);
    talk.failToken = new InterviewError('token-refused', 'no');
    await talk.clock.advanceAsync(1);
    expect(talk.tokens).to.equal(3);
    expect(talk.dialogue.status).to.equal('closed');
    expect(talk.all('error').map(({ code }) => code)).to.deep.equal(['token-refused']);
    expect(talk.clock.pending).to.equal(0);
  });

  const slowDown = (retryAfterMs: number): InterviewError =>
    new InterviewError('token-refused', 'slow down', { retryAfterMs });

  it('tells of a wait that takes a while, and waits no longer when somebody does not want to', async () => {
    const talk = await Talk.open();
    talk.failToken = slowDown(90_000);
    talk.wire.lose();
    await talk.clock.advanceAsync(250);
    expect(talk.tokens).to.equal(2);
    expect(talk.all('retry')).to.deep.equal([{ inMs: 90_000 }]);
    // Impatience costs no tries: after any number of them the interview goes on.
    for (let press = 1; press <= 20; press++) {
      talk.dialogue.retryNow();
      talk.dialogue.retryNow();
      await talk.clock.advanceAsync(50);
      expect(talk.tokens, `press ${press}`).to.equal(2 + press);
    }
    expect(talk.all('retry').slice(0, 3)).to.deep.equal([
      { inMs: 90_000 },
      { inMs: undefined },
      { inMs: 90_000 },
    ]);
    talk.failToken = undefined;
    talk.dialogue.retryNow();
    await talk.accept();
    expect(talk.dialogue.status).to.equal('open');
    expect(talk.all('retry').at(-1)).to.deep.equal({ inMs: undefined });
    talk.dialogue.retryNow();
    await talk.end();
  });

  it('hurried by nobody, tries again when it said it would; closed meanwhile, leaves nothing', async () => {
    const talk = await Talk.open();
    talk.failToken = slowDown(90_000);
    talk.wire.lose();
    await talk.clock.advanceAsync(250 + 89_999);
    expect(talk.tokens).to.equal(2);
    await talk.clock.advanceAsync(1);
    expect(talk.tokens).to.equal(3);
    await talk.dialogue.close();
    await settle();
    expect(talk.all('retry').at(-1)).to.deep.equal({ inMs: undefined });
    expect(talk.clock.pending).to.equal(0);
  });

  it('asked to wait longer than anybody would, is given up with the reason and the time', async () => {
    const talk = await Talk.open();
    const ticket = talk.dialogue.sendText('Maria met me at the door.');
    talk.failToken = slowDown(3_600_000);
    talk.wire.lose();
    await talk.clock.advanceAsync(250);
    expect(talk.dialogue.status).to.equal('closed');
    expect(talk.all('error')).to.deep.equal([talk.failToken]);
    expect((await ticket.outcome).status).to.equal('disconnected');
    expect(talk.clock.pending).to.equal(0);
  });

  it('is not replaced where the server refuses the dialect: everything settles with its reason', async () => {
    const talk = await Talk.open();
    const ticket = talk.dialogue.say({ reason: 'opening' });
    const response = await talk.created();
    const turnId = await talk.begins(response, 'item_1');
    await talk.sounds(response, 'item_1', 1000, 'Good');
    talk.wire.lose(4000, 'beta_api_shape_disabled');
    await talk.clock.advanceAsync(60_000);
    expect(talk.tokens, 'no other is asked for').to.equal(1);
    expect(talk.all('status').map(({ status }) => status)).to.deep.equal(['connecting', 'open', 'closed']);
    expect(talk.all('error').map(({ code, recoverable }) => [code, recoverable])).to.deep.equal([
      ['protocol-error', false],
    ]);
    expect((await ticket.outcome).status).to.equal('disconnected');
    expect(talk.changes(turnId).at(-1)).to.match(/^(final|failed|interrupted)/);
    expect(talk.clock.pending).to.equal(0);
  });

  it('may be lost again while it is being replaced', async () => {
    const talk = await Talk.open();
    talk.wire.lose();
    await talk.clock.advanceAsync(250);
    talk.wire.accept();
    await talk.wire.say({ type: 'session.created', session: {} });
    talk.wire.expect('session.update');
    talk.wire.lose();
    await talk.clock.advanceAsync(500);
    expect(talk.server.sockets).to.have.length(3);
    await talk.accept();
    expect(talk.dialogue.status).to.equal('open');
    talk.dialogue.say({ reason: 'continue' });
    talk.wire.expect('response.create');
    await talk.end();
  });
});

describe('closing', () => {
  it('settles every ticket, ends every turn, and leaves no timer, listener or socket', async () => {
    const talk = await Talk.open();
    const tickets = [talk.dialogue.say({ reason: 'opening' }), talk.dialogue.sendText('Hello')];
    const response = await talk.created();
    const turnId = await talk.begins(response, 'item_1');
    await talk.sounds(response, 'item_1', 1000, 'Good');
    await talk.starts(turnId, 250);
    await talk.dialogue.close();
    await talk.dialogue.close();
    tickets.push(talk.dialogue.say({ reason: 'continue' }));
    expect(
      (await Promise.all(tickets.map(({ outcome }) => outcome))).map(({ status }) => status),
    ).to.deep.equal(['disconnected', 'disconnected', 'disconnected']);
    expect(talk.changes(turnId).at(-1)).to.equal('failed');
    expect(talk.all('spoken').map(({ heardShare }) => heardShare)).to.deep.equal([0.25]);
    expect(talk.wire.readyState).to.equal(3);
    expect(talk.playback.watchers).to.equal(0);
    expect(talk.clock.pending).to.equal(0);
    await talk.clock.advanceAsync(60_000);
    expect(talk.server.sockets).to.have.length(1);
  });

  it('while connecting: opening rejects and nothing remains', async () => {
    const talk = new Talk();
    const opening = talk.dialogue.open(talk.options()).catch((error: unknown) => error);
    await settle();
    await talk.dialogue.close();
    expect(await opening).to.be.instanceOf(InterviewError);
    expect(talk.dialogue.status).to.equal('closed');
    expect(talk.clock.pending).to.equal(0);
    expect(talk.wire.readyState).to.equal(3);
  });

  it('while reconnecting: nothing is tried any more', async () => {
    const talk = await Talk.open();
    talk.wire.lose();
    await settle();
    await talk.dialogue.close();
    await talk.clock.advanceAsync(60_000);
    expect(talk.server.sockets).to.have.length(1);
    expect(talk.clock.pending).to.equal(0);
    expect(talk.all('error')).to.deep.equal([]);
  });
});

describe('hands-free', () => {
  it('R16: detected speech silences the interviewer without a cancel of ours, and is answered when it is taken in', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    talk.speak(40);
    talk.wire.expect('input_audio_buffer.append');
    talk.dialogue.say({ reason: 'opening' });
    const response = await talk.created();
    const welcome = await talk.begins(response, 'item_1');
    await talk.sounds(response, 'item_1', 2000, 'Welcome');
    await talk.starts(welcome, 600);
    await talk.wire.say({ type: 'input_audio_buffer.speech_started', item_id: 'item_p', audio_start_ms: 10 });
    expect(talk.playback.flushes).to.equal(1);
    talk.wire.expect('conversation.item.truncate', { item_id: 'item_1', audio_end_ms: 600 });
    await talk.done(response, 'cancelled');
    // Longer than a cough: its words need not be waited for.
    talk.clock.advance(3000);
    await talk.wire.say({ type: 'input_audio_buffer.speech_stopped', item_id: 'item_p', audio_end_ms: 3000 });
    talk.wire.expectNothing();
    const turnId = talk.participantTurn();
    await talk.taken('item_p');
    talk.clock.advance(200);
    const reply = await talk.interviewer('Sorry, go on.', 100);
    await talk.played(reply, 100);
    await talk.transcribed('item_p', 'That was long ago.');
    expect(talk.changes(turnId)).to.deep.equal(['began', 'ended', 'linked', 'final: That was long ago.']);
    expect(talk.change(reply, 'sounded').latencyMs).to.equal(200);
    expect(talk.all('hearing').map(({ isHearing }) => isHearing)).to.deep.equal([true, false]);
    expect(talk.recorded).to.deep.equal([turnId]);
    await talk.end();
  });
});
