import type { Clock } from '../async/clock.js';
import { abortable, deadline } from '../async/deadline.js';
import type { Mode, Output, TurnDetection } from '../dialogue/dialogue.js';
import { PATIENT_MS } from '../dialogue/patience.js';
import { InterviewError } from '../errors.js';
import type { SessionConfig } from './client-events.js';
import { interviewError } from './interview-errors.js';
import {
  modeConfig,
  pauseConfig,
  sessionConfig,
  type SessionChoices,
  type TurnTaking,
} from './session-config.js';
import type { Wire } from './wire.js';

/** The first thing that a server says. */
const CREATED_MS = 10_000;
/** An update that nobody confirmed for this long was lost, or is in force. */
const UPDATED_MS = 5000;

export interface SessionSettingsOptions {
  readonly clock: Clock;
  readonly wire: Wire;
  /** Keeps every reply back until the returned function is called. */
  readonly hold: (reason: string) => () => void;
  readonly onRefused: (error: InterviewError) => void;
}

/** What the server was told about the session, and whether it has confirmed it: until then no sound is sent and no reply asked for. */
export class SessionSettings {
  readonly #options: SessionSettingsOptions;
  readonly #unconfirmed: (() => void)[] = [];
  /** How many of them nothing has to wait for. */
  #probes = 0;
  #expiresAt: number | undefined;
  #isCreated = false;
  #isStarting = false;
  /** The server knows what the session is to be like, so that from now on changes are told. */
  #isStarted = false;
  #mode: Mode = 'push-to-talk';
  #output: Output = 'voice';
  #turnDetection: TurnDetection = 'silence';
  #pauseMs = PATIENT_MS;
  #onCreated: () => void = () => undefined;
  #model: string | undefined;

  constructor(options: SessionSettingsOptions) {
    this.#options = options;
  }

  get mode(): Mode {
    return this.#mode;
  }

  get output(): Output {
    return this.#output;
  }

  /** As the server named it. */
  get model(): string | undefined {
    return this.#model;
  }

  get isConfirmed(): boolean {
    return this.#unconfirmed.length === this.#probes;
  }

  /** A pause this long ends a turn, as far as this client knows. */
  get pauseMs(): number {
    return this.#pauseMs;
  }

  /** A new session is waited for and told everything; nothing that is said meanwhile is to be lost, nor sent before that. */
  get isStarting(): boolean {
    return this.#isStarting;
  }

  /** When the provider ends this session, in seconds since 1970, where it said so. */
  get expiresAt(): number | undefined {
    return this.#expiresAt;
  }

  /** Waits for the first thing that a server says; rejects when it does not come. */
  async greeting({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    this.#isStarting = true;
    const tooLate = (): InterviewError =>
      new InterviewError('connection-failed', `Expected session.created in ${CREATED_MS} ms`);
    const limit = deadline(this.#options.clock, CREATED_MS, tooLate, { signal });
    const created = new Promise<void>((resolve) => {
      this.#onCreated = resolve;
      if (this.#isCreated) resolve();
    });
    await abortable(created, limit.signal).finally(limit.clear);
  }

  /**
   * Tells the server everything of a new session, at once. Resolves when that is confirmed; rejects when the server refuses: with its
   * own defaults no interview can be held.
   */
  async start(
    choices: Omit<SessionChoices, keyof TurnTaking | 'output'> & { readonly turnDetection?: TurnDetection },
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> {
    const confirmed = new Promise<void>((resolve, reject) => {
      this.#turnDetection = choices.turnDetection ?? 'silence';
      const config = sessionConfig({ ...choices, ...this.#taking, output: this.#output });
      const onSettled = (): void => {
        this.#isStarting = false;
        resolve();
      };
      this.#update(config, onSettled, reject);
      this.#isStarted = true;
    });
    await abortable(confirmed, signal);
  }

  created(expiresAt: unknown, model: string | undefined): void {
    this.#model = model;
    this.#isCreated = true;
    this.#expiresAt = typeof expiresAt === 'number' ? expiresAt : undefined;
    this.#onCreated();
  }

  /** A connection that is still being made begins with what is true then. */
  change(mode: Mode, output: Output): void {
    if (mode === this.#mode && output === this.#output) return;
    this.#mode = mode;
    this.#output = output;
    if (!this.#isStarted) return;
    const release = this.#options.hold('the session is being updated');
    this.#update(modeConfig(this.#taking, output), release, this.#options.onRefused);
  }

  /** From now on a pause this long ends a turn. Nothing waits for it: until it is confirmed, or if it is refused, the last holds. */
  waitFor(pauseMs: number): void {
    if (pauseMs === this.#pauseMs) return;
    this.#pauseMs = pauseMs;
    if (this.#isStarted && this.#mode === 'hands-free' && this.#turnDetection === 'silence')
      this.#updateAside(pauseConfig(this.#taking));
  }

  /** Changes nothing, and has to be confirmed by a server that lives. */
  probe(): void {
    this.#updateAside({ type: 'realtime' });
  }

  /** The server confirms updates in their order. */
  updated(): void {
    this.#unconfirmed[0]?.();
  }

  disconnect(): void {
    this.#isCreated = false;
    this.#isStarted = false;
    for (const confirm of [...this.#unconfirmed]) confirm();
  }

  get #taking(): TurnTaking {
    return { mode: this.#mode, turnDetection: this.#turnDetection, pauseMs: this.#pauseMs };
  }

  #updateAside(session: SessionConfig): void {
    this.#probes++;
    const onSettled = (): void => {
      this.#probes--;
    };
    this.#update(session, onSettled, () => undefined);
  }

  #update(session: SessionConfig, onSettled: () => void, onRefused: (error: InterviewError) => void): void {
    const { clock, wire } = this.#options;
    const confirm = (): void => {
      const at = this.#unconfirmed.indexOf(confirm);
      if (at < 0) return;
      this.#unconfirmed.splice(at, 1);
      clock.clearTimeout(timer);
      onSettled();
    };
    const timer = clock.setTimeout(confirm, UPDATED_MS);
    this.#unconfirmed.push(confirm);
    wire.tell({ type: 'session.update', session }, (error) => {
      onRefused(interviewError(error));
      confirm();
    });
  }
}
