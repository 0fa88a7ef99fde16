import { fromPcm16 } from './pcm.js';
import { RingBuffer } from './ring-buffer.js';
import { WIRE_RATE } from './resampler.js';
import type { PlayedSamples } from './worklet-messages.js';

/** What happened to a turn's sound. `frame` is on the time of the caller of `render`. */
export interface PlaybackSink {
  started(turnId: string, frame: number): void;
  progress(turnId: string, samples: number, rms: number): void;
  finished(turnId: string, samples: number, frame: number): void;
}

interface TurnSound {
  readonly id: string;
  chunksWaiting: number;
  played: number;
  endFrame: number;
  hasStarted: boolean;
  hasAll: boolean;
}

/** A minute of speech in chunks of 60 ms; longer stretches let it grow when they arrive, not while they play. */
const CHUNKS = 1_024;
/** An empty queue waits for so much sound before it plays, but no longer than that sound would last: thin first chunks do not stutter. */
const LEAD_SAMPLES = (60 * WIRE_RATE) / 1000;
const REPORT_EVERY = (40 * WIRE_RATE) / 1000;

/**
 * The sound that waits to be played, turn by turn in the order of arrival, and the count of what really was. Runs on the audio
 * thread: nothing is allocated for a chunk or a quantum, and nothing is copied but the samples that are played.
 */
export class PlaybackQueue {
  readonly #sink: PlaybackSink;
  readonly #chunks = new RingBuffer<Int16Array>(CHUNKS);
  /** Whose each chunk is. Beside them, so that a chunk that arrives allocates nothing either. */
  readonly #owners = new RingBuffer<TurnSound>(CHUNKS);
  /** Those that began to arrive and are neither played to their end nor flushed. */
  readonly #turns = new Map<string, TurnSound>();
  #offset = 0;
  #waiting = 0;
  #leadLeft = LEAD_SAMPLES;
  #current: TurnSound | undefined;
  #unreported = 0;
  /** In an array, since an engine may box a fraction anew for every write to a field. */
  readonly #energy = new Float64Array(1);
  #frame = 0;

  constructor(sink: PlaybackSink) {
    this.#sink = sink;
  }

  push(turnId: string, pcm: Int16Array): void {
    if (pcm.length === 0) return;
    const turn = this.#turn(turnId);
    turn.chunksWaiting++;
    this.#waiting += pcm.length;
    this.#chunks.push(pcm);
    this.#owners.push(turn);
  }

  /** No more of this turn will come. One that never had sound is finished at once. */
  end(turnId: string): void {
    const turn = this.#turn(turnId);
    turn.hasAll = true;
    if (turn.chunksWaiting === 0) this.#finish(turn);
    else this.#leadLeft = 0;
  }

  /** Drops what was not played. @returns what was, of every turn that was not yet finished */
  flush(): readonly PlayedSamples[] {
    const played = [...this.#turns.values()].map((turn) => ({ turnId: turn.id, samples: turn.played }));
    this.#chunks.clear();
    this.#owners.clear();
    this.#turns.clear();
    this.#current = undefined;
    this.#offset = 0;
    this.#waiting = 0;
    this.#unreported = 0;
    this.#energy[0] = 0;
    this.#leadLeft = LEAD_SAMPLES;
    return played;
  }

  /** Fills `output`, with silence where there is nothing to play. @param frame when its first sample will sound */
  render(output: Float32Array, frame: number): void {
    const length = output.length;
    let at = 0;
    this.#frame = frame;
    if (this.#hasLead(length)) {
      while (at < length) {
        const pcm = this.#chunks.peek();
        const turn = this.#owners.peek();
        if (!pcm || !turn) break;
        at = this.#renderChunk(pcm, turn, output, at);
      }
      const isDry = this.#waiting === 0;
      if (isDry) this.#leadLeft = LEAD_SAMPLES;
      if (this.#current && (isDry || this.#unreported >= REPORT_EVERY)) this.#report(this.#current);
    }
    output.fill(0, at);
    this.#frame = frame + length;
  }

  /** Whether to play now. */
  #hasLead(length: number): boolean {
    if (this.#waiting === 0) return false;
    if (this.#leadLeft > 0 && this.#waiting < LEAD_SAMPLES) {
      this.#leadLeft -= length;
      return false;
    }
    this.#leadLeft = 0;
    return true;
  }

  #renderChunk(pcm: Int16Array, turn: TurnSound, output: Float32Array, from: number): number {
    if (this.#current !== turn) {
      if (this.#current) this.#report(this.#current);
      this.#current = turn;
    }
    if (!turn.hasStarted) {
      turn.hasStarted = true;
      this.#sink.started(turn.id, this.#frame + from);
    }
    const offset = this.#offset;
    const count = Math.min(output.length - from, pcm.length - offset);
    let energy = 0;
    for (let i = 0; i < count; i++) {
      const sample = fromPcm16(pcm[offset + i] ?? 0);
      output[from + i] = sample;
      energy += sample * sample;
    }
    const at = from + count;
    this.#energy[0] = (this.#energy[0] ?? 0) + energy;
    this.#unreported += count;
    this.#waiting -= count;
    this.#offset = offset + count;
    turn.played += count;
    turn.endFrame = this.#frame + at;
    if (this.#offset === pcm.length) {
      this.#offset = 0;
      this.#chunks.shift();
      this.#owners.shift();
      turn.chunksWaiting--;
      if (turn.hasAll && turn.chunksWaiting === 0) this.#finish(turn);
    }
    return at;
  }

  #report(turn: TurnSound): void {
    if (this.#unreported === 0) return;
    const rms = Math.sqrt((this.#energy[0] ?? 0) / this.#unreported);
    this.#unreported = 0;
    this.#energy[0] = 0;
    this.#sink.progress(turn.id, turn.played, rms);
  }

  #finish(turn: TurnSound): void {
    if (this.#current === turn) {
      this.#report(turn);
      this.#current = undefined;
    }
    this.#turns.delete(turn.id);
    this.#sink.finished(turn.id, turn.played, turn.hasStarted ? turn.endFrame : this.#frame);
  }

  #turn(id: string): TurnSound {
    let turn = this.#turns.get(id);
    if (!turn) {
      turn = { id, chunksWaiting: 0, played: 0, endFrame: 0, hasStarted: false, hasAll: false };
      this.#turns.set(id, turn);
    }
    return turn;
  }
}
