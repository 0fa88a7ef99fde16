import type { Clock } from '../async/clock.js';
import { abortable, delay } from '../async/deadline.js';
import { isAbort } from '../async/is-abort.js';
import type { Mode } from '../dialogue/dialogue.js';
import { InterviewError } from '../errors.js';
import type { InterviewSessionOptions } from './session-options.js';
import { SessionSound, type MicrophoneState, type SoundStatus } from './session-sound.js';

export interface SessionAudioParts {
  readonly options: InterviewSessionOptions;
  readonly clock: Clock;
  readonly onMicrophone: () => void;
  /** The system, or a switch on it, silences the microphone that is open. */
  readonly onMuted: (error: InterviewError) => void;
  readonly onStatus: () => void;
}

/**
 * The sound of a session for as long as it wants any: made when it is first needed, and made anew after it was given back. Where
 * none can be had it says why: the interview goes on in writing.
 */
export class SessionAudio {
  readonly #parts: SessionAudioParts;
  #sound: SessionSound | undefined;

  constructor(parts: SessionAudioParts) {
    this.#parts = parts;
  }

  get microphone(): MicrophoneState {
    return this.#sound?.microphone ?? { status: 'closed', devices: [] };
  }

  get status(): SoundStatus {
    return this.#sound?.status ?? 'off';
  }

  get level(): SessionSound['level'] {
    return this.#sound?.level ?? { microphone: 0, speaker: 0 };
  }

  get isMuted(): boolean {
    return this.#sound?.isMuted ?? false;
  }

  /** Made now, if there is none. */
  get sound(): SessionSound {
    return (this.#sound ??= this.#make());
  }

  /** @returns why the interviewer cannot be heard, if so */
  openSpeaker(signal: AbortSignal | undefined): Promise<InterviewError | undefined> {
    return failureOf(this.sound.openSpeaker(signal && { signal }), signal);
  }

  /** Opens the microphone where the mode wants one and the set-up has not. @returns why there is none, if so */
  async listen(mode: Mode, signal: AbortSignal | undefined): Promise<InterviewError | undefined> {
    if (mode === 'text') this.closeMicrophone();
    else if (this.sound.microphone.status === 'closed')
      return failureOf(this.sound.openMicrophone({ signal }), signal);
    return undefined;
  }

  /** Resolves when sound runs that is wanted, or has not begun for a second: a device may take a moment. */
  async started({ signal }: { signal: AbortSignal }): Promise<void> {
    const begun = new AbortController();
    const look = (): void => {
      if (this.status !== 'suspended') begun.abort();
    };
    const off = this.#sound?.events.on('status', look);
    look();
    try {
      await abortable(delay(this.#parts.clock, 1000, begun), signal);
    } catch {
      signal.throwIfAborted();
    } finally {
      off?.();
      begun.abort();
    }
  }

  closeMicrophone(): void {
    this.#sound?.closeMicrophone();
  }

  async close(): Promise<void> {
    await this.#sound?.close();
    this.#sound = undefined;
  }

  #make(): SessionSound {
    const { options, clock, onMicrophone, onMuted, onStatus } = this.#parts;
    const { workletUrl, getUserMedia } = options;
    const sound = new SessionSound({ clock, workletUrl, getUserMedia });
    sound.events.on('microphone', onMicrophone);
    sound.events.on('muted', onMuted);
    sound.events.on('status', onStatus);
    return sound;
  }
}

async function failureOf(
  opening: Promise<void>,
  signal: AbortSignal | undefined,
): Promise<InterviewError | undefined> {
  try {
    await opening;
  } catch (cause) {
    if (cause instanceof InterviewError) return cause;
    signal?.throwIfAborted();
    // Closed again before it was open: a pause, another mode.
    if (!isAbort(cause)) throw cause;
  }
  return undefined;
}
