// The races of the protocol that concern the lock, each by its number in the protocol's list.
import { expect } from '@open-wc/testing';
import { settle } from '../../src/testing/fake-clock.js';
import { ScriptedWire, type ScriptedOptions } from '../support/scripted-wire.js';

const item = { type: 'conversation.item.create', item: { text: 'Hello' } };
const aside = { conversation: 'none' };

describe('ResponseLock in a race', () => {
  let wire: ScriptedWire;
  const start = (options?: ScriptedOptions): ScriptedWire => (wire = new ScriptedWire(options));
  beforeEach(() => start());
  afterEach(() => {
    wire.verify();
  });

  const speech = (what: string): void => {
    wire.receive({ type: `input_audio_buffer.${what}`, item_id: 'item_1' });
  };

  it('R1: of two callers in one tick the first is sent, the second waits', () => {
    const [first, second] = [wire.ask(), wire.ask()];
    const create = wire.takeCreate(first);
    wire.silence();
    expect(wire.lock.status).to.equal('requested');
    expect(wire.lock.queued).to.equal(1);
    wire.done(wire.created(create));
    wire.done(wire.begin(second));
  });

  it("R2: adopts a response of the server's own that comes before the refusal, and asks again after it", async () => {
    const ticket = wire.ask({ before: [item] });
    wire.take('conversation.item.create');
    const first = wire.takeCreate(ticket);
    const own = wire.created();
    expect(wire.lock.status).to.equal('active');
    wire.conflict(first, own);
    expect(await wire.status(ticket)).to.equal('pending');
    wire.silence();
    wire.done(own);
    const second = wire.takeCreate(ticket);
    expect(second).not.to.equal(first);
    wire.done(wire.created(second));
    expect(await wire.status(ticket)).to.equal('completed');
    expect(wire.lock.counts).to.deep.include({ adopted: 1, conflicts: 1 });
  });

  it('takes rate limits that cannot be made a number for none', () => {
    const ticket = wire.ask();
    const odd = { toString: '', valueOf: null };
    wire.receive({ type: 'rate_limits.updated', rate_limits: [{ remaining: odd, reset_seconds: odd }] });
    wire.done(wire.begin(ticket));
  });

  it('the repeated end of an earlier response does not end the one that its metadata name', async () => {
    const [first, second] = [wire.ask(), wire.ask()];
    const earlier = wire.begin(first);
    wire.done(earlier);
    const create = wire.takeCreate(second);
    wire.done(earlier, 'completed', { metadata: { create_id: create } });
    expect(await wire.status(second)).to.equal('pending');
    expect(wire.lock.status).to.equal('requested');
    wire.done(wire.created(create));
    expect(await wire.status(second)).to.equal('completed');
    expect(wire.lock.counts).to.deep.include({ ignored: 1 });
  });

  it('an end that names its create and no response settles the ticket', async () => {
    const ticket = wire.ask();
    wire.done('', 'completed', { metadata: { create_id: wire.takeCreate(ticket) } });
    expect(await wire.status(ticket)).to.equal('completed');
    expect(wire.lock.status).to.equal('idle');
  });

  it('R2: what was refused goes ahead of what was asked since, whatever its priority', () => {
    const ticket = wire.ask();
    const first = wire.takeCreate(ticket);
    const own = wire.created();
    wire.conflict(first, own);
    const urgent = wire.ask({ reason: 'opening' });
    wire.done(own);
    wire.done(wire.begin(ticket));
    wire.done(wire.begin(urgent));
  });

  it('R2: a keepalive that met a response is skipped, not repeated', async () => {
    const ticket = wire.ask({ reason: 'keepalive' });
    wire.conflict(wire.takeCreate(ticket), 'resp_own');
    expect(await wire.status(ticket)).to.equal('skipped');
    wire.done('resp_own');
  });

  it('R3: waits for the response that a refusal names before it was announced', () => {
    const ticket = wire.ask();
    wire.conflict(wire.takeCreate(ticket), 'resp_early');
    expect(wire.lock.status).to.equal('active');
    wire.created(undefined, 'resp_early');
    wire.silence();
    wire.done('resp_early');
    wire.done(wire.begin(ticket));
  });

  it('R4: understands a refusal without event_id and without code', async () => {
    const ticket = wire.ask();
    wire.takeCreate(ticket);
    const own = wire.created();
    wire.error({ code: null, event_id: null, message: 'Conversation already has an active response' });
    wire.done(own);
    wire.done(wire.begin(ticket));
    expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R4: a refusal that names nothing, with nothing known to be active, waits a little', () => {
    const ticket = wire.ask();
    wire.takeCreate(ticket);
    wire.error({ code: null, event_id: null, message: 'Conversation already has an active response' });
    wire.silence();
    wire.clock.advance(500);
    wire.done(wire.begin(ticket));
  });

  it('R4: outlasts a response of 45 s that was never announced and that no refusal names', async () => {
    const ticket = wire.ask();
    let tries = 0;
    for (; wire.clock.now() < 45_000; tries++) {
      wire.takeCreate(ticket);
      wire.error({ code: null, event_id: null, message: 'Conversation already has an active response' });
      wire.clock.advance(8000);
    }
    wire.done(wire.begin(ticket));
    expect(await wire.status(ticket)).to.equal('completed');
    expect(wire.lock.counts.conflicts).to.equal(tries);
  });

  it('R4: does not ask for ever a server that refuses without a name', async () => {
    const ticket = wire.ask();
    for (let tries = 0; tries < 17; tries++) {
      wire.takeCreate(ticket);
      wire.error({ code: null, event_id: null, message: 'Conversation already has an active response' });
      wire.clock.advance(8000);
    }
    expect(await wire.status(ticket)).to.equal('lost');
    wire.silence();
  });

  it('R5: asks again at once when the refusal names a response that is done, but not for ever', async () => {
    const blocker = wire.ask();
    const id = wire.begin(blocker);
    wire.done(id);
    const ticket = wire.ask();
    for (let tries = 0; tries < 4; tries++) wire.conflict(wire.takeCreate(ticket), id);
    await settle();
    expect(ticket.settled?.status).to.equal('lost');
    expect(ticket.settled?.error, 'the conflict is told to nobody').to.equal(undefined);
    expect(wire.lock.status).to.equal('idle');
  });

  it('R5: a server that refuses for ever new reasons is not asked for ever', async () => {
    const ticket = wire.ask();
    for (let n = 0; n < 17; n++) {
      wire.conflict(wire.takeCreate(ticket), `resp_new${n}`);
      wire.done(`resp_new${n}`);
    }
    expect(await wire.status(ticket)).to.equal('lost');
  });

  it('R6: gives up a create that nobody answers, asks again, and cancels the late response', async () => {
    const ticket = wire.ask({ before: [item] });
    wire.take('conversation.item.create');
    const orphan = wire.takeCreate(ticket);
    wire.clock.advance(9999);
    wire.silence();
    wire.clock.advance(1);
    const second = wire.takeCreate(ticket);
    expect(wire.lock.counts.orphans).to.equal(1);
    const late = wire.created(orphan);
    wire.takeCancel(late);
    wire.done(late, 'cancelled');
    wire.done(wire.created(second));
    expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R6: says `lost` when no try is ever answered', async () => {
    start({ createdTimeoutMs: 100, maxRetries: 2 });
    const ticket = wire.ask();
    for (let tries = 0; tries < 3; tries++) {
      wire.takeCreate(ticket);
      wire.clock.advance(100);
    }
    expect(await wire.status(ticket)).to.equal('lost');
    expect(wire.lock.status).to.equal('idle');
  });

  it('R6: a response whose `created` was lost is known by its end', async () => {
    const ticket = wire.ask();
    const create = wire.takeCreate(ticket);
    wire.done('resp_unannounced', 'completed', { metadata: { create_id: create, request_ids: ticket.id } });
    expect(await wire.status(ticket)).to.equal('completed');
    expect(wire.lock.status).to.equal('idle');
  });

  it('R6: nobody is served twice when the lost response was spoken after all', async () => {
    const ticket = wire.ask();
    const orphan = wire.takeCreate(ticket);
    wire.clock.advance(10_000);
    wire.conflict(wire.takeCreate(ticket), 'resp_unannounced');
    wire.done('resp_unannounced', 'completed', { metadata: { create_id: orphan, request_ids: ticket.id } });
    expect(await wire.status(ticket)).to.equal('completed');
    wire.silence();
  });

  it('R6: another try that is no longer needed is cancelled', async () => {
    const ticket = wire.ask({ response: aside });
    const orphan = wire.takeCreate(ticket);
    wire.clock.advance(10_000);
    const again = wire.created(wire.takeCreate(ticket), 'resp_again', null);
    wire.done('resp_unannounced', 'completed', { metadata: { create_id: orphan, request_ids: ticket.id } });
    expect(await wire.status(ticket)).to.equal('completed');
    wire.takeCancel(again);
    wire.done(again, 'cancelled');
  });

  it('R7: asks about a silent response with a cancel, and unlocks when it is not active', async () => {
    const ticket = wire.ask();
    const next = wire.ask();
    const id = wire.begin(ticket);
    wire.clock.advance(29_999);
    wire.delta(id);
    wire.clock.advance(29_999);
    wire.silence();
    wire.clock.advance(1);
    const cancel = wire.takeCancel(id);
    expect(wire.lock.status).to.equal('cancelling');
    wire.notActive(cancel);
    expect(await wire.status(ticket)).to.equal('lost');
    wire.done(wire.begin(next));
  });

  it('R7: unlocks when the cancel of a silent response is confirmed', async () => {
    const ticket = wire.ask();
    const id = wire.begin(ticket);
    wire.clock.advance(30_000);
    wire.takeCancel(id);
    wire.done(id, 'cancelled');
    expect(await wire.status(ticket)).to.equal('lost');
    expect(wire.lock.status).to.equal('idle');
  });

  it('R7: gives a response up when even the cancel is not answered', async () => {
    const ticket = wire.ask();
    const id = wire.begin(ticket);
    wire.clock.advance(30_000);
    wire.takeCancel(id);
    wire.clock.advance(4999);
    wire.delta(id);
    expect(wire.lock.status).to.equal('cancelling');
    wire.clock.advance(1);
    expect(wire.lock.status).to.equal('idle');
    expect(await wire.status(ticket)).to.equal('lost');
    expect(wire.lock.counts.lost).to.equal(1);
    wire.done(id);
    expect(wire.lock.status).to.equal('idle');
  });

  it('R8: a done that crosses the cancel wins, and the cancel is not an error', async () => {
    const ticket = wire.ask();
    const id = wire.begin(ticket);
    wire.lock.interrupt({ reason: 'host' });
    const cancel = wire.takeCancel(id);
    wire.done(id);
    const next = wire.ask();
    const create = wire.takeCreate(next);
    wire.notActive(cancel);
    expect(wire.lock.status).to.equal('requested');
    wire.done(wire.created(create));
    expect(await wire.status(ticket)).to.equal('completed');
    expect(await wire.status(next)).to.equal('completed');
  });

  it('R9: an interruption before `created` is remembered, and cancels by id', async () => {
    const ticket = wire.ask();
    const create = wire.takeCreate(ticket);
    wire.lock.interrupt({ reason: 'host' });
    wire.silence();
    const id = wire.created(create);
    wire.takeCancel(id);
    wire.done(id, 'cancelled');
    expect(await wire.status(ticket)).to.equal('cancelled');
  });

  it('R9: an interrupted create that is then refused is not repeated', async () => {
    const ticket = wire.ask();
    const create = wire.takeCreate(ticket);
    const own = wire.created();
    wire.lock.interrupt({ reason: 'host' });
    wire.takeCancel(own);
    wire.conflict(create, own);
    expect(await wire.status(ticket)).to.equal('cancelled');
    wire.done(own, 'cancelled');
  });

  it('R10: a create after a cancel in the same tick waits for the end of the cancelled one', () => {
    const id = wire.begin(wire.ask());
    wire.lock.interrupt({ reason: 'host' });
    const ticket = wire.ask();
    wire.takeCancel(id);
    wire.silence();
    wire.done(id, 'cancelled');
    wire.done(wire.begin(ticket));
  });

  it('R11: only its own done ends a response', () => {
    const id = wire.begin(wire.ask());
    const next = wire.ask();
    wire.done('resp_other');
    wire.receive({ type: 'response.done', response: {} });
    expect(wire.lock.status).to.equal('active');
    wire.silence();
    wire.done(id);
    wire.done(id);
    wire.done(wire.begin(next));
  });

  it('R12: the outputs of several tools need one create, after their response is done', async () => {
    const id = wire.begin(wire.ask());
    const outputs = [1, 2, 3].map(() => wire.ask({ reason: 'tool', response: undefined }));
    wire.silence();
    wire.done(id);
    wire.done(wire.begin(...outputs));
    for (const ticket of outputs) expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R13: a continuation waits while its own response is still streaming', () => {
    const id = wire.begin(wire.ask());
    const tool = wire.ask({ reason: 'tool' });
    wire.delta(id);
    wire.silence();
    wire.done(id);
    wire.done(wire.begin(tool));
  });

  it("R14: a continuation asked while the participant speaks goes into the participant's response", async () => {
    speech('speech_started');
    const tool = wire.ask({ reason: 'tool', response: undefined });
    speech('speech_stopped');
    const participant = wire.ask({ response: undefined });
    wire.silence();
    speech('committed');
    wire.done(wire.begin(tool, participant));
    expect(await wire.status(tool)).to.equal('completed');
  });

  it("R14: the server's own response serves a continuation whose output it saw", async () => {
    wire.lock.serverCreatesResponses = true;
    let isConfirmed = false;
    speech('speech_started');
    const seen = wire.ask({ reason: 'tool', isCovered: () => isConfirmed });
    const unseen = wire.ask({ reason: 'tool', isCovered: () => false });
    isConfirmed = true;
    speech('committed');
    const own = wire.created();
    wire.done(own);
    await settle();
    expect(seen.settled).to.deep.include({ status: 'completed', responseId: own });
    expect(await wire.status(unseen)).to.equal('pending');
    wire.done(wire.begin(unseen));
  });

  it('R15: leaves the server room for its own response after a turn, but not for ever', () => {
    wire.lock.serverCreatesResponses = true;
    speech('speech_started');
    speech('speech_stopped');
    speech('committed');
    const ticket = wire.ask();
    wire.clock.advance(999);
    wire.silence();
    wire.clock.advance(1);
    wire.done(wire.begin(ticket));
  });

  it("R15: the server's response ends the grace", () => {
    wire.lock.serverCreatesResponses = true;
    speech('committed');
    const ticket = wire.ask();
    const own = wire.created();
    wire.done(own);
    wire.done(wire.begin(ticket));
  });

  it('R16: sends no cancel of its own when the server interrupts what is active', async () => {
    const ticket = wire.ask();
    const id = wire.begin(ticket);
    speech('speech_started');
    wire.silence();
    wire.done(id, 'cancelled', { status_details: { type: 'cancelled', reason: 'turn_detected' } });
    expect(await wire.status(ticket)).to.equal('cancelled');
  });

  it('R17: a turn that the server could not answer itself is answered by ours, once', async () => {
    wire.lock.serverCreatesResponses = true;
    const active = wire.created();
    speech('speech_started');
    speech('committed');
    const ticket = wire.ask({ isCovered: () => true });
    wire.clock.advance(1000);
    wire.silence();
    wire.done(active);
    wire.done(wire.begin(ticket));
    expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R18: responses out of band neither take the lock nor wait for it nor free it', async () => {
    const active = wire.begin(wire.ask());
    const beside = wire.ask({ reason: 'assessment', response: aside });
    const id = wire.created(wire.takeCreate(beside), 'resp_aside', null);
    expect(wire.lock.status).to.equal('active');
    const next = wire.ask();
    wire.done(id);
    expect(await wire.status(beside)).to.equal('completed');
    wire.silence();
    wire.done(active);
    wire.done(wire.begin(next));
  });

  it('R18: cancels a response out of band by its id', async () => {
    const controller = new AbortController();
    const beside = wire.ask({ response: aside, signal: controller.signal });
    const id = wire.created(wire.takeCreate(beside), 'resp_aside', null);
    controller.abort();
    wire.takeCancel(id);
    wire.done(id, 'cancelled');
    expect(await wire.status(beside)).to.equal('aborted');
  });

  it('R18: runs only so many out of band at a time', () => {
    start({ maxAsides: 2 });
    const [one, two, three] = [1, 2, 3].map(() => wire.ask({ response: aside }));
    const first = wire.created(wire.takeCreate(one!), 'resp_a', null);
    const second = wire.created(wire.takeCreate(two!), 'resp_b', null);
    wire.silence();
    wire.done(first);
    const third = wire.created(wire.takeCreate(three!), 'resp_c', null);
    wire.done(second);
    wire.done(third);
  });

  it('R18: a response out of band that somebody else asked for is not adopted', () => {
    wire.created(undefined, 'resp_theirs', null);
    const ticket = wire.ask();
    wire.done(wire.begin(ticket));
    wire.done('resp_theirs');
    expect(wire.lock.counts.adopted).to.equal(0);
  });

  it('R19: an incomplete response is an outcome, not a reason to ask again', async () => {
    const ticket = wire.ask();
    wire.done(wire.begin(ticket), 'incomplete', {
      status_details: { reason: 'max_output_tokens' },
      output: [],
    });
    expect(await wire.status(ticket)).to.equal('incomplete');
    expect(wire.lock.status).to.equal('idle');
  });

  it('R20: after a rate limit waits until the used-up limit is lifted', async () => {
    const limits = [
      { name: 'requests', limit: 10, remaining: 9, reset_seconds: 60 },
      { name: 'tokens', limit: 10, remaining: 0, reset_seconds: 2 },
    ];
    const ticket = wire.ask();
    const id = wire.begin(ticket);
    wire.receive({ type: 'rate_limits.updated', rate_limits: limits });
    wire.clock.advance(500);
    wire.failed(id, 'rate_limit_exceeded', 'Rate limit reached. Please try again in 9s.');
    const next = wire.ask();
    wire.clock.advance(1499);
    wire.silence();
    wire.clock.advance(1);
    wire.done(wire.begin(ticket));
    wire.done(wire.begin(next));
    expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R20: waits as the message says, or backs off, and gives up after three tries', async () => {
    const ticket = wire.ask();
    wire.failed(wire.begin(ticket), 'inference_rate_limit_exceeded', 'Please try again in 1.5s.');
    wire.clock.advance(1499);
    wire.silence();
    wire.clock.advance(1);
    wire.failed(wire.begin(ticket), 'rate_limit_exceeded');
    wire.clock.advance(999);
    wire.silence();
    wire.clock.advance(1);
    wire.failed(wire.begin(ticket), 'rate_limit_exceeded');
    wire.clock.advance(2000);
    wire.failed(wire.begin(ticket), 'rate_limit_exceeded');
    await settle();
    expect(ticket.settled?.status).to.equal('failed');
    expect(ticket.settled?.error?.code).to.equal('rate_limit_exceeded');
  });

  it('R20: work out of band yields to rate limits too', () => {
    const ticket = wire.ask();
    wire.failed(wire.begin(ticket), 'rate_limit_exceeded', 'try again in 1s');
    const beside = wire.ask({ response: aside });
    wire.silence();
    wire.clock.advance(1000);
    wire.done(wire.begin(ticket));
    wire.done(wire.created(wire.takeCreate(beside), 'resp_aside', null));
  });

  for (const code of [
    'insufficient_quota',
    'invalid_api_key',
    'account_deactivated',
    'billing_hard_limit_reached',
  ]) {
    it(`R20: after ${code} every ticket fails with it`, async () => {
      const ticket = wire.ask();
      const waiting = wire.ask();
      wire.failed(wire.begin(ticket), code);
      for (const each of [ticket, waiting]) {
        expect(await wire.status(each)).to.equal('failed');
        expect(each.settled?.error?.code).to.equal(code);
      }
      const asked = wire.ask();
      wire.takeCreate(asked);
      wire.error({ code, message: '', event_id: null });
      expect(await wire.status(asked)).to.equal('failed');
    });
  }

  it("R21: a response to silence is adopted like any of the server's own", () => {
    wire.lock.serverCreatesResponses = true;
    wire.receive({ type: 'input_audio_buffer.timeout_triggered', item_id: 'item_1' });
    speech('committed');
    const ticket = wire.ask();
    const own = wire.created();
    expect(wire.lock.status).to.equal('active');
    wire.done(own);
    wire.done(wire.begin(ticket));
  });

  it('R22: an error about an event of somebody else does not touch the lock', async () => {
    const ticket = wire.ask();
    const id = wire.begin(ticket);
    wire.error({ code: 'item_truncate_invalid_item_id', message: '', event_id: 'theirs' });
    wire.error({ code: 'invalid_event', message: '', event_id: null });
    expect(wire.lock.status).to.equal('active');
    wire.done(id);
    expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R22: a refused `before` fails its ticket and takes its response back', async () => {
    const ticket = wire.ask({ before: [item] });
    const before = wire.take('conversation.item.create');
    const create = wire.takeCreate(ticket);
    wire.error({ code: 'invalid_value', message: 'bad item', event_id: before.event_id });
    expect(await wire.status(ticket)).to.equal('failed');
    expect(ticket.settled?.error?.message).to.equal('bad item');
    const id = wire.created(create);
    wire.takeCancel(id);
    wire.done(id, 'cancelled');
  });

  it('R22: a refused `before` drops a create that waits to be repeated', async () => {
    const ticket = wire.ask({ before: [item] });
    const before = wire.take('conversation.item.create');
    wire.conflict(wire.takeCreate(ticket), 'resp_own');
    wire.error({ code: 'invalid_value', message: 'bad item', event_id: before.event_id });
    wire.done('resp_own');
    wire.silence();
    expect(await wire.status(ticket)).to.equal('failed');
  });

  it('R23: a lost connection ends what was being answered, and nothing else', async () => {
    const active = wire.ask();
    wire.begin(active);
    const waiting = wire.ask({ reason: 'text' });
    const tool = wire.ask({ reason: 'tool' });
    wire.lock.close();
    wire.lock.close();
    expect(wire.lock.status).to.equal('idle');
    expect(await wire.status(active)).to.equal('disconnected');
    expect(await wire.status(tool)).to.equal('disconnected');
    expect(await wire.status(waiting)).to.equal('pending');
    wire.clock.advance(600_000);
    wire.lock.open();
    wire.done(wire.begin(waiting));
    expect(await wire.status(waiting)).to.equal('completed');
  });

  it('R23: what was never acknowledged is asked again, with its `before`', async () => {
    const ticket = wire.ask({ before: [item] });
    wire.take('conversation.item.create');
    const first = wire.takeCreate(ticket);
    wire.lock.close();
    wire.lock.open();
    wire.take('conversation.item.create');
    const second = wire.takeCreate(ticket);
    expect(second).not.to.equal(first);
    wire.done(wire.created(second));
    expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R23: an interrupted create is not asked again after a lost connection', async () => {
    const ticket = wire.ask();
    wire.takeCreate(ticket);
    wire.lock.interrupt({ reason: 'host' });
    wire.lock.close();
    wire.lock.open();
    expect(await wire.status(ticket)).to.equal('cancelled');
  });

  it('R23, R37: a create that only speech spoke against is asked again: the speech is lost with its connection', async () => {
    const ticket = wire.ask({ before: [item] });
    wire.take('conversation.item.create');
    wire.takeCreate(ticket);
    speech('speech_started');
    wire.lock.close();
    wire.lock.open();
    wire.take('conversation.item.create');
    wire.done(wire.begin(ticket));
    expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R23, R37: nobody asks again for what was interrupted while the participant spoke', async () => {
    for (const order of ['speech, interruption', 'interruption, speech']) {
      const ticket = wire.ask();
      wire.takeCreate(ticket);
      for (const what of order.split(', '))
        if (what === 'speech') speech('speech_started');
        else wire.lock.interrupt({ reason: 'host' });
      wire.lock.close();
      wire.lock.open();
      await settle();
      expect(ticket.settled, order).to.deep.include({ status: 'cancelled', reason: 'host' });
    }
  });

  it('R23: speech and grace end with their connection, holds of the caller do not', () => {
    wire.lock.serverCreatesResponses = true;
    speech('speech_started');
    const release = wire.lock.hold('pause');
    const ticket = wire.ask();
    wire.lock.close();
    wire.lock.open();
    wire.silence();
    release();
    wire.done(wire.begin(ticket));
  });

  it('R24: events of an earlier connection change nothing', async () => {
    const old = wire.lock.generation;
    const first = wire.ask();
    const id = wire.begin(first);
    wire.lock.close();
    wire.done(id);
    wire.lock.open();
    const ticket = wire.ask();
    const create = wire.takeCreate(ticket);
    wire.lock.receive(
      { type: 'response.created', response: { id, metadata: null } } as { type: string },
      old,
    );
    expect(wire.lock.status).to.equal('requested');
    wire.done(wire.created(create));
    expect(await wire.status(ticket)).to.equal('completed');
    expect(wire.lock.counts.ignored).to.equal(2);
  });

  it('R24: a create of an earlier connection that is answered late is cancelled, not adopted', () => {
    const ticket = wire.ask({ survivesReconnection: false });
    const create = wire.takeCreate(ticket);
    wire.lock.close();
    wire.lock.open();
    const late = wire.created(create);
    wire.takeCancel(late);
    wire.notActive(null);
    wire.clock.advance(5000);
    expect(wire.lock.status).to.equal('idle');
  });

  it('R24: what comes late from a connection that never opened changes nothing either', () => {
    wire.lock.close();
    const { generation } = wire.lock;
    wire.lock.close();
    wire.lock.open();
    speech('speech_started');
    const ticket = wire.ask();
    wire.lock.receive({ type: 'input_audio_buffer.cleared' }, generation);
    wire.silence();
    speech('committed');
    wire.done(wire.begin(ticket));
  });

  it('R25: the lock is free at done, whatever still plays', () => {
    wire.lock.isPlaying = true;
    wire.done(wire.begin(wire.ask()));
    wire.receive({ type: 'output_audio_buffer.stopped', response_id: 'resp_1' });
    expect(wire.lock.status).to.equal('idle');
    wire.done(wire.begin(wire.ask()));
  });

  it('R26: nothing waits for a cleared output buffer', () => {
    const id = wire.begin(wire.ask());
    wire.lock.interrupt({ reason: 'host' });
    wire.takeCancel(id);
    wire.done(id, 'cancelled');
    wire.done(wire.begin(wire.ask()));
  });

  it('R27: an interruption after done sends no cancel', () => {
    wire.done(wire.begin(wire.ask()));
    wire.lock.isPlaying = true;
    wire.lock.interrupt({ reason: 'participant' });
    wire.silence();
  });

  it('R28: a press of the talk button stops the interviewer, and the turn is answered after its release', async () => {
    const spoken = wire.ask({ reason: 'text' });
    const id = wire.begin(spoken);
    wire.lock.interrupt({ reason: 'participant' });
    const release = wire.lock.hold('the talk button is pressed', { maxMs: Infinity });
    wire.takeCancel(id);
    wire.done(id, 'cancelled');
    wire.clock.advance(90_000);
    const turn = wire.ask();
    wire.silence();
    release();
    wire.done(wire.begin(turn));
    expect(await wire.status(turn)).to.equal('completed');
  });

  it('R29: a press that was too short leaves nothing behind', async () => {
    const controller = new AbortController();
    const release = wire.lock.hold('the talk button is pressed');
    const turn = wire.ask({ signal: controller.signal });
    wire.error({
      code: 'input_audio_buffer_commit_empty',
      message: 'buffer too small',
      event_id: 'commit_1',
    });
    controller.abort();
    release();
    wire.silence();
    expect(await wire.status(turn)).to.equal('aborted');
  });

  it('R30: a turn goes ahead of what waits with a lower priority', () => {
    const id = wire.begin(wire.ask());
    const nudge = wire.ask({ reason: 'keepalive', whenBusy: 'wait' });
    const turn = wire.ask();
    wire.done(id);
    wire.done(wire.begin(turn));
    wire.done(wire.begin(nudge));
  });

  it('R31: what is aborted or expires before it is sent leaves nothing on the wire', async () => {
    const id = wire.begin(wire.ask());
    const controller = new AbortController();
    const aborted = wire.ask({ before: [item], signal: controller.signal });
    const expired = wire.ask({ before: [item], timeToLiveMs: 10 });
    controller.abort();
    wire.clock.advance(10);
    wire.done(id);
    wire.silence();
    expect(await wire.status(aborted)).to.equal('aborted');
    expect(await wire.status(expired)).to.equal('expired');
  });

  it('R32: holds until the last of several active responses is done', () => {
    const first = wire.begin(wire.ask());
    const ticket = wire.ask();
    const second = wire.created();
    wire.created(undefined, second);
    wire.done(first);
    expect(wire.lock.status).to.equal('active');
    wire.silence();
    wire.done(second);
    wire.done(wire.begin(ticket));
  });

  it('R32: cancels all that are active, and stays `cancelling` until the last is', () => {
    const first = wire.created();
    const second = wire.created();
    wire.lock.interrupt({ reason: 'host' });
    wire.takeCancel(first);
    wire.takeCancel(second);
    wire.done(first, 'cancelled');
    expect(wire.lock.status).to.equal('cancelling');
    wire.done(second, 'cancelled');
    expect(wire.lock.status).to.equal('idle');
  });

  it('R33: a done without a created is ignored, unless a refusal named it', () => {
    const ticket = wire.ask();
    const create = wire.takeCreate(ticket);
    wire.done('resp_unknown', 'cancelled');
    expect(wire.lock.status).to.equal('requested');
    wire.conflict(create, 'resp_named');
    wire.done('resp_named', 'cancelled');
    wire.done(wire.begin(ticket));
  });

  it('R33: an announcement that comes after the end revives nothing', async () => {
    const ticket = wire.ask();
    const create = wire.takeCreate(ticket);
    const id = wire.created(create);
    wire.done(id);
    wire.created(create, id);
    wire.done('resp_theirs_1');
    const theirs = wire.created();
    wire.done(theirs);
    wire.created(undefined, theirs);
    expect(wire.lock.status).to.equal('idle');
    expect(await wire.status(ticket)).to.equal('completed');
    wire.clock.advance(60_000);
    wire.silence();
    wire.done(wire.begin(wire.ask()));
  });

  it('R34: a send that throws leaves the lock idle, and the ticket is tried again', async () => {
    let fails = true;
    start({
      onSend: () => {
        if (fails) throw new Error('not open');
      },
    });
    const ticket = wire.ask({ before: [item] });
    expect(wire.lock.status).to.equal('idle');
    expect(wire.lock.queued).to.equal(1);
    fails = false;
    wire.clock.advance(500);
    wire.take('conversation.item.create');
    wire.done(wire.begin(ticket));
    expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R34: of several `before` only what was not sent is sent again', () => {
    let isOpen = false;
    start({
      onSend: ({ event_id }) => {
        if (event_id === 'second' && !isOpen) throw new Error('full');
      },
    });
    const ticket = wire.ask({ before: ['first', 'second'].map((event_id) => ({ ...item, event_id })) });
    expect(wire.take('conversation.item.create').event_id).to.equal('first');
    isOpen = true;
    wire.clock.advance(500);
    expect(wire.take('conversation.item.create').event_id).to.equal('second');
    wire.done(wire.begin(ticket));
  });

  it('R34: a send that never works fails the ticket with what it threw', async () => {
    const cause = new Error('not open');
    start({
      onSend: () => {
        throw cause;
      },
    });
    const ticket = wire.ask();
    wire.clock.advance(10_000);
    expect(await wire.status(ticket)).to.equal('failed');
    expect(ticket.settled?.error?.cause).to.equal(cause);
    expect(wire.lock.counts.unsent).to.equal(4);
  });

  it('R34: what could not be sent goes out in the next connection', () => {
    let isOpen = false;
    start({
      onSend: () => {
        if (!isOpen) throw new Error('not open');
      },
    });
    const ticket = wire.ask();
    wire.lock.close();
    isOpen = true;
    wire.clock.advance(30_000);
    wire.lock.open();
    wire.done(wire.begin(ticket));
  });

  it('R34: a cancel that cannot be sent does not lock for ever', async () => {
    let isOpen = true;
    start({
      onSend: () => {
        if (!isOpen) throw new Error('not open');
      },
    });
    const ticket = wire.ask();
    wire.begin(ticket);
    isOpen = false;
    wire.lock.interrupt({ reason: 'host' });
    wire.clock.advance(5000);
    expect(wire.lock.status).to.equal('idle');
    expect(await wire.status(ticket)).to.equal('cancelled');
  });

  it('R35: nothing goes out until the owner says that the session is set up', () => {
    wire.lock.close();
    const ticket = wire.ask({ reason: 'opening' });
    wire.clock.advance(5000);
    wire.silence();
    wire.lock.open();
    wire.done(wire.begin(ticket));
  });

  it('R36: no timer is needed on the way: events alone carry it', async () => {
    const tickets = [1, 2, 3].map(() => wire.ask());
    for (const ticket of tickets) wire.done(wire.begin(ticket));
    for (const ticket of tickets) expect(await wire.status(ticket)).to.equal('completed');
    expect(wire.clock.now()).to.equal(0);
  });

  it('R37: a create on its way when the participant begins to speak is cancelled by id', async () => {
    const ticket = wire.ask({ reason: 'assessment' });
    const create = wire.takeCreate(ticket);
    speech('speech_started');
    wire.silence();
    const id = wire.created(create);
    wire.takeCancel(id);
    wire.done(id, 'cancelled');
    await settle();
    expect(ticket.settled).to.deep.include({ status: 'cancelled', reason: 'speech' });
  });

  it('R38: a start of speech without an end holds only so long', () => {
    start({ maxHoldMs: 1000 });
    speech('speech_started');
    const ticket = wire.ask();
    wire.clock.advance(999);
    wire.silence();
    wire.clock.advance(1);
    wire.done(wire.begin(ticket));
  });

  it('R38, R39: a cleared buffer ends the hold of the speech in it', () => {
    wire.lock.serverCreatesResponses = true;
    speech('speech_started');
    const ticket = wire.ask();
    speech('cleared');
    wire.done(wire.begin(ticket));
  });

  it('R40: a ticket for after the playback waits for it, others do not', () => {
    const id = wire.begin(wire.ask());
    wire.lock.isPlaying = true;
    const after = wire.ask({ waitFor: 'playback' });
    wire.done(id);
    wire.silence();
    wire.lock.isPlaying = false;
    wire.done(wire.begin(after));
  });

  it('R41: a response with nothing in it is asked for once more, then fails', async () => {
    const ticket = wire.ask({ before: [item] });
    wire.take('conversation.item.create');
    wire.done(wire.begin(ticket), 'completed', { output: [] });
    wire.done(wire.begin(ticket), 'completed', { output: [{ type: 'message', content: [] }] });
    await settle();
    expect(ticket.settled?.status).to.equal('failed');
    expect(ticket.settled?.error?.code).to.equal('empty');
    expect(wire.lock.counts.empty).to.equal(2);
  });

  it('R41: an empty response that ends twice is asked for once more, not given up', async () => {
    const ticket = wire.ask();
    const first = wire.begin(ticket);
    wire.done(first, 'completed', { output: [], metadata: { request_ids: ticket.id } });
    const create = wire.takeCreate(ticket);
    wire.done(first, 'completed', { output: [], metadata: { request_ids: ticket.id } });
    wire.done(wire.created(create));
    expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R41: a call without speech is something', async () => {
    const ticket = wire.ask();
    wire.done(wire.begin(ticket), 'completed', { output: [{ type: 'function_call', call_id: 'call_1' }] });
    expect(await wire.status(ticket)).to.equal('completed');
  });

  it('R42: a server error is tried once more after a back-off', async () => {
    const ticket = wire.ask();
    wire.failed(wire.begin(ticket), 'server_error');
    wire.clock.advance(499);
    wire.silence();
    wire.clock.advance(1);
    wire.failed(wire.begin(ticket), 'server_error', 'again');
    await settle();
    expect(ticket.settled?.status).to.equal('failed');
    expect(ticket.settled?.error?.message).to.equal('again');
  });

  it('R43: a transcription that fails blocks nothing', () => {
    speech('committed');
    const ticket = wire.ask();
    const create = wire.takeCreate(ticket);
    wire.receive({
      type: 'conversation.item.input_audio_transcription.failed',
      item_id: 'item_1',
      error: {},
    });
    wire.done(wire.created(create));
    expect(wire.lock.counts.ignored).to.equal(0);
  });
});
