import { systemClock, type Clock } from '../async/clock.js';
import { Emitter } from '../async/emitter.js';
import { unreachable } from '../async/state-table.js';
import { InterviewError } from '../errors.js';
import { Acknowledgements } from './acknowledgements.js';
import type { AudioGate } from './audio-gate.js';
import { FallingLevel } from './level.js';
import { PlayedTurns } from './played-turns.js';
import { WIRE_RATE } from './resampler.js';
import { loadWorklet } from './worklet-loader.js';
import { PLAYBACK_PROCESSOR, type PlaybackCommand, type PlaybackReport } from './worklet-messages.js';

/** `at` is `clock.now()` when it is heard, as far as the browser tells how long sound takes from it to the ear. */
export type SpeakerEvent =
  | { readonly type: 'started'; readonly turnId: string; readonly at: number }
  | { readonly type: 'finished'; readonly turnId: string; readonly at: number }
  | { readonly type: 'silent'; readonly at: number };

export interface SpeakerOptions {
  readonly gate: AudioGate;
  readonly clock?: Clock;
  readonly workletUrl?: string | undefined;
}

/** The audio thread answers within a few quanta; one that sleeps does not answer, and does not play either. */
const FLUSH_LIMIT_MS = 300;
/** Muting fades over a few of these: no click. */
const MUTE_SECONDS = 0.005;

/** What the participant hears: the interviewer's turns, one after the other, and how much of each was really played. */
export class Speaker {
  readonly #gate: AudioGate;
  readonly #clock: Clock;
  readonly #workletUrl: string | undefined;
  readonly #events = new Emitter<{ playback: SpeakerEvent }>();
  readonly #flushes: Acknowledgements;
  readonly #level = new FallingLevel();
  readonly #turns = new PlayedTurns();
  #status: 'new' | 'open' | 'closed' = 'new';
  #node: AudioWorkletNode | undefined;
  #gain: GainNode | undefined;
  #isMuted = false;

  constructor({ gate, clock = systemClock, workletUrl }: SpeakerOptions) {
    this.#gate = gate;
    this.#clock = clock;
    this.#workletUrl = workletUrl;
    this.#flushes = new Acknowledgements(clock, FLUSH_LIMIT_MS);
  }

  /**
   * Needs an unlocked gate; sound may be asked for as soon as this resolves. Opening what is open is quiet.
   *
   * @throws InterviewError `worklet-blocked`, `unsupported-browser`, `invalid-state`
   */
  async open({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.#status === 'closed') throw new InterviewError('invalid-state', 'The speaker is closed');
    const context = this.#gate.playback;
    await loadWorklet(context, { workletUrl: this.#workletUrl, clock: this.#clock, signal });
    if (this.#hasClosed())
      throw new InterviewError('invalid-state', 'The speaker was closed while it opened');
    if (this.#node) return;
    const node = new AudioWorkletNode(context, PLAYBACK_PROCESSOR, {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [1],
    });
    node.port.onmessage = ({ data }: MessageEvent<PlaybackReport>) => {
      this.#hear(data);
    };
    const gain = new GainNode(context, { gain: this.#isMuted ? 0 : 1 });
    node.connect(gain).connect(context.destination);
    this.#node = node;
    this.#gain = gain;
    this.#status = 'open';
  }

  /**
   * Adds sound to the end of what waits. `pcm` (24 kHz) is given away: it is empty afterwards. Sound of a turn that was flushed
   * or has ended is dropped, and so is all sound after `close`.
   *
   * @throws InterviewError `invalid-state` before `open`
   */
  play(turnId: string, pcm: Int16Array<ArrayBuffer>): void {
    if (this.#isOver(turnId)) return;
    this.#tell({ type: 'play', turnId, pcm }, [pcm.buffer]);
  }

  /** No more sound of this turn will come. Until then it counts as speaking, also while it waits for sound. */
  end(turnId: string): void {
    if (this.#isOver(turnId)) return;
    this.#tell({ type: 'end', turnId });
  }

  /**
   * Silences at once, and drops what waits. Once resolved, `playedMs` of every turn cut short is exact and final. Always
   * resolves: where the audio thread does not answer in 300 ms, with the last count it gave.
   */
  async flush(): Promise<void> {
    const { isAny, settle } = this.#turns.cut();
    if (this.#status === 'open') {
      await this.#flushes.ask((id) => {
        this.#tell({ type: 'flush', id });
      });
      if (!this.#turns.isAnyLive) this.#level.reset();
    }
    settle();
    if (isAny) this.#emitIfSilent(this.#clock.now());
  }

  playedMs(turnId: string): number {
    return this.#turns.playedMs(turnId);
  }

  watch(listener: (event: SpeakerEvent) => void): () => void {
    return this.#events.on('playback', listener);
  }

  /** Muted sound goes on and counts as played. */
  get isMuted(): boolean {
    return this.#isMuted;
  }

  set isMuted(isMuted: boolean) {
    this.#isMuted = isMuted;
    const gain = this.#gain;
    gain?.gain.setTargetAtTime(isMuted ? 0 : 1, gain.context.currentTime, MUTE_SECONDS);
  }

  /** How loud the interviewer is now, from 0 to 1. */
  get level(): number {
    return this.#level.at(this.#clock.now());
  }

  /** Where the sound passes on its way out, for a meter or a recording; undefined unless open. */
  get output(): AudioNode | undefined {
    return this.#gain;
  }

  /** Drops all sound. The contexts are the gate's and stay. Closing twice is quiet. */
  close(): void {
    if (this.#status === 'closed') return;
    this.#tell({ type: 'flush', id: 0 });
    this.#tell({ type: 'close' });
    this.#status = 'closed';
    this.#gain?.disconnect();
    this.#node?.disconnect();
    if (this.#node) this.#node.port.onmessage = null;
    this.#node = undefined;
    this.#gain = undefined;
    this.#flushes.giveUp();
    const { isAny, settle } = this.#turns.cut();
    settle();
    if (isAny) this.#emitIfSilent(this.#clock.now());
  }

  #hasClosed(): boolean {
    return this.#status === 'closed';
  }

  /** @returns whether this turn takes no more sound; a new one begins to count */
  #isOver(turnId: string): boolean {
    if (this.#status === 'new')
      throw new InterviewError('invalid-state', 'Expected open() before sound is played');
    if (this.#status === 'closed') return true;
    return !this.#turns.admit(turnId);
  }

  #tell(command: PlaybackCommand, transfer: Transferable[] = []): void {
    this.#node?.port.postMessage(command, transfer);
  }

  #hear(report: PlaybackReport): void {
    switch (report.type) {
      case 'started':
        if (this.#turns.isLive(report.turnId)) {
          this.#events.emit('playback', {
            type: 'started',
            turnId: report.turnId,
            at: this.#heardAt(report.frame),
          });
        }
        break;
      case 'progress':
        this.#turns.count(report.turnId, report.samples);
        this.#level.measure(report.rms, this.#clock.now());
        break;
      case 'finished':
        this.#finish(report.turnId, report.samples, this.#heardAt(report.frame));
        break;
      case 'flushed':
        for (const { turnId, samples } of report.played) this.#turns.count(turnId, samples);
        this.#flushes.answer(report.id);
        break;
      default:
        unreachable(report);
    }
  }

  #finish(turnId: string, samples: number, at: number): void {
    if (!this.#turns.finish(turnId, samples)) return;
    this.#events.emit('playback', { type: 'finished', turnId, at });
    this.#emitIfSilent(at);
  }

  #emitIfSilent(at: number): void {
    if (!this.#turns.isAnyLive) this.#events.emit('playback', { type: 'silent', at });
  }

  /** @param frame on the time of the context, which runs ahead of the ear */
  #heardAt(frame: number): number {
    const now = this.#clock.now();
    const context = this.#node?.context;
    if (!(context instanceof AudioContext)) return now;
    // Missing in Safari.
    const latency = (context.outputLatency as number | undefined) ?? 0;
    return now + (frame / WIRE_RATE - context.currentTime + latency) * 1000;
  }
}
