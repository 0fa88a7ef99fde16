/**
 * A dialogue without a server: hosts test their page with it, and so do we. It follows guidance as a well-behaved model would, or
 * as badly as it is told to.
 */
import { systemClock, type Clock } from '../async/clock.js';
import { delay } from '../async/deadline.js';
import { Emitter } from '../async/emitter.js';
import type {
  AsideOptions,
  Dialogue,
  DialogueCapabilities,
  DialogueEvents,
  DialogueStatus,
  OpenOptions,
  ReplyOutcome,
  ReplyTicket,
  SayOptions,
} from '../dialogue/dialogue.js';
import { InterviewError } from '../errors.js';

export interface FakeMove {
  readonly id: string;
  readonly act: string;
  readonly say?: string;
  readonly verbatim?: boolean;
  readonly when?: string;
}

/** What the fake interviewer knows when it is to speak. */
export interface FakePrompt {
  /** The guidance that holds: the latest that was given. */
  readonly guidance: string | undefined;
  readonly make: 'one' | 'all';
  readonly moves: readonly FakeMove[];
  readonly assess: boolean;
  /** What the participant said since the interviewer last spoke. */
  readonly answer: string | undefined;
  /** How many replies there were before this one. */
  readonly count: number;
}

export interface FakeReply {
  /** Left out: it only calls. */
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly arguments?: unknown }[];
  /** 0…1, default 1: how much of it is heard before it breaks off by itself. */
  readonly heardShare?: number;
  /** It never comes: the ticket settles so. */
  readonly fails?: Exclude<ReplyOutcome['status'], 'completed'>;
}

export interface FakeDialogueOptions {
  readonly clock?: Clock;
  readonly capabilities?: Partial<DialogueCapabilities>;
  /** Default `wellBehaved`. */
  readonly interviewer?: (prompt: FakePrompt) => FakeReply;
  /** Answers work beside the conversation; a throw fails it. */
  readonly aside?: (options: AsideOptions) => string | Promise<string>;
  /** Goes before the id of every turn, so that those of two pages differ. */
  readonly idPrefix?: string;
  /** How long a turn sounds; meanwhile it can be interrupted. Default 0. */
  readonly speechMs?: number;
  /** How long after a turn its words come; default: before it is over. */
  readonly lateTextMs?: number;
}

/** Makes the first move that brings the interview on, says so, and uses its tools as it was told. */
export function wellBehaved({ moves, make, assess }: FakePrompt): FakeReply {
  const onward = moves.find(({ act }) => act !== 'probe' && act !== 'follow-up') ?? moves[0];
  const made = make === 'all' ? moves : onward ? [onward] : [];
  return {
    text: made.map(({ say }) => say ?? 'Let me sum up what you told me.').join(' ') || 'Please tell me more.',
    calls: [
      ...made.map(({ id }) => ({ name: 'interview_guidance', arguments: { move: id } })),
      ...(assess ? [{ name: 'trigger_assessment', arguments: {} }] : []),
      ...(made.some(({ act }) => act === 'close')
        ? [{ name: 'end_interview', arguments: { reason: 'completed' } }]
        : []),
    ],
  };
}

/** How long a cough takes to be known for one. */
const COUGH_MS = 500;

export class FakeDialogue implements Dialogue {
  readonly capabilities: DialogueCapabilities;
  readonly events = new Emitter<DialogueEvents>();
  readonly #options: FakeDialogueOptions;
  readonly #clock: Clock;
  readonly #holds = new Set<symbol>();
  readonly #answers = new Map<string, (answer: { output: string; andContinue: boolean }) => void>();
  readonly #lifetime = new AbortController();
  #status: DialogueStatus = 'closed';
  #open: OpenOptions | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #letGo: (() => void)[] = [];
  #speaking: { readonly id: string; readonly sinceMs: number; readonly cut: AbortController } | undefined;
  #guidance: string | undefined;
  #answer: string | undefined;
  #made = 0;
  #replies = 0;
  #words: string[] = [];

  constructor(options: FakeDialogueOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.capabilities = {
      textOutput: true,
      forcesTools: true,
      aside: true,
      heard: 'exact',
      wants: 'frames',
      ...options.capabilities,
    };
  }

  /** One that can do little: no tools, nothing beside the conversation, its words come after its voice. */
  static weak(options: FakeDialogueOptions = {}): FakeDialogue {
    const { interviewer = wellBehaved } = options;
    return new FakeDialogue({
      lateTextMs: 50,
      ...options,
      interviewer: (prompt) => ({ ...interviewer(prompt), calls: [] }),
      capabilities: {
        textOutput: false,
        forcesTools: false,
        aside: false,
        heard: 'estimate',
        ...options.capabilities,
      },
    });
  }

  get status(): DialogueStatus {
    return this.#status;
  }

  open(options: OpenOptions): Promise<void> {
    if (options.signal?.aborted) return Promise.reject(options.signal.reason as Error);
    this.#open = options;
    this.#become('open');
    return Promise.resolve();
  }

  say(options: SayOptions): ReplyTicket {
    if (options.whenBusy === 'skip' && this.#holds.size > 0)
      return { id: `reply-${++this.#made}`, outcome: Promise.resolve({ status: 'skipped' }) };
    return this.#ticket((id) => this.#reply(id, options));
  }

  inject(): void {
    // The scripted interviewer reads nothing but guidance.
  }

  async interrupt(by: 'participant' | 'host'): Promise<void> {
    if (this.#speaking) {
      const { id, sinceMs, cut } = this.#speaking;
      const generatedMs = this.#options.speechMs ?? 0;
      const heardMs = Math.min(generatedMs, this.#clock.now() - sinceMs);
      this.#change({ type: 'interrupted', id, by, heardMs, generatedMs, at: this.#clock.now() });
      cut.abort(heardMs / generatedMs);
    }
    await Promise.resolve();
  }

  beginTurn(): void {
    this.events.emit('hearing', { isHearing: true });
    void this.interrupt('participant');
  }

  hear(): void {
    // What the participant says is told by `hearNext`.
  }

  /** The words of the next turn that is committed. Without any it is one that nobody understood. */
  hearNext(words: string): void {
    this.#words.push(words);
  }

  commitTurn(): ReplyTicket {
    this.events.emit('hearing', { isHearing: false });
    return this.#answered(this.#words.shift() ?? '', 'voice');
  }

  discardTurn(): void {
    this.events.emit('hearing', { isHearing: false });
  }

  /** Something was heard that had no words: it silenced the interviewer, and never was a turn. */
  cough(): void {
    const id = `${this.#options.idPrefix ?? ''}participant-${++this.#made}`;
    this.#change({ type: 'began', id, speaker: 'participant', medium: 'voice', at: this.#clock.now() });
    this.events.emit('hearing', { isHearing: true });
    void this.interrupt('participant');
    this.#clock.setTimeout(() => {
      this.events.emit('hearing', { isHearing: false });
      this.#change({ type: 'removed', id });
    }, COUGH_MS);
  }

  sendText(text: string): ReplyTicket {
    return this.#answered(text, 'text');
  }

  /** It speaks although nobody asked for it. */
  speakUnasked(text: string): void {
    void this.#ticket(() => this.#speak({ text }));
  }

  answer(callId: string, output: string, options: { readonly andContinue: boolean }): void {
    this.#answers.get(callId)?.({ output, andContinue: options.andContinue });
    this.#answers.delete(callId);
  }

  async runAside(options: AsideOptions): Promise<string> {
    options.signal?.throwIfAborted();
    if (!this.capabilities.aside || !this.#options.aside)
      throw new InterviewError('provider-error', 'No aside');
    return this.#options.aside(options);
  }

  setMode(): void {
    // Every mode is the same to a script.
  }

  hold(): () => void {
    const hold = Symbol('hold');
    this.#holds.add(hold);
    return () => {
      this.#holds.delete(hold);
      if (this.#holds.size === 0) for (const go of this.#letGo.splice(0)) go();
    };
  }

  close(): Promise<void> {
    this.#lifetime.abort(new DOMException('Closed', 'AbortError'));
    this.#holds.clear();
    for (const go of this.#letGo.splice(0)) go();
    this.#become('closed');
    return Promise.resolve();
  }

  #become(status: DialogueStatus): void {
    const previous = this.#status;
    if (status === previous) return;
    this.#status = status;
    this.events.emit('status', { status, previous });
  }

  #change(change: DialogueEvents['change']): void {
    this.events.emit('change', change);
  }

  /** One reply after the other, none while it is held back. */
  #ticket(work: (id: string) => Promise<ReplyOutcome>): ReplyTicket {
    const id = `reply-${++this.#made}`;
    const outcome = this.#work.then(async (): Promise<ReplyOutcome> => {
      while (this.#holds.size > 0) await new Promise<void>((resolve) => this.#letGo.push(resolve));
      if (this.#lifetime.signal.aborted) return { status: 'aborted' };
      this.events.emit('thinking', { isThinking: true });
      try {
        return await work(id);
      } finally {
        this.events.emit('thinking', { isThinking: false });
      }
    });
    this.#work = outcome;
    return { id, outcome };
  }

  #answered(text: string, medium: 'voice' | 'text'): ReplyTicket {
    const id = `${this.#options.idPrefix ?? ''}participant-${++this.#made}`;
    const at = this.#clock.now();
    this.#answer = text;
    this.#change({ type: 'began', id, speaker: 'participant', medium, at });
    if (text === '') this.#change({ type: 'failed', id, at });
    else this.#change({ type: 'final', id, text, at });
    this.events.emit('heard', { turnId: id });
    return this.#ticket(async () => {
      await this.#open?.beforeReply(id);
      return this.#reply(id, { reason: 'continue' });
    });
  }

  async #reply(
    id: string,
    { guidance = this.#open?.guidance, forceTool }: SayOptions,
  ): Promise<ReplyOutcome> {
    this.#guidance = guidance?.() ?? this.#guidance;
    if (forceTool === undefined) return this.#speak(this.#script(), id);
    return this.#speak({ calls: [{ name: forceTool, arguments: {} }] }, id);
  }

  #script(): FakeReply {
    const { make = 'one', moves = [], assess = false } = readGuidance(this.#guidance);
    const { interviewer = wellBehaved } = this.#options;
    const answer = this.#answer;
    this.#answer = undefined;
    return interviewer({ guidance: this.#guidance, make, moves, assess, answer, count: this.#replies++ });
  }

  async #speak(
    { text, calls = [], heardShare = 1, fails }: FakeReply,
    replyId = 'unasked',
  ): Promise<ReplyOutcome> {
    if (fails) return { status: fails, error: new InterviewError('provider-error', 'As the script says') };
    const id = text === undefined ? undefined : `${this.#options.idPrefix ?? ''}interviewer-${++this.#made}`;
    const { lateTextMs } = this.#options;
    const tell = (): void => {
      if (id !== undefined && text !== undefined)
        this.#change({ type: 'final', id, text, at: this.#clock.now() });
    };
    if (id !== undefined) {
      this.#change({ type: 'began', id, speaker: 'interviewer', medium: 'voice', at: this.#clock.now() });
      if (lateTextMs === undefined) tell();
    }
    const goOn = this.#call(calls, { replyId, turnId: id });
    if (id !== undefined) await this.#sound(id, { text: lateTextMs === undefined ? text : '', heardShare });
    if (lateTextMs !== undefined) this.#clock.setTimeout(tell, lateTextMs);
    if (!(await goOn)) return { status: 'completed' };
    this.#guidance = this.#open?.guidance() ?? this.#guidance;
    return this.#speak(this.#script(), replyId);
  }

  /** @returns whether the reply goes on once all calls are answered */
  async #call(
    calls: NonNullable<FakeReply['calls']>,
    { replyId, turnId }: { replyId: string; turnId: string | undefined },
  ): Promise<boolean> {
    if (calls.length === 0) return false;
    const made = calls.map((call, at) => ({
      callId: `${replyId}-call-${++this.#made}-${at}`,
      name: call.name,
      arguments: call.arguments ?? {},
    }));
    const answered = made.map(
      ({ callId }) =>
        new Promise<{ output: string; andContinue: boolean }>((resolve) =>
          this.#answers.set(callId, resolve),
        ),
    );
    this.events.emit('calls', {
      calls: made,
      spoke: turnId !== undefined,
      ...(turnId !== undefined && { turnId }),
    });
    const answers = await Promise.all(answered);
    for (const { output } of answers) if (readGuidance(output).moves) this.#guidance = output;
    return answers.some(({ andContinue }) => andContinue);
  }

  /** The turn sounds for as long as turns do here, or until it is cut short. */
  async #sound(
    id: string,
    { text = '', heardShare }: { text?: string | undefined; heardShare: number },
  ): Promise<void> {
    const { speechMs = 0 } = this.#options;
    let share = heardShare;
    if (speechMs > 0) {
      const cut = new AbortController();
      this.#speaking = { id, sinceMs: this.#clock.now(), cut };
      try {
        await delay(this.#clock, speechMs, { signal: cut.signal });
      } catch {
        // Nothing else ends the wait early.
        share = cut.signal.reason as number;
      }
      this.#speaking = undefined;
    }
    this.events.emit('speech-end', { turnId: id });
    this.events.emit('spoken', { turnId: id, text, heardShare: share });
  }
}

interface ReadGuidance {
  readonly make?: 'one' | 'all';
  readonly moves?: readonly FakeMove[];
  readonly assess?: boolean;
}

/** The JSON block of a guidance; nothing where there is none. */
function readGuidance(text: string | undefined): ReadGuidance {
  const block = /```json\n([^]*?)\n```/.exec(text ?? '')?.[1];
  // Our own engine wrote it: a broken block should fail the test that uses this.
  return block === undefined ? {} : (JSON.parse(block) as ReadGuidance);
}
