import { table } from '../table.js';
import type { Allocation } from './audio-thread.js';
import { CONTENDERS, type SoundRow } from './measure-sound.js';

/** A line for each quantity, a column for each contender. */
export function soundTable(rows: readonly SoundRow[], allocations: readonly Allocation[]): string {
  const line = <Row extends { readonly contender: string }>(
    name: string,
    of: readonly Row[],
    show: (row: Row) => string,
  ): string[] => [
    name,
    ...CONTENDERS.map((contender) => {
      const row = of.find((one) => one.contender === contender);
      return row ? show(row) : 'not measured';
    }),
  ];
  return table(
    ['', ...CONTENDERS],
    [
      line('capture to wire, median', rows, ({ captureMs }) => `${captureMs.median.toFixed(0)} ms`),
      line('capture to wire, 95th percentile', rows, ({ captureMs }) => `${captureMs.p95.toFixed(0)} ms`),
      line('main thread, per second of sound', rows, (row) => `${row.mainThreadMs.toFixed(1)} ms`),
      line('interruption to silence, median', rows, ({ silenceMs }) => `${silenceMs.median.toFixed(0)} ms`),
      line('interruption to silence, worst', rows, ({ silenceMs }) => `${silenceMs.worst.toFixed(0)} ms`),
      line('error of what was played, worst', rows, ({ playedErrorSamples: error }) =>
        error === undefined ? 'not offered' : `${error} samples`,
      ),
      line('audio thread allocates, capture', allocations, (row) => `${row.captureKb.toFixed(1)} kB/s`),
      line('audio thread allocates, playback', allocations, (row) => `${row.playbackKb.toFixed(1)} kB/s`),
    ],
  );
}
