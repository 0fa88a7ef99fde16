import { expect } from '@open-wc/testing';
import { MemoryStore } from '../../src/transcript/memory-store.js';
import { eraseExpired } from '../../src/transcript/retention.js';
import type { InterviewRecord } from '../../src/transcript/transcript-store.js';
import { record, turn } from './watched-store.js';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 22);

const interviews: InterviewRecord[] = [
  { ...record, interviewId: 'ended 31 days ago', status: 'finished', endedEpochMs: NOW - 31 * DAY_MS },
  { ...record, interviewId: 'ended 30 days ago', status: 'finished', endedEpochMs: NOW - 30 * DAY_MS },
  { ...record, interviewId: 'ended just now', status: 'finished', endedEpochMs: NOW },
  {
    ...record,
    interviewId: 'end unknown, begun long ago',
    status: 'finished',
    originEpochMs: NOW - 90 * DAY_MS,
  },
  { ...record, interviewId: 'end unknown, begun today', status: 'finished', originEpochMs: NOW - 5 },
  {
    ...record,
    interviewId: 'unfinished for a year',
    status: 'unfinished',
    originEpochMs: NOW - 365 * DAY_MS,
  },
];

async function leftAfter(retainDays: number): Promise<string[]> {
  const store = new MemoryStore();
  for (const one of interviews) {
    await store.putRecord(one);
    await store.putTurn(one.interviewId, { ...turn('a'), n: 1, afterId: null });
  }
  await eraseExpired(store, { retainDays, wallNow: () => NOW });
  const left: string[] = [];
  for (const { interviewId } of interviews) {
    const stored = await store.load(interviewId);
    if (stored) expect(stored.turns).to.have.length(1);
    if (stored) left.push(interviewId);
  }
  return left;
}

describe('eraseExpired', () => {
  it('erases finished interviews older than the days', async () => {
    expect(await leftAfter(30)).to.deep.equal([
      'ended 30 days ago',
      'ended just now',
      'end unknown, begun today',
      'unfinished for a year',
    ]);
  });

  it('erases all that is finished for 0 days, and nothing for ever', async () => {
    expect(await leftAfter(0)).to.deep.equal(['ended just now', 'unfinished for a year']);
    expect(await leftAfter(Infinity)).to.have.length(interviews.length);
  });

  it('refuses a number of days that is none', async () => {
    for (const retainDays of [-1, Number.NaN]) {
      const failure: unknown = await leftAfter(retainDays).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(RangeError);
    }
  });
});
