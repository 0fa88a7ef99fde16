// Nobody presses anything: the interviewer speaks, the participant speaks, and the server tells when.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, it } from 'node:test';
import { isUnfinished } from '../../src/dialogue/patience.js';
import { pooledWordErrorRate } from '../support/word-error-rate.js';
import { isAtRest } from './support/at-rest.js';
import { enterHandsFree } from './support/hands-free.js';
import type { InterviewPage, Loudness, Told } from './support/interview-page.js';
import { LONG, SHORT, withPauses } from './support/recordings.js';
import { assertOneReplyEach, isAnswered, spoken, wordsOf } from './support/spoken-answers.js';
import { withDemo } from './support/with-demo.js';

const THINKING_MS = 3000;
/** Below this the loudspeaker is silent. */
const SILENCE = 0.001;
/** The ear reads every 40 ms and looks back over 43 ms; a busy machine reads late. */
const EAR_MS = 120;

describe('a hands-free interview', { timeout: 300_000 }, () => {
  const stage = withDemo();
  let interview: InterviewPage;

  afterEach(() => interview.page.browserContext().close());

  it('hears each answer, also over a pause for thought, and answers each once', async () => {
    interview = await enterHandsFree(stage);
    await interview.until('the opening', isAtRest);

    await interview.say(LONG.wav);
    await interview.until('the reply to the first answer', (events) => isAnswered(events, 1));

    await interview.say(withPauses([SHORT.wav, LONG.wav], THINKING_MS));
    await interview.until('the reply to both parts', (events) => isAnswered(events, 3));

    const turns = await interview.transcript();
    // Whether the first part sounds unfinished, its comma or full stop, is for the recogniser to say.
    const isWaitedFor = isUnfinished(spoken(turns)[1]?.text ?? '');
    const cut = turns.filter(({ interruptedBy }) => interruptedBy !== undefined);
    const answers = turns.map((turn) => (cut.includes(turn) ? '' : turn.speaker[0])).join('');
    assert.equal(answers, 'ipippi', 'both parts are answered together');
    assert.deepEqual(
      cut.map((turn) => `${String(turns.indexOf(turn))} by ${turn.interruptedBy ?? ''}`),
      isWaitedFor || cut.length === 0 ? [] : ['4 by participant'],
      'who paused for thought was waited for, or has interrupted what came too soon',
    );
    const said = [LONG, SHORT, LONG].map(({ words }) => words).join(' ');
    const heard = spoken(turns)
      .map(({ text }) => text)
      .join(' ');
    const rate = pooledWordErrorRate([{ said, heard }]);
    console.log(`Word error rate ${rate.toFixed(3)} in ${String(spoken(turns).length)} turns`);
    assert.ok(rate <= 0.2, `word error rate ${rate.toFixed(3)}: ${heard}`);
    assert.equal(turns.at(-1)?.speaker, 'interviewer');
    assert.equal(turns.at(-1)?.interruptedBy, undefined);
    assertOneReplyEach(interview, turns);
  });

  it('falls silent when the participant speaks, keeps what was heard, and goes on', async () => {
    interview = await enterHandsFree(stage);
    const { wire } = interview;
    await interview.until('the opening', isAtRest);
    await interview.say(SHORT.wav);
    await interview.until('the reply to be heard', (events) => last(events) === 'speaking');
    await wait(1000);
    const interruptedAt = await interview.now();
    await interview.say(LONG.wav);
    const events = await interview.until('the reply to what was said', (told) => isAnswered(told, 2));

    const turns = await interview.transcript();
    const interrupted = turns.filter(({ interruptedBy }) => interruptedBy !== undefined);
    assert.equal(interrupted.length, 1, 'one turn was interrupted');
    const [turn] = interrupted;
    assert.equal(turn?.interruptedBy, 'participant');
    assert.equal(turn.status, 'final');
    assert.ok(turn.heard, 'some words were heard');
    assert.ok(turn.text.startsWith(turn.heard), `what was heard is the beginning: ${turn.heard}`);
    assert.ok(turn.heard.length < turn.text.length, 'and not all of it');
    assert.ok(turn.heardMs !== undefined && turn.heardMs > 0);

    const sound = soundOf(events, await interview.loudness(), interruptedAt);
    const truncations = wire.of('conversation.item.truncate');
    assert.equal(truncations.length, 1);
    const endMs = truncations[0]?.audio_end_ms ?? Infinity;
    console.log(
      `Silent ${sound.afterDetectionMs.toFixed(0)} ms after speech was detected, ${sound.afterOnsetMs.toFixed(0)} ms after it began. ` +
        `audio_end_ms ${String(endMs)}, heardMs ${turn.heardMs.toFixed(1)}, sounded ${sound.soundedMs.toFixed(0)} ms`,
    );
    const sent = wire.soundOf(truncations[0]?.item_id ?? '');
    const span = (await interview.spans()).find(
      ({ at }) => at > sound.silentAt - 1000 && at < sound.silentAt + 1000,
    );
    // A page that has to wait for sound plays zeros meanwhile: only what is not zero was said.
    const playedMs = (span?.sounding ?? 0) / 24;
    const toldMs = sent.subarray(0, endMs * 24).filter(Boolean).length / 24;
    console.log(
      `Counted ${playedMs.toFixed(1)} ms out of the loudspeaker, told the server ${toldMs.toFixed(1)} ms`,
    );
    assert.ok(Math.abs(playedMs - toldMs) <= 20, 'what the server was told is what was played');
    assert.ok(sound.afterDetectionMs < 300, 'she is silent at once');
    assert.ok(endMs <= turn.heardMs, 'the server remembers no more than was played');
    assert.ok(endMs <= sound.soundedMs + EAR_MS, 'and no more than left the loudspeaker');
    assert.ok(wire.of('conversation.item.truncated').length === 1, 'the server took it');

    const rate = pooledWordErrorRate([
      { said: [SHORT, LONG].map(({ words }) => words).join(' '), heard: wordsOf(spoken(turns)) },
    ]);
    assert.ok(rate <= 0.2, `word error rate ${rate.toFixed(3)}: ${wordsOf(spoken(turns))}`);
    const [reply, ...rest] = turns.slice(turns.findLastIndex(({ speaker }) => speaker === 'participant') + 1);
    assert.deepEqual(rest, []);
    assert.equal(reply?.status, 'final');
    assert.equal(reply.interruptedBy, undefined, 'the conversation went on');
    assertOneReplyEach(interview, turns);
  });

  it('is not interrupted without barge-in, neither by the participant nor by a loud loudspeaker', async () => {
    interview = await enterHandsFree(stage, { hearsLoudspeaker: true, attributes: { 'no-barge-in': '' } });
    await interview.until('the opening', isAtRest);
    await interview.say(SHORT.wav);
    await interview.until('the reply to be heard', (events) => last(events) === 'speaking');
    await wait(500);
    await interview.say(SHORT.wav);
    assert.equal(last(await interview.events()), 'speaking', 'she goes on');
    await interview.until('the end of the reply', (events) => isAnswered(events, 1));

    // What was said meanwhile, or came back from the loudspeaker, would be detected by now.
    await wait(THINKING_MS);
    const turns = await interview.transcript();
    assert.deepEqual(
      turns.map(({ speaker, status }) => `${speaker} ${status}`),
      ['interviewer final', 'participant final', 'interviewer final'],
    );
    assert.ok(turns.every(({ interruptedBy }) => interruptedBy === undefined));
    const rate = pooledWordErrorRate([{ said: SHORT.words, heard: wordsOf(spoken(turns)) }]);
    assert.ok(rate <= 0.2, `word error rate ${rate.toFixed(3)}: ${wordsOf(spoken(turns))}`);
    assert.equal(interview.wire.of('input_audio_buffer.speech_started').length, 1);
    assertOneReplyEach(interview, turns);
  });
});

const last = (events: readonly Told[]): string | undefined =>
  events.filter(({ type }) => type === 'activity').at(-1)?.activity;

/** How long the interrupted turn sounded, and how soon it stopped. */
function soundOf(
  events: readonly Told[],
  loudness: readonly Loudness[],
  interruptedAt: number,
): { soundedMs: number; silentAt: number; afterDetectionMs: number; afterOnsetMs: number } {
  const activities = events.filter(({ type }) => type === 'activity');
  const detected = activities.find(({ activity, at }) => activity === 'hearing' && at > interruptedAt);
  const began = activities.findLast(({ activity, at }) => activity === 'speaking' && at < interruptedAt);
  assert.ok(detected && began, 'she spoke, and then the participant was heard');
  const next = activities.find(({ activity, at }) => activity === 'speaking' && at > detected.at);
  const loud = loudness.filter(
    ({ at, rms }) => at > began.at && at < (next?.at ?? Infinity) && rms > SILENCE,
  );
  const silentAt = loud.at(-1)?.at ?? began.at;
  return {
    soundedMs: silentAt - began.at,
    silentAt,
    afterDetectionMs: silentAt - detected.at,
    afterOnsetMs: silentAt - interruptedAt,
  };
}
