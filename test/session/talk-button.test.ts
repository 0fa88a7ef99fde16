import { expect } from '@open-wc/testing';
import { TalkButton } from '../../src/session/talk-button.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';

function makeButton({ preRollMs = 0 } = {}) {
  const clock = new FakeClock();
  const said: string[] = [];
  let flushed = (): void => undefined;
  const state = { isInterviewerHeard: false };
  const button = new TalkButton({
    clock,
    preRollMs,
    isInterviewerHeard: () => state.isInterviewerHeard,
    flush: () =>
      new Promise((resolve) => {
        flushed = resolve;
      }),
    dialogue: {
      beginTurn: () => said.push('begin'),
      hear: (frame) => said.push(`hear ${frame.join()}`),
      commitTurn: () => {
        said.push('commit');
        return { id: 't', outcome: Promise.resolve({ status: 'completed' }) };
      },
      discardTurn: () => said.push('discard'),
    },
  });
  const frame = (n: number): void => {
    button.hear(Int16Array.of(n));
  };
  return {
    button,
    clock,
    said,
    frame,
    state,
    flush: () => {
      flushed();
    },
  };
}

describe('TalkButton', () => {
  it('sends sound from the press on and commits after the last frames', async () => {
    const { button, clock, said, frame, flush } = makeButton();
    frame(0);
    await button.press();
    frame(1);
    clock.advance(200);
    const released = button.release();
    frame(2);
    expect(said).to.deep.equal(['begin', 'hear 1', 'hear 2']);
    flush();
    expect(await released).to.deep.equal({ tooShort: false });
    frame(3);
    expect(said).to.deep.equal(['begin', 'hear 1', 'hear 2', 'commit']);
  });

  it('discards a press under 150 ms and says so', async () => {
    const { button, clock, said } = makeButton();
    await button.press();
    clock.advance(149);
    expect(await button.release()).to.deep.equal({ tooShort: true });
    expect(said).to.deep.equal(['begin', 'discard']);
  });

  it('begins a second turn only when the first was sent off', async () => {
    const { button, clock, said, flush } = makeButton();
    await button.press();
    clock.advance(200);
    const released = button.release();
    const pressed = button.press();
    expect(said).to.deep.equal(['begin']);
    flush();
    await released;
    await pressed;
    expect(said).to.deep.equal(['begin', 'commit', 'begin']);
  });

  it('forgets a press that was let go while the turn before was still being sent off', async () => {
    const { button, clock, said, flush } = makeButton();
    await button.press();
    clock.advance(200);
    const released = button.release();
    const pressed = button.press();
    expect(await button.release()).to.deep.equal({ tooShort: true });
    flush();
    await released;
    await pressed;
    await settle();
    expect(said).to.deep.equal(['begin', 'commit']);
  });

  it('sends the sound from before the press that the page asked for, and no more', async () => {
    const { button, clock, said, frame } = makeButton({ preRollMs: 100 });
    frame(1);
    clock.advance(80);
    frame(2);
    clock.advance(40);
    await button.press();
    expect(said).to.deep.equal(['begin', 'hear 2']);
  });

  it('never sends sound from before the press in which the interviewer was heard', async () => {
    const { button, said, frame, state } = makeButton({ preRollMs: 100 });
    frame(1);
    state.isInterviewerHeard = true;
    frame(2);
    state.isInterviewerHeard = false;
    await button.press();
    expect(said).to.deep.equal(['begin']);
  });
});
