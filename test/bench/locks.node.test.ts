// The table of `npm run bench` in small: every lock plays, and what is counted against the others is counted against ours.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { CAMPAIGN_MODES } from '../realtime/lock-campaign/interview-plan.js';
import { measureLocks, type LockRow } from './locks/measure-locks.js';

describe('locks side by side', () => {
  let rows: LockRow[];
  before(async () => {
    rows = await measureLocks({ interviews: 25, seed: 7 });
  });
  const of = (lock: string, mode?: string): LockRow[] =>
    rows.filter((row) => row.lock === lock && (mode === undefined || row.mode === mode));
  const sum = (
    some: readonly LockRow[],
    key: 'asked' | 'lost' | 'conflicts' | 'cancels' | 'twice' | 'stuck',
  ) => some.reduce((total, row) => total + row[key], 0);

  it('has every lock in every mode, with something to do', () => {
    assert.equal(rows.length, 4 * CAMPAIGN_MODES.length);
    for (const row of rows) assert.ok(row.asked > 50, `${row.lock}, ${row.mode}: ${row.asked}`);
  });

  it('lets ours lose nothing, serve nobody twice, tell no error and never get stuck', () => {
    for (const { mode, asked, lost, conflicts, cancels, twice, crossed, stuck } of of('ResponseLock')) {
      assert.deepEqual(
        { mode, lost, conflicts, cancels, stuck },
        { mode, lost: 0, conflicts: 0, cancels: 0, stuck: 0 },
      );
      // A create that the server stalled may be carried out after it was asked again: nobody can take back what is on its way.
      assert.equal(twice, mode === 'faults' ? crossed : 0, `${mode}: ${twice} twice`);
      // Here it happens in one interview, to three tickets on one create and one behind them.
      assert.ok(twice < 0.06 * asked, `${mode}: ${twice} of ${asked} twice`);
    }
  });

  it('sees creates collide without a lock, and the flag skip and get stuck', () => {
    const [none, flag] = [of('no lock'), of("the seed's flag")];
    for (const row of none) assert.ok(row.lost > 0 && row.conflicts > 0, row.mode);
    assert.equal(sum(none, 'stuck'), 0, 'nothing is there to be stuck');
    assert.ok(sum(flag, 'lost') > sum(none, 'lost'), 'it skips');
    assert.ok(sum(flag, 'conflicts') < sum(none, 'conflicts'));
    assert.ok(sum(of("the seed's flag", 'faults'), 'stuck') > 0);
  });

  it('plays the SDK’s own sequencer, which holds where it is the only author', () => {
    const name = '@openai/agents-realtime';
    for (const mode of ['push-to-talk', 'client-authored'])
      assert.deepEqual([sum(of(name, mode), 'lost'), sum(of(name, mode), 'conflicts')], [0, 0], mode);
    assert.ok(sum(of(name, 'server-authored'), 'conflicts') > 0);
    assert.ok(sum(of(name, 'faults'), 'stuck') > 0);
  });
});
