import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import {
  afterAnswer,
  bytesOf,
  judge,
  KEEPALIVE_BYTES,
  nextStep,
  openPlan,
  parting,
  tell,
  tryNow,
  waiting,
  type Answer,
  type DeliveryPlan,
} from '../../src/transcript/delivery-plan.js';

const answered = (status: number, retryAfterMs?: number): Answer => ({
  type: 'answered',
  status,
  retryAfterMs,
});
const half = { nowMs: 0, random: () => 0.5 };

let keys = 0;
const told = (plan: DeliveryPlan, subject: string, content: string, body = content): DeliveryPlan =>
  tell(plan, { subject, content, key: () => `k${++keys}`, write: () => body });

describe('the plan of a delivery', () => {
  for (const [status, verdict] of [
    [200, 'delivered'],
    [204, 'delivered'],
    [299, 'delivered'],
    [0, 'refused'],
    [302, 'refused'],
    [400, 'refused'],
    [401, 'refused'],
    [409, 'refused'],
    [413, 'refused'],
    [408, 'again'],
    [429, 'again'],
    [500, 'again'],
    [503, 'again'],
  ] as const) {
    it(`takes ${status} for ${verdict}`, () => {
      expect(judge(answered(status))).to.equal(verdict);
    });
  }

  it('doubles its waits up to a minute, half of each at random', () => {
    let plan = told(openPlan([]), 'a', 'A');
    const waits: number[] = [];
    for (let failure = 0; failure < 9; failure++) {
      const [entry] = waiting(plan);
      if (!entry) throw new Error('Expected a message');
      plan = afterAnswer(plan, entry, { type: 'unreachable' }, half);
      waits.push(plan.notBeforeMs);
    }
    expect(waits).to.deep.equal([750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000, 45_000]);
  });

  it('waits as long as the host asks, a day at most, whatever happens meanwhile', () => {
    const plan = told(openPlan([]), 'a', 'A');
    const [entry] = waiting(plan);
    if (!entry) throw new Error('Expected a message');
    const asked = afterAnswer(plan, entry, answered(503, 120_000), half);
    expect(nextStep(tryNow(asked), 20_000)).to.deep.equal({ type: 'wait', ms: 100_000 });
    expect(parting(asked, 20_000)).to.deep.equal([]);
    expect(parting(asked, 120_000)).to.have.length(1);
    const forEver = afterAnswer(plan, entry, answered(429, Infinity), half);
    expect(forEver.notBeforeMs).to.equal(86_400_000);
    const hasty = afterAnswer(plan, entry, answered(429, 0), half);
    expect(hasty.notBeforeMs, 'never sooner than by itself').to.equal(750);
  });

  it('tries at once when something changed for the better', () => {
    const plan = told(openPlan([]), 'a', 'A');
    const [entry] = waiting(plan);
    if (!entry) throw new Error('Expected a message');
    const failed = afterAnswer(plan, entry, { type: 'unreachable' }, half);
    expect(nextStep(failed, 0).type).to.equal('wait');
    expect(nextStep(tryNow(failed), 0)).to.deep.equal({ type: 'send', entry });
  });

  it('goes on with the next message after a refusal, and tries the refused one when it is opened anew', () => {
    const plan = told(told(openPlan([]), 'a', 'A'), 'b', 'B');
    const [a, b] = waiting(plan);
    if (!a || !b) throw new Error('Expected two messages');
    const refused = afterAnswer(plan, a, answered(400), half);
    expect(waiting(refused)).to.deep.equal([b]);
    expect(waiting(openPlan([...refused.entries.values()]))).to.deep.equal([a, b]);
  });

  it('believes a receipt, also when a second try of the same message is refused', () => {
    const plan = told(openPlan([]), 'a', 'A');
    const [a] = waiting(plan);
    if (!a) throw new Error('Expected a message');
    const twice = afterAnswer(afterAnswer(plan, a, answered(200), half), a, answered(409), half);
    expect(twice.entries.get('a')).to.deep.include({ state: 'delivered', body: '' });
    const other = afterAnswer(afterAnswer(plan, a, answered(409), half), a, answered(200), half);
    expect(other.entries.get('a')?.state).to.equal('delivered');
  });

  it('does not take the receipt of an older message for one of what took its place', () => {
    const plan = told(openPlan([]), 'a', 'old');
    const [old] = waiting(plan);
    if (!old) throw new Error('Expected a message');
    const next = afterAnswer(told(plan, 'a', 'new'), old, answered(200), half);
    expect(waiting(next).map(({ body }) => body)).to.deep.equal(['new']);
  });

  it('lets go out together what a page that goes may send, in order and without what is too large', () => {
    let plan = openPlan([]);
    const large = 'ä'.repeat(KEEPALIVE_BYTES / 2 + 1);
    plan = told(plan, 'large', large);
    for (let n = 0; n < 10; n++) plan = told(plan, `t${n}`, `${n}${'x'.repeat(9999)}`);
    const leaving = parting(plan, 0);
    expect(leaving.map(({ subject }) => subject)).to.deep.equal(['t0', 't1', 't2', 't3', 't4']);
    const bytes = leaving.reduce((sum, { body }) => sum + bytesOf(body), 0);
    expect(bytes).to.be.at.most(KEEPALIVE_BYTES);
  });

  it('delivers the newest of every subject exactly once, in the order of telling, whatever the host answers', () => {
    const step = fc.oneof(
      fc.record({
        type: fc.constant('tell' as const),
        subject: fc.constantFrom('a', 'b', 'c'),
        content: fc.constantFrom('1', '2', '3'),
      }),
      fc.record({ type: fc.constant('answer' as const), status: fc.constantFrom(0, 200, 400, 429, 500) }),
      fc.constant({ type: 'reopen' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let plan = openPlan([]);
        let nowMs = 0;
        const newest = new Map<string, string>();
        const received: { subject: string; body: string; key: string; sequence: number }[] = [];
        const answer = (status: number): void => {
          let next = nextStep(plan, nowMs);
          if (next.type === 'wait') {
            nowMs += next.ms;
            next = nextStep(plan, nowMs);
          }
          if (next.type !== 'send') return;
          const { entry } = next;
          if (status === 200) received.push(entry);
          const reply: Answer = status === 0 ? { type: 'unreachable' } : answered(status);
          plan = afterAnswer(plan, entry, reply, { nowMs, random: () => 0.3 });
        };
        for (const one of steps) {
          if (one.type === 'tell') {
            newest.set(one.subject, one.content);
            plan = told(plan, one.subject, one.content);
          } else if (one.type === 'answer') answer(one.status);
          else plan = openPlan([...plan.entries.values()]);
        }
        plan = openPlan([...plan.entries.values()]);
        while (nextStep(plan, nowMs).type !== 'rest') answer(200);
        for (const [subject, content] of newest) {
          expect(received.filter((message) => message.subject === subject).at(-1)?.body).to.equal(content);
        }
        expect(new Set(received.map(({ key }) => key)).size, 'nothing twice').to.equal(received.length);
        expect([...plan.entries.values()].map(({ state, body }) => state + body)).to.deep.equal(
          [...newest].map(() => 'delivered'),
        );
      }),
    );
  });
});
