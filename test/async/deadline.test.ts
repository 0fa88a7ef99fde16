import { expect } from '@open-wc/testing';
import { abortable, deadline, delay } from '../../src/async/deadline.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('deadline', () => {
  it('aborts with its own reason when the time is over, not before', () => {
    const clock = new FakeClock();
    const { signal } = deadline(clock, 100, () => 'too late');
    clock.advance(99);
    expect(signal.aborted).to.equal(false);
    clock.advance(1);
    expect(signal.reason).to.equal('too late');
  });

  it("aborts with the caller's reason, and gives its timer back", () => {
    const clock = new FakeClock();
    const caller = new AbortController();
    const { signal } = deadline(clock, 100, () => 'too late', { signal: caller.signal });
    caller.abort('gone');
    expect(signal.reason).to.equal('gone');
    expect(clock.pending).to.equal(0);
  });

  it('is aborted from the start by an aborted signal, without a timer', () => {
    const clock = new FakeClock();
    const { signal, clear } = deadline(clock, 100, () => 'too late', { signal: AbortSignal.abort('gone') });
    expect(signal.reason).to.equal('gone');
    expect(clock.pending).to.equal(0);
    clear();
  });

  it('lets go of the timer and of the signal once cleared', () => {
    const clock = new FakeClock();
    const caller = new AbortController();
    const { signal, clear } = deadline(clock, 100, () => 'too late', { signal: caller.signal });
    clear();
    clear();
    caller.abort('gone');
    clock.advance(1000);
    expect(signal.aborted).to.equal(false);
    expect(clock.pending).to.equal(0);
  });
});

describe('abortable', () => {
  it('settles as the work does', async () => {
    const { signal } = new AbortController();
    expect(await abortable(Promise.resolve(1), signal)).to.equal(1);
    expect(await abortable(Promise.resolve(2), undefined)).to.equal(2);
    expect(await failure(abortable(Promise.reject(new Error('no')), signal))).to.have.property(
      'message',
      'no',
    );
  });

  it('rejects with the reason as soon as the signal aborts, also for work that never ends', async () => {
    const controller = new AbortController();
    const result = failure(abortable(new Promise(() => undefined), controller.signal));
    controller.abort('stop');
    expect(await result).to.equal('stop');
  });

  it('leaves no unhandled rejection behind, whenever the signal aborted', async () => {
    const unhandled: unknown[] = [];
    const note = (event: PromiseRejectionEvent): void => {
      event.preventDefault();
      unhandled.push(event.reason);
    };
    window.addEventListener('unhandledrejection', note);
    try {
      for (const abortFirst of [true, false]) {
        const controller = new AbortController();
        let fail = (): void => undefined;
        const work = new Promise<void>((_, reject) => {
          fail = () => {
            reject(new Error('late'));
          };
        });
        if (abortFirst) controller.abort('stop');
        const result = failure(abortable(work, controller.signal));
        controller.abort('stop');
        expect(await result).to.equal('stop');
        fail();
      }
      // Chromium reports unhandled rejections in a task of its own.
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      window.removeEventListener('unhandledrejection', note);
    }
    expect(unhandled).to.deep.equal([]);
  });
});

describe('delay', () => {
  it('resolves when the time is over', async () => {
    const clock = new FakeClock();
    let isOver = false;
    void delay(clock, 50).then(() => (isOver = true));
    await clock.advanceAsync(49);
    expect(isOver).to.equal(false);
    await clock.advanceAsync(1);
    expect(isOver).to.equal(true);
  });

  it('rejects with the reason and gives its timer back', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const result = failure(delay(clock, 50, { signal: controller.signal }));
    controller.abort('stop');
    expect(await result).to.equal('stop');
    expect(clock.pending).to.equal(0);
  });

  it('does not begin to wait for an aborted signal', async () => {
    const clock = new FakeClock();
    expect(await failure(delay(clock, 50, { signal: AbortSignal.abort('gone') }))).to.equal('gone');
    await settle();
    expect(clock.pending).to.equal(0);
  });
});
