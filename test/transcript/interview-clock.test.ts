import { expect } from '@open-wc/testing';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { InterviewClock } from '../../src/transcript/interview-clock.js';

/** A wall clock that a person may set. */
const wall = (epochMs: number): { epochMs: number; now: () => number } => {
  const it = { epochMs, now: () => it.epochMs };
  return it;
};

describe('InterviewClock', () => {
  it('stands at zero until the interview is live, then counts whole milliseconds', () => {
    const clock = new FakeClock(500);
    const time = new InterviewClock({ clock, wallNow: wall(1_000_000).now });
    clock.advance(300);
    expect(time.now()).to.equal(0);
    expect(time.originEpochMs).to.equal(undefined);
    expect(time.start()).to.equal(1_000_000);
    clock.advance(1234.4);
    expect(time.now()).to.equal(1234);
    expect(time.toInterviewMs(900.2)).to.equal(100);
  });

  it('takes what happened before it was live as its zero', () => {
    const clock = new FakeClock(500);
    const time = new InterviewClock({ clock, wallNow: wall(0).now });
    time.start();
    expect(time.toInterviewMs(100)).to.equal(0);
  });

  it('starts once, whatever connects later and whoever sets the wall clock', () => {
    const clock = new FakeClock();
    const { now, ...rest } = wall(1000);
    const watch = { ...rest, now };
    const time = new InterviewClock({ clock, wallNow: () => watch.epochMs });
    time.start();
    clock.advance(60_000);
    watch.epochMs = -5;
    expect(time.start()).to.equal(1000);
    expect(time.now()).to.equal(60_000);
  });

  it('goes on after a reload from the stored origin, the time between included', () => {
    const clock = new FakeClock(77);
    const time = new InterviewClock({ clock, wallNow: wall(1_090_000).now, originEpochMs: 1_000_000 });
    expect(time.now()).to.equal(90_000);
    expect(time.start()).to.equal(1_000_000);
    clock.advance(10);
    expect(time.now()).to.equal(90_010);
    expect(time.toInterviewMs(77)).to.equal(90_000);
  });

  it('does not go back behind what was said, although the wall clock did', () => {
    const clock = new FakeClock();
    const options = { clock, wallNow: wall(400).now, originEpochMs: 1_000_000 };
    expect(new InterviewClock(options).now()).to.equal(0);
    expect(new InterviewClock({ ...options, atLeastMs: 45_000 }).now()).to.equal(45_000);
  });
});
