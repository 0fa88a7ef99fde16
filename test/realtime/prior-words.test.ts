import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { HistoryTurn } from '../../src/dialogue/dialogue.js';
import { newestWithin } from '../../src/realtime/prior-words.js';
import { settle } from '../../src/testing/fake-clock.js';
import { Talk } from '../support/realtime-talk.js';

const turns = (count: number, words: string): HistoryTurn[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `turn_${n}`,
    speaker: n % 2 === 0 ? 'interviewer' : 'participant',
    text: `${n} ${words}`,
  }));

describe('newestWithin', () => {
  it('keeps the end of what was said, whole turns of it, and never more than fits but for the last', () => {
    const said = fc.array(fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 200 }) }));
    fc.assert(
      fc.property(fc.nat(500), said, (mostTokens, all) => {
        const kept = newestWithin(mostTokens, all);
        expect(kept).to.deep.equal(kept.length === 0 ? [] : all.slice(-kept.length));
        if (all.length > 0) expect(kept).to.not.be.empty;
        const letters = kept.reduce((sum, { text }) => sum + text.length, 0);
        if (kept.length > 1) expect(letters / 3).to.be.at.most(mostTokens);
      }),
    );
  });

  it('takes as much as fits', () => {
    // 8 and 30 bytes a turn, which are 18 tokens.
    const all = turns(10, 'x'.repeat(28));
    expect(newestWithin(18 * 4, all).map(({ id }) => id)).to.deep.equal([
      'turn_6',
      'turn_7',
      'turn_8',
      'turn_9',
    ]);
    expect(newestWithin(18 * 4 - 1, all)).to.have.length(3);
    expect(newestWithin(180, all)).to.have.length(10);
    expect(newestWithin(1, all)).to.have.length(1);
  });

  it('counts writing by what it takes, not by its signs', () => {
    expect(newestWithin(300, turns(20, '你'.repeat(60)))).to.have.length(4);
    expect(newestWithin(300, turns(20, 'x'.repeat(60)))).to.have.length(10);
  });
});

describe('a conversation that begins with a history', () => {
  it('says that earlier turns were left out of a long one', async () => {
    const history = turns(100, 'We talked about this for quite a while. '.repeat(20));
    const talk = new Talk();
    void talk.dialogue.open(talk.options({ history }));
    await talk.accept();
    await settle();
    const first = talk.wire.unread[0]?.['item'] as { role: string; content: { text: string }[] };
    expect(first.role).to.equal('system');
    expect(first.content[0]?.text).to.contain('earlier ones are left out');
    const words = talk.expectHistory();
    expect(words).to.have.length.within(20, 40);
    expect(words.at(-1)).to.equal(history.at(-1)?.text);
    await talk.end();
  });

  it('says nothing of a beginning that is new', async () => {
    const talk = await Talk.open({ history: [{ id: 'a', speaker: 'participant', text: '' }] });
    talk.wire.expectNothing();
    await talk.end();
  });
});
