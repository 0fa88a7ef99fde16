import { systemClock, type Clock } from '../async/clock.js';
import { Emitter } from '../async/emitter.js';
import { unreachable } from '../async/state-table.js';
import { InterviewError } from '../errors.js';
import { Acknowledgements } from './acknowledgements.js';
import type { AudioGate } from './audio-gate.js';
import { displayLevel, FallingLevel } from './level.js';
import { microphoneError } from './microphone-error.js';
import {
  askBrowser,
  openStream,
  stopTracks,
  type GetUserMedia,
  type SoundProcessing,
} from './microphone-stream.js';
import { loadWorklet } from './worklet-loader.js';
import { CAPTURE_PROCESSOR, type CaptureCommand, type CaptureReport } from './worklet-messages.js';

export interface MicrophoneFrame {
  /** 24 kHz: 20 ms, or less in a frame that was flushed. Its receiver may keep it. */
  readonly pcm: Int16Array<ArrayBuffer>;
  /** How loud it is, from 0 to 1. */
  readonly level: number;
}

export interface MicrophoneEvents {
  frame: MicrophoneFrame;
  /** The device is gone, or its permission was taken back; the microphone is closed. */
  ended: InterviewError;
  /** The system silences the device (or no longer does): frames go on, with silence. */
  muted: boolean;
}

export interface MicrophoneOptions {
  readonly gate: AudioGate;
  readonly clock?: Clock;
  readonly workletUrl?: string | undefined;
  readonly processing?: SoundProcessing;
  /** Default: the browser's own. */
  readonly getUserMedia?: GetUserMedia;
}

export interface MicrophoneOpenOptions {
  /** One of `listMicrophones()`. Default: the system's choice. */
  readonly deviceId?: string | undefined;
  /** Sound from elsewhere instead of a device; its tracks stay the caller's. */
  readonly stream?: MediaStream | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Capture {
  readonly node: AudioWorkletNode;
  readonly source: MediaStreamAudioSourceNode;
  readonly track: MediaStreamTrack;
  /** Of the device, in Hz, when it was opened; undefined where the browser does not tell. */
  readonly rate: number | undefined;
  /** Stops listening and, if the device was opened here, stops it. */
  readonly release: () => void;
}

const FLUSH_LIMIT_MS = 500;

/** The participant's voice as frames of 20 ms at 24 kHz. It knows nothing of turns: whoever listens decides what is sent. */
export class Microphone {
  readonly #gate: AudioGate;
  readonly #clock: Clock;
  readonly #workletUrl: string | undefined;
  readonly #processing: SoundProcessing;
  readonly #getUserMedia: GetUserMedia;
  readonly #events = new Emitter<MicrophoneEvents>();
  readonly #flushes: Acknowledgements;
  readonly #level = new FallingLevel();
  #run = new AbortController();
  #used: Capture | undefined;
  #isRenewing = false;
  #isGateOpen = true;

  constructor({
    gate,
    clock = systemClock,
    workletUrl,
    processing = {},
    getUserMedia = askBrowser,
  }: MicrophoneOptions) {
    this.#gate = gate;
    this.#clock = clock;
    this.#workletUrl = workletUrl;
    this.#processing = processing;
    this.#getUserMedia = getUserMedia;
    this.#flushes = new Acknowledgements(clock, FLUSH_LIMIT_MS);
  }

  /** @returns a function that stops listening */
  on<Type extends keyof MicrophoneEvents>(
    type: Type,
    listener: (detail: MicrophoneEvents[Type]) => void,
    options?: { signal?: AbortSignal },
  ): () => void {
    return this.#events.on(type, listener, options);
  }

  get isOpen(): boolean {
    return this.#used !== undefined;
  }

  /** The device in use; undefined unless open. */
  get device(): { readonly id: string; readonly label: string } | undefined {
    const track = this.#used?.track;
    return track && { id: track.getSettings().deviceId ?? '', label: track.label };
  }

  /** Whether the browser says that it leaves the loudspeaker's sound in. */
  get hasEcho(): boolean {
    return this.#used?.track.getSettings().echoCancellation === false;
  }

  /** The system or a switch silences the device. */
  get isMuted(): boolean {
    return this.#used?.track.muted ?? false;
  }

  /** Whether the device runs at another rate than when it was opened. */
  get hasOtherRate(): boolean {
    return this.#used !== undefined && rateOf(this.#used.track) !== this.#used.rate;
  }

  /** How loud it is now, from 0 to 1. */
  get level(): number {
    return this.#level.at(this.#clock.now());
  }

  /** While closed nothing leaves the audio thread, so nothing can be sent or kept. A part of a frame is dropped: flush first. */
  get isGateOpen(): boolean {
    return this.#isGateOpen;
  }

  set isGateOpen(isOpen: boolean) {
    this.#isGateOpen = isOpen;
    this.#tell({ type: 'gate', isOpen });
  }

  /**
   * Asks for the device and begins to hear. Needs an unlocked gate. Opening what is open changes the device; where that fails,
   * the microphone is closed. The last of several calls wins, the others reject with an `AbortError`.
   *
   * @throws InterviewError `microphone-denied`, `microphone-missing`, `microphone-busy`, `microphone-blocked-by-policy`,
   * `worklet-blocked`, `unsupported-browser`, `invalid-state`
   */
  async open({ deviceId, stream, signal }: MicrophoneOpenOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const context = this.#gate.capture;
    this.close();
    const run = new AbortController();
    this.#run = run;
    const abort = (): void => {
      run.abort(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      this.#use(await this.#capture(context, { deviceId, stream, signal: run.signal }));
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * Asks for the device once more while the one before goes on, since its rate or the system's choice has changed, and then hears
   * that one, at the rate that it has now. Where this fails, the one before stays. Quiet unless open.
   *
   * @throws InterviewError as `open`; closing rejects with an `AbortError`
   */
  async renew({ deviceId }: { deviceId?: string | undefined } = {}): Promise<void> {
    const before = this.#used;
    if (!before || this.#isRenewing) return;
    const { signal } = this.#run;
    const renewal = this.#gate.renewCapture();
    this.#isRenewing = true;
    try {
      const next = await this.#capture(renewal.context, { deviceId, signal });
      // What was heard until now comes first.
      await this.flush();
      if (signal.aborted) next.release();
      signal.throwIfAborted();
      letGo(before);
      this.#use(next);
      renewal.use();
    } catch (cause) {
      renewal.drop();
      throw cause;
    } finally {
      this.#isRenewing = false;
      if (this.#used === before && before.track.readyState === 'ended') this.#lose();
    }
  }

  /** Resolves when every sound heard until now has been told as a frame; after 500 ms also without an answer. Always resolves. */
  async flush(): Promise<void> {
    if (!this.#used) return;
    await this.#flushes.ask((id) => {
      this.#tell({ type: 'flush', id });
    });
  }

  /** Lets go of the device. The contexts are the gate's and stay. Closing twice is quiet. */
  close(): void {
    this.#run.abort(new DOMException('The microphone was closed', 'AbortError'));
    const used = this.#used;
    if (!used) return;
    this.#used = undefined;
    letGo(used);
    this.#level.reset();
    this.#flushes.giveUp();
  }

  async #capture(
    context: AudioContext,
    { deviceId, stream: given, signal }: MicrophoneOpenOptions & { signal: AbortSignal },
  ): Promise<Capture> {
    await loadWorklet(context, { workletUrl: this.#workletUrl, clock: this.#clock, signal });
    const stream = given ?? (await openStream(this.#getUserMedia, this.#processing, { deviceId, signal }));
    // Also between two steps of the promises above.
    if (signal.aborted && given === undefined) stopTracks(stream);
    signal.throwIfAborted();
    return this.#connect(context, stream, given === undefined);
  }

  #use(capture: Capture): void {
    this.#used = capture;
    this.#tell({ type: 'gate', isOpen: this.#isGateOpen });
    if (capture.track.muted) this.#events.emit('muted', true);
  }

  #connect(context: AudioContext, stream: MediaStream, isOurs: boolean): Capture {
    const track = stream.getAudioTracks()[0];
    if (!track) throw new InterviewError('microphone-missing', 'The stream has no audio track');
    const listening = new AbortController();
    const release = (): void => {
      listening.abort();
      if (isOurs) stopTracks(stream);
    };
    try {
      const node = new AudioWorkletNode(context, CAPTURE_PROCESSOR, {
        numberOfInputs: 1,
        numberOfOutputs: 1,
        outputChannelCount: [1],
        channelCount: 1,
        channelCountMode: 'explicit',
        channelInterpretation: 'speakers',
      });
      const source = context.createMediaStreamSource(stream);
      node.port.onmessage = ({ data }: MessageEvent<CaptureReport>) => {
        this.#hear(data);
      };
      // Its output is silence; browsers run only what leads to the destination.
      source.connect(node).connect(context.destination);
      const capture: Capture = { node, source, track, rate: rateOf(track), release };
      this.#watch(capture, listening.signal);
      return capture;
    } catch (cause) {
      release();
      throw microphoneError(cause, true);
    }
  }

  #watch(capture: Capture, signal: AbortSignal): void {
    const { track } = capture;
    for (const type of ['mute', 'unmute']) {
      track.addEventListener(
        type,
        () => {
          if (this.#used === capture) this.#events.emit('muted', type === 'mute');
        },
        { signal },
      );
    }
    track.addEventListener(
      'ended',
      () => {
        // While another is being opened in its place, that one decides.
        if (this.#used === capture && !this.#isRenewing) this.#lose();
      },
      { signal },
    );
  }

  #lose(): void {
    this.close();
    const message = 'The microphone was unplugged, or its permission was taken back';
    this.#events.emit('ended', new InterviewError('microphone-lost', message));
  }

  #tell(command: CaptureCommand, transfer: Transferable[] = []): void {
    this.#used?.node.port.postMessage(command, transfer);
  }

  #hear(report: CaptureReport): void {
    switch (report.type) {
      case 'frame': {
        const pcm = report.pcm.slice(0, report.samples);
        this.#tell({ type: 'return', pcm: report.pcm }, [report.pcm.buffer]);
        this.#level.measure(report.rms, this.#clock.now());
        this.#events.emit('frame', { pcm, level: displayLevel(report.rms) });
        break;
      }
      case 'flushed':
        this.#flushes.answer(report.id);
        break;
      default:
        unreachable(report);
    }
  }
}

function rateOf(track: MediaStreamTrack): number | undefined {
  return track.getSettings().sampleRate;
}

function letGo({ node, source, release }: Capture): void {
  node.port.postMessage({ type: 'close' } satisfies CaptureCommand);
  source.disconnect();
  node.disconnect();
  node.port.onmessage = null;
  release();
}
