import { expect } from '@open-wc/testing';
import { displayLevel, FallingLevel } from '../../src/audio/level.js';

describe('displayLevel', () => {
  it('is nothing for silence and for a quiet room', () => {
    for (const rms of [0, -1, NaN, 0.001]) expect(displayLevel(rms)).to.equal(0);
  });

  it('is full for loud speech and never more', () => {
    for (const rms of [0.26, 1, 5]) expect(displayLevel(rms)).to.equal(1);
  });

  it('rises evenly with loudness, by decibels', () => {
    const steps = [0.01, 0.02, 0.04, 0.08].map(displayLevel);
    const rises = steps.slice(1).map((level, i) => level - (steps[i] ?? 0));
    for (const rise of rises) expect(rise).to.be.closeTo(6.02 / 43, 0.001);
  });
});

describe('FallingLevel', () => {
  it('rises at once and sinks by half in 90 ms, also when nothing more is measured', () => {
    const level = new FallingLevel();
    level.measure(1, 1_000);
    expect(level.at(1_000)).to.equal(1);
    expect(level.at(1_090)).to.be.closeTo(0.5, 1e-9);
    expect(level.at(1_180)).to.be.closeTo(0.25, 1e-9);
    expect(level.at(3_000)).to.equal(0);
  });

  it('does not jump down to a quieter measurement', () => {
    const level = new FallingLevel();
    level.measure(1, 0);
    level.measure(0, 45);
    expect(level.at(45)).to.be.closeTo(Math.SQRT1_2, 1e-9);
  });

  it('stands still at nothing after a reset', () => {
    const level = new FallingLevel();
    level.measure(1, 0);
    level.reset();
    expect(level.at(0)).to.equal(0);
  });
});
