import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import {
  floorOf,
  foldFloor,
  openFloor,
  type Floor,
  type FloorFact,
  type FloorFacts,
} from '../../src/dialogue/floor.js';

const fold = (...facts: FloorFact[]): FloorFacts => facts.reduce(foldFloor, openFloor);

/** The floor after each fact. */
const moves = (...facts: FloorFact[]): Floor[] => {
  let state = openFloor;
  return facts.map((fact) => floorOf((state = foldFloor(state, fact))));
};

const hearing = (isHearing: boolean): FloorFact => ({ type: 'hearing', isHearing });
const thinking = (isThinking: boolean): FloorFact => ({ type: 'thinking', isThinking });
const writing = (isWriting: boolean): FloorFact => ({ type: 'writing', isWriting });
const started = (turnId: string): FloorFact => ({ type: 'started', turnId, at: 0 });
const finished = (turnId: string): FloorFact => ({ type: 'finished', turnId, at: 0 });
const complete = (turnId: string): FloorFact => ({ type: 'speech-end', turnId });
const silent: FloorFact = { type: 'silent', at: 0 };

describe('the floor', () => {
  it('passes from the participant to the interviewer and back', () => {
    expect(
      moves(
        hearing(true),
        hearing(false),
        thinking(true),
        started('a'),
        complete('a'),
        thinking(false),
        finished('a'),
        silent,
      ),
    ).to.deep.equal([
      'hearing',
      'listening',
      'thinking',
      'speaking',
      'speaking',
      'speaking',
      'speaking',
      'listening',
    ]);
  });

  it('is the participant’s as soon as they are heard, also while the interviewer sounds', () => {
    expect(
      moves(thinking(true), started('a'), hearing(true), silent, thinking(false), hearing(false)),
    ).to.deep.equal(['thinking', 'speaking', 'hearing', 'hearing', 'hearing', 'listening']);
  });

  it('stays with an interviewer whose sound is late in mid-sentence', () => {
    expect(
      moves(thinking(true), started('a'), silent, started('a'), complete('a'), silent, thinking(false)),
    ).to.deep.equal(['thinking', 'speaking', 'speaking', 'speaking', 'speaking', 'thinking', 'listening']);
  });

  it('does not stay with an interviewer whose late sound never comes', () => {
    expect(moves(thinking(true), started('a'), silent, thinking(false)).at(-1)).to.equal('listening');
    expect(moves(thinking(true), started('a'), silent, complete('a')).at(-1)).to.equal('thinking');
  });

  it('thinks again when a reply to a tool call follows a spoken turn', () => {
    expect(
      moves(
        thinking(true),
        started('a'),
        complete('a'),
        thinking(false),
        thinking(true),
        silent,
        started('b'),
      ).slice(-3),
    ).to.deep.equal(['speaking', 'thinking', 'speaking']);
  });

  it('knows a turn that had come completely before it began to sound', () => {
    expect(moves(thinking(true), complete('a'), started('a'), silent).at(-1)).to.equal('thinking');
  });

  it('is the interviewer’s while an answer is written', () => {
    expect(moves(thinking(true), writing(true), thinking(false), writing(false))).to.deep.equal([
      'thinking',
      'speaking',
      'speaking',
      'listening',
    ]);
  });

  it('comes to rest from anywhere once nobody hears, thinks, writes or sounds', () => {
    const turnId = fc.constantFrom('a', 'b', 'c');
    const fact: fc.Arbitrary<FloorFact> = fc.oneof(
      fc.boolean().map(hearing),
      fc.boolean().map(thinking),
      fc.boolean().map(writing),
      turnId.map(started),
      turnId.map(finished),
      turnId.map(complete),
      fc.constant(silent),
    );
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), (facts) => {
        const state = fold(...facts);
        if (state.isHearing) expect(floorOf(state)).to.equal('hearing');
        const rest = [silent, writing(false), hearing(false), thinking(false)].reduce(foldFloor, state);
        expect(floorOf(rest)).to.equal('listening');
        const otherOrder = [thinking(false), hearing(false), writing(false), silent].reduce(foldFloor, state);
        expect(floorOf(otherOrder)).to.equal('listening');
      }),
    );
  });
});
