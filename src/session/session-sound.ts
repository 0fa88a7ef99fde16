import type { Clock } from '../async/clock.js';
import { Emitter } from '../async/emitter.js';
import { isAbort } from '../async/is-abort.js';
import { AudioGate } from '../audio/audio-gate.js';
import type { Microphone } from '../audio/microphone.js';
import {
  defaultMicrophoneGroup,
  listMicrophones,
  watchDevices,
  type MicrophoneDevice,
} from '../audio/microphone-devices.js';
import type { Speaker } from '../audio/speaker.js';
import type { PlaybackEvent, PlaybackPort } from '../dialogue/playback-port.js';
import { InterviewError } from '../errors.js';

const SETTLE_MS = 300;

/** The microphone as a set-up screen sees it. */
export interface MicrophoneState {
  readonly status: 'closed' | 'opening' | 'open' | 'failed';
  /** Open, and the system or a switch on it silences it. */
  readonly isMuted?: boolean;
  /** Empty until the participant once allowed a microphone. */
  readonly devices: readonly MicrophoneDevice[];
  readonly deviceId?: string;
  /** Why it failed. */
  readonly error?: InterviewError;
}

/** `off`: nothing was opened yet. `suspended`: the browser lets none run before `unlock` is called in a click. */
export type SoundStatus = 'off' | 'suspended' | 'running';

export interface SoundEvents {
  /** `status` is another than before. */
  status: SoundStatus;
  /** One frame of the participant's sound: PCM16, 24 kHz, mono. */
  frame: Int16Array<ArrayBuffer>;
  microphone: MicrophoneState;
  /** The microphone that was open is gone. */
  lost: InterviewError;
  /** The microphone that is open was silenced by the system, or by a switch on it. */
  muted: InterviewError;
  playback: PlaybackEvent;
}

export interface SoundOptions {
  readonly clock: Clock;
  readonly workletUrl?: string | undefined;
  readonly getUserMedia?: ((constraints: MediaStreamConstraints) => Promise<MediaStream>) | undefined;
}

/**
 * The sound of one session, in and out. Microphone and speaker are loaded when they are first opened: an interview in writing
 * needs neither. Before that it plays nothing and is silent.
 */
export class SessionSound implements PlaybackPort {
  readonly events = new Emitter<SoundEvents>();
  readonly #options: SoundOptions;
  readonly #gate = new AudioGate();
  readonly #unwatch: () => void;
  #speaker: Speaker | undefined;
  #microphone: Microphone | undefined;
  /** What the participant chose; else it is the system's choice, also when that changes. */
  #chosen: string | undefined;
  #defaultGroup: string | undefined;
  #settling: unknown;
  #state: MicrophoneState = { status: 'closed', devices: [] };
  #isMuted = false;

  constructor(options: SoundOptions) {
    this.#options = options;
    this.#gate.onStatus(() => {
      this.events.emit('status', this.status);
    });
    this.#unwatch = watchDevices(() => {
      void this.#lookAtDevices();
      // A headset that comes or goes tells several times, and changes its rate a little later.
      this.#options.clock.clearTimeout(this.#settling);
      this.#settling = this.#options.clock.setTimeout(() => void this.#followDevice(), SETTLE_MS);
    });
  }

  /** Fetches what `openSpeaker` and `openMicrophone` need, so that they need not wait for it. */
  static async preload(): Promise<void> {
    await Promise.all([import('../audio/speaker.js'), import('../audio/microphone.js')]);
  }

  get microphone(): MicrophoneState {
    return this.#state;
  }

  /** 0…1, right now. */
  get level(): { readonly microphone: number; readonly speaker: number } {
    return { microphone: this.#microphone?.level ?? 0, speaker: this.#speaker?.level ?? 0 };
  }

  get status(): SoundStatus {
    const { status } = this.#gate;
    return status === 'running' || status === 'suspended' ? status : 'off';
  }

  /** Whether the microphone hears the interviewer too. */
  get hasEcho(): boolean {
    return this.#microphone?.hasEcho ?? false;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  set isMuted(isMuted: boolean) {
    this.#isMuted = isMuted;
    if (this.#speaker) this.#speaker.isMuted = isMuted;
  }

  /** Call inside the click, before any await. Where there can be no sound, opening the speaker or the microphone tells. */
  unlock(): void {
    try {
      this.#gate.unlock();
    } catch (cause) {
      if (!(cause instanceof InterviewError)) throw cause;
    }
  }

  /** @throws InterviewError `worklet-blocked`, `unsupported-browser` */
  async openSpeaker({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    this.#gate.unlock();
    const { Speaker } = await import('../audio/speaker.js');
    this.#speaker ??= this.#join(new Speaker({ ...this.#options, gate: this.#gate }));
    await this.#speaker.open(signal ? { signal } : {});
  }

  /** @throws InterviewError one of the microphone's, `worklet-blocked`, `unsupported-browser` */
  async openMicrophone({
    deviceId = this.#chosen,
    signal,
  }: { deviceId?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { devices } = this.#state;
    this.#chosen = deviceId;
    this.#become({ status: 'opening', devices, ...(deviceId !== undefined && { deviceId }) });
    try {
      this.#gate.unlock();
      const microphone = await this.#useMicrophone();
      await microphone.open({ deviceId, signal });
      this.#tellOpen(microphone);
      this.#defaultGroup = await defaultMicrophoneGroup();
      await this.#lookAtDevices();
    } catch (error) {
      if (error instanceof InterviewError) this.#fail(error);
      else if (signal?.aborted) this.closeMicrophone();
      throw error;
    }
  }

  closeMicrophone(): void {
    this.#microphone?.close();
    const { status, devices, deviceId } = this.#state;
    if (status === 'failed' || status === 'closed') return;
    this.#become({ status: 'closed', devices, ...(deviceId !== undefined && { deviceId }) });
  }

  /** Resolves when everything that was said before the call has been told as frames. */
  async flushMicrophone(): Promise<void> {
    await this.#microphone?.flush();
  }

  play(turnId: string, pcm: Int16Array<ArrayBuffer>): void {
    this.#speaker?.play(turnId, pcm);
  }

  end(turnId: string): void {
    this.#speaker?.end(turnId);
  }

  async flush(): Promise<void> {
    await this.#speaker?.flush();
  }

  playedMs(turnId: string): number {
    return this.#speaker?.playedMs(turnId) ?? 0;
  }

  watch(listener: (event: PlaybackEvent) => void): () => void {
    return this.events.on('playback', listener);
  }

  async close(): Promise<void> {
    this.#unwatch();
    this.#options.clock.clearTimeout(this.#settling);
    this.closeMicrophone();
    this.#speaker?.close();
    await this.#gate.close();
  }

  #join(speaker: Speaker): Speaker {
    speaker.isMuted = this.#isMuted;
    speaker.watch((event) => {
      this.events.emit('playback', event);
    });
    return speaker;
  }

  async #useMicrophone(): Promise<Microphone> {
    const { Microphone } = await import('../audio/microphone.js');
    const { clock, workletUrl, getUserMedia } = this.#options;
    // Several may have waited for it: what it hears is told once.
    return (this.#microphone ??= this.#follow(
      new Microphone({ gate: this.#gate, clock, workletUrl, ...(getUserMedia && { getUserMedia }) }),
    ));
  }

  #follow(microphone: Microphone): Microphone {
    microphone.on('frame', ({ pcm }) => {
      this.events.emit('frame', pcm);
    });
    microphone.on('ended', (error) => {
      this.#fail(error);
      this.events.emit('lost', error);
    });
    microphone.on('muted', (isMuted) => {
      if (this.#state.status === 'open') this.#become({ ...this.#state, isMuted });
      if (!isMuted) return;
      const message = 'The system, or a switch on it, silences the microphone';
      this.events.emit('muted', new InterviewError('microphone-muted', message));
    });
    return microphone;
  }

  /** The device that is open runs at another rate, or the system has chosen another one: what is heard goes on from there. */
  async #followDevice(): Promise<void> {
    const microphone = this.#microphone;
    if (!microphone?.isOpen) {
      // The next microphone is heard at the rate that there is then.
      if (this.#gate.hasOtherRate) this.#gate.renewCapture().use();
      return;
    }
    const group = await defaultMicrophoneGroup();
    const isMoved = this.#chosen === undefined && group !== this.#defaultGroup;
    this.#defaultGroup = group;
    if (!isMoved && !microphone.hasOtherRate && !this.#gate.hasOtherRate) return;
    try {
      await microphone.renew({ deviceId: this.#chosen });
      this.#tellOpen(microphone);
      await this.#lookAtDevices();
    } catch (cause) {
      // The one before still hears, or has told that it is gone.
      if (!(cause instanceof InterviewError || isAbort(cause))) throw cause;
    }
  }

  #tellOpen({ device, isMuted }: Microphone): void {
    const deviceId = device?.id ?? this.#chosen;
    const { devices } = this.#state;
    this.#become({ status: 'open', devices, ...(deviceId !== undefined && { deviceId }), isMuted });
  }

  #fail(error: InterviewError): void {
    this.#chosen = undefined;
    this.#become({ status: 'failed', devices: this.#state.devices, error });
  }

  async #lookAtDevices(): Promise<void> {
    const devices = await listMicrophones();
    this.#become({ ...this.#state, devices });
  }

  #become(state: MicrophoneState): void {
    this.#state = state;
    this.events.emit('microphone', state);
  }
}
