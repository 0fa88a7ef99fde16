import { RequestError } from './errors.js';
import { joinPcm, SAMPLES_PER_MS } from './pcm-codec.js';

const MIN_COMMIT_MS = 100;
/** Half an hour: nobody talks that long without a commit, and a runaway client must not fill the memory. */
const MAX_SAMPLES = 30 * 60_000 * SAMPLES_PER_MS;

/** Sound that came and was not committed yet. Positions count from the first sample of the session, also after a clear. */
export class InputBuffer {
  #chunks: Int16Array[] = [];
  #held = 0;
  #received = 0;

  /** Milliseconds of sound received since the session began. */
  get receivedMs(): number {
    return this.#received / SAMPLES_PER_MS;
  }

  get durationMs(): number {
    return this.#held / SAMPLES_PER_MS;
  }

  /** @throws RequestError when it would hold more than half an hour */
  append(pcm: Int16Array): void {
    if (this.#held + pcm.length > MAX_SAMPLES) {
      throw new RequestError(
        'input_audio_buffer_full',
        'The input audio buffer holds at most 30 minutes of audio.',
      );
    }
    if (pcm.length === 0) return;
    this.#chunks.push(pcm);
    this.#held += pcm.length;
    this.#received += pcm.length;
  }

  clear(): void {
    this.#chunks = [];
    this.#held = 0;
  }

  /** Everything held. @throws RequestError below 100 ms, and then it holds on to what there is */
  commit(): Int16Array {
    if (this.durationMs < MIN_COMMIT_MS) throw RequestError.commitTooSmall(this.durationMs);
    const all = joinPcm(this.#chunks);
    this.clear();
    return all;
  }

  /** The sound between two positions; all of it stays. */
  peek(fromMs: number, toMs: number): Int16Array {
    const all = joinPcm(this.#chunks);
    const start = this.#received - all.length;
    return all.slice(
      Math.max(0, Math.round(fromMs * SAMPLES_PER_MS) - start),
      Math.max(0, Math.round(toMs * SAMPLES_PER_MS) - start),
    );
  }

  /** The sound between two positions; what came before `toMs` is no longer held, what came after stays. */
  take(fromMs: number, toMs: number): Int16Array {
    const all = joinPcm(this.#chunks);
    const start = this.#received - all.length;
    const clamp = (ms: number): number =>
      Math.min(all.length, Math.max(0, Math.round(ms * SAMPLES_PER_MS) - start));
    const taken = all.slice(clamp(fromMs), clamp(toMs));
    const rest = all.slice(clamp(toMs));
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#held = rest.length;
    return taken;
  }

  /** Forgets whole chunks that end before a position: while nobody speaks only the run-up of the next words is of use. */
  dropBefore(ms: number): void {
    const from = Math.round(ms * SAMPLES_PER_MS);
    while (this.#chunks[0] && this.#received - this.#held + this.#chunks[0].length <= from) {
      this.#held -= this.#chunks[0].length;
      this.#chunks.shift();
    }
  }
}
