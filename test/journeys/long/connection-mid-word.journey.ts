/** The connection goes while somebody is speaking, in the middle of a word: by the provider's limit, and with the network. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { isOutage, type Turn } from '../../../src/turn.js';
import { pooledWordErrorRate } from '../../support/word-error-rate.js';
import { isAtRest, statusesOf, turnsOf } from '../support/at-rest.js';
import { Connections } from '../support/connections.js';
import { errorsOf, exportedTurns } from '../support/faulty-page.js';
import { InterviewPage } from '../support/interview-page.js';
import { delivered } from '../support/kill.js';
import { Line } from '../support/line.js';
import { LONG, SHORT, type Recording } from '../support/recordings.js';
import { withDemo } from '../support/with-demo.js';

const LAST_WORDS = 'in his power to do for them';
/** Of the voice, from its beginning: in the middle of a word, and more than half of it is still to come. */
const CUT_MS = 3_000;
const OFFLINE_MS = 8_000;
/** Too short for the page to believe that it will end then, and to replace it before. */
const SESSION_SECONDS = 25;
const IN_THE_OPENING_SECONDS = 6;

const CUTS = [
  { mode: 'hands-free', by: 'the provider’s limit', isOffline: false },
  { mode: 'push-to-talk', by: 'the provider’s limit', isOffline: false },
  { mode: 'hands-free', by: 'a network that goes', isOffline: true },
  { mode: 'push-to-talk', by: 'a network that goes', isOffline: true },
] as const;

describe('an interview by voice that is cut', { timeout: 400_000 }, () => {
  const stage = withDemo();
  let runs = 0;

  const open = async (url: string, mode: string, sessionSeconds?: number): Promise<InterviewPage> => {
    const context = await stage.browser.createBrowserContext();
    const run = ++runs;
    return InterviewPage.open(context, url, {
      attributes: {
        mode,
        participant: `${mode} ${run}`,
        ...(sessionSeconds !== undefined && {
          'realtime-url': `/v1/realtime?session-seconds=${sessionSeconds}&times=1&run=mid-word-${run}`,
        }),
      },
    });
  };

  /** There is one short gap in its place, and all else is there, at the host too. */
  const assertCut = async (
    interview: InterviewPage,
    connections: Connections,
    { order, gapMs }: { order: readonly string[]; gapMs: readonly [number, number] },
  ): Promise<readonly Turn[]> => {
    const turns = await exportedTurns(interview.page);
    assert.deepEqual(turns.map(nameOf), order);
    assert.equal(turns.filter(({ act }) => act === 'opening').length, 1, 'nobody is greeted twice');
    const [opening] = turns;
    assert.equal(opening?.interruptedBy, undefined);
    const gap = turns.find(isOutage);
    const lengthMs = (gap?.endedAtMs ?? NaN) - (gap?.startedAtMs ?? NaN);
    console.log(`The gap is ${lengthMs.toFixed(0)} ms`);
    assert.ok(lengthMs >= gapMs[0] && lengthMs <= gapMs[1], `a gap of ${lengthMs} ms`);
    const events = await interview.events();
    assert.deepEqual(statusesOf(events), ['live', 'reconnecting', 'live']);
    assert.deepEqual(errorsOf(events), []);
    connections.assertMade(2);
    assert.deepEqual(
      interview.problems.filter((problem) => !/net::ERR_|WebSocket connection/.test(problem)),
      [],
    );
    await delivered(stage.demo.url, turns);
    return turns;
  };

  it('by the provider’s limit in the middle of the opening: she says it to its end, once', async () => {
    const interview = await open(stage.demo.url, 'hands-free', IN_THE_OPENING_SECONDS);
    const connections = await Connections.of(interview.page);
    await interview.enter({ withMicrophone: true });
    const events = await interview.until('the opening', isAtRest);
    const live = events.filter(({ status }) => status === 'live').at(-1);
    const sounding = (await interview.loudness()).filter(({ rms }) => rms > 0.001);
    assert.ok(live && (sounding.at(-1)?.at ?? 0) > live.at + 2_000, 'she was heard long after the cut');
    await interview.say(SHORT.wav);
    await interview.until('the reply', (told) => isAtRest(told) && turnsOf(told, 'participant').length > 0);
    const turns = await assertCut(interview, connections, {
      order: ['interviewer', 'outage', 'participant', 'interviewer'],
      gapMs: [0, 2_000],
    });
    assertHeard(SHORT.words, turns[2]);
    await interview.page.browserContext().close();
  });

  for (const { mode, by, isOffline } of CUTS) {
    it(`by ${by} in the middle of an answer, ${mode}: what was said until then stays as a gap`, async () => {
      const line = await Line.to(stage.demo.url);
      const interview = await open(line.url, mode, isOffline ? undefined : SESSION_SECONDS);
      const connections = await Connections.of(interview.page);
      const answer = ({ wav }: Recording): Promise<void> =>
        mode === 'hands-free' ? interview.say(wav) : interview.talk(wav);
      await interview.enter({ withMicrophone: true });
      const enteredAt = Date.now();
      await interview.until('the opening', isAtRest);
      if (!isOffline) await wait(SESSION_SECONDS * 1_000 - CUT_MS - (Date.now() - enteredAt));
      const isSaid = answer(LONG);
      if (isOffline) {
        await wait(CUT_MS);
        await interview.page.setOfflineMode(true);
        line.cut();
        await wait(OFFLINE_MS);
        line.mend();
        await interview.page.setOfflineMode(false);
      }
      await isSaid;
      await interview.until('another connection', (told) => statusesOf(told).length > 2);
      // Hands-free the microphone is open again at once, and hears the rest.
      const hearsRest = mode === 'hands-free' && !isOffline;
      const settled = hearsRest ? 2 : 1;
      await interview.until(
        'the floor',
        (told) =>
          turnsOf(told, 'participant').length >= settled &&
          told.findLast(({ type }) => type === 'activity')?.activity === 'listening' &&
          (!hearsRest || isAtRest(told)),
      );
      await answer(SHORT);
      await interview.until(
        'the reply',
        (told) => isAtRest(told) && turnsOf(told, 'participant').length > settled,
      );
      const turns = await assertCut(interview, connections, {
        order: [
          ...['interviewer', 'gap', 'outage'],
          ...(hearsRest ? ['participant', 'interviewer'] : []),
          ...['participant', 'interviewer'],
        ],
        gapMs: isOffline ? [OFFLINE_MS - 500, OFFLINE_MS + 4_000] : [0, 2_000],
      });
      const [, gap, outage, next] = turns;
      assert.ok(gap?.endedAtMs !== undefined && outage);
      assert.ok(gap.endedAtMs - gap.startedAtMs > CUT_MS / 2, 'as long as there was speech');
      assert.ok(Math.abs(gap.endedAtMs - outage.startedAtMs) < 200, 'up to the moment of the cut');
      if (hearsRest) {
        const rest = next?.text ?? '';
        assertHeard(LAST_WORDS, next && { ...next, text: rest.split(/\s+/).slice(-7).join(' ') });
      }
      assertHeard(SHORT.words, turns.at(-2));
      await interview.page.browserContext().close();
      await line.close();
    });
  }
});

const nameOf = (turn: Turn): string =>
  isOutage(turn) ? 'outage' : turn.status === 'failed' && turn.text === '' ? 'gap' : turn.speaker;

function assertHeard(said: string, turn: Turn | undefined): void {
  const heard = turn?.text ?? '';
  const rate = pooledWordErrorRate([{ said, heard }]);
  assert.ok(rate <= 0.2, `word error rate ${rate.toFixed(3)}: ${heard}`);
}
