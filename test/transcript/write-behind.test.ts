import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { InterviewError } from '../../src/errors.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import { WriteBehind } from '../../src/transcript/write-behind.js';

/** What a page keeps under `writes`, on a store that answers when and how the test says. */
function setUp(): {
  clock: FakeClock;
  writes: WriteBehind;
  wrote: string[];
  troubles: (InterviewError | undefined)[];
  behave: { as: 'well' | 'failing' | 'silent' };
} {
  const clock = new FakeClock();
  const wrote: string[] = [];
  const troubles: (InterviewError | undefined)[] = [];
  const behave: { as: 'well' | 'failing' | 'silent' } = { as: 'well' };
  const writes = new WriteBehind({
    clock,
    write: (key) => {
      wrote.push(`${key}@${clock.now()}`);
      if (behave.as === 'failing') return Promise.reject(new Error('no'));
      return behave.as === 'silent' ? new Promise(() => undefined) : Promise.resolve();
    },
    onTrouble: (error) => troubles.push(error),
  });
  return { clock, writes, wrote, troubles, behave };
}

describe('WriteBehind', () => {
  it('writes the first change at once and later ones every 250 ms', async () => {
    const { clock, writes, wrote } = setUp();
    for (let ms = 0; ms < 1000; ms += 20) {
      writes.changed('a');
      await clock.advanceAsync(20);
    }
    expect(wrote).to.deep.equal(['a@0', 'a@250', 'a@500', 'a@750', 'a@1000']);
    await clock.advanceAsync(1000);
    expect(wrote).to.have.length(5);
    expect(clock.pending).to.equal(0);
  });

  it('writes an urgent change at once', async () => {
    const { clock, writes, wrote } = setUp();
    writes.changed('a');
    await clock.advanceAsync(10);
    writes.changed('a');
    await clock.advanceAsync(10);
    writes.changed('a', { isUrgent: true });
    await clock.advanceAsync(1000);
    expect(wrote).to.deep.equal(['a@0', 'a@20']);
  });

  it('begins no second write of a record while the first is under way', async () => {
    const clock = new FakeClock();
    const answers: (() => void)[] = [];
    const writes = new WriteBehind({
      clock,
      write: () => new Promise((resolve) => answers.push(resolve)),
      onTrouble: () => expect.fail('nothing failed'),
    });
    writes.changed('a');
    await settle();
    writes.changed('a', { isUrgent: true });
    writes.changed('a');
    await clock.advanceAsync(300);
    expect(answers).to.have.length(1);
    answers[0]?.();
    await settle();
    expect(answers).to.have.length(2);
    answers[1]?.();
    await clock.advanceAsync(1000);
    expect(answers).to.have.length(2);
  });

  it('says once that writes fail, tries again with each change, and says once that all is written', async () => {
    const { clock, writes, wrote, troubles, behave } = setUp();
    behave.as = 'failing';
    for (const key of ['a', 'b', 'a', 'c']) {
      writes.changed(key);
      await clock.advanceAsync(300);
    }
    expect(troubles.map((error) => error?.code)).to.deep.equal(['storage-unavailable']);
    expect(wrote).to.have.length(4);
    behave.as = 'well';
    writes.changed('d');
    await clock.advanceAsync(300);
    expect(wrote.slice(4).map((write) => write[0])).to.have.members(['d', 'a', 'b', 'c']);
    expect(troubles).to.have.length(2);
    expect(troubles[1]).to.equal(undefined);
    expect(clock.pending).to.equal(0);
  });

  it('does not storm a failing store with a growing record', async () => {
    const { clock, writes, wrote, behave } = setUp();
    behave.as = 'failing';
    for (let ms = 0; ms < 1000; ms += 10) {
      writes.changed('a');
      await clock.advanceAsync(10);
    }
    expect(wrote.length).to.be.at.most(5);
  });

  it('takes a store that does not answer for one that failed', async () => {
    const { clock, writes, troubles, behave } = setUp();
    behave.as = 'silent';
    writes.changed('a');
    let isFlushed = false;
    void writes.flush().then(() => (isFlushed = true));
    await clock.advanceAsync(4999);
    expect([isFlushed, troubles.length]).to.deep.equal([false, 0]);
    await clock.advanceAsync(1);
    expect(isFlushed).to.equal(true);
    expect(troubles[0]).to.include({ code: 'storage-unavailable' });
    expect(clock.pending).to.equal(0);
  });

  it('takes a store that throws for one that failed', async () => {
    const clock = new FakeClock();
    const troubles: unknown[] = [];
    const writes = new WriteBehind({
      clock,
      write: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
      onTrouble: (error) => troubles.push(error?.code),
    });
    writes.changed('a');
    await writes.written('a');
    expect(troubles).to.deep.equal(['storage-full']);
  });

  it('flushes what waits and what failed', async () => {
    const { clock, writes, wrote, behave } = setUp();
    behave.as = 'failing';
    writes.changed('failed');
    await settle();
    behave.as = 'well';
    writes.changed('waiting');
    await clock.advanceAsync(10);
    writes.changed('waiting');
    await writes.flush();
    expect(wrote.filter((write) => write.startsWith('failed'))).to.deep.equal(['failed@0', 'failed@10']);
    expect(wrote.filter((write) => write.startsWith('waiting'))).to.deep.equal(['waiting@0', 'waiting@10']);
    expect(clock.pending).to.equal(0);
  });

  it('does not let a flush wait for an older write of the same record, nor be undone by its end', async () => {
    const clock = new FakeClock();
    const underWay: { resolve: () => void; reject: (cause: Error) => void }[] = [];
    const troubles: unknown[] = [];
    const writes = new WriteBehind({
      clock,
      write: () => new Promise((resolve, reject) => underWay.push({ resolve, reject })),
      onTrouble: (error) => troubles.push(error?.code),
    });
    writes.changed('a');
    await settle();
    writes.changed('a');
    let isFlushed = false;
    void writes.flush().then(() => (isFlushed = true));
    await settle();
    expect(underWay, 'the newest is on its way before the page is gone').to.have.length(2);
    underWay[0]?.reject(new Error('the page was too busy'));
    await settle();
    expect([isFlushed, troubles]).to.deep.equal([false, []]);
    writes.changed('a', { isUrgent: true });
    underWay[1]?.resolve();
    await settle();
    expect(underWay, 'what came after the flush').to.have.length(3);
    underWay[2]?.resolve();
    await settle();
    expect([isFlushed, troubles, underWay.length]).to.deep.equal([true, [], 3]);
    await clock.advanceAsync(10_000);
    expect([troubles, underWay.length, clock.pending]).to.deep.equal([[], 3, 0]);
  });

  it('takes along what changes before a write has begun', async () => {
    const { clock, writes, wrote } = setUp();
    writes.changed('a', { isUrgent: true });
    writes.changed('a');
    writes.changed('a', { isUrgent: true });
    await clock.advanceAsync(1000);
    expect(wrote).to.deep.equal(['a@0']);
  });

  it('flushes nothing twice: a write under way with no change since is the newest', async () => {
    const clock = new FakeClock();
    let begun = 0;
    const writes = new WriteBehind({
      clock,
      write: () => {
        begun++;
        return new Promise(() => undefined);
      },
      onTrouble: () => undefined,
    });
    writes.changed('a');
    await settle();
    void writes.flush();
    void writes.flush();
    await settle();
    expect(begun).to.equal(1);
    await clock.advanceAsync(10_000);
  });

  it('begins nothing once closed, waits for what is under way, and closes twice quietly', async () => {
    const { clock, writes, wrote } = setUp();
    writes.changed('a');
    await clock.advanceAsync(1);
    writes.changed('a');
    await writes.close();
    await writes.close();
    writes.changed('a', { isUrgent: true });
    writes.changed('b');
    await writes.flush();
    await clock.advanceAsync(1000);
    expect(wrote).to.deep.equal(['a@0']);
    expect(clock.pending).to.equal(0);
  });

  it('ends with the newest of every record written, whatever came when and failed where', async () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('change' as const),
        key: fc.constantFrom('a', 'b', 'c'),
        isUrgent: fc.boolean(),
      }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 400 }) }),
      fc.record({ do: fc.constant('answer' as const), isGood: fc.boolean() }),
      fc.record({ do: fc.constant('flush' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = new FakeClock();
        const newest = new Map<string, number>();
        const stored = new Map<string, number>();
        let underWay: { key: string; settle: (isGood: boolean) => void }[] = [];
        let isGoodNow = false;
        let isFlushing = false;
        const writes = new WriteBehind({
          clock,
          write: (key) => {
            if (!isFlushing) expect(underWay.map((write) => write.key)).to.not.include(key);
            const value = newest.get(key) ?? 0;
            // As with transactions that overlap: each begins when those before it have ended.
            return new Promise((resolve, reject) => {
              const write = {
                key,
                settle: (isGood: boolean) => {
                  underWay = underWay.filter((one) => one !== write);
                  if (isGood) stored.set(key, value);
                  if (isGood) resolve();
                  else reject(new Error('no'));
                },
              };
              underWay.push(write);
              if (isGoodNow) write.settle(true);
            });
          },
          onTrouble: () => undefined,
        });
        let version = 0;
        for (const one of steps) {
          if (one.do === 'change') {
            newest.set(one.key, ++version);
            writes.changed(one.key, one);
          } else if (one.do === 'pass') clock.advance(one.ms);
          else if (one.do === 'flush') {
            isFlushing = true;
            void writes.flush();
          } else underWay[0]?.settle(one.isGood);
          await settle();
          isFlushing = false;
        }
        isGoodNow = true;
        for (const write of [...underWay]) write.settle(true);
        await writes.flush();
        expect(stored).to.deep.equal(newest);
        expect(clock.pending).to.equal(0);
      }),
    );
  });
});
