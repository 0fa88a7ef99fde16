import { expect } from '@open-wc/testing';
import { Emitter } from '../../src/async/emitter.js';

interface Events {
  said: string;
  counted: number;
}

describe('Emitter', () => {
  it('tells every listener of a type, in the order of listening', () => {
    const emitter = new Emitter<Events>();
    const told: string[] = [];
    emitter.on('said', (word) => told.push(`a ${word}`));
    emitter.on('said', (word) => told.push(`b ${word}`));
    emitter.on('counted', () => told.push('wrong type'));
    emitter.emit('said', 'hello');
    expect(told).to.deep.equal(['a hello', 'b hello']);
  });

  it('is quiet when nobody listens', () => {
    new Emitter<Events>().emit('counted', 1);
  });

  it('stops telling a listener once, twice and by its signal', () => {
    const emitter = new Emitter<Events>();
    const told: string[] = [];
    const stop = emitter.on('said', () => told.push('by function'));
    const controller = new AbortController();
    emitter.on('said', () => told.push('by signal'), { signal: controller.signal });
    emitter.on('said', () => told.push('never'), { signal: AbortSignal.abort() });
    stop();
    stop();
    emitter.emit('said', 'one');
    controller.abort();
    emitter.emit('said', 'two');
    expect(told).to.deep.equal(['by signal']);
  });

  it('counts one function that listens twice as two listeners', () => {
    const emitter = new Emitter<Events>();
    let count = 0;
    const listener = (): void => {
      count++;
    };
    const stop = emitter.on('counted', listener);
    emitter.on('counted', listener);
    emitter.emit('counted', 1);
    stop();
    emitter.emit('counted', 1);
    expect(count).to.equal(3);
  });

  it('does not tell a listener that stopped while the event was being told', () => {
    const emitter = new Emitter<Events>();
    const told: string[] = [];
    emitter.on('said', () => {
      stopSecond();
    });
    const stopSecond = emitter.on('said', () => told.push('second'));
    emitter.emit('said', 'x');
    expect(told).to.deep.equal([]);
  });

  it('tells a listener that started during an event only of the next', () => {
    const emitter = new Emitter<Events>();
    const told: string[] = [];
    const stop = emitter.on('said', () => {
      stop();
      emitter.on('said', (word) => told.push(word));
    });
    emitter.emit('said', 'one');
    emitter.emit('said', 'two');
    expect(told).to.deep.equal(['two']);
  });

  it('tells the others although one throws, and then throws its error', () => {
    const emitter = new Emitter<Events>();
    const told: string[] = [];
    emitter.on('said', () => {
      throw new TypeError('mine');
    });
    emitter.on('said', (word) => told.push(word));
    expect(() => {
      emitter.emit('said', 'x');
    }).to.throw(TypeError, 'mine');
    expect(told).to.deep.equal(['x']);
  });
});
