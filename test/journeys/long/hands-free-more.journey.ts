/** Hands-free as people are: somebody coughs, other voices answer and stop to think, and the words tell when a turn ends. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, it } from 'node:test';
import type { Demo } from '../../../demo/server/demo.js';
import { isEcho } from '../../../src/dialogue/echo.js';
import type { Sound } from '../../../demo/server/speech/wav.js';
import { cough } from '../../support/cough.js';
import { pooledWordErrorRate } from '../../support/word-error-rate.js';
import { isAtRest, turnsOf } from '../support/at-rest.js';
import { enterHandsFree } from '../support/hands-free.js';
import type { InterviewPage, Told } from '../support/interview-page.js';
import { LONG, withPauses } from '../support/recordings.js';
import {
  assertOneReplyEach,
  assertQuietWire,
  isAnswered,
  spoken,
  wordsOf,
} from '../support/spoken-answers.js';
import { withDemo } from '../support/with-demo.js';

const THINKING_MS = 3000;
/** Below this the loudspeaker is silent. */
const SILENCE = 0.001;
/** From the detection of a voice to a silent loudspeaker, as the ear reads it. */
const FALLS_SILENT_MS = 300;
/** Flite is no person: its vowels are taken for others now and then. */
const SYNTHETIC_WORD_ERRORS = 0.35;

/** Flite's voices that the interviewer does not speak with. The parts of an answer have a pause for thought between them. */
const PARTICIPANTS = [
  {
    voice: 'rms',
    answers: [
      ['I started on the second of May, and my manager met me at the front door with a cup of tea.'],
      ['We looked at the plan, and then I', 'asked the team for help, and they answered within an hour.'],
    ],
  },
  {
    voice: 'awb',
    answers: [
      ['First we had lunch together, and then', 'my colleague Tom showed me the building.'],
      ['I would have liked more time with the people who wrote the handbook.'],
    ],
  },
] as const;

describe('a hands-free interview with', { timeout: 400_000 }, () => {
  const stage = withDemo();
  let interview: InterviewPage;

  afterEach(() => interview.page.browserContext().close());

  const open = async (attributes: Readonly<Record<string, string>> = {}): Promise<void> => {
    interview = await enterHandsFree(stage, { attributes });
    await interview.until('the opening', isAtRest);
  };

  /** Says the parts with pauses between them, and waits until the interviewer has replied to the answer of this number. */
  const answer = async (parts: readonly Sound[], isReplied: (events: readonly Told[]) => boolean) => {
    await interview.say(withPauses(parts, THINKING_MS));
    await interview.until('the reply to the answer', isReplied);
  };

  it('somebody who coughs: she stops, says her line again once, and takes the answer that follows', async () => {
    await open();
    await interview.say(LONG.wav);
    await interview.until('the reply to be heard', (events) => activityOf(events) === 'speaking');
    await wait(500);
    const before = await interview.transcript();
    const coughedAt = await interview.now();
    await interview.say(cough());
    await interview.until(
      'the line to be said again',
      (events) =>
        isAtRest(events) &&
        turnsOf(events, 'interviewer').some(
          ({ turn, at }) =>
            at > coughedAt && turn?.interruptedBy === undefined && turn?.id !== before.at(-1)?.id,
        ),
    );
    // Whatever else would follow from it, another repetition too.
    await wait(THINKING_MS);

    const turns = await interview.transcript();
    console.log(
      turns
        .slice(-2)
        .map(({ act, text, heard }) => `${act ?? ''}: ${text} [${heard ?? ''}]`)
        .join('\n'),
    );
    assert.equal(turns.map(({ speaker }) => speaker[0]).join(''), 'ipii', 'nobody answered');
    assert.ok(
      turns.every(({ text, status }) => text !== '' && status === 'final'),
      'and there is no gap',
    );
    const [cut, again] = turns.slice(-2);
    assert.equal(cut?.interruptedBy, 'participant');
    assert.ok((cut.heard?.length ?? 0) < cut.text.length, 'she stopped before the end');
    assert.equal(cut.id, before.at(-1)?.id);
    assert.ok(again);
    assert.equal(again.interruptedBy, undefined);
    assert.ok(isEcho(lastSentence(cut.text), again.text), `"${again.text}" says again "${cut.text}"`);
    assert.equal(again.questionId, cut.questionId);
    const events = await interview.events();
    const { questionId } = again;
    assert.ok(questionId, 'it is a question');
    assert.equal(statusOf(questionId, events), 'asked', 'and nothing has answered it');
    const hearing = events.find(({ activity, at }) => activity === 'hearing' && at > coughedAt);
    const next = events.find(({ activity, at }) => activity === 'speaking' && at > (hearing?.at ?? Infinity));
    assert.ok(hearing && next, 'a voice was detected, and then she spoke again');
    const loud = (await interview.loudness()).filter(
      ({ at, rms }) => rms > SILENCE && at > hearing.at + FALLS_SILENT_MS && at < next.at - 100,
    );
    assert.deepEqual(loud, [], 'she was silent in between');
    const { wire } = interview;
    assert.equal(wire.of('input_audio_buffer.speech_started').length, 2);
    assert.equal(wire.of('conversation.item.delete').length, 1, 'the model forgets the cough');

    await answer([LONG.wav], (told) => isAnswered(told, 2));
    const answered = await interview.transcript();
    assert.equal(answered.map(({ speaker }) => speaker[0]).join(''), 'ipiipi');
    assert.equal(spoken(answered).at(-1)?.questionId, questionId, 'it answers what was said again');
    const rate = pooledWordErrorRate([
      { said: `${LONG.words} ${LONG.words}`, heard: wordsOf(spoken(answered)) },
    ]);
    assert.ok(rate <= 0.2, `word error rate ${rate.toFixed(3)}: ${wordsOf(spoken(answered))}`);
    assertQuietWire(interview);
  });

  for (const { voice, answers } of PARTICIPANTS)
    it(`the voice ${voice}: both answers are heard, over a pause for thought, and answered once`, async () => {
      await open();
      let known = 0;
      for (const parts of answers) {
        const sounds = await Promise.all(parts.map((part) => spokenBy(stage.demo, voice, part)));
        await answer(sounds, (events) => isAnswered(events, known + parts.length));
        const turns = await interview.transcript();
        known = spoken(turns).length;
      }

      const turns = await interview.transcript();
      const said = answers.map((parts) => 'p'.repeat(parts.length)).join('i');
      assert.equal(turns.map(({ speaker }) => speaker[0]).join(''), `i${said}i`);
      assert.ok(turns.every(({ interruptedBy }) => interruptedBy === undefined));
      const heard = wordsOf(spoken(turns));
      const rate = pooledWordErrorRate([{ said: answers.flat().join(' '), heard }]);
      console.log(`${voice}: word error rate ${rate.toFixed(3)}, heard "${heard}"`);
      assert.ok(rate <= SYNTHETIC_WORD_ERRORS, `word error rate ${rate.toFixed(3)}: ${heard}`);
      assertOneReplyEach(interview, turns);
    });

  it('semantic detection: a pause after words that want more does not end the turn', async () => {
    await open({ 'turn-detection': 'semantic' });
    const { voice, answers } = PARTICIPANTS[0];
    const parts = answers[1];
    const sounds = await Promise.all(parts.map((part) => spokenBy(stage.demo, voice, part)));
    await answer(sounds, (events) => isAnswered(events, 1));

    const { wire } = interview;
    const detection = wire
      .of('session.update')
      .flatMap(({ session }) => session?.audio?.input?.turn_detection ?? []);
    assert.ok(detection.every(({ type }) => type === 'semantic_vad'));
    assert.equal(wire.of('input_audio_buffer.speech_started').length, 1, 'one turn on the wire');
    const turns = await interview.transcript();
    assert.equal(turns.map(({ speaker }) => speaker[0]).join(''), 'ipi', 'and in the transcript');
    const heard = wordsOf(spoken(turns));
    const rate = pooledWordErrorRate([{ said: parts.join(' '), heard }]);
    console.log(`semantic: word error rate ${rate.toFixed(3)}, heard "${heard}"`);
    assert.ok(rate <= SYNTHETIC_WORD_ERRORS, `word error rate ${rate.toFixed(3)}: ${heard}`);
    assertOneReplyEach(interview, turns);
  });
});

async function spokenBy(demo: Demo, voice: string, text: string): Promise<Sound> {
  assert.ok(demo.speech, 'the local speech is there');
  const chunks: Int16Array[] = [];
  for await (const chunk of demo.speech.speak(text, { voice })) chunks.push(chunk);
  return { pcm: Int16Array.from(chunks.flatMap((chunk) => Array.from(chunk))), rate: 24_000 };
}

const activityOf = (events: readonly Told[]): string | undefined =>
  events.findLast(({ type }) => type === 'activity')?.activity;

const statusOf = (questionId: string, events: readonly Told[]): string | undefined =>
  events
    .findLast(({ type }) => type === 'coverage')
    ?.coverage?.sections.flatMap(({ questions }) => questions)
    .find(({ id }) => id === questionId)?.status;

/** Without the thanks before it. */
const lastSentence = (line: string): string => line.split(/(?<=[.!?])\s+/).at(-1) ?? line;
