import type { Clock } from '../async/clock.js';
import type { Emitter } from '../async/emitter.js';
import type { DialogueEvents } from '../dialogue/dialogue.js';
import type { PlaybackPort } from '../dialogue/playback-port.js';
import { receivedMs, type InterviewerTurn } from './interviewer-turn.js';
import type { InterviewerTurns } from './interviewer-turns.js';
import type { Responses } from './responses.js';
import type { Wire } from './wire.js';

/** What is left of sound that was silenced. */
export type Remainder =
  /** All of it had been played: nothing was cut. */
  | { readonly type: 'whole' }
  | { readonly type: 'truncated'; readonly heardMs: number; readonly audioEndMs: number }
  /** Not one millisecond was heard: as if it had never been said. */
  | { readonly type: 'unheard' };

/** The server refuses a truncation behind the end of the sound, so the count goes down to whole milliseconds. */
export function remainderOf(sound: {
  readonly playedMs: number;
  readonly receivedMs: number;
  /** More of it would have come. */
  readonly isGrowing: boolean;
}): Remainder {
  if (!sound.isGrowing && sound.playedMs >= sound.receivedMs) return { type: 'whole' };
  const heardMs = Math.min(sound.playedMs, sound.receivedMs);
  const audioEndMs = Math.floor(heardMs);
  return audioEndMs > 0 ? { type: 'truncated', heardMs, audioEndMs } : { type: 'unheard' };
}

export interface BargeInOptions {
  readonly clock: Clock;
  readonly events: Emitter<DialogueEvents>;
  readonly wire: Wire;
  readonly responses: Responses;
  readonly turns: InterviewerTurns;
  readonly playback: () => PlaybackPort;
}

/** Silences the interviewer and makes the conversation remember no more than was heard. Cancelling the response is the lock's. */
export class BargeIn {
  readonly #options: BargeInOptions;
  #settled: Promise<unknown> = Promise.resolve();

  constructor(options: BargeInOptions) {
    this.#options = options;
  }

  /** Resolves when everything that was silenced so far is told to the server. */
  get settled(): Promise<unknown> {
    return this.#settled;
  }

  cut(by: 'participant' | 'host'): void {
    const { responses, turns } = this.#options;
    responses.cutActive();
    const open = turns.open.map((turn) => ({ turn, isGrowing: turn.status === 'growing' }));
    if (open.length > 0) this.#settled = Promise.all([this.#settled, this.#silence(open, by)]);
  }

  async #silence(
    open: readonly { readonly turn: InterviewerTurn; readonly isGrowing: boolean }[],
    by: 'participant' | 'host',
  ): Promise<void> {
    const { clock, events, turns } = this.#options;
    const playback = this.#options.playback();
    const at = clock.now();
    await playback.flush();
    for (const { turn, isGrowing } of open) {
      // Its last sample was played just before the flush, or a flush that is older has dealt with it.
      if (turn.status === 'over') continue;
      const generatedMs = receivedMs(turn);
      const rest = remainderOf({ playedMs: playback.playedMs(turn.id), receivedMs: generatedMs, isGrowing });
      if (generatedMs === 0 ? turn.text !== '' : rest.type === 'whole') turns.conclude(turn, at);
      else if (rest.type === 'truncated') {
        this.#truncate(turn, rest.audioEndMs);
        events.emit('change', {
          type: 'interrupted',
          id: turn.id,
          by,
          at,
          heardMs: rest.heardMs,
          generatedMs,
        });
        turns.conclude(turn, at);
      } else turns.remove(turn);
    }
  }

  #truncate({ itemId, response }: InterviewerTurn, audioEndMs: number): void {
    if (response.status === 'gone') return;
    // Refused: the model then remembers more than was heard. Nobody can do anything about it.
    this.#options.wire.tell(
      { type: 'conversation.item.truncate', item_id: itemId, content_index: 0, audio_end_ms: audioEndMs },
      () => undefined,
    );
  }
}
