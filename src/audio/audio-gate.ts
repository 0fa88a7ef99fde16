import { Emitter } from '../async/emitter.js';
import { InterviewError } from '../errors.js';
import { WIRE_RATE } from './resampler.js';

/**
 * `locked`: nothing was created yet. `suspended`: the browser does not let sound run, because no gesture came first or because
 * something interrupted it (a phone call, a sleeping device): call `unlock` in the next gesture.
 */
export type AudioGateStatus = 'locked' | 'suspended' | 'running' | 'closed';

const CAPTURE: AudioContextOptions = { latencyHint: 'interactive' };

interface Contexts {
  readonly capture: AudioContext;
  readonly playback: AudioContext;
}

export interface AudioGateOptions {
  readonly createContext?: (options: AudioContextOptions) => AudioContext;
}

/**
 * The two audio contexts of an interview and the browser's leave to use them. Capture runs at the device's own rate, since
 * Firefox connects a microphone to no other; playback runs at the model's, so that the model's own samples are counted.
 */
export class AudioGate {
  readonly #createContext: (options: AudioContextOptions) => AudioContext;
  readonly #events = new Emitter<{ status: AudioGateStatus }>();
  readonly #listening = new AbortController();
  #contexts: Contexts | undefined;
  #isClosed = false;
  #announced: AudioGateStatus = 'locked';

  constructor({ createContext = (options) => new AudioContext(options) }: AudioGateOptions = {}) {
    this.#createContext = createContext;
  }

  get status(): AudioGateStatus {
    if (this.#isClosed) return 'closed';
    if (!this.#contexts) return 'locked';
    const { capture, playback } = this.#contexts;
    return capture.state === 'running' && playback.state === 'running' ? 'running' : 'suspended';
  }

  /**
   * Call it in the handler of a click or a key, before any `await`: elsewhere iOS stays silent. May be called again at any time.
   *
   * @throws InterviewError `unsupported-browser` without Web Audio at 24 kHz, `invalid-state` after `close`
   */
  unlock(): void {
    if (this.#isClosed) throw new InterviewError('invalid-state', 'The audio gate is closed; make a new one');
    this.#contexts ??= this.#create();
    setAudioSession('play-and-record');
    this.#resume(this.#contexts.capture);
    this.#resume(this.#contexts.playback);
    this.#announce();
  }

  /** Whether sound runs at another rate by now than when it was captured first: another device took over. Cheap, but not free. */
  get hasOtherRate(): boolean {
    if (!this.#contexts) return false;
    const now = this.#createContext({});
    const hasOther = now.sampleRate !== this.#contexts.capture.sampleRate;
    void closeContext(now);
    return hasOther;
  }

  /** Another context for capture, at the rate that the device has now. The one before goes on until `use`; `drop` is no. */
  renewCapture(): { readonly context: AudioContext; readonly use: () => void; readonly drop: () => void } {
    const before = this.#open().capture;
    const context = this.#make(CAPTURE);
    this.#resume(context);
    return {
      context,
      use: () => {
        if (!this.#contexts) return void closeContext(context);
        this.#contexts = { ...this.#contexts, capture: context };
        void closeContext(before);
        this.#announce();
      },
      drop: () => void closeContext(context),
    };
  }

  /** At the device's own rate. @throws InterviewError `invalid-state` while locked or closed */
  get capture(): AudioContext {
    return this.#open().capture;
  }

  /** At 24 kHz. @throws InterviewError `invalid-state` while locked or closed */
  get playback(): AudioContext {
    return this.#open().playback;
  }

  /** Tells of every change of `status`, the last one when it has closed. @returns a function that stops listening */
  onStatus(listener: (status: AudioGateStatus) => void): () => void {
    return this.#events.on('status', listener, { signal: this.#listening.signal });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const contexts = this.#contexts;
    this.#contexts = undefined;
    if (contexts) {
      setAudioSession('auto');
      await Promise.all([contexts.capture, contexts.playback].map(closeContext));
    }
    this.#announce();
    // Chromium keeps a closed context that had a worklet as long as the page: nothing of an interview may hang on it.
    this.#listening.abort();
  }

  #open(): Contexts {
    if (!this.#contexts) {
      throw new InterviewError(
        'invalid-state',
        `Expected unlock() before this; the audio gate is ${this.status}`,
      );
    }
    return this.#contexts;
  }

  #create(): Contexts {
    let capture: AudioContext | undefined;
    try {
      capture = this.#make(CAPTURE);
      const playback = this.#make({ ...CAPTURE, sampleRate: WIRE_RATE });
      // What interrupted it while nobody looked is over now, mostly; where it is not, nothing changes.
      document.addEventListener(
        'visibilitychange',
        () => {
          if (document.visibilityState === 'visible' && this.status === 'suspended') this.unlock();
        },
        { signal: this.#listening.signal },
      );
      return { capture, playback };
    } catch (cause) {
      if (capture) void closeContext(capture);
      throw new InterviewError('unsupported-browser', 'This browser gives no AudioContext at 24 kHz', {
        cause,
      });
    }
  }

  #make(options: AudioContextOptions): AudioContext {
    const context = this.#createContext(options);
    const announce = (): void => {
      this.#announce();
    };
    context.addEventListener('statechange', announce, { signal: this.#listening.signal });
    return context;
  }

  #resume(context: AudioContext): void {
    if (context.state === 'running') return;
    const announce = (): void => {
      this.#announce();
    };
    // Without a gesture this promise may wait for ever, so nobody waits for it: `statechange` tells.
    context.resume().then(announce, announce);
  }

  #announce(): void {
    const status = this.status;
    if (status === this.#announced) return;
    this.#announced = status;
    this.#events.emit('status', status);
  }
}

async function closeContext(context: AudioContext): Promise<void> {
  if (context.state !== 'closed') await context.close();
}

/** iOS: keeps the mute switch from silencing Web Audio, and sound on the loudspeaker while the microphone is open. */
function setAudioSession(type: 'play-and-record' | 'auto'): void {
  const { audioSession } = navigator as Navigator & { audioSession?: { type: string } };
  if (audioSession) audioSession.type = type;
}
