import { expect } from '@open-wc/testing';
import type { LockRequest, OutgoingEvent, RequestReason } from '../../src/realtime/lock-types.js';
import { settle } from '../../src/testing/fake-clock.js';
import { ScriptedWire, type ScriptedOptions } from '../support/scripted-wire.js';

const item = (text: string) => ({ type: 'conversation.item.create', item: { text } });
const textOf = (event: OutgoingEvent): unknown => (event.item as { text: string }).text;

describe('ResponseLock', () => {
  let wire: ScriptedWire;
  const start = (options?: ScriptedOptions): ScriptedWire => (wire = new ScriptedWire(options));
  beforeEach(() => start());
  afterEach(() => {
    wire.verify();
  });

  describe('a ticket', () => {
    it('is sent at once while nothing speaks against it, and settles with its response', async () => {
      const ticket = wire.ask({ response: { instructions: 'Be brief.' } });
      expect(wire.lock.status).to.equal('requested');
      const create = wire.take('response.create');
      expect(create.response).to.deep.equal({
        instructions: 'Be brief.',
        metadata: { create_id: create.event_id, request_ids: ticket.id },
      });
      const id = wire.created(create.event_id);
      expect(wire.lock.status).to.equal('active');
      expect(await wire.status(ticket)).to.equal('pending');
      wire.done(id);
      await settle();
      expect(ticket.settled).to.deep.include({ status: 'completed', responseId: id });
      expect((ticket.settled?.response as { id: string }).id).to.equal(id);
      expect(wire.statuses).to.deep.equal(['requested', 'active', 'idle']);
    });

    it('keeps the metadata of its own parameters', () => {
      const ticket = wire.ask({ response: { metadata: { question: 'q1' } } });
      const { response } = wire.take('response.create') as unknown as { response: { metadata: object } };
      expect(response.metadata).to.deep.include({ question: 'q1', request_ids: ticket.id });
    });

    it('has an id of at most 12 characters', () => {
      for (let n = 0; n < 50; n++) expect(wire.ask({ whenBusy: 'skip' }).id).to.match(/^\S{1,12}$/);
      wire.take('response.create');
    });

    it('reports incomplete and cancelled responses as what they are', async () => {
      for (const status of ['incomplete', 'cancelled']) {
        const ticket = wire.ask();
        wire.done(wire.begin(ticket), status, { output: [] });
        expect(await wire.status(ticket)).to.equal(status);
      }
    });

    it('is served by the response that carries it, whomever else the metadata names', async () => {
      const [carried, waiting] = [wire.ask(), wire.ask()];
      const metadata = { request_ids: `${carried.id} ${waiting.id}` };
      wire.done(wire.begin(carried), 'completed', { metadata });
      expect(await wire.status(carried)).to.equal('completed');
      expect(await wire.status(waiting)).to.equal('pending');
      wire.done(wire.begin(waiting));
      expect(await wire.status(waiting)).to.equal('completed');
    });

    it('fails with the error when its create is refused for anything but an active response', async () => {
      const ticket = wire.ask();
      const next = wire.ask();
      wire.error({ code: 'unknown_parameter', message: 'No such thing', event_id: wire.takeCreate(ticket) });
      await settle();
      expect(ticket.settled).to.deep.include({ status: 'failed' });
      expect(ticket.settled?.error).to.deep.include({ code: 'unknown_parameter', message: 'No such thing' });
      wire.done(wire.begin(next));
    });

    it('fails when its response ends in a status that nobody knows', async () => {
      const ticket = wire.ask();
      wire.done(wire.begin(ticket), 'vanished');
      expect(await wire.status(ticket)).to.equal('failed');
    });
  });

  describe('the queue', () => {
    it('serves by priority, and in the order of asking within one', () => {
      const blocker = wire.ask();
      const reasons: readonly RequestReason[] = [
        'text',
        'participant',
        'tool',
        'assessment',
        'opening',
        'text',
      ];
      const [text, participant, tool, assessment, opening, later] = reasons.map((reason) =>
        wire.ask({ reason }),
      );
      expect(wire.lock.queued).to.equal(6);
      wire.done(wire.begin(blocker));
      for (const ticket of [opening, assessment, tool, text, participant, later])
        wire.done(wire.begin(ticket!));
      expect(wire.lock.queued).to.equal(0);
    });

    it('lets the caller choose another priority', () => {
      const blocker = wire.ask();
      const opening = wire.ask({ reason: 'opening' });
      const urgent = wire.ask({ reason: 'keepalive', whenBusy: 'wait', priority: 99 });
      wire.done(wire.begin(blocker));
      wire.done(wire.begin(urgent));
      wire.done(wire.begin(opening));
    });

    it('skips a keepalive that could not go out at once', async () => {
      const talking = wire.ask();
      wire.takeCreate(talking);
      const busy = wire.ask({ reason: 'keepalive' });
      expect(await wire.status(busy)).to.equal('skipped');
      wire.lock.close();
      expect(await wire.status(wire.ask({ reason: 'keepalive' }))).to.equal('skipped');
    });

    it('skips under a hold and while the interviewer is still heard', async () => {
      const release = wire.lock.hold('paused');
      expect(await wire.status(wire.ask({ reason: 'keepalive' }))).to.equal('skipped');
      release();
      wire.lock.isPlaying = true;
      expect(await wire.status(wire.ask({ reason: 'keepalive', waitFor: 'playback' }))).to.equal('skipped');
    });

    it('interrupts what is active for a ticket that asks for it, and waits for the end of it', async () => {
      const first = wire.ask();
      const id = wire.begin(first);
      const second = wire.ask({ reason: 'text', whenBusy: 'interrupt' });
      wire.takeCancel(id);
      expect(wire.lock.status).to.equal('cancelling');
      wire.silence();
      wire.done(id, 'cancelled');
      await settle();
      expect(first.settled).to.deep.include({ status: 'cancelled', reason: 'text' });
      wire.done(wire.begin(second));
      expect(await wire.status(second)).to.equal('completed');
    });

    it('waits for the end of playback where the ticket says so, without keeping others back', () => {
      wire.lock.isPlaying = true;
      const spoken = wire.ask({ reason: 'assessment', waitFor: 'playback' });
      wire.silence();
      const text = wire.ask({ reason: 'text' });
      wire.done(wire.begin(text));
      wire.silence();
      wire.lock.isPlaying = false;
      wire.done(wire.begin(spoken));
    });
  });

  describe('coalescing', () => {
    const askTogether = (...requests: Partial<LockRequest>[]) => {
      const release = wire.lock.hold('until all have asked');
      const tickets = requests.map((request) => wire.ask({ response: undefined, ...request }));
      release();
      return tickets;
    };

    it('serves all tool and participant tickets without parameters by one response', async () => {
      const tickets = askTogether({ reason: 'tool' }, { reason: 'participant' }, { reason: 'tool' });
      wire.done(wire.begin(...tickets));
      for (const ticket of tickets) expect(await wire.status(ticket)).to.equal('completed');
    });

    it('gives opening, assessment and text a response each', () => {
      const [text, opening, again, assessment] = askTogether(
        { reason: 'text', coalesceKey: 'k' },
        { reason: 'opening' },
        { reason: 'text', coalesceKey: 'k' },
        { reason: 'assessment' },
      );
      for (const ticket of [opening, assessment, text, again]) wire.done(wire.begin(ticket!));
    });

    it('keeps a ticket with parameters and no key by itself', () => {
      const [own, shared] = askTogether(
        { reason: 'tool', response: { tool_choice: 'none' } },
        { reason: 'tool' },
      );
      wire.done(wire.begin(own!));
      wire.done(wire.begin(shared!));
    });

    it('takes the newest parameters of a key, called once', () => {
      const calls: string[] = [];
      const tickets = askTogether(
        { reason: 'tool', coalesceKey: 'k', response: () => (calls.push('old'), { n: 1 }) },
        { reason: 'tool', coalesceKey: 'k', response: () => (calls.push('new'), { n: 2 }) },
        { reason: 'tool', coalesceKey: 'k' },
      );
      const create = wire.take('response.create');
      expect(create.response).to.deep.include({ n: 2 });
      expect(calls).to.deep.equal(['new']);
      wire.done(wire.created(create.event_id));
      expect(tickets).to.have.length(3);
    });

    it("lets a participant's parameters win over a continuation's, also over newer ones", () => {
      askTogether(
        { reason: 'participant', coalesceKey: 'k', response: { from: 'participant' } },
        { reason: 'tool', coalesceKey: 'k', response: { tool_choice: 'none' } },
      );
      expect(wire.take('response.create').response).to.include({ from: 'participant' });
      wire.lock.close();
    });

    it("drops a continuation's parameters when the participant has none", () => {
      askTogether(
        { reason: 'tool', coalesceKey: 'k', response: { tool_choice: 'none' } },
        { reason: 'participant', coalesceKey: 'k' },
      );
      expect(wire.take('response.create').response).to.have.all.keys('metadata');
    });

    it('sends every `before` first, in the order of asking', () => {
      const tickets = askTogether(
        { reason: 'participant', before: [item('one')] },
        { reason: 'tool', before: () => [item('two'), item('three')] },
      );
      for (const text of ['one', 'two', 'three'])
        expect(textOf(wire.take('conversation.item.create'))).to.equal(text);
      wire.takeCreate(...tickets);
    });

    it('puts at most 32 tickets on one create, and the ids into 512 characters', () => {
      const tickets = askTogether(...Array.from({ length: 40 }, () => ({ reason: 'tool' as const })));
      const first = wire.take('response.create');
      const { request_ids } = (first.response as { metadata: { request_ids: string } }).metadata;
      expect(request_ids.split(' ')).to.have.length(32);
      expect(request_ids.length).to.be.at.most(512);
      wire.done(wire.created(first.event_id));
      wire.done(wire.begin(...tickets.slice(32)));
    });
  });

  describe('what goes out', () => {
    it('calls functions at the moment of sending, and each try again for its parameters', () => {
      let now = 0;
      const blocker = wire.ask();
      const ticket = wire.ask({ response: () => ({ now }), before: () => [item(`at ${now}`)] });
      now = 1;
      const active = wire.begin(blocker);
      now = 2;
      wire.done(active);
      expect(textOf(wire.take('conversation.item.create'))).to.equal('at 2');
      const first = wire.take('response.create');
      expect(first.response).to.include({ now: 2 });
      now = 3;
      wire.created(undefined, 'resp_other');
      wire.conflict(first.event_id, 'resp_other');
      wire.done('resp_other');
      const second = wire.take('response.create');
      expect(second.response).to.include({ now: 3 });
      expect(second.event_id).not.to.equal(first.event_id);
      expect((second.response as { metadata: object }).metadata).to.include({
        create_id: second.event_id,
        request_ids: ticket.id,
      });
      wire.silence();
    });

    it('gives `before` events an id where they have none', () => {
      wire.ask({ before: [{ ...item('a'), event_id: 'mine' }, item('b')] });
      expect(wire.take('conversation.item.create').event_id).to.equal('mine');
      expect(wire.take('conversation.item.create').event_id).to.be.a('string');
      wire.take('response.create');
    });

    it('fails the ticket whose function throws, and serves the others of its group', async () => {
      const cause = new Error('no guidance');
      const throws = (): never => {
        throw cause;
      };
      const release = wire.lock.hold('until all have asked');
      const bad = wire.ask({ reason: 'tool', response: undefined, before: throws });
      const good = wire.ask({ reason: 'tool', response: undefined });
      const worse = wire.ask({ reason: 'text', response: throws, before: [item('never sent')] });
      release();
      wire.done(wire.begin(good));
      for (const ticket of [bad, worse]) {
        expect(await wire.status(ticket)).to.equal('failed');
        expect(ticket.settled?.error?.cause).to.equal(cause);
      }
      expect(wire.lock.status).to.equal('idle');
    });

    it('words what a function threw as the error of its ticket', async () => {
      const ticket = wire.ask({
        response: () => {
          throw new TypeError('bad');
        },
      });
      await settle();
      expect(ticket.settled?.error).to.deep.include({ code: 'threw', message: 'TypeError: bad' });
    });
  });

  describe('hold', () => {
    it('keeps creates back until it is released', () => {
      const release = wire.lock.hold('participant is speaking');
      const ticket = wire.ask();
      wire.silence();
      release();
      release();
      wire.done(wire.begin(ticket));
    });

    it('ends by itself', () => {
      start({ maxHoldMs: 500 });
      wire.lock.hold('forgotten');
      const ticket = wire.ask();
      wire.clock.advance(499);
      wire.silence();
      wire.clock.advance(1);
      wire.done(wire.begin(ticket));
    });

    it('lasts as long as its caller wants', () => {
      const release = wire.lock.hold('pause', { maxMs: Infinity });
      const ticket = wire.ask();
      wire.clock.advance(3_600_000);
      wire.silence();
      release();
      wire.done(wire.begin(ticket));
    });

    it('counts each holder by itself', () => {
      const one = wire.lock.hold('same');
      const two = wire.lock.hold('same');
      const ticket = wire.ask();
      one();
      wire.silence();
      two();
      wire.done(wire.begin(ticket));
    });

    it('lets responses out of band pass', () => {
      wire.lock.hold('pause');
      const ticket = wire.ask({ reason: 'assessment', response: { conversation: 'none' } });
      wire.done(wire.created(wire.takeCreate(ticket), 'resp_aside', null));
    });
  });

  describe('time to live', () => {
    it('lets text expire after 30 s behind a response', async () => {
      const blocker = wire.ask();
      const active = wire.begin(blocker);
      const text = wire.ask({ reason: 'text', before: [item('Hello?')] });
      wire.clock.advance(29_999);
      wire.delta(active);
      expect(await wire.status(text)).to.equal('pending');
      wire.clock.advance(1);
      expect(await wire.status(text)).to.equal('expired');
      wire.done(active);
      wire.silence();
    });

    it('gives nothing else a limit unless it asks for one', async () => {
      const active = wire.begin(wire.ask());
      const waiting = wire.ask();
      const limited = wire.ask({ timeToLiveMs: 50 });
      for (let s = 0; s < 60; s++) {
        wire.clock.advance(1000);
        wire.delta(active);
      }
      expect(await wire.status(waiting)).to.equal('pending');
      expect(await wire.status(limited)).to.equal('expired');
      wire.done(active);
      wire.begin(waiting);
    });

    it('does not count time under a hold, a pause or without a connection', async () => {
      const release = wire.lock.hold('pause', { maxMs: Infinity });
      const text = wire.ask({ reason: 'text', timeToLiveMs: 100 });
      wire.clock.advance(5000);
      wire.lock.close();
      release();
      wire.clock.advance(5000);
      const active = 'resp_own';
      wire.lock.open();
      // The connection is there and nothing holds: what is sent no longer expires.
      const create = wire.takeCreate(text);
      wire.clock.advance(5000);
      expect(await wire.status(text)).to.equal('pending');
      wire.conflict(create, active);
      wire.clock.advance(5000);
      wire.done(active);
      wire.done(wire.begin(text));
    });

    it('adds up what did count', async () => {
      const active = wire.begin(wire.ask());
      const text = wire.ask({ reason: 'text', timeToLiveMs: 100 });
      wire.clock.advance(60);
      const release = wire.lock.hold('pause');
      wire.clock.advance(1000);
      release();
      wire.clock.advance(39);
      expect(await wire.status(text)).to.equal('pending');
      wire.clock.advance(1);
      expect(await wire.status(text)).to.equal('expired');
      wire.done(active);
    });
  });

  describe('abort', () => {
    it('settles at once when the signal is aborted already', async () => {
      expect(await wire.status(wire.ask({ signal: AbortSignal.abort() }))).to.equal('aborted');
      wire.silence();
    });

    it('cancels the response that nobody else wants', async () => {
      const controller = new AbortController();
      const ticket = wire.ask({ signal: controller.signal });
      const id = wire.begin(ticket);
      controller.abort();
      expect(await wire.status(ticket)).to.equal('aborted');
      wire.takeCancel(id);
      wire.done(id, 'cancelled');
      expect(wire.lock.status).to.equal('idle');
    });

    it('leaves the response to the others whom it serves', async () => {
      const controller = new AbortController();
      const release = wire.lock.hold('until all have asked');
      const gone = wire.ask({ reason: 'tool', response: undefined, signal: controller.signal });
      const stays = wire.ask({ reason: 'tool', response: undefined });
      release();
      const id = wire.begin(gone, stays);
      controller.abort();
      wire.silence();
      wire.done(id);
      expect(await wire.status(gone)).to.equal('aborted');
      expect(await wire.status(stays)).to.equal('completed');
    });

    it('remembers it while only requested', async () => {
      const controller = new AbortController();
      const ticket = wire.ask({ signal: controller.signal });
      const create = wire.takeCreate(ticket);
      controller.abort();
      wire.silence();
      const id = wire.created(create);
      wire.takeCancel(id);
      wire.done(id, 'cancelled');
      expect(await wire.status(ticket)).to.equal('aborted');
    });

    it('does nothing once the ticket is settled', async () => {
      const controller = new AbortController();
      const ticket = wire.ask({ signal: controller.signal });
      wire.done(wire.begin(ticket));
      controller.abort();
      expect(await wire.status(ticket)).to.equal('completed');
      wire.silence();
    });
  });

  describe('interrupt', () => {
    it('asks for nothing more and leaves the queue alone', async () => {
      const ticket = wire.ask();
      const next = wire.ask();
      const id = wire.begin(ticket);
      wire.lock.interrupt({ reason: 'participant' });
      wire.lock.interrupt({ reason: 'again' });
      wire.takeCancel(id);
      wire.silence();
      wire.done(id, 'cancelled');
      await settle();
      expect(ticket.settled).to.deep.include({ status: 'cancelled', reason: 'participant', responseId: id });
      wire.done(wire.begin(next));
    });

    it('does nothing while idle', () => {
      wire.lock.interrupt({ reason: 'host' });
      wire.silence();
      expect(wire.statuses).to.deep.equal([]);
    });

    it('cancels a response of the server as well, and leaves responses out of band alone', () => {
      const aside = wire.ask({ response: { conversation: 'none' } });
      wire.created(wire.takeCreate(aside), 'resp_aside', null);
      const id = wire.created();
      wire.lock.interrupt({ reason: 'host' });
      wire.takeCancel(id);
      wire.done(id, 'cancelled');
      wire.done('resp_aside');
    });
  });

  describe('when its callbacks call it', () => {
    it('serves a request made by `send`', () => {
      let isFirst = true;
      const later: ReturnType<ScriptedWire['ask']>[] = [];
      start({
        onSend: () => {
          if (isFirst) later.push(wire.ask());
          isFirst = false;
        },
      });
      const ticket = wire.ask();
      wire.done(wire.begin(ticket));
      wire.done(wire.begin(...later));
    });

    it('takes answers that come while it is still sending', async () => {
      start({
        onSend: ({ type, event_id }) => {
          if (type === 'response.create') wire.done(wire.created(event_id));
        },
      });
      const tickets = [wire.ask(), wire.ask()];
      for (const ticket of tickets) {
        wire.takeCreate(ticket);
        expect(await wire.status(ticket)).to.equal('completed');
      }
      expect(wire.statuses).to.deep.equal(['requested', 'active', 'idle', 'requested', 'active', 'idle']);
    });

    it('sends nothing more when `send` finds the connection closed', async () => {
      start({
        onSend: () => {
          wire.lock.close();
        },
      });
      const ticket = wire.ask({ before: () => [item('a'), item('b')] });
      wire.take('conversation.item.create');
      wire.silence();
      expect(await wire.status(ticket)).to.equal('pending');
      expect(wire.lock.queued).to.equal(1);
    });

    it('sends no create for a ticket that is aborted between its events', async () => {
      const controller = new AbortController();
      start({
        onSend: () => {
          controller.abort();
        },
      });
      const ticket = wire.ask({ before: [item('a'), item('b')], signal: controller.signal });
      wire.take('conversation.item.create');
      expect(await wire.status(ticket)).to.equal('aborted');
      expect(wire.lock.status).to.equal('idle');
    });

    it('tells every status in order, also when `onChange` asks for more', () => {
      const seen: string[] = [];
      start({
        onChange: (status) => {
          seen.push(status);
          if (status === 'idle' && seen.length < 4) wire.ask();
        },
      });
      const ticket = wire.ask();
      wire.done(wire.begin(ticket));
      wire.take('response.create');
      expect(seen).to.deep.equal(['requested', 'active', 'idle', 'requested']);
    });

    it('learns from a function only when it is called that its response needs no lock', async () => {
      const ticket = wire.ask({ reason: 'assessment', response: () => ({ conversation: 'none' }) });
      const create = wire.takeCreate(ticket);
      expect(wire.lock.status).to.equal('idle');
      const other = wire.ask();
      const active = wire.begin(other);
      wire.done(wire.created(create, 'resp_aside', null));
      expect(await wire.status(ticket)).to.equal('completed');
      expect(wire.lock.status).to.equal('active');
      wire.done(active);
    });
  });

  describe('the connection', () => {
    it('sends nothing before it is open', () => {
      wire.lock.close();
      const ticket = wire.ask();
      wire.silence();
      wire.lock.open();
      wire.lock.open();
      wire.done(wire.begin(ticket));
    });

    it('settles everything when it is disposed of, and everything asked for later', async () => {
      const active = wire.ask();
      wire.begin(active);
      const waiting = wire.ask();
      const aside = wire.ask({ conversation: 'none', response: () => ({ conversation: 'none' }) });
      wire.takeCreate(aside);
      wire.lock.dispose();
      for (const ticket of [active, waiting, aside, wire.ask()]) {
        expect(await wire.status(ticket)).to.equal('disconnected');
      }
      wire.lock.open();
      expect(await wire.status(wire.ask())).to.equal('disconnected');
      expect(wire.clock.pending).to.equal(0);
    });
  });

  it('counts what it met', () => {
    wire.receive({ type: 'response.done', response: { id: 'resp_unknown', status: 'completed' } });
    wire.receive({ type: 'response.created' });
    wire.done(wire.created());
    expect(wire.lock.counts).to.deep.include({ ignored: 2, adopted: 1, conflicts: 0 });
  });

  it('never throws on anything that a server sends', () => {
    const odd: unknown[] = [
      null,
      undefined,
      0,
      '',
      [],
      {},
      'resp_1',
      { id: 7 },
      { id: {} },
      { id: 'x', metadata: 3 },
    ];
    const types = [
      'response.created',
      'response.done',
      'response.output_audio.delta',
      'error',
      'rate_limits.updated',
      'input_audio_buffer.committed',
      'session.updated',
      'no.such.type',
    ];
    const send = (event: unknown): void => {
      wire.lock.receive(event as { type: string });
    };
    for (const value of odd) {
      send(value);
      send({ type: value });
      for (const type of types) {
        send({ type, response: value, error: value, response_id: value, item: value, rate_limits: value });
        send({ type, rate_limits: [value], error: { message: value, code: value, event_id: value } });
        send({
          type,
          response: { id: 'resp_x', output: [value], metadata: value, status: value, status_details: value },
        });
      }
    }
  });
});
