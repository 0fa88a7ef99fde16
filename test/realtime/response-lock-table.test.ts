/**
 * Every state of the lock times every event, to be checked by eye.
 *
 * A cell: the lock's status afterwards, what it sent (`+create`, `+cancel`), and the outcome of the ticket `T` that the state is
 * about, if it got one. `T` is asked as a participant with a response of its own, so it waits and shares with nobody.
 *
 * States: `idle` without a ticket; `waiting`: T waits under a hold; `requested`: T's create is out; `spoken over`: the same, and
 * the participant began to speak; `recalled`: T's create is out, and interrupted; `active`: T is being answered; `adopted`: a response of the server's own, T waits; `contested`: T's create is out and
 * the server has started one of its own; `cancelling`: T was being answered and is interrupted; `closed`: no connection, T waits.
 */
import { expect } from '@open-wc/testing';
import { assertMove } from '../../src/async/state-table.js';
import { NEXT } from '../../src/realtime/lock-flight.js';
import type { LockStatus, OutgoingEvent } from '../../src/realtime/lock-types.js';
import { ScriptedWire, type WatchedTicket } from '../support/scripted-wire.js';

const TABLE = `
| event                    | idle               | waiting            | requested                         | spoken over        | recalled           | active                     | adopted            | contested          | cancelling         | closed            |
| ------------------------ | ------------------ | ------------------ | --------------------------------- | ------------------ | ------------------ | -------------------------- | ------------------ | ------------------ | ------------------ | ----------------- |
| created, ours            | cancelling +cancel | cancelling +cancel | active                            | cancelling +cancel | cancelling +cancel | active                     | cancelling +cancel | active             | cancelling         | idle              |
| created, the server's    | active             | active             | active                            | active             | active             | active                     | active             | active             | cancelling         | idle              |
| created, out of band     | idle               | idle               | requested                         | requested          | requested          | active                     | active             | active             | cancelling         | idle              |
| delta, ours              | idle               | idle               | requested                         | requested          | requested          | active                     | active             | active             | cancelling         | idle              |
| done, ours               | idle               | idle               | idle completed                    | idle completed     | idle completed     | idle completed             | active             | active completed   | idle completed     | idle              |
| cancelled, ours          | idle               | idle               | idle cancelled                    | idle cancelled     | idle cancelled     | idle cancelled             | active             | active cancelled   | idle cancelled     | idle              |
| failed, ours             | idle               | idle               | requested                         | requested          | requested          | idle failed                | active             | active             | idle cancelled     | idle              |
| rate limited, ours       | idle               | idle               | requested                         | requested          | requested          | idle                       | active             | active             | idle cancelled     | idle              |
| done, the server's       | idle               | idle               | requested                         | requested          | requested          | active                     | requested +create  | requested          | cancelling         | idle              |
| done, unknown            | idle               | idle               | requested                         | requested          | requested          | active                     | active             | active             | cancelling         | idle              |
| conflict with theirs     | idle               | idle               | active                            | active cancelled   | active cancelled   | active                     | active             | active             | cancelling         | idle              |
| conflict, naming nothing | idle               | idle               | idle                              | idle cancelled     | idle cancelled     | active                     | active             | active             | cancelling         | idle              |
| create refused           | idle               | idle               | idle failed                       | idle cancelled     | idle cancelled     | active                     | active             | active failed      | cancelling         | idle              |
| cancel refused           | idle               | idle               | requested                         | requested          | requested          | active                     | active             | active             | idle cancelled     | idle              |
| error of somebody else   | idle               | idle               | requested                         | requested          | requested          | active                     | active             | active             | cancelling         | idle              |
| fatal error              | idle               | idle failed        | requested failed                  | requested failed   | requested failed   | cancelling +cancel failed  | active failed      | active failed      | cancelling failed  | idle              |
| speech started           | idle               | idle               | requested                         | requested          | requested          | active                     | active             | active             | cancelling         | idle              |
| speech committed         | idle               | idle               | requested                         | requested          | requested          | active                     | active             | active             | cancelling         | idle              |
| request, wait            | requested +create  | idle               | requested                         | requested          | requested          | active                     | active             | active             | cancelling         | idle              |
| request, skip            | requested +create  | idle               | requested                         | requested          | requested          | active                     | active             | active             | cancelling         | idle              |
| request, interrupt       | requested +create  | idle               | requested                         | requested          | requested          | cancelling +cancel         | cancelling +cancel | cancelling +cancel | cancelling         | idle              |
| request, out of band     | idle +create       | idle +create       | requested +create                 | requested +create  | requested +create  | active +create             | active +create     | active +create     | cancelling +create | idle              |
| interrupt                | idle               | idle               | requested                         | requested          | requested          | cancelling +cancel         | cancelling +cancel | cancelling +cancel | cancelling         | idle              |
| hold                     | idle               | idle               | requested                         | requested          | requested          | active                     | active             | active             | cancelling         | idle              |
| abort of T               | idle               | idle aborted       | requested aborted                 | requested aborted  | requested aborted  | cancelling +cancel aborted | active aborted     | active aborted     | cancelling aborted | idle aborted      |
| close                    | idle               | idle               | idle                              | idle               | idle cancelled     | idle disconnected          | idle               | idle               | idle cancelled     | idle              |
| open                     | idle               | idle               | requested                         | requested          | requested          | active                     | active             | active             | cancelling         | requested +create |
| dispose                  | idle               | idle disconnected  | idle disconnected                 | idle disconnected  | idle cancelled     | idle disconnected          | idle disconnected  | idle disconnected  | idle cancelled     | idle disconnected |
| 5 s                      | idle               | idle               | requested                         | requested          | requested          | active                     | active             | active             | idle cancelled     | idle              |
| 10 s                     | idle               | idle               | requested +create                 | idle cancelled     | idle cancelled     | active                     | active             | active             | idle cancelled     | idle              |
| 30 s                     | idle               | idle               | requested +create +create +create | idle cancelled     | idle cancelled     | cancelling +cancel         | cancelling +cancel | cancelling +cancel | idle cancelled     | idle              |
`;

/** T's response, and one that the server starts by itself. */
const OWN = 'resp_own';
const THEIRS = 'resp_theirs';

/** One try of one cell: the lock in its state, and what an event needs to be about it. */
interface Scene {
  readonly wire: ScriptedWire;
  readonly ticket: WatchedTicket | undefined;
  /** Aborts T. */
  readonly controller: AbortController;
  readonly createId: string;
  readonly cancelId: string;
}

const STATES: Readonly<Record<string, (wire: ScriptedWire, ask: () => WatchedTicket) => Partial<Scene>>> = {
  idle: () => ({}),
  waiting: (wire, ask) => {
    wire.lock.hold('test');
    return { ticket: ask() };
  },
  requested: (wire, ask) => {
    const ticket = ask();
    return { ticket, createId: wire.takeCreate(ticket) };
  },
  'spoken over': (wire, ask) => {
    const ticket = ask();
    const createId = wire.takeCreate(ticket);
    wire.receive({ type: 'input_audio_buffer.speech_started' });
    return { ticket, createId };
  },
  recalled: (wire, ask) => {
    const ticket = ask();
    const createId = wire.takeCreate(ticket);
    wire.lock.interrupt({ reason: 'test' });
    return { ticket, createId };
  },
  active: (wire, ask) => {
    const ticket = ask();
    const createId = wire.takeCreate(ticket);
    wire.created(createId, OWN);
    return { ticket, createId };
  },
  adopted: (wire, ask) => {
    wire.created(undefined, THEIRS);
    return { ticket: ask() };
  },
  contested: (wire, ask) => {
    const ticket = ask();
    const createId = wire.takeCreate(ticket);
    wire.created(undefined, THEIRS);
    return { ticket, createId };
  },
  cancelling: (wire, ask) => {
    const ticket = ask();
    const createId = wire.takeCreate(ticket);
    wire.created(createId, OWN);
    wire.lock.interrupt({ reason: 'test' });
    return { ticket, createId, cancelId: wire.takeCancel(OWN) };
  },
  closed: (wire, ask) => {
    wire.lock.close();
    return { ticket: ask() };
  },
};

const EVENTS: Readonly<Record<string, (scene: Scene) => void>> = {
  'created, ours': ({ wire, createId }) => wire.created(createId, OWN),
  "created, the server's": ({ wire }) => wire.created(undefined, 'resp_new'),
  'created, out of band': ({ wire }) => wire.created(undefined, 'resp_aside', null),
  'delta, ours': ({ wire }) => {
    wire.delta(OWN);
  },
  'done, ours': ({ wire, createId }) => {
    wire.done(OWN, 'completed', { metadata: { create_id: createId } });
  },
  'cancelled, ours': ({ wire, createId }) => {
    wire.done(OWN, 'cancelled', { metadata: { create_id: createId } });
  },
  'failed, ours': ({ wire }) => {
    wire.failed(OWN, 'content_error');
  },
  'rate limited, ours': ({ wire }) => {
    wire.failed(OWN, 'rate_limit_exceeded');
  },
  "done, the server's": ({ wire }) => {
    wire.done(THEIRS);
  },
  'done, unknown': ({ wire }) => {
    wire.done('resp_unknown');
  },
  'conflict with theirs': ({ wire, createId }) => {
    wire.conflict(createId, THEIRS);
  },
  'conflict, naming nothing': ({ wire }) => {
    wire.conflict(null);
  },
  'create refused': ({ wire, createId }) => {
    wire.error({ code: 'invalid_value', message: '', event_id: createId });
  },
  'cancel refused': ({ wire, cancelId }) => {
    wire.notActive(cancelId);
  },
  'error of somebody else': ({ wire }) => {
    wire.error({ code: 'invalid_value', message: '', event_id: 'theirs' });
  },
  'fatal error': ({ wire }) => {
    wire.error({ code: 'insufficient_quota', message: '', event_id: null });
  },
  'speech started': ({ wire }) => {
    wire.receive({ type: 'input_audio_buffer.speech_started' });
  },
  'speech committed': ({ wire }) => {
    wire.receive({ type: 'input_audio_buffer.committed' });
  },
  'request, wait': ({ wire }) => wire.ask(),
  'request, skip': ({ wire }) => wire.ask({ whenBusy: 'skip' }),
  'request, interrupt': ({ wire }) => wire.ask({ whenBusy: 'interrupt' }),
  'request, out of band': ({ wire }) => wire.ask({ response: { conversation: 'none' } }),
  interrupt: ({ wire }) => {
    wire.lock.interrupt({ reason: 'test' });
  },
  hold: ({ wire }) => wire.lock.hold('test'),
  'abort of T': ({ controller }) => {
    controller.abort();
  },
  close: ({ wire }) => {
    wire.lock.close();
  },
  open: ({ wire }) => {
    wire.lock.open();
  },
  dispose: ({ wire }) => {
    wire.lock.dispose();
  },
  '5 s': ({ wire }) => {
    wire.clock.advance(5000);
  },
  '10 s': ({ wire }) => {
    wire.clock.advance(10_000);
  },
  '30 s': ({ wire }) => {
    wire.clock.advance(30_000);
  },
};

async function play(state: string, event: string): Promise<string> {
  const statuses: LockStatus[] = ['idle'];
  const sent: OutgoingEvent[] = [];
  const wire = new ScriptedWire({
    onSend: (outgoing) => sent.push(outgoing),
    onChange: (status) => statuses.push(status),
  });
  const controller = new AbortController();
  const ask = (): WatchedTicket => wire.ask({ signal: controller.signal });
  const scene: Scene = {
    wire,
    ticket: undefined,
    controller,
    createId: 'lock-unknown',
    cancelId: 'lock-unknown',
    ...STATES[state]!(wire, ask),
  };
  sent.length = 0;
  EVENTS[event]!(scene);
  const outcome = scene.ticket && (await wire.status(scene.ticket));
  const cell = [
    wire.lock.status,
    ...sent.map(({ type }) => type.replace('response.', '+')),
    ...(outcome === undefined || outcome === 'pending' ? [] : [outcome]),
  ];
  wire.lock.dispose();
  for (const [at, status] of statuses.slice(1).entries()) assertMove(NEXT, statuses[at]!, status);
  return cell.join(' ');
}

const [head, , ...rows] = TABLE.trim()
  .split('\n')
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('ResponseLock, state by event', () => {
  it('names every state and every event once', () => {
    expect(head!.slice(1)).to.deep.equal(Object.keys(STATES));
    expect(rows.map(([event]) => event)).to.deep.equal(Object.keys(EVENTS));
  });

  for (const [event, ...cells] of rows) {
    it(`goes where the table says on: ${event}`, async () => {
      const played: Record<string, string> = {};
      for (const state of head!.slice(1)) played[state] = await play(state, event!);
      expect(played).to.deep.equal(Object.fromEntries(cells.map((cell, at) => [head![at + 1], cell])));
    });
  }
});
