import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { RingBuffer } from '../../src/audio/ring-buffer.js';

describe('RingBuffer', () => {
  it('gives back what was put in, in order, whatever comes between', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('push' as const) },
      { weight: 2, arbitrary: fc.constant('shift' as const) },
      { weight: 1, arbitrary: fc.constantFrom('peek' as const, 'clear' as const) },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 200 }), (capacity, steps) => {
        const ring = new RingBuffer<number>(capacity);
        let model: number[] = [];
        steps.forEach((what, i) => {
          if (what === 'push') {
            ring.push(i);
            model.push(i);
          } else if (what === 'clear') {
            ring.clear();
            model = [];
          } else if (what === 'shift') {
            expect(ring.shift()).to.equal(model.shift());
          }
          expect(ring.peek()).to.equal(model[0]);
          expect(ring.size).to.equal(model.length);
        });
      }),
    );
  });

  it('does not grow while no more wait than fit', () => {
    const ring = new RingBuffer<number>(8);
    for (let i = 0; i < 10_000; i++) {
      ring.push(i);
      if (ring.size === 8) for (let k = 0; k < 5; k++) ring.shift();
    }
    expect(ring.capacity).to.equal(8);
  });

  it('doubles once when more wait', () => {
    const ring = new RingBuffer<number>(4);
    for (let i = 0; i < 5; i++) ring.push(i);
    expect(ring.capacity).to.equal(8);
  });
});
