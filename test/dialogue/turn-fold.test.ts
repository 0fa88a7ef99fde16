import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { TurnChange } from '../../src/dialogue/turn-change.js';
import { foldTurn, type FoldedTurn, type TurnFold } from '../../src/dialogue/turn-fold.js';

const ORIGIN = 1000;
const toInterviewMs = (at: number): number => at - ORIGIN;

type Known = TurnFold | 'removed' | undefined;

const fold = (changes: readonly TurnChange[], known?: Known): Known =>
  changes.reduce<Known>((turn, change) => foldTurn(turn, change, toInterviewMs), known);

const turnOf = (changes: readonly TurnChange[]): FoldedTurn => {
  const known = fold(changes);
  if (known === undefined || known === 'removed') throw new Error(`Expected a turn, got ${String(known)}`);
  return known.turn;
};

const began: TurnChange = { type: 'began', id: 't', speaker: 'interviewer', medium: 'voice', at: 1100 };

describe('foldTurn', () => {
  it('tells an answer of the participant from its first sound to its last word', () => {
    const turn = turnOf([
      { type: 'began', id: 'p', speaker: 'participant', medium: 'voice', at: 1500 },
      { type: 'ended', id: 'p', at: 4500 },
      { type: 'linked', id: 'p', afterId: 'q' },
      { type: 'text', id: 'p', text: 'I was' },
      { type: 'final', id: 'p', text: 'I was nervous.', at: 5200 },
    ]);
    expect(turn).to.deep.equal({
      id: 'p',
      speaker: 'participant',
      medium: 'voice',
      status: 'final',
      text: 'I was nervous.',
      afterId: 'q',
      startedAtMs: 500,
      endedAtMs: 3500,
    });
  });

  it('starts a spoken turn with its first sound and keeps the latency', () => {
    const turn = turnOf([
      began,
      { type: 'text', id: 't', text: 'Hello' },
      { type: 'final', id: 't', text: 'Hello.', at: 1150 },
      { type: 'sounded', id: 't', at: 1400, latencyMs: 620 },
      { type: 'sounded', id: 't', at: 9999, latencyMs: 1 },
    ]);
    expect(turn).to.include({ startedAtMs: 400, latencyMs: 620, endedAtMs: 400 });
  });

  it('keeps what was generated and what was heard of an interrupted turn', () => {
    const turn = turnOf([
      began,
      { type: 'text', id: 't', text: 'Tell me about' },
      { type: 'interrupted', id: 't', by: 'participant', heardMs: 500, generatedMs: 1000, at: 2000 },
      { type: 'final', id: 't', text: 'Tell me about your first day at work.', at: 2100 },
      { type: 'ended', id: 't', at: 2300 },
    ]);
    expect(turn).to.include({
      text: 'Tell me about your first day at work.',
      heard: 'Tell me about your',
      heardMs: 500,
      interruptedBy: 'participant',
      endedAtMs: 1000,
      status: 'final',
    });
  });

  it('heard nothing of a turn of which no sound was generated', () => {
    const cut = { type: 'interrupted', id: 't', by: 'host', heardMs: 0, generatedMs: 0, at: 2000 } as const;
    expect(turnOf([began, { type: 'text', id: 't', text: 'Hello' }, cut])).to.include({
      heard: '',
      heardMs: 0,
    });
  });

  it('leaves a gap with what was there when words will never come', () => {
    expect(
      turnOf([began, { type: 'text', id: 't', text: 'I th' }, { type: 'failed', id: 't', at: 1300 }]),
    ).to.include({ status: 'failed', text: 'I th', endedAtMs: 300 });
  });

  it('takes words that come after all, but nothing empty, into a gap', () => {
    const gap: TurnChange[] = [
      began,
      { type: 'text', id: 't', text: 'I th' },
      { type: 'failed', id: 't', at: 1300 },
    ];
    expect(turnOf([...gap, { type: 'text', id: 't', text: '' }])).to.include({
      status: 'failed',
      text: 'I th',
    });
    expect(turnOf([...gap, { type: 'text', id: 't', text: 'I think' }])).to.include({
      status: 'failed',
      text: 'I think',
    });
    expect(turnOf([...gap, { type: 'final', id: 't', text: 'I think so.', at: 1900 }])).to.include({
      status: 'final',
      text: 'I think so.',
      endedAtMs: 300,
    });
  });

  it('ignores a turn that never began, and what comes after its removal', () => {
    expect(fold([{ type: 'text', id: 't', text: 'x' }])).to.equal(undefined);
    expect(fold([{ type: 'removed', id: 't' }])).to.equal(undefined);
    expect(fold([began, { type: 'removed', id: 't' }, began])).to.equal('removed');
  });

  it('takes the place from a beginning that is told twice, and nothing else', () => {
    const again: TurnChange = { ...began, at: 7000, afterId: null };
    expect(turnOf([began, again])).to.deep.equal({ ...turnOf([began]), afterId: null });
    expect(turnOf([again, began])).to.deep.equal(turnOf([again]));
    expect(
      turnOf([again, { type: 'linked', id: 't', afterId: 'x' }, { ...began, afterId: 'y' }]).afterId,
    ).to.equal('x');
  });

  it('gives back the same value for what it knows already', () => {
    const changes: TurnChange[] = [
      { ...began, afterId: 'a' },
      { type: 'linked', id: 't', afterId: 'b' },
      { type: 'text', id: 't', text: 'Hello' },
      { type: 'sounded', id: 't', at: 1400, latencyMs: 620 },
      { type: 'interrupted', id: 't', by: 'host', heardMs: 1, generatedMs: 2, at: 1500 },
      { type: 'ended', id: 't', at: 1600 },
      { type: 'final', id: 't', text: 'Hello', at: 1700 },
    ];
    let known: Known;
    for (const change of changes) {
      known = foldTurn(known, change, toInterviewMs);
      expect(foldTurn(known, change, toInterviewMs), change.type).to.equal(known);
    }
  });
});

const at = fc.integer({ min: 1000, max: 9000 });
const id = fc.constant('t');
const text = fc.constantFrom('', 'Tell', 'Tell me', 'Tell me about it.');
const one = {
  linked: fc.record({ type: fc.constant('linked' as const), id, afterId: fc.constantFrom('a', 'b', null) }),
  text: fc.record({ type: fc.constant('text' as const), id, text }),
  ended: fc.record({ type: fc.constant('ended' as const), id, at }),
  final: fc.record({ type: fc.constant('final' as const), id, text, at }),
  failed: fc.record({ type: fc.constant('failed' as const), id, at }),
  interrupted: fc.record({
    type: fc.constant('interrupted' as const),
    id,
    by: fc.constantFrom('participant' as const, 'host' as const),
    heardMs: fc.integer({ min: 0, max: 900 }),
    generatedMs: fc.integer({ min: 0, max: 1000 }),
    at,
  }),
  sounded: fc.record({ type: fc.constant('sounded' as const), id, at, latencyMs: fc.nat(900) }),
};
const anyBegan = fc.record({
  type: fc.constant('began' as const),
  id,
  speaker: fc.constantFrom('interviewer' as const, 'participant' as const),
  medium: fc.constantFrom('voice' as const, 'text' as const),
  at,
});
const anyChange: fc.Arbitrary<TurnChange> = fc.oneof(
  anyBegan,
  one.linked,
  one.text,
  one.ended,
  one.final,
  one.failed,
  one.interrupted,
  one.sounded,
  { arbitrary: fc.record({ type: fc.constant('removed' as const), id }), weight: 1 },
);

describe('foldTurn, whatever comes in whatever order', () => {
  it('never throws and keeps what is settled', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 40 }), (changes) => {
        let known: Known;
        let wasFinal: string | undefined;
        let wasRemoved = false;
        for (const change of changes) {
          const before = known;
          known = foldTurn(known, change, toInterviewMs);
          if (before === undefined && change.type !== 'began') expect(known).to.equal(undefined);
          wasRemoved ||= known === 'removed';
          if (wasRemoved) expect(known).to.equal('removed');
          if (known === undefined || known === 'removed') continue;
          const { turn } = known;
          expect(turn.id).to.equal('t');
          expect(turn.endedAtMs ?? Infinity).to.be.at.least(turn.startedAtMs);
          if (turn.heard !== undefined) expect(turn.text.startsWith(turn.heard)).to.equal(true);
          expect(turn.heard === undefined).to.equal(turn.heardMs === undefined);
          if (wasFinal !== undefined) expect(turn).to.include({ status: 'final', text: wasFinal });
          if (turn.status === 'final') wasFinal = turn.text;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('makes the same turn of the same facts in any order', () => {
    const facts = fc
      .tuple(one.linked, one.text, one.ended, one.final, one.failed, one.interrupted, one.sounded)
      .chain((all) => fc.shuffledSubarray<TurnChange>(all));
    const twoOrders = fc.tuple(anyBegan, facts).chain(([first, some]) =>
      fc.tuple(
        fc.constant([first, ...some]),
        fc.shuffledSubarray(some, { minLength: some.length }).map((again) => [first, ...again]),
      ),
    );
    fc.assert(
      fc.property(twoOrders, ([oneOrder, other]) => {
        expect(turnOf(other)).to.deep.equal(turnOf(oneOrder));
      }),
      { numRuns: 500 },
    );
  });
});
