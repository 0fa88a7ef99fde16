import { assertMove, unreachable, type StateTable } from '../async/state-table.js';
import type { InterviewError } from '../errors.js';
import type { LocalGuide } from '../interview/guide.js';
import type { InterviewSession } from '../session.js';
import type { InterviewStatus } from '../session/session-events.js';
import type { ConsentRecord, RestorePolicy } from '../session/session-options.js';
import { isAbort } from '../async/is-abort.js';
import { asInterviewError } from './failure.js';
import { consentRecord } from './consent-record.js';
import { SessionLife, type SessionLifeParts } from './session-life.js';

type Step = 'idle' | 'consent' | 'setup' | 'session' | 'declined' | 'failed';

const NEXT = {
  idle: ['consent', 'setup', 'session', 'failed'],
  consent: ['setup', 'session', 'declined', 'failed', 'idle'],
  setup: ['session', 'failed', 'idle'],
  session: ['failed', 'session', 'idle'],
  declined: ['consent', 'failed', 'idle'],
  failed: ['consent', 'setup', 'session', 'idle'],
} satisfies StateTable<Step>;

type Mode = InterviewSession['mode'];

export interface ScreenFlowParts extends SessionLifeParts {
  /** From the set-up screen on. Loading again is quiet. @throws InterviewError */
  loadPanels(): Promise<void>;
  restorePolicy(): RestorePolicy;
  /** How the page wants the participant to take turns. */
  mode(): Mode;
  /** Something to show has changed. */
  changed(): void;
  failed(error: InterviewError): void;
  nowEpochMs(): number;
}

/**
 * The participant's way to the interview: what is on the screen before there is a session that runs, and who makes that session.
 * Every method that a click leads to lets sound play before its first await.
 */
export class ScreenFlow {
  readonly #parts: ScreenFlowParts;
  #step: Step = 'idle';
  readonly #life: SessionLife;
  #restore: boolean | undefined;
  /** The participant wants it here, whichever tab holds it. */
  #isTaken = false;
  #consent: ConsentRecord | undefined;
  #error: InterviewError | undefined;
  #isBusy = false;
  /** Grows when everything is closed: work that comes back late compares it and goes away. */
  #run = 0;

  constructor(parts: ScreenFlowParts) {
    this.#parts = parts;
    this.#life = new SessionLife(parts);
  }

  get session(): InterviewSession | undefined {
    return this.#life.session;
  }

  get guide(): LocalGuide | undefined {
    return this.#life.guide;
  }

  get #hasUnfinished(): boolean {
    return this.#life.hasUnfinished && this.#parts.restorePolicy() !== 'never';
  }

  /** Idle, and there is an interview that may be gone on with. */
  get isOffering(): boolean {
    return this.#step === 'idle' && this.#hasUnfinished && this.#parts.restorePolicy() === 'ask';
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get hasDeclined(): boolean {
    return this.#step === 'declined';
  }

  get error(): InterviewError | undefined {
    return this.#error ?? this.#life.session?.error;
  }

  get status(): InterviewStatus {
    const step = this.#step;
    switch (step) {
      case 'idle':
      case 'consent':
      case 'setup':
      case 'failed':
        return step;
      case 'declined':
        return 'ended';
      case 'session': {
        const status = this.#life.session?.status ?? 'idle';
        return status === 'idle' ? 'connecting' : status;
      }
      default:
        return unreachable(step);
    }
  }

  /** Loads what comes next while nobody waits for it; with the guide the start screen can name the interview. */
  preload(): void {
    if (this.#step !== 'idle' || this.#isBusy) return;
    this.#drop();
    // What fails here is told when it is needed.
    void Promise.allSettled([this.#parts.loadPanels()]);
    const loading = this.#life.load();
    const session = this.#life.session;
    loading.then(
      () => {
        if (session === this.#life.session) this.#parts.changed();
      },
      () => {
        // Quiet here: who presses the button loads again, and is told if that fails too.
        if (session === this.#life.session && !this.#isBusy) this.#drop();
      },
    );
  }

  /** From the start screen to the next one that asks something. @throws InterviewError */
  async begin(choice?: 'continue' | 'anew'): Promise<void> {
    if (this.#isBusy || (this.#step !== 'idle' && this.#step !== 'failed')) return;
    await this.#attempt(async (isLate) => {
      if (this.#step === 'failed') this.#drop();
      const loading = this.#life.load();
      this.#life.session?.unlockAudio();
      await loading;
      if (isLate()) return;
      const takeOver = this.#takesOver();
      await this.#life.session?.claim({ signal: this.#life.signal, takeOver });
      if (isLate()) return;
      const policy = this.#parts.restorePolicy();
      if (this.#hasUnfinished && policy === 'ask' && !choice) {
        if (this.#step !== 'idle') this.#move('idle');
        return;
      }
      const goesOn = takeOver || choice === 'continue' || policy === 'auto';
      this.#restore = takeOver || this.#hasUnfinished ? goesOn : undefined;
      if (this.#life.guide?.consent) this.#move('consent');
      else await this.#afterConsent();
    });
  }

  /** @param items the ids of what was ticked. @throws InterviewError */
  async agree(items: ReadonlySet<string>): Promise<void> {
    const guide = this.#life.guide;
    if (this.#isBusy || this.#step !== 'consent' || !guide) return;
    await this.#attempt(async (isLate) => {
      this.#life.session?.unlockAudio();
      const decidedAtEpochMs = this.#parts.nowEpochMs();
      const consent = await consentRecord(guide, { decision: 'accepted', items, decidedAtEpochMs });
      if (isLate()) return;
      this.#consent = consent;
      await this.#afterConsent();
    });
  }

  async decline(): Promise<void> {
    if (this.#isBusy || this.#step !== 'consent') return;
    this.#move('declined');
    await this.#life.session?.end('declined');
  }

  /** After declining: back to the text, with a session that has not ended. @throws InterviewError */
  async reconsider(): Promise<void> {
    if (this.#isBusy || this.#step !== 'declined') return;
    const restore = this.#restore;
    await this.#attempt(async (isLate) => {
      this.#drop();
      await this.#life.load();
      if (isLate()) return;
      this.#restore = restore;
      this.#move('consent');
    });
  }

  /** Opens the microphone. Its refusal is a state of the screen (`session.microphone`), not a failure of the interview. */
  async turnOnMicrophone(deviceId?: string): Promise<void> {
    const session = this.#life.session;
    if (!session || this.#isBusy) return;
    session.unlockAudio();
    const { signal } = this.#life;
    await this.#useMicrophone(() =>
      deviceId === undefined ? session.prepare({ signal }) : session.selectMicrophone(deviceId, { signal }),
    );
    if (this.#step === 'session' && session.microphone.status === 'open' && session.mode === 'text') {
      const wanted = this.#parts.mode();
      session.setMode(wanted === 'text' ? 'push-to-talk' : wanted);
      this.#parts.changed();
    }
  }

  async selectMicrophone(deviceId: string): Promise<void> {
    const session = this.#life.session;
    if (!session) return;
    await this.#useMicrophone(() => session.selectMicrophone(deviceId, { signal: this.#life.signal }));
  }

  /** From the set-up screen into the interview. @throws InterviewError */
  async enter({ withMicrophone }: { withMicrophone: boolean }): Promise<void> {
    const session = this.#life.session;
    if (this.#isBusy || this.#step !== 'setup' || !session) return;
    await this.#attempt(async () => {
      session.unlockAudio();
      if (!withMicrophone && session.mode !== 'text') session.setMode('text');
      await this.#enter();
    });
  }

  /** After a failure: the same interview once more, without asking again what was answered. @throws InterviewError */
  async retry(): Promise<void> {
    const { session } = this.#life;
    this.#isTaken ||=
      this.error?.code === 'interview-elsewhere' || this.error?.code === 'interview-taken-over';
    if (session?.status !== 'failed') return this.begin(this.#isTaken ? 'continue' : undefined);
    if (this.#isBusy) return;
    await this.#attempt(async () => {
      session.unlockAudio();
      // Whoever began anew did so once: from here on there is something to go on with.
      this.#restore = true;
      await this.#enter();
    });
  }

  /** Gives everything back and stands at the start again. */
  close(): void {
    this.#run++;
    this.#drop();
    this.#isTaken = false;
    this.#isBusy = false;
    this.#error = undefined;
    if (this.#step !== 'idle') this.#move('idle');
  }

  async #afterConsent(): Promise<void> {
    const run = this.#run;
    await this.#parts.loadPanels();
    if (run !== this.#run) return;
    if (this.#parts.mode() === 'text') await this.#enter();
    else this.#move('setup');
  }

  async #enter(): Promise<void> {
    const session = this.#life.session;
    if (!session) return;
    this.#move('session');
    await session.start({
      signal: this.#life.signal,
      takeOver: this.#takesOver(),
      ...(this.#consent && { consent: this.#consent }),
      ...(this.#restore !== undefined && { restore: this.#restore }),
    });
  }

  /** It is wanted once: whoever takes it over later has it. */
  #takesOver(): boolean {
    const isTaken = this.#isTaken;
    this.#isTaken = false;
    return isTaken;
  }

  #drop(): void {
    this.#life.drop();
    this.#consent = undefined;
    this.#restore = undefined;
  }

  async #useMicrophone(work: () => Promise<void>): Promise<void> {
    const run = this.#run;
    const working = work();
    this.#parts.changed();
    try {
      await working;
    } catch (cause) {
      if (run === this.#run && !isAbort(cause)) this.#parts.failed(asInterviewError(cause));
    } finally {
      this.#parts.changed();
    }
  }

  /** Runs what a click began. What goes wrong is shown, told to the page and thrown. */
  async #attempt(work: (isLate: () => boolean) => Promise<void>): Promise<void> {
    const run = this.#run;
    const isLate = (): boolean => run !== this.#run;
    this.#isBusy = true;
    this.#error = undefined;
    this.#parts.changed();
    try {
      await work(isLate);
    } catch (cause) {
      if (isLate() || isAbort(cause)) return;
      const error = asInterviewError(cause);
      this.#error = error;
      if (this.status !== 'failed') this.#move('failed');
      this.#parts.failed(error);
      throw error;
    } finally {
      if (!isLate()) {
        this.#isBusy = false;
        this.#parts.changed();
      }
    }
  }

  #move(step: Step): void {
    assertMove(NEXT, this.#step, step);
    this.#step = step;
    this.#parts.changed();
  }
}
