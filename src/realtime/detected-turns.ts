import type { Clock } from '../async/clock.js';
import type { Emitter } from '../async/emitter.js';
import type { DialogueEvents } from '../dialogue/dialogue.js';
import { isEcho } from '../dialogue/echo.js';
import { isUnfinished, pauseMs, type AnswerSoFar } from '../dialogue/patience.js';
import type { Replies } from './replies.js';
import type { SessionSettings } from './session-settings.js';
import type { Transcriptions } from './transcriptions.js';
import type { TurnLedger } from './turn-ledger.js';
import type { Wire } from './wire.js';

/** Nobody speaks so long without a pause: the server has lost the end of it. */
const ENDLESS_MS = 120_000;
/** What interrupts and is shorter may have been a cough: its words are waited for… */
const DOUBTFUL_MS = 1500;
/** …but not longer than this. */
const WORDS_MS = 2000;
/** So long may be what has no words: a fit of coughing, a door. Of more than this the words were lost. */
const NOISE_MS = 3000;
/** So long may be what the transcriber failed at and nobody misses. */
const CLICK_MS = 400;
/** For somebody who is still thinking, beyond the pause that ended their turn. */
const THOUGHT_MS = 2500;

interface Speech {
  readonly startedAt: number;
  stoppedAt?: number;
  /** What the interviewer was saying, or about to say, when this cut in; undefined: nobody was interrupted. */
  readonly interrupted: string | undefined;
  readonly timer?: unknown;
}

interface Asked {
  readonly spokenMs: number;
  readonly interrupted: string | undefined;
  readonly asking: AbortController;
  /** It is an answer, with words or without knowing them. */
  readonly confirm: () => void;
  readonly timer?: unknown;
}

export interface DetectedTurnsOptions {
  readonly clock: Clock;
  readonly events: Emitter<DialogueEvents>;
  readonly wire: Wire;
  readonly ledger: TurnLedger;
  readonly settings: Pick<SessionSettings, 'pauseMs' | 'waitFor'>;
  readonly replies: Replies;
  readonly transcriptions: Pick<Transcriptions, 'expect'>;
  readonly beforeReply: (turnId: string) => Promise<void>;
  /** What the interviewer is saying or about to say; undefined while nobody is to be interrupted. */
  readonly interrupted: () => string | undefined;
  /** Whether any of the reply under way was heard. */
  readonly isReplyHeard: () => boolean;
  /** Takes the reply under way back, as if it had never been asked for. */
  readonly withdrawReply: () => void;
  /** The server does not come to the end of this turn. */
  readonly onEndless: (turnId: string) => void;
}

/**
 * Turns whose speech the server detects: from the first sign of a voice until its words are known. Each is answered once; one that
 * goes on after the server took it to be over is answered together with what follows; one without words that cut in never was.
 */
export class DetectedTurns {
  readonly #options: DetectedTurnsOptions;
  /** Not taken in yet. */
  readonly #open = new Map<string, Speech>();
  /** Taken in; their words are on their way. */
  readonly #asked = new Map<string, Asked>();
  /** Replies that are asked for and not settled. */
  readonly #asking = new Set<AbortController>();
  #answer: AnswerSoFar = { words: '', spokenMs: 0 };
  /** The interviewer has replied to it. */
  #isAnswered = false;
  #thought: unknown;

  constructor(options: DetectedTurnsOptions) {
    this.#options = options;
    options.events.on('thinking', ({ isThinking }) => {
      if (isThinking) this.#endThought();
    });
    options.events.on('spoken', ({ heardShare }) => {
      this.#isAnswered ||= heardShare >= 0.5;
    });
  }

  get open(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** To be called before the interviewer is silenced for it. */
  started(turnId: string): void {
    const { clock, interrupted, onEndless } = this.#options;
    const timer = clock.setTimeout(() => {
      this.leave(turnId);
      onEndless(turnId);
    }, ENDLESS_MS);
    const thoughtAloud = this.#thought === undefined ? undefined : '';
    this.#open.set(turnId, { startedAt: clock.now(), interrupted: interrupted() ?? thoughtAloud, timer });
    this.#endThought();
  }

  stopped(turnId: string): void {
    const speech = this.#open.get(turnId);
    if (speech) speech.stoppedAt = this.#options.clock.now();
  }

  /** @returns whether it was being spoken */
  leave(turnId: string): boolean {
    this.#options.clock.clearTimeout(this.#open.get(turnId)?.timer);
    return this.#open.delete(turnId);
  }

  /** The server took it in. A turn of which nobody told that it began is one all the same. */
  taken(turnId: string): void {
    const { clock, settings, transcriptions, beforeReply, events } = this.#options;
    const speech = this.#open.get(turnId) ?? { startedAt: clock.now(), interrupted: undefined };
    this.leave(turnId);
    // Whatever was asked for before is answered with this.
    for (const earlier of this.#asking) earlier.abort();
    const { interrupted, startedAt, stoppedAt = clock.now() } = speech;
    const spokenMs = Math.max(0, stoppedAt - startedAt - settings.pauseMs);
    const asking = new AbortController();
    const isDoubtful = interrupted !== undefined && spokenMs < DOUBTFUL_MS;
    const asked = new Promise<void>((resolve) => {
      const confirm = (): void => {
        if (isDoubtful && !asking.signal.aborted) events.emit('heard', { turnId });
        resolve();
      };
      const timer = isDoubtful ? clock.setTimeout(confirm, WORDS_MS) : undefined;
      this.#asked.set(turnId, { spokenMs, interrupted, asking, confirm, timer });
    });
    transcriptions.expect(turnId);
    if (!isDoubtful) events.emit('heard', { turnId });
    this.#ask(
      asking,
      (isDoubtful ? asked : Promise.resolve()).then(() => beforeReply(turnId)),
    );
    this.#tune();
  }

  /** What the transcriber made of it. @returns whether it was anything at all */
  worded(turnId: string, words: string | undefined): boolean {
    const { clock, isReplyHeard, withdrawReply, beforeReply } = this.#options;
    const asked = this.#asked.get(turnId);
    if (!asked) return true;
    const { spokenMs, asking, confirm, timer } = asked;
    this.#asked.delete(turnId);
    clock.clearTimeout(timer);
    const isCut = !isReplyHeard();
    if (isCut && isNothing(asked, words)) {
      this.#forget(turnId, words);
      asking.abort();
      withdrawReply();
      confirm();
      return false;
    }
    confirm();
    if (!words) return true;
    const before = this.#isAnswered ? { words: '', spokenMs: 0 } : this.#answer;
    this.#answer = { words: `${before.words} ${words}`, spokenMs: before.spokenMs + spokenMs };
    this.#isAnswered = false;
    this.#tune();
    if (isCut && isUnfinished(words) && this.#open.size === 0 && this.#asked.size === 0) {
      asking.abort();
      withdrawReply();
      this.#thought = clock.setTimeout(() => {
        this.#thought = undefined;
        this.#ask(new AbortController(), beforeReply(turnId));
      }, THOUGHT_MS);
    }
    return true;
  }

  /** Nothing comes of what is under way. */
  reset(): void {
    for (const turnId of this.open) this.leave(turnId);
    for (const { confirm, timer } of this.#asked.values()) {
      this.#options.clock.clearTimeout(timer);
      confirm();
    }
    this.#asked.clear();
    this.#endThought();
  }

  #ask(asking: AbortController, after: Promise<void>): void {
    this.#asking.add(asking);
    const { outcome } = this.#options.replies.ask({
      reason: 'participant',
      after: after.then(() => true),
      signal: asking.signal,
    });
    void outcome.then(() => this.#asking.delete(asking));
  }

  /** While nobody speaks: a change in mid-turn could cost the turn. */
  #tune(): void {
    if (this.#open.size === 0) this.#options.settings.waitFor(pauseMs(this.#answer));
  }

  #endThought(): void {
    this.#options.clock.clearTimeout(this.#thought);
    this.#thought = undefined;
  }

  /** The participant said nothing, and the model is to think so too. */
  #forget(turnId: string, words: string | undefined): void {
    const { wire, ledger, events } = this.#options;
    const itemId = ledger.itemOf(turnId);
    if (itemId !== undefined)
      wire.tell({ type: 'conversation.item.delete', item_id: itemId }, () => undefined);
    ledger.remove(turnId);
    if (words) events.emit('echo', { turnId });
  }
}

/** Only of what cut in: an answer that was not understood stays, and is asked for again. */
function isNothing({ interrupted, spokenMs }: Asked, words: string | undefined): boolean {
  if (interrupted === undefined) return false;
  if (words === undefined) return spokenMs < CLICK_MS;
  return words === '' ? spokenMs < NOISE_MS : isEcho(words, interrupted);
}
