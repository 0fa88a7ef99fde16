import { expect } from '@open-wc/testing';
import {
  FakeClock,
  RealtimeModel,
  SeededRandom,
  randomScript,
  type ModelConnection,
  type ModelScript,
  type ModelServerEvent,
} from '../../src/testing/index.js';

const SCRIPT: ModelScript = {
  upMs: [10],
  downMs: [20],
  responses: [{ end: 'completed', ms: 1000 }],
  refusals: ['exact'],
  thinkMs: [100],
};

interface Scene {
  readonly clock: FakeClock;
  readonly model: RealtimeModel;
  readonly connection: ModelConnection;
  readonly heard: ModelServerEvent[];
  readonly closings: number[];
}

function start(script: Partial<ModelScript> = {}): Scene {
  const clock = new FakeClock();
  const model = new RealtimeModel({ clock, script: { ...SCRIPT, ...script } });
  const heard: ModelServerEvent[] = [];
  const closings: number[] = [];
  const connection = model.connect({
    onEvent: (event) => heard.push(event),
    onClose: () => closings.push(clock.now()),
  });
  return { clock, model, connection, heard, closings };
}

const detection = (fields: object | null) => ({
  type: 'session.update',
  session: { type: 'realtime', audio: { input: { turn_detection: fields } } },
});
const typesOf = (heard: readonly ModelServerEvent[]) =>
  heard.map(({ type }) => type).filter((type) => !/rate_limits|delta|item\.added/.test(type));

describe('RealtimeModel', () => {
  it('refuses a second response of the conversation as the provider does, and runs one out of band beside it', () => {
    const { clock, connection, heard, model } = start();
    connection.send({ type: 'response.create', event_id: 'a', response: { metadata: { create_id: 'a' } } });
    connection.send({ type: 'response.create', event_id: 'b' });
    connection.send({ type: 'response.create', event_id: 'c', response: { conversation: 'none' } });
    clock.advance(5000);
    const [first] = model.responses;
    expect(typesOf(heard)).to.deep.equal([
      'session.created',
      'response.created',
      'error',
      'response.created',
      'response.done',
      'response.done',
    ]);
    expect(heard.find(({ type }) => type === 'error')?.error).to.deep.equal({
      type: 'invalid_request_error',
      code: 'conversation_already_has_active_response',
      message: `Conversation already has an active response in progress: ${first!.id}. Wait until the response is finished before creating a new one.`,
      param: null,
      event_id: 'b',
    });
    expect(model.conflicts).to.equal(1);
    expect(model.responses.map(({ isOutOfBand }) => isOutOfBand)).to.deep.equal([false, true]);
    expect(first!.metadata).to.deep.equal({ create_id: 'a' });
  });

  it('keeps the order of messages whose ways differ in length', () => {
    const { clock, connection, heard } = start({ upMs: [400, 5], downMs: [5, 400, 5] });
    connection.send({ type: 'conversation.item.create', item: { id: 'slow' } });
    connection.send({ type: 'conversation.item.create', item: { id: 'quick' } });
    clock.advance(2000);
    expect(heard.slice(1).map(({ item }) => (item as { id: string }).id)).to.deep.equal(['slow', 'quick']);
  });

  it('cancels by id and bare, and says so when there is nothing to cancel', () => {
    const { clock, connection, heard, model } = start();
    connection.send({ type: 'response.cancel', event_id: 'early' });
    connection.send({ type: 'response.create' });
    connection.send({ type: 'response.cancel' });
    connection.send({ type: 'response.create' });
    clock.advance(30);
    connection.send({ type: 'response.cancel', response_id: model.responses[1]!.id });
    clock.advance(5000);
    expect(heard.find(({ type }) => type === 'error')?.error).to.include({
      code: 'response_cancel_not_active',
      event_id: 'early',
    });
    expect(model.responses.map(({ status, reason }) => [status, reason])).to.deep.equal([
      ['cancelled', 'client_cancelled'],
      ['cancelled', 'client_cancelled'],
    ]);
  });

  it('tells of a response too late, or twice, where the script says so', () => {
    const order = (fault: 'created late' | 'created twice'): string[] => {
      const { clock, connection, heard } = start({ responses: [{ end: 'completed', ms: 10, fault }] });
      connection.send({ type: 'response.create' });
      clock.advance(5000);
      return typesOf(heard).slice(1);
    };
    expect(order('created late')).to.deep.equal(['response.done', 'response.created']);
    expect(order('created twice')).to.deep.equal(['response.created', 'response.done', 'response.created']);
  });

  it('tells which turns it took in, and when', () => {
    const { clock, connection, model } = start();
    connection.send(detection({ create_response: false }));
    connection.speak(300);
    clock.advance(1000);
    expect(model.turns.map(({ takenAtMs }) => takenAtMs)).to.deep.equal([310]);
  });

  it('answers a detected turn by itself, and stops when the participant speaks', () => {
    const { clock, connection, heard, model } = start();
    connection.speak(500);
    clock.advance(800);
    connection.speak(200);
    clock.advance(5000);
    expect(typesOf(heard).slice(1)).to.deep.equal([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'response.created',
      'input_audio_buffer.speech_started',
      'response.done',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'response.created',
      'response.done',
    ]);
    expect(model.responses[0]).to.include({ status: 'cancelled', reason: 'turn_detected' });
    expect(model.speeches.map(({ fromMs, toMs }) => toMs! - fromMs)).to.deep.equal([500, 200]);
  });

  it('only tells of speech where the session wants no more, and asks by itself after a long silence where it does', () => {
    const quiet = start();
    quiet.connection.send(detection({ create_response: false, interrupt_response: false }));
    quiet.connection.send({ type: 'response.create' });
    quiet.connection.speak(300);
    quiet.clock.advance(60_000);
    expect(quiet.model.responses.map(({ status }) => status)).to.deep.equal(['completed']);
    const idle = start();
    idle.connection.send(detection({ idle_timeout_ms: 5000 }));
    idle.connection.send({ type: 'response.create' });
    idle.clock.advance(6500);
    expect(typesOf(idle.heard).slice(4)).to.deep.equal([
      'input_audio_buffer.timeout_triggered',
      'input_audio_buffer.committed',
      'response.created',
    ]);
  });

  it('refuses a commit of less than 100 ms and the output of a call that it never made', () => {
    const { clock, connection, heard } = start();
    connection.send(detection(null));
    connection.speak(99);
    clock.advance(100);
    connection.send({ type: 'input_audio_buffer.commit', event_id: 'short' });
    connection.send({ type: 'conversation.item.create', event_id: 'output', item: { call_id: 'call_x' } });
    clock.advance(1000);
    const errors = heard.filter(({ type }) => type === 'error').map(({ error }) => error);
    expect(errors).to.have.length(2);
    expect(errors[0]).to.include({ code: 'input_audio_buffer_commit_empty', event_id: 'short' });
    expect(errors[1]).to.include({
      message: "Tool call ID 'call_x' not found in conversation.",
      event_id: 'output',
    });
  });

  it('loses, repeats, swallows and drops what its script says', () => {
    const { clock, connection, heard, closings, model } = start({
      responses: [
        { end: 'completed', ms: 100, fault: 'created lost' },
        { end: 'completed', ms: 100, fault: 'done twice' },
        { end: 'completed', ms: 100, fault: 'create swallowed' },
        { end: 'completed', ms: 100, fault: 'drop midway' },
      ],
    });
    for (let n = 0; n < 5; n++) {
      connection.send({ type: 'response.create' });
      clock.advance(200);
    }
    expect(typesOf(heard).slice(1)).to.deep.equal([
      'response.done',
      'response.created',
      'response.done',
      'response.done',
      'response.created',
    ]);
    expect(closings).to.deep.equal([660]);
    expect(model.responses.at(-1)?.status).to.equal('dropped');
    expect(clock.pending).to.equal(0);
  });

  it('tells how each response ended', () => {
    const ends = ['cut off', 'filtered', 'rate limited', 'server error', 'empty'] as const;
    const { clock, connection, heard } = start({ responses: ends.map((end) => ({ end, ms: 10 })) });
    for (let n = 0; n < ends.length; n++) {
      connection.send({ type: 'response.create' });
      clock.advance(100);
    }
    const done = heard
      .filter(({ type }) => type === 'response.done')
      .map(({ response }) => response as { status: string; status_details: object | null });
    expect(done.map(({ status }) => status)).to.deep.equal([
      'incomplete',
      'incomplete',
      'failed',
      'failed',
      'completed',
    ]);
    expect(done[0]!.status_details).to.include({ reason: 'max_output_tokens' });
    const limits = heard
      .filter(({ type }) => type === 'rate_limits.updated')
      .map((event) => event.rate_limits);
    expect(limits.filter((limit) => JSON.stringify(limit).includes('"remaining":0'))).to.have.length(1);
  });

  it('plays the same interview again from the same seed', () => {
    const play = (seed: number): string => {
      const { clock, connection, heard } = start(randomScript(new SeededRandom(seed), { hasFaults: true }));
      for (let n = 0; n < 10; n++) {
        connection.send({ type: 'response.create' });
        connection.speak(300);
        clock.advance(3000);
      }
      return JSON.stringify(heard);
    };
    expect(play(7)).to.equal(play(7));
    expect(play(7)).not.to.equal(play(8));
  });
});
