// The checklist that the project grew from, each line as a test. The wire refuses a second response as the provider does.
import { expect } from '@open-wc/testing';
import type { OutgoingEvent } from '../../src/realtime/lock-types.js';
import { ScriptedWire, type WatchedTicket } from '../support/scripted-wire.js';

describe('ResponseLock at an interview', () => {
  let wire: ScriptedWire;
  let active: string | undefined;
  let collisions: number;

  beforeEach(() => {
    active = undefined;
    collisions = 0;
    wire = new ScriptedWire({ onSend: refuseSecond });
  });
  afterEach(() => {
    wire.verify();
    expect(collisions, 'responses asked for while one was active').to.equal(0);
  });

  function refuseSecond({ type }: OutgoingEvent): void {
    if (type === 'response.create' && active !== undefined) collisions++;
  }

  const begin = (...tickets: readonly WatchedTicket[]): string => (active = wire.begin(...tickets));
  const end = (status?: string): void => {
    const id = active!;
    active = undefined;
    wire.done(id, status);
  };
  const askTurn = () => wire.ask({ response: undefined });

  it('sets up without a collision: opening, its tool, and the spoken opening', async () => {
    const opening = wire.ask({ reason: 'opening', response: { tool_choice: 'required' } });
    begin(opening);
    const continuation = wire.ask({ reason: 'tool' });
    end();
    begin(continuation);
    end();
    expect(await wire.status(opening)).to.equal('completed');
    expect(await wire.status(continuation)).to.equal('completed');
  });

  it('answers a participant who speaks right after the protocol was loaded', async () => {
    begin(wire.ask({ reason: 'opening' }));
    const continuation = wire.ask({ reason: 'tool', response: undefined });
    const turn = askTurn();
    end();
    begin(continuation, turn);
    end();
    expect(await wire.status(turn)).to.equal('completed');
  });

  it('survives rapid presses of the talk button: one response answers them all', async () => {
    const spoken = wire.ask({ reason: 'opening' });
    begin(spoken);
    const turns = Array.from({ length: 10 }, () => {
      wire.lock.interrupt({ reason: 'participant' });
      const release = wire.lock.hold('the talk button is pressed');
      const turn = askTurn();
      release();
      return turn;
    });
    wire.takeCancel(active!);
    wire.silence();
    end('cancelled');
    begin(...turns);
    end();
    for (const turn of turns) expect(await wire.status(turn)).to.equal('completed');
  });

  it("speaks an assessment's summary after the interviewer, not over them", async () => {
    begin(askTurn());
    const summary = wire.ask({ reason: 'assessment', waitFor: 'playback' });
    wire.lock.isPlaying = true;
    end();
    wire.silence();
    wire.lock.isPlaying = false;
    begin(summary);
    end();
    expect(await wire.status(summary)).to.equal('completed');
  });

  it('has no timing to get right: an assessment, a turn, a tool and a text in every order', async () => {
    const makers = [
      () => wire.ask({ reason: 'assessment' }),
      () => wire.ask({ reason: 'text' }),
      () => wire.ask({ reason: 'tool', response: undefined }),
      () => askTurn(),
    ];
    for (let order = 0; order < 24; order++) {
      begin(wire.ask());
      const rest = [...makers];
      const tickets = [4, 3, 2, 1].map((size) => rest.splice(order % size, 1)[0]!());
      end();
      while (wire.lock.status === 'requested') {
        active = wire.created(wire.take('response.create').event_id);
        end();
      }
      for (const ticket of tickets) expect(await wire.status(ticket)).to.equal('completed');
    }
  });
});
