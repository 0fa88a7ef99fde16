import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { settle } from '../../src/testing/fake-clock.js';
import { EPOCH_MS, Talk } from '../support/realtime-talk.js';

const MINUTE_MS = 60_000;

const statuses = (talk: Talk): string[] => talk.all('status').map(({ status }) => status);

/** The interviewer has spoken and was heard, nobody has anything to wait for. */
async function quietTalk(): Promise<Talk> {
  const talk = await Talk.open();
  talk.dialogue.say({ reason: 'opening' });
  const welcome = await talk.interviewer('Welcome', 100);
  await talk.played(welcome, 100);
  talk.resume = [{ id: welcome, speaker: 'interviewer', text: 'Welcome' }];
  return talk;
}

describe('without a network', () => {
  it('no token is asked for and no try is burnt, however long it takes', async () => {
    const talk = await Talk.open();
    talk.network.isOnline = false;
    talk.wire.lose();
    await talk.clock.advanceAsync(24 * 60 * MINUTE_MS);
    expect(talk.tokens).to.equal(1);
    expect(talk.server.sockets).to.have.length(1);
    expect(talk.dialogue.status).to.equal('reconnecting');
    talk.network.isOnline = true;
    await settle();
    expect(talk.tokens, 'tried at once').to.equal(2);
    await talk.accept();
    expect(talk.dialogue.status).to.equal('open');
    await talk.end();
    expect(talk.network.listeners).to.equal(0);
  });

  it('a try that fails because the network went does not count', async () => {
    const talk = await Talk.open();
    talk.wire.lose();
    for (let n = 0; n < 20; n++) {
      await talk.clock.advanceAsync(250);
      const { length } = talk.server.sockets;
      expect(length).to.equal(n + 2);
      talk.network.isOnline = false;
      talk.wire.lose();
      await settle();
      talk.network.isOnline = true;
      await settle();
    }
    await talk.accept();
    expect(talk.dialogue.status).to.equal('open');
    await talk.end();
  });

  it('its return ends a back-off, but not a wait that the host asked for', async () => {
    const talk = await Talk.open();
    talk.failToken = new InterviewError('token-unreachable', 'down');
    talk.wire.lose();
    await talk.clock.advanceAsync(250 + 500 + 1000 + 2000);
    const before = talk.tokens;
    talk.network.isOnline = false;
    talk.failToken = new InterviewError('token-refused', 'slow down', { retryAfterMs: 9000 });
    talk.network.isOnline = true;
    await settle();
    expect(talk.tokens).to.equal(before + 1);
    talk.network.isOnline = false;
    talk.network.isOnline = true;
    await settle();
    expect(talk.tokens).to.equal(before + 1);
    await talk.clock.advanceAsync(9000 + 8000);
    expect(talk.tokens).to.be.above(before + 1);
    await talk.dialogue.close();
    await settle();
    expect(talk.clock.pending).to.equal(0);
  });

  it('is not believed where there is a connection all the same', async () => {
    const talk = new Talk();
    talk.network.isOnline = false;
    const opening = talk.dialogue.open(talk.options());
    await talk.accept();
    await opening;
    talk.wire.lose();
    await talk.clock.advanceAsync(250);
    await talk.accept();
    expect(talk.dialogue.status).to.equal('open');
    await talk.end();
  });

  it('its return makes sure that an open connection still lives', async () => {
    const talk = await Talk.open();
    talk.network.isOnline = false;
    talk.network.isOnline = true;
    await settle();
    expect(talk.wire.probes).to.equal(1);
    await talk.clock.advanceAsync(30_000);
    expect(talk.dialogue.status).to.equal('open');
    expect(talk.wire.probes, 'answered, it is not asked again').to.equal(1);
    await talk.end();
  });
});

describe('after an outage', () => {
  it('hands-free, what was said before it is not taken for the beginning of what is said then', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    talk.speak(1000);
    expect(talk.expectAppends()).to.equal(1000);
    talk.wire.lose();
    talk.speak(100);
    await talk.clock.advanceAsync(250);
    await talk.accept();
    talk.speak(40);
    expect(talk.expectAppends()).to.equal(40);
    await talk.end();
  });
});

describe('a connection that is dead although nobody closed it', () => {
  it('is asked when something stays unanswered, and replaced when that does too', async () => {
    const talk = await quietTalk();
    talk.wire.isAlive = false;
    const heardAt = talk.clock.now();
    const waiting = talk.dialogue.say({ reason: 'continue' });
    await settle();
    talk.wire.expect('response.create');
    await talk.clock.advanceAsync(14_500);
    expect(talk.server.sockets).to.have.length(2);
    expect(talk.all('status').at(-1)).to.deep.equal({
      status: 'reconnecting',
      previous: 'open',
      since: heardAt,
    });
    await talk.accept();
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    await talk.interviewer('Where were we?', 100);
    expect((await waiting.outcome).status).to.equal('completed');
    await talk.end();
  });

  it('is noticed while somebody speaks into it', async () => {
    const talk = await Talk.open();
    talk.wire.isAlive = false;
    talk.dialogue.beginTurn();
    await talk.wire.say({ type: 'input_audio_buffer.cleared' });
    for (let second = 0; second < 30; second++) {
      talk.speak(1000);
      await talk.clock.advanceAsync(1000);
    }
    expect(talk.server.sockets).to.have.length(2);
    await talk.dialogue.close();
  });

  it('one that answers late, or anything at all, is left alone', async () => {
    const talk = await Talk.open();
    talk.wire.isAlive = false;
    talk.dialogue.say({ reason: 'opening' });
    talk.wire.expect('response.create');
    for (let n = 0; n < 10; n++) {
      await talk.clock.advanceAsync(9000);
      await talk.wire.say({ type: 'rate_limits.updated', rate_limits: [] });
    }
    expect(talk.server.sockets).to.have.length(1);
    await talk.dialogue.close();
  });

  it('one over which nothing is said is not asked', async () => {
    const talk = await quietTalk();
    await talk.clock.advanceAsync(50 * MINUTE_MS);
    expect(talk.wire.probes).to.equal(0);
    await talk.end();
  });
});

describe('after the machine slept', () => {
  it('a connection that survived stays', async () => {
    const talk = await quietTalk();
    talk.sleptMs += 20 * MINUTE_MS;
    await talk.clock.advanceAsync(2000);
    expect(talk.wire.probes).to.equal(1);
    await talk.clock.advanceAsync(20_000);
    expect(talk.server.sockets).to.have.length(1);
    await talk.end();
  });

  it('one that did not is replaced within seconds', async () => {
    const talk = await quietTalk();
    talk.wire.isAlive = false;
    talk.sleptMs += 20 * MINUTE_MS;
    await talk.clock.advanceAsync(2000 + 6000 + 250);
    expect(talk.server.sockets).to.have.length(2);
    await talk.end();
  });

  it('one that did not is told to be gone since it fell asleep', async () => {
    for (const howNoticed of ['by its closing', 'by its closing, once it was asked', 'by its silence']) {
      const talk = await quietTalk();
      await talk.clock.advanceAsync(3000);
      talk.wire.isAlive = false;
      const asleepAt = talk.clock.now();
      talk.clock.standStill(20 * MINUTE_MS);
      if (howNoticed !== 'by its closing') await talk.clock.advanceAsync(0);
      if (howNoticed === 'by its silence') await talk.clock.advanceAsync(8000);
      else talk.wire.lose();
      const { since } = talk.all('status').at(-1) ?? {};
      expect(since, howNoticed).to.be.within(asleepAt - 2000, asleepAt);
      await talk.dialogue.close();
    }
  });

  it('one that answered and is lost later was lost later', async () => {
    const talk = await quietTalk();
    talk.clock.standStill(20 * MINUTE_MS);
    await talk.clock.advanceAsync(10_000);
    expect(talk.wire.probes).to.equal(1);
    talk.wire.lose();
    expect(talk.all('status').at(-1)?.since).to.equal(talk.clock.now());
    await talk.end();
  });

  it('so long that the provider has ended the session, it is replaced', async () => {
    const talk = await quietTalk();
    talk.sleptMs += 56 * MINUTE_MS;
    await talk.clock.advanceAsync(2000);
    expect(talk.server.sockets).to.have.length(2);
    await talk.end();
  });

  it('timers that are late prove nothing: a tab that is throttled keeps its connection', async () => {
    const talk = await quietTalk();
    for (let n = 0; n < 30; n++) {
      talk.sleptMs += 58_000;
      await talk.clock.advanceAsync(2000);
    }
    expect(talk.server.sockets).to.have.length(1);
    expect(statuses(talk)).to.deep.equal(['connecting', 'open']);
    await talk.end();
  });

  it('a throttled tab notices a dead connection all the same', async () => {
    const talk = await quietTalk();
    talk.wire.isAlive = false;
    for (let n = 0; n < 6; n++) {
      talk.sleptMs += 58_000;
      await talk.clock.advanceAsync(2000);
    }
    expect(statuses(talk).at(-1)).to.equal('reconnecting');
    await talk.dialogue.close();
  });
});

describe('a connection that gets old', () => {
  it('is replaced at a quiet moment, and its status does not change', async () => {
    const talk = await quietTalk();
    const old = talk.wire;
    await talk.clock.advanceAsync(54.9 * MINUTE_MS);
    expect(talk.server.sockets).to.have.length(1);
    await talk.clock.advanceAsync(0.2 * MINUTE_MS);
    expect(talk.server.sockets).to.have.length(2);
    expect(talk.wire.protocols[1]).to.equal('openai-insecure-api-key.ek_2');
    talk.wire.accept();
    await settle();
    expect(old.readyState, 'the old one was there until the new one was').to.equal(3);
    await talk.wire.say({ type: 'session.created', session: {} });
    talk.wire.expect('session.update');
    const waiting = talk.dialogue.say({ reason: 'continue' });
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    talk.wire.expectNothing();
    await talk.wire.say({ type: 'session.updated', session: {} });
    await talk.interviewer('And then?', 100);
    expect((await waiting.outcome).status).to.equal('completed');
    expect(statuses(talk)).to.deep.equal(['connecting', 'open']);
    expect(talk.all('error')).to.deep.equal([]);
    await talk.end();
  });

  it('what is said into the change is taken in by the new one, behind the history', async () => {
    const talk = await quietTalk();
    await talk.clock.advanceAsync(55.1 * MINUTE_MS);
    talk.wire.accept();
    await talk.wire.say({ type: 'session.created', session: {} });
    talk.dialogue.beginTurn();
    talk.speak(400);
    const ticket = talk.dialogue.commitTurn();
    talk.wire.expect('session.update');
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    talk.wire.expect('input_audio_buffer.clear');
    expect(talk.expectAppends()).to.equal(400);
    talk.wire.expect('input_audio_buffer.commit');
    await talk.wire.say({ type: 'session.updated', session: {} });
    await talk.taken('item_p');
    await talk.interviewer('I see.', 100);
    expect((await ticket.outcome).status).to.equal('completed');
    await talk.end();
  });

  it('hands-free, takes along what was said in the last moment before, and keeps it until the new one knows what to do', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    await talk.clock.advanceAsync(55.1 * MINUTE_MS);
    expect(talk.server.sockets).to.have.length(2);
    talk.speak(1000);
    talk.wire.accept();
    await settle();
    talk.speak(100);
    talk.wire.expectNothing();
    await talk.wire.say({ type: 'session.created', session: {} });
    talk.wire.expect('session.update');
    talk.speak(100);
    talk.wire.expectNothing();
    await talk.wire.say({ type: 'session.updated', session: {} });
    talk.speak(20);
    expect(talk.expectAppends()).to.equal(600 + 220);
    await talk.end();
  });

  it('hands-free, says nothing twice that was taken in', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    await talk.clock.advanceAsync(54 * MINUTE_MS);
    await talk.wire.say({ type: 'input_audio_buffer.speech_started', item_id: 'item_p', audio_start_ms: 0 });
    talk.speak(400);
    expect(talk.expectAppends()).to.equal(400);
    await talk.wire.say({ type: 'input_audio_buffer.speech_stopped', item_id: 'item_p', audio_end_ms: 400 });
    await talk.taken('item_p');
    await talk.played(await talk.interviewer('I see.', 100), 100);
    await talk.transcribed('item_p', 'On a Monday.');
    await talk.clock.advanceAsync(1.1 * MINUTE_MS);
    await talk.accept();
    talk.speak(40);
    expect(talk.expectAppends()).to.equal(40);
    await talk.end();
  });

  it('waits while somebody speaks, something sounds or waits, and no longer than to the 59th minute', async () => {
    const talk = await quietTalk();
    await talk.clock.advanceAsync(54 * MINUTE_MS);
    talk.dialogue.beginTurn();
    talk.speak(400);
    talk.wire.expect('input_audio_buffer.clear');
    await talk.clock.advanceAsync(2 * MINUTE_MS);
    expect(talk.server.sockets).to.have.length(1);
    const ticket = talk.dialogue.commitTurn();
    await settle();
    talk.expectAppends();
    talk.wire.expect('input_audio_buffer.commit');
    await talk.taken('item_p');
    expect(talk.server.sockets).to.have.length(1);
    const reply = await talk.interviewer('I see.', 5000);
    expect((await ticket.outcome).status).to.equal('completed');
    await talk.clock.advanceAsync(3000);
    expect(talk.server.sockets, 'while it sounds').to.have.length(1);
    await talk.played(reply, 5000);
    await talk.clock.advanceAsync(2000);
    expect(talk.server.sockets, 'while words are on their way').to.have.length(1);
    await talk.transcribed('item_p', 'On a Monday.');
    await talk.clock.advanceAsync(2000);
    expect(talk.server.sockets).to.have.length(2);
    await talk.accept();
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    await talk.end();
  });

  it('at the 59th minute somebody is cut short rather than by the provider in mid-word', async () => {
    const talk = await quietTalk();
    talk.dialogue.beginTurn();
    talk.speak(400);
    await talk.clock.advanceAsync(58.9 * MINUTE_MS);
    expect(talk.server.sockets).to.have.length(1);
    await talk.clock.advanceAsync(0.2 * MINUTE_MS);
    expect(talk.server.sockets).to.have.length(2);
    await talk.accept();
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    expect(talk.changes(talk.participantTurn()).at(-1)).to.equal('failed');
    expect(statuses(talk)).to.deep.equal(['connecting', 'open']);
    await talk.end();
  });

  it('goes by the end that the server announced', async () => {
    const talk = new Talk();
    const opening = talk.dialogue.open(talk.options());
    await talk.accept({ expires_at: (EPOCH_MS + talk.clock.now() + 3 * MINUTE_MS) / 1000 });
    await opening;
    await talk.clock.advanceAsync(2.7 * MINUTE_MS);
    expect(talk.server.sockets).to.have.length(1);
    await talk.clock.advanceAsync(0.1 * MINUTE_MS);
    expect(talk.server.sockets).to.have.length(2);
    await talk.accept();
    await talk.end();
  });

  it('serves on while the next cannot be made', async () => {
    const talk = await quietTalk();
    talk.failToken = new InterviewError('token-unreachable', 'down');
    await talk.clock.advanceAsync(56 * MINUTE_MS);
    expect(talk.tokens).to.be.within(3, 6);
    expect(talk.dialogue.status).to.equal('open');
    talk.failToken = undefined;
    await talk.clock.advanceAsync(22_000);
    expect(talk.server.sockets).to.have.length(2);
    await talk.accept();
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    expect(statuses(talk)).to.deep.equal(['connecting', 'open']);
    await talk.end();
  });

  it('lost while the next is being made, it is replaced like any other', async () => {
    const talk = await quietTalk();
    const old = talk.wire;
    await talk.clock.advanceAsync(55.1 * MINUTE_MS);
    const spare = talk.wire;
    old.lose();
    spare.accept();
    await settle();
    expect(spare.readyState).to.equal(3);
    await talk.clock.advanceAsync(250);
    await talk.accept();
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    expect(talk.server.sockets).to.have.length(3);
    expect(statuses(talk)).to.deep.equal(['connecting', 'open', 'reconnecting', 'open']);
    await talk.end();
  });

  it('serves on while the next is lost before it is needed, and does not ask for another at once', async () => {
    const talk = await quietTalk();
    const old = talk.wire;
    await talk.clock.advanceAsync(55.1 * MINUTE_MS);
    talk.dialogue.beginTurn();
    const spare = talk.wire;
    spare.accept();
    await settle();
    expect(spare.readyState, 'it waits').to.equal(1);
    spare.lose();
    talk.dialogue.discardTurn();
    await talk.clock.advanceAsync(18_000);
    expect(talk.server.sockets).to.have.length(2);
    expect(talk.dialogue.status).to.equal('open');
    await talk.clock.advanceAsync(4000);
    expect(talk.server.sockets).to.have.length(3);
    await talk.accept();
    expect(old.readyState).to.equal(3);
    expect(statuses(talk)).to.deep.equal(['connecting', 'open']);
    await talk.dialogue.close();
  });

  it('refused its dialect in the middle of the change, it is over at once', async () => {
    const talk = await quietTalk();
    await talk.clock.advanceAsync(55.1 * MINUTE_MS);
    talk.wire.accept();
    await talk.wire.say({ type: 'session.created', session: {} });
    talk.wire.lose(4000, 'beta_api_shape_disabled');
    await talk.clock.advanceAsync(60_000);
    expect(talk.server.sockets).to.have.length(2);
    expect(statuses(talk).at(-1)).to.equal('closed');
    expect(talk.all('error').map(({ code }) => code)).to.deep.equal(['protocol-error']);
    expect(talk.clock.pending).to.equal(0);
  });

  it('lost in the middle of the change, it is replaced like any other', async () => {
    const talk = await quietTalk();
    await talk.clock.advanceAsync(55.1 * MINUTE_MS);
    talk.wire.accept();
    await talk.wire.say({ type: 'session.created', session: {} });
    talk.wire.lose();
    await talk.clock.advanceAsync(250);
    expect(talk.server.sockets).to.have.length(3);
    await talk.accept();
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    expect(talk.dialogue.status).to.equal('open');
    await talk.end();
  });

  it('whose session the provider ended is replaced at once', async () => {
    const talk = await quietTalk();
    await talk.wire.say({
      type: 'error',
      error: { code: 'session_expired', message: 'Your session hit the maximum duration of 60 minutes.' },
    });
    await talk.clock.advanceAsync(0);
    expect(talk.server.sockets).to.have.length(2);
    await talk.accept();
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    expect(statuses(talk)).to.deep.equal(['connecting', 'open', 'reconnecting', 'open']);
    expect(talk.all('error')).to.deep.equal([]);
    await talk.end();
  });
});

describe('a connection that nobody needs for now', () => {
  it('is given up, and made again when somebody does', async () => {
    const talk = await quietTalk();
    const wake = talk.dialogue.rest();
    expect(talk.wire.readyState).to.equal(3);
    await talk.clock.advanceAsync(90 * MINUTE_MS);
    expect(talk.tokens).to.equal(1);
    expect(talk.dialogue.status).to.equal('reconnecting');
    wake();
    await talk.clock.advanceAsync(0);
    await talk.accept();
    expect(talk.dialogue.status).to.equal('open');
    expect(talk.expectHistory()).to.deep.equal(['Welcome']);
    await talk.end();
  });

  it('may be closed meanwhile', async () => {
    const talk = await quietTalk();
    talk.dialogue.rest();
    await settle();
    await talk.dialogue.close();
    expect(talk.clock.pending).to.equal(0);
    expect(talk.dialogue.status).to.equal('closed');
  });
});
