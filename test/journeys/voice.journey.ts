import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pooledWordErrorRate } from '../support/word-error-rate.js';
import { guideOrder } from './support/guide-order.js';
import { countRests, InterviewPage, type Loudness, type Told } from './support/interview-page.js';
import { LONG, SHORT } from './support/recordings.js';
import { storedRecords } from './support/stored-turns.js';
import { withDemo } from './support/with-demo.js';

const CLIPS = [SHORT, LONG];

describe('an interview by voice', { timeout: 300_000 }, () => {
  const stage = withDemo();

  it('hears the participant, speaks, follows the guide and keeps every turn', async () => {
    const interview = await InterviewPage.open(stage.browser, stage.demo.url);
    await interview.enter({ withMicrophone: true });
    await interview.until('the opening', (events) => countRests(events) >= 1);

    for (const [index, { wav }] of CLIPS.entries()) {
      await interview.talk(wav);
      await interview.until(
        `the reply to answer ${String(index + 1)}`,
        (events) => answers(events).length > index && repliesSpoken(events) >= index + 2,
      );
    }

    const turns = await interview.transcript();
    const spoken = turns.filter(({ speaker }) => speaker === 'participant');
    assert.equal(spoken.length, CLIPS.length);
    const rate = pooledWordErrorRate(
      CLIPS.map(({ words }, index) => ({ said: words, heard: spoken[index]?.text ?? '' })),
    );
    assert.ok(
      rate <= 0.2,
      `word error rate ${rate.toFixed(3)}: ${spoken.map(({ text }) => text).join(' | ')}`,
    );

    const asked = turns.filter(({ act, questionId }) => questionId !== undefined && act !== 'probe');
    assert.deepEqual(
      [...new Set(asked.map(({ questionId }) => questionId))],
      guideOrder().slice(0, new Set(asked.map(({ questionId }) => questionId)).size),
    );
    assert.equal(turns[0]?.act, 'opening');

    const events = await interview.events();
    assertSoundWhereTheInterviewerSpeaks(events, await interview.loudness());
    printLatencies(turns);

    assert.deepEqual(interview.wire.open, [], 'every response came to its end: the lock is idle');
    assert.equal(interview.wire.mostAtOnce, 1);
    assert.deepEqual(interview.wire.of('error'), []);

    await interview.page.reload({ waitUntil: 'load' });
    const stored = JSON.stringify(await storedRecords(interview.page));
    for (const turn of turns) assert.ok(stored.includes(turn.id), `turn ${turn.id} (${turn.text}) is stored`);
    for (const { text } of spoken) assert.ok(stored.includes(JSON.stringify(text)));
    assert.deepEqual(interview.problems, []);
    await interview.page.close();
  });
});

const answers = (events: readonly Told[]): readonly Told[] =>
  events.filter(({ type, turn }) => type === 'turn' && turn?.speaker === 'participant');

/** Times that the interviewer began to speak and came to rest again. */
const repliesSpoken = (events: readonly Told[]): number => {
  const activities = events.filter(({ type }) => type === 'activity').map(({ activity }) => activity);
  return activities.filter(
    (activity, index) => activity === 'listening' && activities[index - 1] === 'speaking',
  ).length;
};

function assertSoundWhereTheInterviewerSpeaks(events: readonly Told[], heard: readonly Loudness[]): void {
  const activities = events.filter(({ type }) => type === 'activity');
  const spans = activities.map(({ activity, at }, index) => ({
    activity,
    // The analyser looks back over 43 ms and is read every 40 ms.
    from: at + 150,
    to: (activities[index + 1]?.at ?? Infinity) - 150,
  }));
  const within = (kind: (activity: string | undefined) => boolean): number[] =>
    spans
      .filter(({ activity }) => kind(activity))
      .flatMap(({ from, to }) => heard.filter(({ at }) => at > from && at < to).map(({ rms }) => rms));
  const speaking = within((activity) => activity === 'speaking');
  const silent = within((activity) => activity === 'listening' || activity === 'hearing');
  assert.ok(speaking.length > 50, `the interviewer spoke (${String(speaking.length)} readings)`);
  assert.ok(silent.length > 20, `the interviewer was silent (${String(silent.length)} readings)`);
  const loud = speaking.filter((rms) => rms > 0.005).length / speaking.length;
  assert.ok(loud > 0.6, `sound in ${(loud * 100).toFixed(0)} % of the time in which the interviewer speaks`);
  assert.ok(Math.max(...silent) < 0.001, `silence while she does not: ${String(Math.max(...silent))}`);
}

function printLatencies(turns: readonly { latencyMs?: number }[]): void {
  const latencies = turns.map(({ latencyMs }) => latencyMs).filter((ms) => ms !== undefined);
  assert.ok(latencies.length > 0, 'the time from release to the first sound was measured');
  console.log(`From release to the first sound: ${latencies.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`);
}
