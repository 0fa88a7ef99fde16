/**
 * InterviewSession joins the parts of an interview and owns their lifetime. Behaviour belongs to the parts. Read this file first.
 *
 * `SessionState` knows where it stands and tells it, `SessionPlace` what this device keeps of it and which tab holds it, `SessionAudio`
 * microphone and loudspeaker. `InterviewRun` is the interview itself: sound goes to the dialogue with the model, what both sides
 * say becomes the transcript, and the interview's course follows it; what it tells comes back through `followRun`.
 */
import { systemClock, type Clock } from './async/clock.js';
import { abortable } from './async/deadline.js';
import type { Mode, Output } from './dialogue/dialogue.js';
import { InterviewError } from './errors.js';
import type { Assessment } from './interview/assessment-types.js';
import type { Coverage } from './interview/coverage.js';
import type { LocalGuide } from './interview/guide.js';
import { SessionAudio } from './session/session-audio.js';
import { EndEvent, SessionEventTarget } from './session/session-events.js';
import { followRun } from './session/follow-run.js';
import type {
  Activity,
  EndReason,
  ExportFormat,
  InterviewSessionOptions,
  SessionStatus,
  StartOptions,
} from './session/session-options.js';
import { SessionPlace } from './session/session-place.js';
import { loadRun, preload } from './session/preload.js';
import type { InterviewRun } from './session/interview-run.js';
import type { MicrophoneState, SoundStatus } from './session/session-sound.js';
import { Starting } from './session/starting.js';
import { asStartError, SessionState } from './session/session-state.js';
import { noUsage, type SessionUsage } from './session/session-usage.js';
import type { DeliveryState } from './transcript/delivery.js';
import { exportTranscript } from './transcript/export.js';
import type { Turn } from './turn.js';

export type { MicrophoneState, SoundStatus } from './session/session-sound.js';

export class InterviewSession extends SessionEventTarget {
  readonly #options: InterviewSessionOptions;
  readonly #clock: Clock;
  readonly #state = new SessionState((event) => this.dispatchEvent(event));
  readonly #audio: SessionAudio;
  #mode: Mode;
  #output: Output;
  #place: SessionPlace | undefined;
  /** One at a time, whoever asks: two places would be two tabs to each other. */
  #opening: Promise<SessionPlace> | undefined;
  #life = new AbortController();
  #run: InterviewRun | undefined;
  #starting: Starting | undefined;
  #ending: Promise<void> | undefined;
  #pauses = 0;

  constructor(options: InterviewSessionOptions) {
    super();
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#mode = options.mode ?? 'push-to-talk';
    this.#output = options.output ?? 'voice';
    this.#audio = new SessionAudio({
      options,
      clock: this.#clock,
      onMicrophone: () => this.dispatchEvent(new Event('microphone')),
      onMuted: (error) => {
        if (this.#run) this.#state.tell(error);
      },
      onStatus: () => {
        this.dispatchEvent(new Event('sound'));
        this.#followSound();
      },
    });
  }

  get status(): SessionStatus {
    return this.#state.status;
  }

  /** Who has the floor, while live. */
  get activity(): Activity {
    return this.#state.activity;
  }

  /** In the order of the conversation. Empty before `start`, also where an unfinished interview is stored. */
  get transcript(): readonly Turn[] {
    return this.#run?.transcript.turns ?? [];
  }

  /** What the interview has used so far, also before a reload, and what that costs. */
  get usage(): SessionUsage {
    return this.#run?.usage ?? noUsage;
  }

  get coverage(): Coverage | undefined {
    return this.#run?.interview.coverage;
  }

  get assessment(): Assessment | undefined {
    return this.#run?.interview.assessment;
  }

  /** The guide in the interview's language, once loaded. */
  get guide(): LocalGuide | undefined {
    return this.#place?.archive.guide;
  }

  /** What ended the interview or kept it from starting. */
  get error(): InterviewError | undefined {
    return this.#state.error;
  }

  /** Whether what is said survives a reload. */
  get storage(): 'indexeddb' | 'memory' {
    return this.#run?.storage ?? this.#place?.archive.store.kind ?? 'indexeddb';
  }

  /** How the delivery to `transcriptUrl` stands; `undefined` without one. */
  get delivery(): DeliveryState | undefined {
    return this.#place?.deliveryState;
  }

  get mode(): Mode {
    return this.#mode;
  }

  get output(): Output {
    return this.#output;
  }

  get microphone(): MicrophoneState {
    return this.#audio.microphone;
  }

  /**
   * Whether sound runs, where any is wanted. `suspended`: the browser holds it back, or there is nothing to play it with. Nothing is
   * played or counted as heard, and the interviewer answers in writing, until it runs: call `unlockAudio` in a click.
   */
  get sound(): SoundStatus {
    const isWanted = this.#output === 'voice' || this.microphone.status === 'open';
    return isWanted ? this.#audio.status : 'off';
  }

  /** 0…1, right now: read it once per animation frame. */
  get level(): { readonly microphone: number; readonly speaker: number } {
    return this.#audio.level;
  }

  /** Whether the participant turned the interviewer's voice off. What is muted goes on and counts as played. */
  get isMuted(): boolean {
    return this.#audio.isMuted;
  }

  set isMuted(isMuted: boolean) {
    this.#audio.sound.isMuted = isMuted;
  }

  /**
   * Fetches and validates the guide, and looks whether an unfinished interview may be restored. Loading again is quiet.
   *
   * @throws InterviewError `guide-unreachable`, `guide-invalid`
   */
  async load({ signal }: { signal?: AbortSignal } = {}): Promise<{ guide: LocalGuide; unfinished: boolean }> {
    const place = await this.#open(signal);
    await place.deliver({ signal });
    return { guide: place.archive.guide, unfinished: place.archive.isUnfinished };
  }

  /**
   * Makes this the one tab of the browser that holds the interview. `start` does it too.
   *
   * @param options `takeOver`: another tab that holds it stores everything and gives it up
   * @throws InterviewError `interview-elsewhere`, and what `load` throws
   */
  async claim({ signal, takeOver }: { signal?: AbortSignal; takeOver?: boolean } = {}): Promise<void> {
    await (await this.#open(signal)).claim({ signal, takeOver });
  }

  /** Call inside a click, before any `await`: without it some browsers stay silent. */
  unlockAudio(): void {
    this.#audio.sound.unlock();
  }

  /**
   * Opens the microphone, for a set-up screen with a level.
   *
   * @throws InterviewError of the microphone, `worklet-blocked`, `unsupported-browser`. Text works all the same.
   */
  async prepare({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    await this.#audio.sound.openMicrophone({ signal });
  }

  async selectMicrophone(deviceId: string, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    await this.#audio.sound.openMicrophone({ deviceId, signal });
  }

  /**
   * Connects, and lets the interviewer speak. After a failure it may be called again, and goes on where the interview was.
   *
   * @throws InterviewError whatever kept the interview from starting; the status is then `failed`
   */
  async start({ signal, ...options }: StartOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    this.#state.move('connecting');
    const starting = new Starting();
    this.#starting = starting;
    try {
      await starting.run((signal) => this.#connect({ ...options, signal }), signal);
    } catch (cause) {
      await this.#run?.close();
      // It was given up to another tab.
      if (this.#state.is('failed')) throw this.error ?? cause;
      if (starting.signal.aborted) {
        if (this.#state.is('connecting')) this.#state.move('idle');
        throw cause;
      }
      this.#fail(asStartError(cause));
      throw this.error ?? cause;
    } finally {
      this.#starting = undefined;
    }
  }

  /** Silences the interviewer, closes the microphone and holds every reply. The interview's clock goes on. */
  async pause(): Promise<void> {
    if (!this.#state.is('live', 'reconnecting')) return;
    this.#state.move('paused');
    this.#pauses++;
    this.#audio.closeMicrophone();
    await this.#run?.pause();
  }

  /** Goes on with the question that was open. A microphone that cannot be opened again is told as an error; text works. */
  async resume(): Promise<void> {
    if (!this.#state.is('paused') || !this.#run) return;
    this.#run.wake();
    this.#state.move(this.#run.dialogue.status === 'reconnecting' ? 'reconnecting' : 'live');
    const pauses = this.#pauses;
    await this.#hear();
    // A browser may ask for the microphone for as long as it likes: meanwhile the next pause may have begun, or the end.
    if (pauses === this.#pauses && this.#state.is('live', 'reconnecting')) this.#run.resume();
  }

  /** While reconnecting: makes the next try at once instead of when the event `retry` said. */
  retryNow(): void {
    this.#run?.dialogue.retryNow?.();
  }

  /** Ends the interview; resolves when everything is stored and given back. Ending twice is quiet. */
  end(reason: EndReason = 'host'): Promise<void> {
    this.#ending ??= this.#end(reason);
    return this.#ending;
  }

  /** @throws InterviewError why there is no microphone */
  async pressToTalk(): Promise<void> {
    if (!this.#state.is('live') || this.#mode !== 'push-to-talk' || !this.#run) return;
    const { status, error } = this.microphone;
    if (status === 'failed' && error) throw error;
    if (status !== 'open') throw new InterviewError('microphone-missing', 'No microphone was opened');
    await this.#run.talk.press();
  }

  /** Resolves once the turn was taken in. `tooShort`: there was nothing to take in. */
  async releaseToTalk(): Promise<{ tooShort: boolean }> {
    return (await this.#run?.talk.release()) ?? { tooShort: true };
  }

  /** Resolves when the text was answered, or came back as the event `text-returned`. Empty text is ignored. */
  async sendText(text: string): Promise<void> {
    if (!this.#run || !this.#state.is('live', 'reconnecting', 'paused')) {
      throw new InterviewError('invalid-state', `Expected a live interview for a text, got "${this.status}"`);
    }
    if (text.trim() !== '') await this.#run.sendText(text.trim());
  }

  /** May change while live. Hands-free opens the microphone that a text interview has closed. */
  setMode(mode: Mode): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#run?.setMode(mode, this.#outputNow);
    if (this.#state.is('live')) void this.#hear();
  }

  setOutput(output: Output): void {
    if (output === this.#output) return;
    this.#output = output;
    if (!this.#run) return;
    void this.#openSpeaker().then(() => {
      this.#run?.setMode(this.#mode, this.#outputNow);
    });
  }

  /** Kept by whoever has a text field: while somebody types, silence means nothing and nobody asks whether they are still there. */
  set isTyping(isTyping: boolean) {
    if (this.#run) this.#run.isTyping = isTyping;
  }

  /** The transcript so far as a file. */
  async exportTranscript(format: ExportFormat): Promise<File> {
    const { record, transcript } = (await this.#run?.stored()) ?? {};
    if (!record || !transcript) throw new InterviewError('invalid-state', 'There is no transcript yet');
    return exportTranscript(format, record, transcript, this.guide);
  }

  /** Removes every trace of this interview from this device, ending it first. */
  async erase(): Promise<void> {
    // Another tab would go on writing.
    await this.claim({ takeOver: true });
    await this.#place?.forget();
    if (this.#run && !this.#state.is('ended')) await this.end('participant');
    await this.#run?.forget();
    await this.#place?.archive.erase();
    this.#run = undefined;
    await this.#place?.leave();
  }

  /** Gives everything back without a farewell: the page goes, the element is removed. The interview stays unfinished. */
  async close(): Promise<void> {
    this.#starting?.abort(new DOMException('The session was closed', 'AbortError'));
    this.#life.abort(new DOMException('The session was closed', 'AbortError'));
    this.#life = new AbortController();
    if (this.#state.is('live', 'paused', 'reconnecting')) this.#state.move('idle');
    await this.#run?.close();
    await Promise.allSettled([this.#opening]);
    await this.#place?.leave();
    await this.#audio.close();
  }

  async #open(signal: AbortSignal | undefined): Promise<SessionPlace> {
    signal?.throwIfAborted();
    preload(this.#options, { hasVoice: this.#output === 'voice' });
    return abortable((this.#opening ??= this.#openPlace()), signal);
  }

  async #openPlace(): Promise<SessionPlace> {
    try {
      return (this.#place = await SessionPlace.open(
        {
          options: this.#options,
          clock: this.#clock,
          dispatch: (event) => this.dispatchEvent(event),
          onAsked: (isTaken) => this.#giveUp(isTaken),
        },
        { signal: this.#life.signal },
      ));
    } catch (cause) {
      this.#opening = undefined;
      throw cause;
    }
  }

  /** Another tab wants the interview. @returns whether it may have it now: everything is stored and closed */
  async #giveUp(isTaken: boolean): Promise<boolean> {
    const isInUse = !this.#state.is('idle', 'ended', 'failed');
    if (isInUse && !isTaken) return false;
    if (isInUse) {
      this.#fail(new InterviewError('interview-taken-over', 'The interview goes on in another tab'));
      this.#starting?.abort(this.error);
      await (this.#ending ?? this.#run?.finish());
      await this.#audio.close();
    }
    await this.#place?.leave();
    return true;
  }

  async #connect({
    signal,
    consent,
    takeOver = false,
    // After a failure the interview goes on, whatever the policy for other days.
    restore = takeOver || this.#run !== undefined || this.#options.restore !== 'never',
  }: StartOptions & { signal: AbortSignal }): Promise<void> {
    await this.claim({ signal, takeOver });
    const { archive, delivery } = await this.#open(signal);
    await this.#openSpeaker(signal);
    if (archive.storageError) this.#state.tell(archive.storageError);
    const { InterviewRun } = await loadRun();
    // What is made from here on, nobody would give back.
    signal.throwIfAborted();
    const run = await InterviewRun.create({
      options: this.#options,
      archive,
      clock: this.#clock,
      sound: this.#audio.sound,
      mode: this.#mode,
      consent,
      restore,
      delivery: delivery?.arrived,
      signal,
    });
    this.#run = run;
    followRun(run, {
      state: this.#state,
      dispatch: (event) => this.dispatchEvent(event),
      end: (reason) => void this.end(reason),
      fail: (error) => {
        this.#fail(error);
      },
    });
    await run.open({ mode: this.#mode, output: this.#output, signal });
    await this.#hear();
    await this.#audio.started({ signal });
    // Whoever was told of a missing microphone may have ended it.
    signal.throwIfAborted();
    this.#state.move('live');
    this.#followSound();
    run.begin();
  }

  /** Where there can be no sound, the interview goes on in writing. */
  async #openSpeaker(signal?: AbortSignal): Promise<void> {
    if (this.#output !== 'voice') return;
    const failure = await this.#audio.openSpeaker(signal);
    if (!failure) return;
    this.#output = 'text';
    this.#state.tell(failure);
  }

  async #hear(): Promise<void> {
    const failure = await this.#audio.listen(this.#mode, this.#starting?.signal);
    // Whoever closed the session in the meantime wants none any more.
    if (failure && !this.#state.is('idle', 'ended')) this.#state.tell(failure);
  }

  async #end(reason: EndReason): Promise<void> {
    this.#starting?.abort(new DOMException('The interview was ended', 'AbortError'));
    // What another tab has taken over ends there.
    const hasFailed = this.#state.is('failed') && this.error?.code !== 'interview-taken-over';
    this.#state.move(this.#state.is('idle', 'failed') ? 'ended' : 'ending');
    await this.#run?.finish(reason);
    if (hasFailed)
      await this.#place?.conclude(reason).catch((cause: unknown) => {
        this.#state.tell(asStartError(cause));
      });
    await this.#audio.close();
    // A host that does not answer is waited for by nobody.
    this.#opening?.then(
      (place) => place.finish(),
      // Told to whoever asked for it.
      () => undefined,
    );
    if (this.#state.is('ending')) this.#state.move('ended');
    this.dispatchEvent(new EndEvent('end', reason, this.transcript));
  }

  #fail(error: InterviewError): void {
    if (this.#state.is('ending', 'ended', 'failed')) return;
    const wasLive = !this.#state.is('connecting', 'idle');
    this.#audio.closeMicrophone();
    this.#state.fail(error);
    const isOver = wasLive && error.code !== 'interview-taken-over';
    if (isOver) this.dispatchEvent(new EndEvent('end', 'failed', this.transcript));
  }

  get #outputNow(): Output {
    return this.sound === 'suspended' ? 'text' : this.#output;
  }

  #followSound(): void {
    if (!this.#state.is('live', 'paused', 'reconnecting')) return;
    this.#run?.setOutput(this.#outputNow);
    if (this.sound !== 'suspended' || !this.#state.is('live')) return;
    const message = 'The browser holds the sound back: call unlockAudio() in a click';
    this.#state.tell(new InterviewError('sound-suspended', message));
  }
}
