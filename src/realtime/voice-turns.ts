import type { Clock } from '../async/clock.js';
import type { Emitter } from '../async/emitter.js';
import type { DialogueEvents, ReplyTicket } from '../dialogue/dialogue.js';
import type { CreateId } from './client-events.js';
import { DetectedTurns, type DetectedTurnsOptions } from './detected-turns.js';
import type { MicrophoneUplink } from './microphone-uplink.js';
import { Toggle } from './toggle.js';
import type { Transcriptions } from './transcriptions.js';

/** The server refuses to take in less. */
const LEAST_MS = 100;
/** After this the reply is asked for all the same: that the sound was taken in is only not known yet. */
const COMMITTED_MS = 5000;

type Taken = 'taken' | 'refused' | 'disconnected';

interface Commit {
  readonly turnId: string;
  readonly settle: (taken: Taken) => void;
}

export interface VoiceTurnsOptions extends Omit<DetectedTurnsOptions, 'onEndless'> {
  readonly clock: Clock;
  readonly events: Emitter<DialogueEvents>;
  readonly uplink: MicrophoneUplink;
  readonly transcriptions: Transcriptions;
  readonly createId: CreateId;
  /** Keeps every reply back until the returned function is called. */
  readonly hold: (reason: string) => () => void;
  /** Settles when the turn is recorded and what was silenced for it is told to the server. */
  readonly beforeReply: (turnId: string) => Promise<void>;
  /** The participant stopped speaking: the next sound is the answer. */
  readonly onSpoke: (at: number) => void;
}

/** The participant's spoken turns: between press and release of the talk button, or where the server detects speech. */
export class VoiceTurns {
  readonly #options: VoiceTurnsOptions;
  readonly #hearing: Toggle;
  /** In the order of asking: `committed` does not say which commit it answers. */
  readonly #commits: Commit[] = [];
  #pressed: { readonly turnId: string; readonly release: () => void } | undefined;
  /** Turns whose speech the server detected and has not taken in yet. */
  readonly #detected: DetectedTurns;

  constructor(options: VoiceTurnsOptions) {
    this.#options = options;
    this.#hearing = new Toggle((isHearing) => {
      options.events.emit('hearing', { isHearing });
    });
    this.#detected = new DetectedTurns({
      ...options,
      onEndless: (turnId) => {
        this.#end(turnId);
        options.replies.ask({ reason: 'participant', after: this.#commit(turnId) });
      },
    });
  }

  get isPressed(): boolean {
    return this.#pressed !== undefined;
  }

  /** Nobody is being heard, and nothing that was said waits to be taken in. */
  get isIdle(): boolean {
    return !this.#pressed && this.#detected.open.length === 0 && this.#commits.length === 0;
  }

  press(): void {
    const { hold, uplink } = this.#options;
    if (this.#pressed) return;
    const turnId = this.#begin();
    this.#pressed = { turnId, release: hold('the talk button is pressed') };
    uplink.clear();
  }

  release(): ReplyTicket {
    const { uplink, replies } = this.#options;
    const pressed = this.#pressed;
    if (!pressed || uplink.takenMs < LEAST_MS) {
      this.discard();
      return replies.ask({
        reason: 'participant',
        after: Promise.resolve(pressed ? 'skipped' : 'disconnected'),
      });
    }
    const { turnId } = pressed;
    this.#pressed = undefined;
    this.#end(turnId);
    return replies.ask({ reason: 'participant', after: this.#commit(turnId), onAsked: pressed.release });
  }

  /** Nothing remains of what was said since the press, or since speech was detected. */
  discard(): void {
    const { ledger, uplink } = this.#options;
    const open = this.#takeOpen();
    if (open.length > 0) uplink.clear();
    for (const turnId of open) ledger.remove(turnId);
  }

  /** To be called before the interviewer is silenced for it. */
  speechStarted(itemId: string): void {
    this.#detected.started(this.#begin(itemId));
  }

  speechStopped(itemId: string): void {
    const id = this.#options.ledger.turnOf(itemId);
    if (id === undefined) return;
    this.#detected.stopped(id);
    this.#end(id);
  }

  /** What the transcriber made of a turn. @returns whether it was anything at all */
  worded(turnId: string, words: string | undefined): boolean {
    return this.#detected.worded(turnId, words);
  }

  /** The server made an item of what it heard, by our commit or by detecting the end of speech. May be told more than once. */
  taken(itemId: string): void {
    const { ledger, transcriptions, events } = this.#options;
    const known = ledger.turnOf(itemId);
    if (known !== undefined && !this.#detected.open.includes(known)) return;
    const commit = known === undefined ? this.#commits.shift() : undefined;
    if (commit) {
      const { turnId } = commit;
      ledger.bind(itemId, turnId);
      transcriptions.expect(turnId);
      events.emit('heard', { turnId });
      commit.settle('taken');
      return;
    }
    const turnId = known ?? this.#begin(itemId);
    this.#options.uplink.taken();
    this.#hearing.set(false);
    this.#detected.taken(turnId);
  }

  /** Sound that was not taken in is lost with its connection: its turn stays as a marked gap. */
  disconnect(): void {
    const { uplink, transcriptions } = this.#options;
    const { isIdle } = this;
    if (this.#pressed && uplink.takenMs < LEAST_MS) this.discard();
    for (const turnId of this.#takeOpen()) this.#lose(turnId);
    for (const { turnId, settle } of this.#commits.splice(0)) {
      this.#lose(turnId);
      settle('disconnected');
    }
    if (isIdle) uplink.repeat();
    else uplink.reset();
    transcriptions.failAll();
  }

  /** @returns the turns that were being spoken; nobody is from now on */
  #takeOpen(): string[] {
    const open = [...(this.#pressed ? [this.#pressed.turnId] : []), ...this.#detected.open];
    const release = this.#pressed?.release;
    this.#pressed = undefined;
    this.#detected.reset();
    this.#hearing.set(false);
    release?.();
    return open;
  }

  #begin(itemId?: string): string {
    const { clock, ledger, createId } = this.#options;
    const id = createId();
    ledger.begin({ id, speaker: 'participant', medium: 'voice', at: clock.now() }, itemId);
    this.#hearing.set(true);
    return id;
  }

  #end(turnId: string): void {
    const { clock, events, onSpoke } = this.#options;
    this.#hearing.set(false);
    const at = clock.now();
    events.emit('change', { type: 'ended', id: turnId, at });
    onSpoke(at);
  }

  async #commit(turnId: string): Promise<true | 'skipped' | 'disconnected'> {
    const { clock, ledger, uplink, beforeReply } = this.#options;
    const taken = await new Promise<Taken>((resolve) => {
      const timer = clock.setTimeout(() => {
        resolve('taken');
      }, COMMITTED_MS);
      const settle = (how: Taken): void => {
        clock.clearTimeout(timer);
        resolve(how);
      };
      const commit: Commit = { turnId, settle };
      this.#commits.push(commit);
      uplink.commit(() => {
        this.#commits.splice(this.#commits.indexOf(commit), 1);
        settle('refused');
      });
    });
    if (taken === 'disconnected') return taken;
    if (taken === 'refused') {
      ledger.remove(turnId);
      return 'skipped';
    }
    await beforeReply(turnId);
    return true;
  }

  #lose(turnId: string): void {
    const { clock, events, ledger } = this.#options;
    const at = clock.now();
    ledger.strand(turnId);
    events.emit('change', { type: 'ended', id: turnId, at });
    events.emit('change', { type: 'failed', id: turnId, at });
  }
}
