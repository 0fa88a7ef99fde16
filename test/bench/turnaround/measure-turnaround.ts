import { openBenchPage } from '../browser/bench-page.js';
import { quantile } from '../quantile.js';
import type * as Measured from './page.js';
import { serveReplies } from './scripted-replies.js';

const CONTENDERS: readonly Measured.Contender[] = ['floor', 'lock', 'dialect', 'official'];

export interface Turnaround {
  readonly contender: Measured.Contender;
  readonly count: number;
  readonly medianUs: number;
  /** Without the quickest and the slowest tenth: finer than the clock, whose steps the median keeps. */
  readonly meanUs: number;
  readonly p95Us: number;
}

/** Warmed up first, then in turns, so that what else the machine does falls on both. */
export async function measureTurnaround({
  rounds,
  perRound,
}: {
  readonly rounds: number;
  readonly perRound: number;
}): Promise<Turnaround[]> {
  const { page, script, close } = await openBenchPage('test/bench/turnaround/page.ts', serveReplies);
  try {
    if (!(await page.evaluate(() => crossOriginIsolated)))
      throw new Error('The clock of the page is too coarse');
    const run = (contender: Measured.Contender, count: number): Promise<number[]> =>
      page.evaluate(
        async (path, who, n) => {
          const { turnarounds } = (await import(path)) as typeof Measured;
          return turnarounds(who, n);
        },
        script,
        contender,
        count,
      );
    const times: Record<Measured.Contender, number[]> = { floor: [], lock: [], dialect: [], official: [] };
    for (const contender of CONTENDERS) await run(contender, 2 * perRound);
    for (let round = 0; round < rounds; round++)
      for (const contender of CONTENDERS) times[contender].push(...(await run(contender, perRound)));
    return CONTENDERS.map((contender) => ({
      contender,
      count: times[contender].length,
      medianUs: quantile(times[contender], 0.5),
      meanUs: trimmedMean(times[contender]),
      p95Us: quantile(times[contender], 0.95),
    }));
  } finally {
    await close();
  }
}

function trimmedMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(values.length * 0.1, values.length * 0.9);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
