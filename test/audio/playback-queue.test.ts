import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { PlaybackQueue } from '../../src/audio/playback-queue.js';
import { pcmTone } from './tones.js';

const QUANTUM = 128;

type Told = ['started', string, number] | ['progress', string, number] | ['finished', string, number, number];

class Player {
  readonly told: Told[] = [];
  readonly sound: number[] = [];
  frame = 0;
  readonly queue = new PlaybackQueue({
    started: (turnId, frame) => this.told.push(['started', turnId, frame]),
    progress: (turnId, samples) => this.told.push(['progress', turnId, samples]),
    finished: (turnId, samples, frame) => this.told.push(['finished', turnId, samples, frame]),
  });

  render(quanta = 1): void {
    for (let i = 0; i < quanta; i++) {
      const output = new Float32Array(QUANTUM).fill(9);
      this.queue.render(output, this.frame);
      this.frame += QUANTUM;
      for (const sample of output) this.sound.push(sample * 32_768);
    }
  }

  get played(): number[] {
    return this.sound.filter((sample) => sample !== 0);
  }

  facts(): Told[] {
    return this.told.filter(([type]) => type !== 'progress');
  }
}

describe('PlaybackQueue', () => {
  it('plays turns in order without a gap, whatever the size of their chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 6 }), {
          minLength: 1,
          maxLength: 4,
        }),
        (turns) => {
          const player = new Player();
          const expected: number[] = [];
          turns.forEach((chunks, n) => {
            for (const length of chunks) {
              const pcm = pcmTone(440, length, expected.length);
              expected.push(...pcm);
              player.queue.push(`turn ${n}`, pcm);
            }
            player.queue.end(`turn ${n}`);
          });
          player.render(Math.ceil(expected.length / QUANTUM) + 1);
          expect(player.sound.slice(0, expected.length)).to.deep.equal(expected);
          expect(player.sound.slice(expected.length).every((sample) => sample === 0)).to.be.true;
          const finished = player.facts().filter(([type]) => type === 'finished');
          const lengths = turns.map((chunks) => chunks.reduce((sum, n) => sum + n, 0));
          expect(finished.map(([, id, samples]) => [id, samples])).to.have.deep.members(
            lengths.map((length, n) => [`turn ${n}`, length]),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('counts exactly what came out, wherever a flush falls', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 120 }),
        (chunks, quanta) => {
          const player = new Player();
          chunks.forEach((length, n) => {
            player.queue.push(`turn ${n % 2}`, pcmTone(440, length));
          });
          player.render(quanta);
          const heard = player.played.length;
          const counted = player.queue.flush().reduce((sum, { samples }) => sum + samples, 0);
          expect(counted).to.equal(heard);
          player.render(3);
          expect(player.played.length).to.equal(heard);
        },
      ),
    );
  });

  it('is silent in the very next quantum after a flush, and plays what comes later', () => {
    const player = new Player();
    player.queue.push('a', pcmTone(440, 24_000));
    player.render(10);
    expect(player.queue.flush()).to.deep.equal([{ turnId: 'a', samples: 1_280 }]);
    player.render();
    expect(player.sound.slice(-QUANTUM).every((sample) => sample === 0)).to.be.true;
    player.queue.push('b', pcmTone(500, 2_400));
    player.queue.end('b');
    player.render(20);
    expect(player.played.slice(1_280)).to.deep.equal([...pcmTone(500, 2_400)]);
    expect(player.facts().slice(1)).to.deep.equal([
      ['started', 'b', 11 * QUANTUM],
      ['finished', 'b', 2_400, 11 * QUANTUM + 2_400],
    ]);
  });

  it('tells start and end to the sample', () => {
    const player = new Player();
    player.render(3);
    player.queue.push('a', pcmTone(440, 2_000));
    player.queue.push('b', pcmTone(440, 100));
    player.queue.end('a');
    player.queue.end('b');
    player.render(20);
    const start = 3 * QUANTUM;
    expect(player.facts()).to.deep.equal([
      ['started', 'a', start],
      ['finished', 'a', 2_000, start + 2_000],
      ['started', 'b', start + 2_000],
      ['finished', 'b', 100, start + 2_100],
    ]);
  });

  it('waits for 60 ms of sound before it starts, and no longer than 60 ms', () => {
    const player = new Player();
    player.queue.push('a', pcmTone(440, 240));
    player.render(11);
    expect(player.played).to.have.length(0);
    player.queue.push('a', pcmTone(440, 240, 240));
    player.render(5);
    expect(player.played).to.deep.equal([...pcmTone(440, 480)]);
    expect(player.told[0]).to.deep.equal(['started', 'a', 12 * QUANTUM]);
  });

  it('starts at once with enough sound, or when no more will come', () => {
    const long = new Player();
    long.queue.push('a', pcmTone(440, 1_440));
    long.render();
    expect(long.played).to.have.length(QUANTUM);
    const short = new Player();
    short.queue.push('a', pcmTone(440, 50));
    short.queue.end('a');
    short.render();
    expect(short.played).to.have.length(50);
  });

  it('is not finished when it runs dry before its end is known', () => {
    const player = new Player();
    player.queue.push('a', pcmTone(440, 1_500));
    player.render(40);
    expect(player.facts()).to.deep.equal([['started', 'a', 0]]);
    expect(player.told.at(-1)).to.deep.equal(['progress', 'a', 1_500]);
    player.queue.end('a');
    expect(player.facts().at(-1)).to.deep.equal(['finished', 'a', 1_500, 1_500]);
    const told = player.told.length;
    player.render(40);
    expect(player.told).to.have.length(told);
  });

  it('goes on after running dry without starting twice', () => {
    const player = new Player();
    player.queue.push('a', pcmTone(440, 1_500));
    player.render(40);
    player.queue.push('a', pcmTone(440, 1_500, 1_500));
    player.queue.end('a');
    player.render(20);
    expect(player.played).to.deep.equal([...pcmTone(440, 3_000)]);
    expect(player.facts().map(([type]) => type)).to.deep.equal(['started', 'finished']);
  });

  it('finishes a turn that never had sound', () => {
    const player = new Player();
    player.queue.end('a');
    expect(player.told).to.deep.equal([['finished', 'a', 0, 0]]);
  });

  it('reports how far it is about every 40 ms, and the last stretch of one turn before the next', () => {
    const player = new Player();
    player.queue.push('a', pcmTone(440, 2_500));
    player.queue.push('b', pcmTone(440, 24_000));
    player.render(30);
    expect(player.told).to.deep.equal([
      ['started', 'a', 0],
      ['progress', 'a', 1_024],
      ['progress', 'a', 2_048],
      ['progress', 'a', 2_500],
      ['started', 'b', 2_500],
      ['progress', 'b', 3_584 - 2_500],
    ]);
  });
});
