import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { exportMarkdown } from '../../src/transcript/export-markdown.js';
import { MemoryStore } from '../../src/transcript/memory-store.js';
import { isOutage, type Turn } from '../../src/turn.js';
import { settle } from '../../src/testing/fake-clock.js';
import { WrittenInterview } from '../support/written-interview.js';
import { study } from '../support/written-session.js';

const ANSWERS = ['Maria met me at the door.', 'Tom did.'];
const OUTAGE_MS = 5000;

const outages = (turns: readonly Turn[]): Turn[] => turns.filter(isOutage);
const words = (turns: readonly Turn[]): string[] =>
  turns.filter((turn) => !isOutage(turn)).map(({ speaker, status, text }) => `${speaker} ${status}: ${text}`);

/** The whole interview; where the connection is cut, the server stays away for a while. */
async function play(cutAt: number): Promise<{ interview: WrittenInterview; sent: Promise<void>[] }> {
  const interview = new WrittenInterview();
  interview.cutAt = cutAt;
  const { session } = interview;
  const sent: Promise<void>[] = [];
  await interview.begin();
  await interview.pass(100);
  const waiting = [...ANSWERS];
  for (let n = 0; n < 60 && session.status !== 'ended'; n++) {
    const last = session.transcript.findLast((turn) => !isOutage(turn));
    const isAsked = last?.speaker === 'interviewer' && last.status === 'final' && last.text.includes('?');
    const answer = isAsked && session.status === 'live' ? waiting.shift() : undefined;
    if (answer !== undefined) sent.push(session.sendText(answer));
    await interview.pass(answer === undefined ? 1000 : 200);
    if (interview.isDown) {
      await interview.pass(OUTAGE_MS);
      interview.isDown = false;
    }
  }
  return { interview, sent };
}

describe('a session whose connection is lost', () => {
  it('at any moment loses no answer, greets once, settles everything and has one timed gap', async () => {
    const whole = await play(0);
    expect(whole.interview.told).to.deep.equal(['connecting', 'live', 'ending', 'ended', 'end completed']);
    const undisturbed = words(whole.interview.session.transcript);
    expect(undisturbed).to.have.length(5);
    expect(outages(whole.interview.session.transcript)).to.deep.equal([]);
    const { events } = whole.interview;
    expect(events).to.be.at.least(40);

    // The first two make the first connection: without it the interview does not begin.
    for (let cutAt = 3; cutAt <= events; cutAt++) {
      const { interview, sent } = await play(cutAt);
      const { session, told } = interview;
      const where = `cut at event ${cutAt} of ${events}: ${told.join(', ')}\n${words(session.transcript).join('\n')}`;
      expect(session.status, where).to.equal('ended');
      await Promise.all(sent);
      const turns = session.transcript;
      const said = turns.filter(({ speaker }) => speaker === 'participant').map(({ text }) => text);
      expect(said, where).to.deep.equal(ANSWERS);
      const greetings = turns.filter(({ text }) => text.startsWith('Thank you for'));
      expect(greetings, where).to.have.length(1);
      for (const line of undisturbed.slice(1))
        expect(
          words(turns).filter((each) => each === line),
          `${line}\n${where}`,
        ).to.have.length(1);
      const wasLost = told.includes('reconnecting');
      expect(outages(turns), where).to.have.length(wasLost ? 1 : 0);
      for (const { status, startedAtMs, endedAtMs = 0 } of outages(turns)) {
        expect(status).to.equal('failed');
        expect(endedAtMs - startedAtMs, where).to.be.within(OUTAGE_MS - 1500, OUTAGE_MS + 8000);
      }
      expect(
        told.filter((each) => each.startsWith('error')),
        where,
      ).to.deep.equal([]);
      expect(interview.talk.clock.pending, where).to.equal(0);
    }
  });

  it('for good fails, and goes on where it was when it is started again, as one outage', async () => {
    const storage = new MemoryStore();
    const first = new WrittenInterview({ storage });
    await first.begin();
    await first.pass(2000);
    first.isDown = true;
    first.talk.wire.lose();
    await first.pass(60_000);
    expect(first.told).to.deep.equal([
      'connecting',
      'live',
      'reconnecting',
      'error connection-lost',
      'failed',
      'end failed',
    ]);
    expect(first.session.error).to.include({ code: 'connection-lost', recoverable: true });
    expect(outages(first.session.transcript)[0]).to.not.have.property('endedAtMs');

    const second = new WrittenInterview({ storage });
    await second.begin();
    await second.pass(3000);
    const turns = second.session.transcript;
    expect(second.session.status).to.equal('live');
    const where = `${words(first.session.transcript).join('\n')}\n--\n${words(turns).join('\n')}`;
    expect(
      turns.filter(({ text }) => text.startsWith('Thank you for')),
      where,
    ).to.have.length(1);
    expect(outages(turns)).to.have.length(1);
    expect(outages(turns)[0]).to.have.property('endedAtMs');
    await second.end();
  });

  it('says when it tries again, and tries at once where somebody presses for it', async () => {
    const interview = new WrittenInterview();
    const { session, talk } = interview;
    const waits: (number | undefined)[] = [];
    session.addEventListener('retry', ({ inMs }) => waits.push(inMs));
    await interview.begin();
    await interview.pass(2000);
    talk.failToken = new InterviewError('token-refused', 'slow down', { retryAfterMs: 60_000 });
    talk.wire.lose();
    await interview.pass(1000);
    const sent = session.sendText(ANSWERS[0] ?? '');
    expect(waits).to.deep.equal([60_000]);
    talk.failToken = undefined;
    session.retryNow();
    await interview.pass(3000);
    await sent;
    expect(waits).to.deep.equal([60_000, undefined]);
    expect(session.status).to.equal('live');
    expect(words(session.transcript)).to.include(`participant final: ${ANSWERS[0]}`);
    session.retryNow();
    await interview.end();
  });

  it('for longer than anybody would wait fails with the time, and what was typed is answered later', async () => {
    const storage = new MemoryStore();
    const interview = new WrittenInterview({ storage });
    const { session, talk } = interview;
    const told: string[] = [];
    session.addEventListener('text-returned', ({ text }) => told.push(`returned: ${text}`));
    session.addEventListener('turn', ({ turn }) => told.push(`${turn.speaker}: ${turn.text}`));
    await interview.begin();
    await interview.pass(2000);
    talk.failToken = new InterviewError('token-refused', 'slow down', { retryAfterMs: 3_600_000 });
    talk.wire.lose();
    const sent = session.sendText(ANSWERS[0] ?? '');
    await interview.pass(1000);
    await sent;
    expect(session.status).to.equal('failed');
    expect(session.error).to.include({ recoverable: true, retryAfterMs: 3_600_000 });
    expect(told.filter((each) => /participant|returned/.test(each))).to.deep.equal([
      `participant: ${ANSWERS[0]}`,
    ]);
    expect(words(session.transcript).at(-1)).to.equal(`participant final: ${ANSWERS[0]}`);

    const again = new WrittenInterview({ storage });
    await again.begin();
    await again.pass(3000);
    expect(words(again.session.transcript).slice(1)).to.deep.equal([
      `participant final: ${ANSWERS[0]}`,
      'interviewer final: Who helped you when you were stuck?',
    ]);
    await again.end();
  });

  it('and ended meanwhile keeps what was typed and waited for it', async () => {
    const interview = new WrittenInterview();
    const { session, talk } = interview;
    const told: string[] = [];
    session.addEventListener('text-returned', ({ text }) => told.push(`returned: ${text}`));
    session.addEventListener('turn', ({ turn }) => told.push(`${turn.speaker}: ${turn.text}`));
    await interview.begin();
    await interview.pass(2000);
    interview.isDown = true;
    talk.wire.lose();
    const sent = session.sendText(ANSWERS[0] ?? '');
    await interview.pass(1000);
    let hasEnded = false;
    const ended = session.end('participant').then(() => (hasEnded = true));
    await interview.pass(100);
    expect(hasEnded, 'its words are there already').to.be.true;
    await Promise.all([ended, sent]);
    expect(told.filter((each) => /participant|returned/.test(each))).to.deep.equal([
      `participant: ${ANSWERS[0]}`,
    ]);
    expect(words(session.transcript).at(-1)).to.equal(`participant final: ${ANSWERS[0]}`);
  });

  it('and ended by the participant meanwhile has an outage that ends with it', async () => {
    const interview = new WrittenInterview();
    await interview.begin();
    await interview.pass(2000);
    interview.isDown = true;
    interview.talk.wire.lose();
    await interview.pass(3000);
    const end = interview.session.end('participant');
    await interview.pass(1000);
    await end;
    const [outage] = outages(interview.session.transcript);
    expect((outage?.endedAtMs ?? 0) - (outage?.startedAtMs ?? 0)).to.be.within(2900, 3200);
    const record = { interviewId: 'i', guideId: study.id, language: 'en', status: 'finished' } as const;
    expect(exportMarkdown(record, interview.session.transcript)).to.contain(
      '\n\n*(00:02: the connection was lost for 3 s)*\n',
    );
  });
});

describe('a session that is paused', () => {
  it('gives its connection up after a while, and makes a new one when it goes on', async () => {
    const interview = new WrittenInterview();
    const { session, talk, told } = interview;
    await interview.begin();
    await interview.pass(2000);
    await session.pause();
    await interview.pass(4 * 60_000);
    expect(talk.wire.readyState).to.equal(1);
    await interview.pass(2 * 60_000);
    expect(talk.wire.readyState).to.equal(3);
    await interview.pass(60 * 60_000);
    expect(talk.tokens).to.equal(1);
    expect(session.status).to.equal('paused');
    void session.resume();
    await interview.pass(3000);
    expect(talk.tokens).to.equal(2);
    expect(session.status).to.equal('live');
    expect(told).to.deep.equal(['connecting', 'live', 'paused', 'reconnecting', 'live']);
    expect(outages(session.transcript)).to.deep.equal([]);
    expect(session.transcript.at(-1)?.text).to.contain('What do you remember of your first day?');
    await interview.end();
    expect(talk.clock.pending).to.equal(0);
  });

  it('looks for no connection that is lost meanwhile', async () => {
    const interview = new WrittenInterview();
    const { session, talk } = interview;
    await interview.begin();
    await interview.pass(2000);
    await session.pause();
    talk.wire.lose();
    await interview.pass(60_000);
    expect(talk.tokens).to.equal(1);
    expect(session.status).to.equal('paused');
    await session.resume();
    await interview.pass(3000);
    expect(session.status).to.equal('live');
    await session.close();
    await settle();
    expect(talk.clock.pending).to.equal(0);
  });
});
