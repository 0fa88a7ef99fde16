import { expect } from '@open-wc/testing';
import { Acknowledgements } from '../../src/audio/acknowledgements.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';

describe('Acknowledgements', () => {
  it('gives each question its own answer, in any order', async () => {
    const acknowledgements = new Acknowledgements(new FakeClock(), 100);
    const ids: number[] = [];
    const told: string[] = [];
    for (const name of ['first', 'second']) {
      void acknowledgements
        .ask((id) => ids.push(id))
        .then((isAnswered) => told.push(`${name} ${isAnswered ? 'yes' : 'no'}`));
    }
    expect(acknowledgements.answer(ids[1] ?? 0)).to.be.true;
    await settle();
    expect(told).to.deep.equal(['second yes']);
    expect(acknowledgements.answer(ids[0] ?? 0)).to.be.true;
    await settle();
    expect(told).to.deep.equal(['second yes', 'first yes']);
  });

  it('gives up after the limit and ignores what comes then', async () => {
    const clock = new FakeClock();
    const acknowledgements = new Acknowledgements(clock, 100);
    let asked = 0;
    const answer = acknowledgements.ask((id) => (asked = id));
    clock.advance(100);
    expect(await answer).to.be.false;
    expect(acknowledgements.answer(asked)).to.be.false;
    expect(clock.pending).to.equal(0);
  });

  it('lets all go at once, and leaves no timer', async () => {
    const clock = new FakeClock();
    const acknowledgements = new Acknowledgements(clock, 100);
    const answers = [1, 2, 3].map(() => acknowledgements.ask(() => undefined));
    acknowledgements.giveUp();
    expect(await Promise.all(answers)).to.deep.equal([false, false, false]);
    expect(clock.pending).to.equal(0);
  });

  it('takes an answer that comes while it still asks', async () => {
    const acknowledgements = new Acknowledgements(new FakeClock(), 100);
    expect(await acknowledgements.ask((id) => acknowledgements.answer(id))).to.be.true;
  });
});
