import { expect } from '@open-wc/testing';
import { settle } from '../../src/testing/fake-clock.js';
import { Talk } from '../support/realtime-talk.js';

const speechStarted = (talk: Talk, item_id: string): Promise<void> =>
  talk.wire.say({ type: 'input_audio_buffer.speech_started', item_id, audio_start_ms: 0 });
const speechStopped = (talk: Talk, item_id: string): Promise<void> =>
  talk.wire.say({ type: 'input_audio_buffer.speech_stopped', item_id, audio_end_ms: 900 });
const updated = (talk: Talk): Promise<void> => talk.wire.say({ type: 'session.updated', session: {} });
const cleared = (talk: Talk): Promise<void> => talk.wire.say({ type: 'input_audio_buffer.cleared' });

describe('hands-free turns', () => {
  it('sends no sound before the server has confirmed that it listens', async () => {
    const talk = await Talk.open();
    talk.speak(100);
    talk.dialogue.setMode('hands-free', 'voice');
    talk.wire.expect('session.update');
    talk.speak(100);
    talk.wire.expectNothing();
    await updated(talk);
    talk.speak(100);
    expect(talk.expectAppends()).to.equal(80);
    await talk.end();
  });

  it('are answered once each, and words that come late ask for nothing', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    for (const item of ['item_p', 'item_q']) {
      await speechStarted(talk, item);
      await speechStopped(talk, item);
      talk.wire.expectNothing();
      await talk.taken(item);
      await talk.played(await talk.interviewer('Go on.', 100), 100);
      await talk.transcribed(item, 'The lift.');
      talk.wire.expectNothing();
    }
    await talk.end();
  });

  it('R37: a reply that was asked for when the participant goes on is cancelled as soon as it begins', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    await speechStarted(talk, 'item_p');
    await speechStopped(talk, 'item_p');
    await talk.taken('item_p');
    const create = talk.wire.expect('response.create');
    await speechStarted(talk, 'item_q');
    talk.wire.expectNothing();
    const response = await talk.created({}, create);
    talk.wire.expect('response.cancel', { response_id: response });
    await talk.done(response, 'cancelled');
    await speechStopped(talk, 'item_q');
    talk.wire.expectNothing();
    await talk.taken('item_q');
    await talk.transcribed('item_p', 'It was the lift.');
    await talk.transcribed('item_q', 'The old one.');
    await talk.played(await talk.interviewer('I see.', 100), 100);
    await talk.end();
  });

  it('R39: a change of the mode in mid-speech drops what is said, and the lock waits for nothing else', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    talk.speak(400);
    talk.expectAppends();
    await speechStarted(talk, 'item_p');
    const turnId = talk.participantTurn();
    talk.dialogue.say({ reason: 'opening' });
    talk.dialogue.setMode('push-to-talk', 'voice');
    talk.wire.expect('input_audio_buffer.clear');
    talk.wire.expect('session.update');
    talk.wire.expect('input_audio_buffer.clear');
    expect(talk.changes(turnId)).to.deep.equal(['began', 'removed']);
    expect(talk.all('hearing').at(-1)?.isHearing).to.equal(false);
    talk.speak(100);
    await cleared(talk);
    talk.wire.expectNothing();
    await updated(talk);
    await cleared(talk);
    talk.wire.expect('response.create');
    await talk.end();
  });

  it('R39: speech that the server detected before it heard of the change holds nothing back', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    talk.dialogue.setMode('text', 'voice');
    talk.wire.expect('session.update');
    talk.wire.expect('input_audio_buffer.clear');
    await speechStarted(talk, 'item_p');
    await updated(talk);
    talk.dialogue.say({ reason: 'opening' });
    await settle();
    talk.wire.expectNothing();
    await cleared(talk);
    talk.wire.expect('response.create');
    expect(talk.all('hearing')).to.deep.equal([]);
    await talk.end();
  });

  it('a turn without an end is ended by the client, answered once, and nobody is heard any more', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    talk.speak(400);
    talk.expectAppends();
    await speechStarted(talk, 'item_p');
    talk.clock.advance(119_000);
    await settle();
    talk.wire.expectNothing();
    expect(talk.all('hearing').at(-1)?.isHearing).to.equal(true);
    talk.clock.advance(1000);
    await settle();
    expect(talk.all('hearing').at(-1)?.isHearing).to.equal(false);
    talk.wire.expect('input_audio_buffer.commit');
    await talk.taken('item_other');
    await talk.transcribed('item_other', 'A long story.');
    expect(talk.changes(talk.participantTurn()).at(-1)).to.equal('final: A long story.');
    await talk.played(await talk.interviewer('I see.', 100), 100);
    await speechStopped(talk, 'item_p');
    await talk.wire.say({ type: 'input_audio_buffer.committed', item_id: 'item_p', previous_item_id: null });
    await talk.end();
  });

  it('a turn without an end that the server does not give out either was nothing', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    await speechStarted(talk, 'item_p');
    talk.clock.advance(120_000);
    await settle();
    const { event_id } = talk.wire.expect('input_audio_buffer.commit');
    const error = {
      type: 'invalid_request_error',
      code: 'input_audio_buffer_commit_empty',
      message: '',
      event_id,
    };
    await talk.wire.say({ type: 'error', error });
    expect(talk.changes(talk.participantTurn()).at(-1)).to.equal('removed');
    expect(talk.all('hearing').at(-1)?.isHearing).to.equal(false);
    expect(talk.all('error')).to.deep.equal([]);
    await talk.end();
  });
});

/** The interviewer says something and `heardMs` of it have sounded. */
async function asking(
  talk: Talk,
  words: string,
  heardMs: number,
): Promise<{ response: string; turn: string }> {
  talk.dialogue.say({ reason: 'continue' });
  const response = await talk.created();
  const item = `item_of_${response}`;
  const turn = await talk.begins(response, item);
  await talk.sounds(response, item, 4000, words);
  if (heardMs > 0) await talk.starts(turn, heardMs);
  return { response, turn };
}

/** Something is heard for so long, and taken in. */
async function sound(talk: Talk, item: string, ms: number): Promise<string> {
  await speechStarted(talk, item);
  const turnId = talk.participantTurn();
  await settle();
  talk.clock.advance(ms + 900);
  await speechStopped(talk, item);
  return turnId;
}

describe('an interruption without words', () => {
  for (const [what, ms, tell] of [
    ['a cough', 300, (talk: Talk) => talk.transcribed('item_c', ' ')],
    ['a fit of coughing', 2500, (talk: Talk) => talk.transcribed('item_c', '')],
    [
      'a click that the transcriber failed at',
      200,
      (talk: Talk) =>
        talk.wire.say({
          type: 'conversation.item.input_audio_transcription.failed',
          item_id: 'item_c',
          error: { type: 'x', message: 'y' },
        }),
    ],
  ] as const)
    it(`(${what}) was never a turn, is not answered, and the model forgets it`, async () => {
      const talk = await Talk.open({ mode: 'hands-free' });
      const { response, turn } = await asking(talk, 'What do you remember?', 1000);
      const cough = await sound(talk, 'item_c', ms);
      talk.wire.expect('conversation.item.truncate', { audio_end_ms: 1000 });
      await talk.done(response, 'cancelled');
      await talk.taken('item_c');
      if (ms > 1500) await talk.created();
      else {
        talk.wire.expectNothing();
        expect(talk.all('heard'), 'no answer was heard').to.deep.equal([]);
      }
      await tell(talk);
      talk.wire.expect('conversation.item.delete', { item_id: 'item_c' });
      if (ms > 1500) {
        talk.wire.expect('response.cancel');
        await talk.done('resp_2', 'cancelled');
      }
      expect(talk.changes(cough).at(-1)).to.equal('removed');
      expect(talk.changes(turn)).to.include('interrupted');
      await settle();
      talk.clock.advance(60_000);
      await talk.end();
    });

  it('is an answer when its words come, and when they do not come in time', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    for (const item of ['item_p', 'item_q']) {
      const { response } = await asking(talk, 'What do you remember?', 1000);
      const turnId = await sound(talk, item, 300);
      talk.wire.expect('conversation.item.truncate');
      await talk.done(response, 'cancelled');
      await talk.taken(item);
      talk.wire.expectNothing();
      if (item === 'item_p') await talk.transcribed(item, 'The lift.');
      else {
        talk.clock.advance(2000);
        await settle();
      }
      expect(talk.all('heard').at(-1)).to.deep.equal({ turnId });
      await talk.played(await talk.interviewer('I see.', 100), 100);
    }
    await talk.end();
  });

  it('while nobody was interrupted stays as a gap and is answered', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    const turnId = await sound(talk, 'item_c', 300);
    await talk.taken('item_c');
    await talk.played(await talk.interviewer('Pardon?', 100), 100);
    await talk.transcribed('item_c', '');
    expect(talk.changes(turnId).at(-1)).to.equal('failed');
    await talk.end();
  });

  it('whose reply was heard already stays as a gap', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    const { response } = await asking(talk, 'What do you remember?', 1000);
    const turnId = await sound(talk, 'item_c', 2500);
    talk.wire.expect('conversation.item.truncate');
    await talk.done(response, 'cancelled');
    await talk.taken('item_c');
    await talk.starts(await talk.interviewer('Pardon?', 500, 'item_b'), 100);
    await talk.transcribed('item_c', '');
    expect(talk.changes(turnId).at(-1)).to.equal('failed');
    await talk.end();
  });

  it('that is the interviewer’s own voice is told as an echo and removed', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    const { response } = await asking(talk, 'What do you remember of that day?', 1000);
    const turnId = await sound(talk, 'item_c', 700);
    talk.wire.expect('conversation.item.truncate');
    await talk.done(response, 'cancelled');
    await talk.taken('item_c');
    await talk.transcribed('item_c', 'What do you remember');
    talk.wire.expect('conversation.item.delete', { item_id: 'item_c' });
    expect(talk.all('echo')).to.deep.equal([{ turnId }]);
    expect(talk.changes(turnId).at(-1)).to.equal('removed');
    await settle();
    await talk.end();
  });
});

describe('somebody who thinks while they speak', () => {
  const pauseOf = (update: { readonly [key: string]: unknown }): unknown => {
    type Session = { audio: { input: { turn_detection: { silence_duration_ms: number } } } };
    return (update['session'] as Session).audio.input.turn_detection.silence_duration_ms;
  };

  it('gets longer pauses, and the reply to what was no answer yet is taken back', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    await sound(talk, 'item_p', 800);
    await talk.taken('item_p');
    const response = await talk.created();
    await talk.transcribed('item_p', 'Let me think.');
    expect(pauseOf(talk.wire.expect('session.update'))).to.equal(2500);
    talk.wire.expect('response.cancel', { response_id: response });
    await talk.done(response, 'cancelled');
    await updated(talk);
    talk.speak(40);
    expect(talk.expectAppends(), 'sound goes on while the pause changes').to.equal(40);
    talk.clock.advance(2000);
    await sound(talk, 'item_q', 5000);
    await talk.taken('item_q');
    const reply = await talk.interviewer('I see.', 100);
    await talk.transcribed('item_q', 'It was the lift.');
    expect(pauseOf(talk.wire.expect('session.update'))).to.equal(900);
    await updated(talk);
    await talk.played(reply, 100);
    talk.clock.advance(60_000);
    await settle();
    await talk.end();
  });

  it('is replied to after a while, when nothing more comes', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    await sound(talk, 'item_p', 800);
    await talk.taken('item_p');
    const create = talk.wire.expect('response.create');
    await talk.transcribed('item_p', 'Und dann kam der Aufzug und');
    talk.wire.expect('session.update');
    await updated(talk);
    const response = await talk.created({}, create);
    talk.wire.expect('response.cancel', { response_id: response });
    await talk.done(response, 'cancelled');
    talk.clock.advance(2400);
    await settle();
    talk.wire.expectNothing();
    talk.clock.advance(100);
    await settle();
    await talk.played(await talk.interviewer('Take your time.', 100), 100);
    await talk.end();
  });

  it('is not cut when the reply has begun to be heard', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    await sound(talk, 'item_p', 800);
    await talk.taken('item_p');
    const reply = await talk.interviewer('Take your time.', 500);
    await talk.starts(reply, 200);
    await talk.transcribed('item_p', 'Let me think.');
    talk.wire.expect('session.update');
    await updated(talk);
    talk.wire.expectNothing();
    expect(talk.changes(reply)).to.not.include('interrupted');
    await talk.end();
  });

  it('goes on before the reply was asked for: both stretches are answered once, together', async () => {
    let record: () => void = () => undefined;
    const talk = await Talk.open({
      mode: 'hands-free',
      beforeReply: () => new Promise((resolve) => (record = resolve)),
    });
    await sound(talk, 'item_p', 2000);
    await talk.taken('item_p');
    await speechStarted(talk, 'item_q');
    record();
    await settle();
    talk.wire.expectNothing();
    talk.clock.advance(3000);
    await speechStopped(talk, 'item_q');
    await talk.taken('item_q');
    talk.wire.expectNothing();
    record();
    await settle();
    await talk.played(await talk.interviewer('I see.', 100), 100);
    talk.clock.advance(60_000);
    await settle();
    await talk.end();
  });

  it('goes on while the reply begins: it is taken back, and one reply answers both', async () => {
    const talk = await Talk.open({ mode: 'hands-free' });
    await sound(talk, 'item_p', 2000);
    await talk.taken('item_p');
    const response = await talk.created();
    const cut = await talk.begins(response, 'item_a');
    await talk.sounds(response, 'item_a', 1000, 'Thank you.');
    await speechStarted(talk, 'item_q');
    await settle();
    expect(talk.changes(cut).at(-1)).to.equal('removed');
    await talk.done(response, 'cancelled');
    talk.wire.expect('conversation.item.delete', { item_id: 'item_a' });
    talk.clock.advance(3000);
    await speechStopped(talk, 'item_q');
    await talk.taken('item_q');
    await talk.played(await talk.interviewer('I see.', 100, 'item_b'), 100);
    await talk.end();
  });
});
