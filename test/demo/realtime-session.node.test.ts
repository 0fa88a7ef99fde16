import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RealtimeSession } from '../../demo/server/realtime/realtime-session.js';
import type { ServerEvent } from '../../demo/server/realtime/server-events.js';
import { defaultSession } from '../../demo/server/realtime/session-config.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import { FakeSpeech } from './fake-speech.js';

function open(): {
  session: RealtimeSession;
  clock: FakeClock;
  events: ServerEvent[];
  closes: [number, string][];
  speech: FakeSpeech;
} {
  const clock = new FakeClock();
  const speech = new FakeSpeech();
  const events: ServerEvent[] = [];
  const closes: [number, string][] = [];
  const session = new RealtimeSession({
    config: defaultSession('gpt-realtime-2.1'),
    speech,
    clock,
    now: () => 1_800_000_000_000,
    send: (event) => events.push(event),
    close: (code, reason) => closes.push([code, reason]),
  });
  session.open();
  return { session, clock, events, closes, speech };
}

describe('RealtimeSession', () => {
  it('ends after an hour with session_expired and code 1001', () => {
    const { session, clock, events, closes } = open();
    clock.advance(60 * 60_000 - 1);
    assert.deepEqual(closes, []);
    clock.advance(1);
    const last = events.at(-1);
    assert.ok(last?.type === 'error');
    assert.equal(last.error.code, 'session_expired');
    assert.deepEqual(closes, [[1_001, 'Your session hit the maximum duration of 60 minutes.']]);
    session.end();
  });

  it('leaves no timer and sends nothing after its connection is gone', async () => {
    const { session, clock, events, speech } = open();
    const release = speech.holdSpeaking();
    session.receive('{"type":"response.create"}');
    await settle();
    const sent = events.length;
    session.end();
    session.end();
    release();
    await clock.advanceAsync(2 * 60 * 60_000);
    session.receive('{"type":"input_audio_buffer.clear"}');
    assert.equal(events.length, sent);
    assert.equal(clock.pending, 0);
  });

  it('sends sound ten times faster than it plays', async () => {
    const { session, clock, events } = open();
    session.receive(
      '{"type":"response.create","response":{"instructions":"say: \\"abcdefghij abcdefghij abcdefghij\\""}}',
    );
    const pieces = (): number => events.filter(({ type }) => type === 'response.output_audio.delta').length;
    await settle();
    assert.equal(pieces(), 1);
    await clock.advanceAsync(19);
    assert.equal(pieces(), 1);
    await clock.advanceAsync(1);
    assert.equal(pieces(), 2);
    await clock.advanceAsync(20);
    assert.equal(events.at(-1)?.type, 'response.done');
    session.end();
  });
});
