import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Turn } from '../../src/turn.js';
import { FakeSpeech, sound } from '../demo/fake-speech.js';
import { isAtRest } from './support/at-rest.js';
import { InterviewPage, type Told } from './support/interview-page.js';
import { storedRecords } from './support/stored-turns.js';
import { withDemo } from './support/with-demo.js';

const UTTERANCE = { rate: 24_000, pcm: new Int16Array(12_000).fill(50) };
const ANSWER = 'On my first day Maria met me at the door at nine, and we set up my laptop before lunch.';

describe('a reload', { timeout: 180_000 }, () => {
  const stage = withDemo(() => {
    const speech = new SlowSpeech();
    for (let n = 0; n < 10; n++) speech.utterances.push(ANSWER);
    return { speech };
  });

  it('in the middle of a turn cuts that turn and nothing else', async () => {
    const interview = await InterviewPage.open(stage.browser, stage.demo.url);
    await interview.enter({ withMicrophone: true });
    await interview.until('the opening', isAtRest);

    await interview.talk(UTTERANCE);
    await interview.until('the second question to be heard', (events) => isSpeaking(events, 3));
    await stored(interview, 'Thank you. Who welcomed you');
    const beforeFirst = await interview.transcript();
    assert.deepEqual(outline(beforeFirst), [
      'interviewer final opening',
      'participant final answer',
      'interviewer partial',
    ]);
    await comeBack(interview);

    await interview.until('the question that was cut', isAtRest);
    const afterFirst = await interview.transcript();
    assert.deepEqual(
      afterFirst.slice(0, 3).map(({ id, n }) => ({ id, n })),
      beforeFirst.map(({ id, n }) => ({ id, n })),
      'what was said before is there, in its order',
    );
    assert.deepEqual(outline(afterFirst), [
      'interviewer final opening',
      'participant final answer',
      'interviewer failed',
      'interviewer final ask',
    ]);
    assert.match(afterFirst[2]?.text ?? '', /^Thank you\. Who welcomed you/, 'with the words that were said');
    assert.equal(
      afterFirst[3]?.questionId,
      'welcome',
      'the question that nobody heard to its end is asked again',
    );

    await pressAndSpeak(interview);
    const beforeSecond = await interview.transcript();
    assert.equal(beforeSecond[4]?.speaker, 'participant');
    assert.equal(beforeSecond[4].status, 'partial');
    const committed = interview.wire.of('input_audio_buffer.commit').length;
    await comeBack(interview);

    await interview.until('the interviewer to go on', isAtRest);
    const afterSecond = await interview.transcript();
    assert.deepEqual(
      afterSecond.slice(0, 5).map(({ id }) => id),
      beforeSecond.map(({ id }) => id),
    );
    assert.deepEqual(outline(afterSecond).slice(0, 5), [
      'interviewer final opening',
      'participant final answer',
      'interviewer failed',
      'interviewer final ask',
      'participant failed',
    ]);
    assert.equal(afterSecond[4]?.text, '', 'what was said and not taken in is a marked gap');
    assert.equal(interview.wire.of('input_audio_buffer.commit').length, committed, 'and was not taken in');
    assert.equal(afterSecond.at(-1)?.speaker, 'interviewer');
    assert.equal(afterSecond.filter(({ act }) => act === 'opening').length, 1, 'nobody was greeted twice');

    assert.deepEqual(interview.wire.of('error'), []);
    assert.equal(interview.wire.mostAtOnce, 1);
    assert.deepEqual(interview.problems, []);
    await interview.page.close();
  });
});

/** Speaks long enough to be cut: 40 ms a letter. */
class SlowSpeech extends FakeSpeech {
  override async *speak(text: string): AsyncIterable<Int16Array> {
    yield await Promise.resolve(sound(text.length * 40, 7));
  }
}

/** Reloads the page and goes on: the participant is asked, agrees again, and sees nothing before. */
async function comeBack(interview: InterviewPage): Promise<void> {
  await interview.page.reload({ waitUntil: 'load' });
  await interview.press('Continue');
  assert.deepEqual(await interview.transcript(), [], 'nothing is shown before consent');
  await interview.agree();
  await interview.press('Turn on the microphone');
  await interview.press('Start the interview');
  await interview.until('a live interview', (events) => events.some(({ status }) => status === 'live'));
}

/** Waits until the words are on this device. */
async function stored(interview: InterviewPage, words: string): Promise<void> {
  while (!JSON.stringify(await storedRecords(interview.page)).includes(words)) {
    if (isAtRest(await interview.events())) throw new Error(`Said to its end and not stored: ${words}`);
  }
}

/** Presses the talk button and speaks, without letting go. */
async function pressAndSpeak({ page }: InterviewPage): Promise<void> {
  const button = await page.waitForSelector('ai-interview >>> [part~="talk"]', { visible: true });
  await button?.hover();
  await page.mouse.down();
  await page.evaluate(
    (pcm, rate) =>
      (globalThis as unknown as { journey: { say(pcm: number[], rate: number): Promise<void> } }).journey.say(
        pcm,
        rate,
      ),
    Array.from(UTTERANCE.pcm),
    UTTERANCE.rate,
  );
}

const last = (events: readonly Told[]): string | undefined =>
  events.filter(({ type }) => type === 'activity').at(-1)?.activity;

const outline = (turns: readonly Turn[]): readonly string[] =>
  turns.map(({ speaker, status, act }) =>
    [speaker, status, act].filter((word) => word !== undefined).join(' '),
  );

/** The interviewer is heard, in the turn with this number, and its words have begun to appear. */
const isSpeaking = (events: readonly Told[], n: number): boolean =>
  last(events) === 'speaking' && events.some(({ type, turn }) => type === 'caption' && turn?.n === n);
