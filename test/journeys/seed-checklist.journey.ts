// What went wrong where this project comes from: requests for a response that met one another. At set-up, after a tool, under rapid
// presses of the talk button, and when an assessment's summary met a speaking interviewer.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FakeSpeech } from '../demo/fake-speech.js';
import { isAtRest, turnsOf } from './support/at-rest.js';
import { InterviewPage, type Told } from './support/interview-page.js';
import type { WireLog } from './support/wire-log.js';
import { withDemo } from './support/with-demo.js';

/** Half a second of a participant who is hardly heard: the server is told what the words were. */
const UTTERANCE = { rate: 24_000, pcm: new Int16Array(12_000).fill(50) };
/** How long each press is held. What is under 150 ms says nothing. */
const PRESSES_MS = [0, 220, 30, 260, 60, 180, 0, 300, 40];
const ANSWER = 'On Tuesday Maria showed me the kitchen, and we drank coffee with my new team for an hour.';

describe('one response at a time', { timeout: 180_000 }, () => {
  const speech = new FakeSpeech();
  // Sound that takes as long to send as to play: a response is under way while it is heard.
  const stage = withDemo(() => ({ speech, pace: 1 }));
  let interview: InterviewPage;

  beforeEach(async () => {
    const answers = Array.from({ length: 20 }, (_, n) => `${ANSWER} That was answer ${n + 1}.`);
    speech.utterances.splice(0, Infinity, ...answers);
    interview = await InterviewPage.open(await stage.browser.createBrowserContext(), stage.demo.url);
  });
  afterEach(() => interview.page.browserContext().close());

  it('at set-up, after the tool call, and under rapid presses of the talk button', async () => {
    const { wire, page } = interview;
    await interview.enter({ withMicrophone: true });
    await interview.until('the opening', isAtRest);

    assert.deepEqual(
      wire.events
        .map(({ type }) => type)
        .filter((type) => /^response\.(create|created|done)$|arguments\.done$/.test(type)),
      [
        'response.create',
        'response.created',
        'response.function_call_arguments.done',
        'response.done',
        'response.create',
        'response.created',
        ...callsBeside(wire),
        'response.done',
      ],
      'the forced tool call is over before its continuation is asked for',
    );

    await interview.talk(UTTERANCE);
    await interview.until('the reply to be heard', (events) => last(events, 'activity') === 'speaking');
    for (const heldMs of PRESSES_MS) {
      await page.mouse.down();
      await wait(heldMs);
      await page.mouse.up();
      await wait(40);
    }
    const committed = 'input_audio_buffer.committed';
    const before = wire.of(committed).length;
    await interview.talk(UTTERANCE);
    await interview.until(
      'an answer to what was said last',
      (events) => wire.of(committed).length > before && isAnswered(wire) && isAtRest(events),
    );

    assert.ok(wire.of('response.cancel').length > 0, 'a press met a response that was under way');
    const turns = await interview.transcript();
    const spoken = turns.findLastIndex(({ speaker }) => speaker === 'participant');
    assert.equal(turns[spoken]?.status, 'final');
    assert.match(turns[spoken].text, /That was answer \d+/);
    const [reply, ...rest] = turns.slice(spoken + 1);
    assert.deepEqual(rest, []);
    assert.equal(reply?.status, 'final');
    assert.equal(reply.interruptedBy, undefined, 'the last answer was said to its end');
    assert.equal(turns.filter(({ status }) => status === 'partial').length, 0);
    assertNoCollision(interview);
  });

  it('when an assessment comes in while the interviewer speaks, and its summary is asked for at once', async () => {
    await interview.enter({ withMicrophone: false });
    await interview.setOutput('text');
    await answerUntil(interview, ({ turn }) => turn?.questionId === 'advice');
    // From here on aloud: the question whether there is anything else, the summary, the farewell.
    await interview.setOutput('voice');
    await interview.page.evaluate(() => {
      const element = document.querySelector('ai-interview') as unknown as {
        activity: string;
        assess: () => Promise<unknown>;
        sendText(text: string): Promise<void>;
      };
      const { journey } = globalThis as unknown as { journey: { activityAtAssessment?: string } };
      addEventListener('interview-assessment', () => {
        journey.activityAtAssessment = element.activity;
        void element.sendText('No, that was everything.');
      });
    });
    await interview.type(ANSWER);
    const events = await interview.until('the end', (told) => told.some(({ type }) => type === 'end'));

    const activity = await interview.page.evaluate(
      () =>
        (globalThis as unknown as { journey: { activityAtAssessment?: string } }).journey
          .activityAtAssessment,
    );
    assert.equal(activity, 'speaking', 'the assessment met a speaking interviewer');
    assert.equal(events.find(({ type }) => type === 'end')?.reason, 'completed');
    const assessment = events.find(({ type }) => type === 'assessment')?.assessment;
    assert.ok(assessment, 'an assessment was made');
    const turns = await interview.transcript();
    const summary = turns.find(({ act }) => act === 'summary');
    assert.ok(summary, 'there is a summary');
    assert.ok(summary.text.includes(assessment.summary), `it is the assessment's: ${summary.text}`);
    assert.equal(summary.medium, 'voice');
    assert.equal(summary.interruptedBy, undefined);
    assert.equal(beside(interview.wire), 1, 'the assessment was made beside the conversation');
    assert.equal(turns.at(-1)?.act, 'close');
    const replies = turns.filter(({ speaker }) => speaker === 'interviewer').length;
    const begun = interview.wire.of('response.created').length - beside(interview.wire);
    assert.equal(
      begun,
      replies + 1,
      'one response for each turn of hers, and the tool call before the first',
    );
    assertNoCollision(interview);
  });
});

const last = (events: readonly Told[], type: 'activity'): string | undefined =>
  events.filter((event) => event.type === type).at(-1)?.[type];

/** Calls that the second response made beside its speech. */
function callsBeside(wire: WireLog): readonly string[] {
  return wire
    .of('response.function_call_arguments.done')
    .slice(1)
    .map(({ type }) => type);
}

/** Responses outside the conversation. */
const beside = (wire: WireLog): number =>
  wire.of('response.created').filter(({ response }) => response?.conversation_id === null).length;

/** A response was completed that began after the last of the participant's sound was taken in. */
function isAnswered(wire: WireLog): boolean {
  const types = wire.events.map(({ type }) => type);
  const events = wire.events.slice(types.lastIndexOf('input_audio_buffer.committed'));
  const begun = events.filter(({ type }) => type === 'response.created').map(({ response }) => response?.id);
  return events.some(
    ({ type, response }) =>
      type === 'response.done' && response?.status === 'completed' && begun.includes(response.id),
  );
}

function assertNoCollision({ wire, problems }: InterviewPage): void {
  assert.deepEqual(wire.of('error'), []);
  assert.equal(wire.mostAtOnce, 1);
  assert.deepEqual(wire.open, [], 'every response came to its end');
  assert.equal(
    wire.of('response.create').length,
    wire.of('response.created').length,
    'every request for a response was granted, once',
  );
  assert.deepEqual(problems, []);
}

/** Answers whatever is asked until a turn was told that fits. */
async function answerUntil(interview: InterviewPage, fits: (told: Told) => boolean): Promise<void> {
  for (let answer = 0; answer < 20; answer++) {
    const told = await interview.until('the interviewer to come to rest', isAtRest);
    if (told.some(fits)) return;
    const spoken = turnsOf(told, 'interviewer').length;
    await interview.type(ANSWER);
    await interview.until('a reply', (events) => turnsOf(events, 'interviewer').length > spoken);
  }
  throw new Error('20 answers did not bring the interview to where it should be');
}
