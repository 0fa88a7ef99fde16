import type { MarkableTranscript } from '../interview/turn-marker.js';
import type { Transcript } from '../transcript/transcript.js';
import { isOutage } from '../turn.js';

/**
 * Every outage is one timed gap in the transcript: a turn without words that begins with the loss and ends when the interview goes
 * on, be it after a reload.
 */
export class Outages {
  readonly #transcript: Transcript;
  #id: string | undefined;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
    this.#id = transcript.turns.findLast((turn) => isOutage(turn) && turn.endedAtMs === undefined)?.id;
  }

  /** @param startedAtMs on the interview's clock. An outage that goes on begins once. */
  begin(startedAtMs: number): void {
    if (this.#id !== undefined) return;
    this.#id = crypto.getRandomValues(new Uint32Array(3)).join('-');
    this.#transcript.mark(this.#id, { act: 'outage' });
    this.#put(this.#id, 'partial', { startedAtMs });
  }

  /** Without an outage it is quiet. */
  end(endedAtMs: number): void {
    const turn = this.#transcript.turns.find(({ id }) => id === this.#id);
    this.#id = undefined;
    if (turn) this.#put(turn.id, 'failed', { startedAtMs: turn.startedAtMs, endedAtMs });
  }

  #put(id: string, status: 'partial' | 'failed', times: { startedAtMs: number; endedAtMs?: number }): void {
    this.#transcript.put({ id, speaker: 'interviewer', medium: 'text', status, text: '', ...times });
  }
}

/** The interview's course knows nothing of connections. */
export function withoutOutages(transcript: Transcript): MarkableTranscript {
  return {
    get turns() {
      return transcript.turns.filter((turn) => !isOutage(turn));
    },
    mark: (id, marks) => {
      transcript.mark(id, marks);
    },
  };
}
