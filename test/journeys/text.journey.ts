import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAtRest } from './support/at-rest.js';
import { guideOrder } from './support/guide-order.js';
import { InterviewPage, type Told } from './support/interview-page.js';
import { withDemo } from './support/with-demo.js';

/** Long and concrete enough to be taken for an answer; every few are short, so that the interviewer probes. */
const ANSWERS = [
  'On my first day Maria met me at the door at nine, and we set up my laptop together before lunch.',
  'It was fine.',
  'For example, on Tuesday I could not open the wiki, and Tom gave me access within an hour.',
  'I remember the team meeting best, because everybody told one story about a mistake of their own.',
  'Not much.',
  'I would send the list of accounts a week earlier, so that nobody waits for a password on the first morning.',
];

describe('an interview by text', { timeout: 300_000 }, () => {
  const stage = withDemo();

  it('goes through the whole guide, over a reload, to a spoken summary and its end', async () => {
    const interview = await InterviewPage.open(stage.browser, stage.demo.url);
    await interview.enter({ withMicrophone: false });

    const before = await answerUntil(interview, (events) => doneQuestions(events) >= 2);
    assert.equal(endOf(before), undefined, 'the interview is not over yet');
    const turnsBefore = await interview.transcript();
    assert.deepEqual(interview.wire.of('error'), []);

    await interview.page.reload({ waitUntil: 'load' });
    await interview.press('Continue');
    assert.deepEqual(await interview.transcript(), [], 'nothing is shown before consent');
    await interview.agree();
    await interview.press('Continue without a microphone');
    // In writing the questions take no time to be said; the closing is spoken again.
    await interview.setOutput('text');
    await answerUntil(interview, (told) => phaseOf(told) === 'closing');
    await interview.setOutput('voice');
    const events = await answerUntil(interview, (told) => endOf(told) !== undefined);

    assert.equal(endOf(events)?.reason, 'completed');
    const turns = await interview.transcript();
    assert.deepEqual(
      turns.slice(0, turnsBefore.length).map(({ id, text }) => [id, text]),
      turnsBefore.map(({ id, text }) => [id, text]),
      'what was said before the reload is still there, first',
    );
    assert.equal(turns.filter(({ act }) => act === 'opening').length, 1, 'nobody was greeted twice');
    const asked = turns
      .filter(({ act }) => act === 'opening' || act === 'ask')
      .map(({ questionId }) => questionId);
    assert.deepEqual(asked, guideOrder());

    const assessment = events.find(({ type }) => type === 'assessment')?.assessment;
    assert.ok(assessment, 'an assessment was made');
    assert.ok(assessment.dimensions.length >= 3);
    const summary = turns.find(({ act }) => act === 'summary');
    assert.ok(
      summary?.text.includes(assessment.summary),
      `its summary was spoken: ${summary?.text ?? 'nothing'}`,
    );

    assert.deepEqual(interview.wire.open, []);
    assert.equal(interview.wire.mostAtOnce, 1);
    assert.deepEqual(interview.wire.of('error'), []);
    assert.deepEqual(interview.problems, []);
    await interview.page.close();
  });
});

const endOf = (events: readonly Told[]): Told | undefined => events.find(({ type }) => type === 'end');

const phaseOf = (events: readonly Told[]): string | undefined =>
  events.filter(({ type }) => type === 'coverage').at(-1)?.coverage?.phase;

const doneQuestions = (events: readonly Told[]): number =>
  Math.max(0, ...events.map(({ coverage }) => coverage?.done ?? 0));

/** Answers whatever is asked, each time that the interviewer has come to rest, until the events fit. */
async function answerUntil(
  interview: InterviewPage,
  fits: (events: readonly Told[]) => boolean,
): Promise<readonly Told[]> {
  for (let answer = 0; answer < 40; answer++) {
    const events = await interview.until(
      'the interviewer to come to rest',
      (told) => fits(told) || isAtRest(told),
    );
    if (fits(events)) return events;
    const activities = events.filter(({ type }) => type === 'activity').length;
    await interview.type(ANSWERS[answer % ANSWERS.length] ?? '');
    await interview.until(
      'a reply',
      (told) => fits(told) || told.filter(({ type }) => type === 'activity').length > activities,
    );
  }
  throw new Error('40 answers did not bring the interview to where it should be');
}
