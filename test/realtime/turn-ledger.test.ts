import { expect } from '@open-wc/testing';
import type { TurnChange } from '../../src/dialogue/turn-change.js';
import { TurnLedger } from '../../src/realtime/turn-ledger.js';

function ledger() {
  const told: string[] = [];
  const own = new TurnLedger((change: TurnChange) => {
    const after = 'afterId' in change ? ` after ${change.afterId ?? 'nothing'}` : '';
    told.push(`${change.type} ${change.id}${after}`);
  });
  const begin = (id: string, itemId?: string): void => {
    own.begin({ id, speaker: 'participant', medium: 'voice', at: 0 }, itemId);
  };
  return { own, told, begin };
}

describe('the ledger of turns', () => {
  it('tells a turn’s place as soon as its item has one, and once only', () => {
    const { own, told, begin } = ledger();
    begin('A');
    own.placed('a', null);
    own.bind('a', 'A');
    own.placed('a', null);
    own.placed('guidance', 'a');
    own.placed('b', 'guidance');
    begin('B', 'b');
    expect(told).to.deep.equal(['began A', 'linked A after nothing', 'began B after A']);
  });

  it('tells anew who is before whom when a turn comes between or goes', () => {
    const { own, told, begin } = ledger();
    own.placed('a', null);
    begin('A', 'a');
    own.placed('c', 'a');
    begin('C', 'c');
    own.placed('b', 'a');
    begin('B', 'b');
    own.remove('B');
    own.deleted('b');
    expect(told).to.deep.equal([
      'began A after nothing',
      'began C after A',
      'began B after A',
      'linked C after B',
      'removed B',
      'linked C after A',
    ]);
  });

  it('goes on behind its last turn in a new conversation and leaves the old ones where they were', () => {
    const { own, told, begin } = ledger();
    own.placed('a', null);
    begin('A', 'a');
    begin('waiting');
    begin('gap');
    own.strand('gap');
    own.restart('elsewhere');
    own.placed('history', null);
    own.placed('w', 'history');
    own.bind('w', 'waiting');
    own.placed('b', 'w');
    begin('B', 'b');
    expect(told.slice(3)).to.deep.equal([
      'linked gap after A',
      'linked waiting after gap',
      'began B after waiting',
    ]);
  });
});
