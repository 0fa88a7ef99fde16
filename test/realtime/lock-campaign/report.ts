import type { Batch, Failure, Tally } from './campaign.js';

/** One row a mode, in the order of asking. */
export function table(tallies: readonly Tally[]): string {
  const columns = {
    mode: 'mode',
    interviews: 'interviews',
    requests: 'requests',
    responses: 'responses',
    conflicts: 'conflicts on the wire',
    lost: 'lost',
    surfaced: 'surfaced',
    twice: 'twice',
    stuck: 'stuck',
    unsettled: 'unsettled',
    carried: 'carried over',
    dropped: 'dropped',
    broken: 'broken',
  } satisfies Record<keyof Tally, string>;
  const names = Object.keys(columns) as (keyof Tally)[];
  const rows = tallies.map((tally) =>
    names.map((name) => (name === 'mode' ? tally.mode : tally[name].toLocaleString('en'))),
  );
  const cells = [Object.values(columns), ...rows];
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

/** The command that plays a batch again. */
export function repeated({ mode, seed, interviews }: Batch): string {
  return `npm run campaign -- --mode ${mode} --interviews ${interviews} --batch-seed=${seed}`;
}

/** How to see it again, what broke, and the smallest interview that was found to break it. */
export function told(failure: Failure): string {
  return [
    repeated(failure),
    ...Object.entries(failure.wrong).map(([name, problems]) => `  ${name}: ${problems.join('; ')}`),
    JSON.stringify(failure.interview),
  ].join('\n');
}
