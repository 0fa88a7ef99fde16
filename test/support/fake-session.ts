import { InterviewError, type InterviewErrorCode } from '../../src/errors.js';
import type { Coverage } from '../../src/interview/coverage.js';
import type { LocalGuide } from '../../src/interview/guide.js';
import type { InterviewSession, MicrophoneState } from '../../src/session.js';
import {
  ActivityEvent,
  CoverageEvent,
  EndEvent,
  InterviewErrorEvent,
  RetryEvent,
  StatusEvent,
  TextReturnedEvent,
  TurnEvent,
} from '../../src/session/session-events.js';
import type {
  Activity,
  EndReason,
  ExportFormat,
  InterviewSessionOptions,
  SessionStatus,
  StartOptions,
} from '../../src/session/session-options.js';
import { noUsage } from '../../src/session/session-usage.js';
import type { Turn } from '../../src/turn.js';

type Surface = Pick<InterviewSession, keyof InterviewSession>;

/** What a fake session is like, where it is not like one on a good day. */
export interface FakeSessionSetting {
  readonly guide?: LocalGuide;
  readonly unfinished?: boolean;
  readonly loadError?: InterviewError;
  /** Another tab holds the interview, and gives it up when it must. */
  readonly isElsewhere?: boolean;
  readonly startError?: InterviewError;
  readonly microphoneError?: InterviewError;
  readonly devices?: MicrophoneState['devices'];
  readonly storage?: 'indexeddb' | 'memory';
  /** Stays in `connecting` until `goLive()`. */
  readonly isSlow?: boolean;
}

/** A session that a test plays: the surface of the real one, and what happens in it is said by the test. */
export class FakeSession extends EventTarget implements Surface {
  readonly options: InterviewSessionOptions;
  readonly calls: string[] = [];
  readonly startOptions: StartOptions[] = [];
  readonly #setting: FakeSessionSetting;
  #goLive = (): void => undefined;
  status: SessionStatus = 'idle';
  activity: Activity = 'listening';
  transcript: readonly Turn[] = [];
  delivery = undefined;
  usage = noUsage;
  coverage: Coverage | undefined;
  assessment: InterviewSession['assessment'];
  guide: LocalGuide | undefined;
  error: InterviewError | undefined;
  mode: InterviewSession['mode'];
  output: InterviewSession['output'];
  microphone: MicrophoneState = { status: 'closed', devices: [] };
  level = { microphone: 0, speaker: 0 };
  isMuted = false;
  sound: InterviewSession['sound'] = 'running';
  isTyping = false;
  isTooShort = false;

  constructor(options: InterviewSessionOptions, setting: FakeSessionSetting = {}) {
    super();
    this.options = options;
    this.#setting = setting;
    this.mode = options.mode ?? 'push-to-talk';
    this.output = options.output ?? 'voice';
  }

  get storage(): 'indexeddb' | 'memory' {
    return this.#setting.storage ?? 'indexeddb';
  }

  // What the element calls.

  async load(): Promise<{ guide: LocalGuide; unfinished: boolean }> {
    this.calls.push('load');
    await Promise.resolve();
    const { guide, loadError, unfinished = false } = this.#setting;
    if (loadError) throw loadError;
    if (!guide) throw new InterviewError('guide-invalid', 'The test gave no guide');
    this.guide = guide;
    return { guide, unfinished };
  }

  async claim({ takeOver = false }: { takeOver?: boolean } = {}): Promise<void> {
    this.calls.push(takeOver ? 'claim, taking over' : 'claim');
    await Promise.resolve();
    if (this.#setting.isElsewhere && !takeOver)
      throw new InterviewError('interview-elsewhere', 'said by a test');
  }

  unlockAudio(): void {
    this.calls.push('unlockAudio');
  }

  async prepare(): Promise<void> {
    this.calls.push('prepare');
    this.microphone = { ...this.microphone, status: 'opening' };
    await Promise.resolve();
    const { microphoneError: error, devices = [{ id: 'built-in', label: 'Built-in microphone' }] } =
      this.#setting;
    if (error) {
      this.microphone = { status: 'failed', devices: [], error };
      throw error;
    }
    this.microphone = { status: 'open', devices, deviceId: devices[0]?.id ?? '' };
  }

  async selectMicrophone(deviceId: string): Promise<void> {
    this.calls.push(`selectMicrophone ${deviceId}`);
    this.microphone = { status: 'open', devices: this.microphone.devices, deviceId };
    await Promise.resolve();
  }

  async start(options: StartOptions = {}): Promise<void> {
    this.calls.push('start');
    this.startOptions.push(options);
    this.become('connecting');
    if (this.#setting.isSlow) {
      await new Promise<void>((resolve) => {
        this.#goLive = resolve;
      });
    } else await Promise.resolve();
    if (this.#setting.startError && this.startOptions.length === 1) {
      this.fail(this.#setting.startError);
      throw this.#setting.startError;
    }
    this.become('live');
  }

  async pause(): Promise<void> {
    this.calls.push('pause');
    this.become('paused');
    await Promise.resolve();
  }

  async resume(): Promise<void> {
    this.calls.push('resume');
    this.become('live');
    await Promise.resolve();
  }

  async end(reason: EndReason = 'host'): Promise<void> {
    this.calls.push(`end ${reason}`);
    if (this.status !== 'idle') this.become('ending');
    await Promise.resolve();
    this.become('ended');
    this.dispatchEvent(new EndEvent('end', reason, this.transcript));
  }

  async pressToTalk(): Promise<void> {
    this.calls.push('press');
    await Promise.resolve();
    const { error } = this.microphone;
    if (error) throw error;
  }

  async releaseToTalk(): Promise<{ tooShort: boolean }> {
    this.calls.push('release');
    await Promise.resolve();
    return { tooShort: this.isTooShort };
  }

  async sendText(text: string): Promise<void> {
    this.calls.push(`text ${text}`);
    await Promise.resolve();
    if (this.status !== 'live') throw new InterviewError('invalid-state', 'Not live');
  }

  retryNow(): void {
    this.calls.push('retryNow');
  }

  setMode(mode: InterviewSession['mode']): void {
    this.calls.push(`mode ${mode}`);
    this.mode = mode;
  }

  setOutput(output: InterviewSession['output']): void {
    this.calls.push(`output ${output}`);
    this.output = output;
  }

  async exportTranscript(format: ExportFormat): Promise<File> {
    this.calls.push(`export ${format}`);
    await Promise.resolve();
    return new File([JSON.stringify(this.transcript)], `interview.${format === 'json' ? 'json' : 'md'}`);
  }

  async erase(): Promise<void> {
    this.calls.push('erase');
    await Promise.resolve();
    this.transcript = [];
  }

  async close(): Promise<void> {
    this.calls.push('close');
    await Promise.resolve();
  }

  // What the test makes happen.

  goLive(): void {
    this.#goLive();
  }

  become(status: SessionStatus): void {
    const previous = this.status;
    this.status = status;
    this.dispatchEvent(new StatusEvent('status', status, previous));
  }

  gives(activity: Activity): void {
    this.activity = activity;
    this.dispatchEvent(new ActivityEvent('activity', activity));
  }

  fail(error: InterviewError): void {
    this.error = error;
    this.become('failed');
    this.dispatchEvent(new InterviewErrorEvent('error', error));
  }

  /** A problem that does not stop the interview. */
  runsInto(code: InterviewErrorCode): InterviewError {
    return this.tells(new InterviewError(code, 'said by a test'));
  }

  tells(error: InterviewError): InterviewError {
    this.dispatchEvent(new InterviewErrorEvent('error', error));
    return error;
  }

  /** A turn appears or grows. */
  writes(turn: Partial<Turn> & Pick<Turn, 'id' | 'speaker' | 'text'>): Turn {
    const known = this.transcript.find(({ id }) => id === turn.id);
    const whole: Turn = {
      n: this.transcript.length + 1,
      medium: 'voice',
      status: 'partial',
      startedAtMs: this.transcript.length * 1000,
      ...known,
      ...turn,
    };
    this.transcript = known
      ? this.transcript.map((other) => (other.id === turn.id ? whole : other))
      : [...this.transcript, whole];
    this.dispatchEvent(new TurnEvent('caption', whole));
    return whole;
  }

  /** A turn is final at once. */
  says(speaker: Turn['speaker'], text: string, more: Partial<Turn> = {}): Turn {
    const turn = this.writes({
      id: `turn-${this.transcript.length + 1}`,
      speaker,
      text,
      status: 'final',
      ...more,
    });
    this.dispatchEvent(new TurnEvent('turn', turn));
    return turn;
  }

  /** The next try for a connection is in so long. */
  waits(inMs: number | undefined): void {
    this.dispatchEvent(new RetryEvent('retry', inMs));
  }

  /** The browser holds the sound back, or lets it run again. */
  sounds(sound: InterviewSession['sound']): void {
    this.sound = sound;
    this.dispatchEvent(new Event('sound'));
    if (sound === 'suspended') this.runsInto('sound-suspended');
  }

  /** The microphone is another than before, or in another state. */
  hears(microphone: MicrophoneState): void {
    this.microphone = microphone;
    this.dispatchEvent(new Event('microphone'));
  }

  covers(coverage: Coverage): void {
    this.coverage = coverage;
    this.dispatchEvent(new CoverageEvent('coverage', coverage));
  }

  returnsText(text: string): void {
    this.dispatchEvent(new TextReturnedEvent('text-returned', text));
  }
}

/** The one place where a fake passes for the real thing: private members make a class a type of its own. */
export function asSession(fake: FakeSession): InterviewSession {
  return fake as unknown as InterviewSession;
}
