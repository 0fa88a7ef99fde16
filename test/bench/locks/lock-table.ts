import { CAMPAIGN_MODES } from '../../realtime/lock-campaign/interview-plan.js';
import { percent, table } from '../table.js';
import type { LockRow } from './measure-locks.js';

/** A block for each mode, a line for each lock. */
export function lockTable(rows: readonly LockRow[]): string {
  const head = [
    'mode',
    'lock',
    'had to be served',
    'lost',
    'conflicts told',
    'cancels refused',
    'twice',
    'stuck',
  ];
  return table(
    head,
    CAMPAIGN_MODES.flatMap((mode) =>
      rows
        .filter((row) => row.mode === mode)
        .map(({ lock, asked, lost, conflicts, cancels, twice, stuck }, n) => [
          n === 0 ? mode : '',
          lock,
          ...[
            String(asked),
            percent(lost, asked),
            String(conflicts),
            String(cancels),
            String(twice),
            String(stuck),
          ],
        ]),
    ),
  );
}
