/**
 * The interview's own course: what is to be asked, what was, and what comes next. It listens to the dialogue and drives it; the
 * rules are in `progress.ts` and `moves.ts`. It knows neither sound nor screen nor storage.
 */
import type { Clock } from '../async/clock.js';
import { Emitter } from '../async/emitter.js';
import { unreachable } from '../async/state-table.js';
import type { Dialogue, DialogueEvents, SayOptions, ToolDefinition } from '../dialogue/dialogue.js';
import type { InterviewError } from '../errors.js';
import type { Assessment } from './assessment-types.js';
import type { Assess } from './assessment.js';
import { Closing } from './closing.js';
import type { Coverage } from './coverage.js';
import { coverageOf } from './coverage-of.js';
import type { EndReason } from './end-reason.js';
import type { LocalGuide } from './guide.js';
import { guidanceText, sessionInstructions } from './instructions.js';
import { movesOf, nudge, type Circumstances, type Moves } from './moves.js';
import { Nudge } from './nudge.js';
import type { Progress } from './progress-state.js';
import { progressOf, questionOf } from './progress.js';
import { Prompter } from './prompter.js';
import { situationOf } from './situation.js';
import { wishesToSkip } from './skip-wish.js';
import { ToolAnswers } from './tool-answers.js';
import { ownTools, type InterviewTool } from './tools.js';
import { TurnMarker, type MarkableTranscript } from './turn-marker.js';

export interface InterviewOptions {
  readonly guide: LocalGuide;
  readonly dialogue: Dialogue;
  readonly transcript: MarkableTranscript;
  readonly clock: Clock;
  /** Since the interview first became live; what a reload does not set back. */
  readonly elapsedMs: () => number;
  /** Decides what is left to chance; the interview's id. */
  readonly seed: string;
  readonly tools?: readonly InterviewTool[];
  /** Takes the place of the assessment by the model. */
  readonly assess?: Assess;
  /** One that was made before a reload: it is not made again. */
  readonly assessment?: Assessment;
}

export interface InterviewEvents {
  coverage: Coverage;
  assessment: Assessment;
  /** The closing was heard. `participant`: they asked to stop. */
  end: { readonly reason: EndReason };
  error: InterviewError;
}

/** How long a turn that was heard waits for its words. */
const LATE_TEXT_MS = 3000;
/** How long after a pause or a result somebody else may begin to speak. */
const SHORTLY_MS = 2000;
/** How soon the interviewer takes up again what a noise cut short. */
const TAKE_UP_MS = 700;
/** Whoever cuts in while no more than this was heard has only gone on with what they were saying. */
const JUST_BEGUN_MS = 1500;
/** So often in a row a turn that was cut short is as if it had not been said; after that it counts as a vain attempt. */
const MOST_RETRACTED = { forWords: 1, forNoise: 3 };
const NUDGE_SECONDS = 30;
/** No turn sounds longer than this. */
const HEARD_MS = 120_000;

export class Interview {
  readonly events = new Emitter<InterviewEvents>();
  /** With the time that is left by what may be spent. */
  #limited: LocalGuide;
  /** The participant is at the keyboard: silence is not a sign of anything. */
  isTyping = false;
  readonly #options: InterviewOptions;
  readonly #marker: TurnMarker;
  readonly #prompter: Prompter;
  readonly #closing: Closing;
  readonly #nudge: Nudge;
  readonly #tools: ToolAnswers;
  readonly #lifetime = new AbortController();
  readonly #timers = new Set<unknown>();
  #number = 0;
  /** The next turn takes the interview up again after a reload or a pause. */
  #isResuming = false;
  /** Guidance was just given as the output of a tool, and the reply to it is on its way. */
  #isGuided = false;
  #hasEnded = false;
  #isStopped = false;
  /** What the participant cut in on, until it is known what they said. */
  #cut: { readonly id: string; readonly heardMs: number } | undefined;
  #retracted = 0;
  /** The turn that asks after a long silence: on its way, or its id. */
  #nudging: string | true | undefined;
  #summary: Circumstances['summary'] = 'none';
  #told = '';

  constructor(options: InterviewOptions) {
    const { guide, dialogue, transcript, clock, elapsedMs } = options;
    this.#options = options;
    this.#limited = guide;
    this.#marker = new TurnMarker(guide, transcript);
    const onError = (error: InterviewError): void => {
      this.events.emit('error', error);
    };
    this.#prompter = new Prompter({
      dialogue,
      clock,
      isDue: () => !this.#hasEnded && this.#progress().awaits === 'interviewer',
      options: (tries) => this.#prompt(tries),
      onError,
    });
    this.#closing = new Closing({
      guide,
      dialogue,
      clock,
      elapsedMs,
      assess: options.assess,
      known: options.assessment,
      turns: () => transcript.turns,
      onError,
      onRelease: () => {
        if (!this.#hasEnded) this.#prompter.watch(SHORTLY_MS);
      },
      onResult: (assessment) => {
        this.events.emit('assessment', assessment);
      },
    });
    this.#nudge = new Nudge({
      dialogue,
      clock,
      afterMs: (guide.time?.nudgeSeconds ?? NUDGE_SECONDS) * 1000,
      isDue: () =>
        !this.#hasEnded &&
        !this.isTyping &&
        dialogue.status === 'open' &&
        this.#prompter.isQuiet &&
        this.#progress().awaits === 'participant',
      guidance: () => {
        this.#nudging = true;
        return this.#guide(nudge);
      },
    });
    const { signal } = this.#lifetime;
    this.#tools = new ToolAnswers({
      dialogue,
      clock,
      signal,
      elapsedMs,
      tools: options.tools ?? [],
      progress: () => this.#progress(),
      guidance: () => this.#guidance(),
      declare: (moveId, turnId) => {
        if (moveId !== 'nudge') this.#marker.declare(moveId, turnId);
      },
      markAnswer: (act) => {
        this.#markAnswer(act);
      },
      assess: () => this.#closing.assess(this.#progress()),
    });
    const listen: typeof dialogue.events.on = (type, listener) =>
      dialogue.events.on(type, listener, { signal });
    listen('change', (change) => {
      this.#onChange(change);
    });
    listen('spoken', (spoken) => {
      this.#onSpoken(spoken);
    });
    listen('heard', ({ turnId }) => {
      this.#onHeard(turnId);
    });
    listen('calls', (calls) => {
      this.#isGuided = this.#tools.answer(calls);
      this.#tell();
    });
  }

  /** For the model, the same for the whole interview. */
  get instructions(): string {
    return sessionInstructions(this.#options.guide);
  }

  get toolDefinitions(): readonly ToolDefinition[] {
    const { guide, tools = [] } = this.#options;
    return [
      ...ownTools(guide),
      ...tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    ];
  }

  get coverage(): Coverage {
    return coverageOf(this.#progress(), this.#options.elapsedMs());
  }

  get assessment(): Assessment | undefined {
    return this.#closing.result;
  }

  /** For the reply that is being asked for right now; the dialogue asks at the moment of sending. */
  guidance(): string | undefined {
    if (this.#isGuided) {
      this.#isGuided = false;
      return undefined;
    }
    return this.#guidance();
  }

  /** Lets the interviewer open the interview, or take it up where it was left. Once the dialogue is open. */
  begin(): void {
    const { guide, elapsedMs, transcript } = this.#options;
    const { maxMinutes } = guide.time ?? {};
    if (maxMinutes !== undefined) {
      this.#later(Math.max(0, maxMinutes * 60_000 - elapsedMs()), () => {
        this.#onTimeUp();
      });
    }
    const progress = this.#progress();
    this.#tell();
    if (progress.ended) {
      this.#end(progress.ended);
      return;
    }
    this.#isResuming = transcript.turns.some(
      ({ act, speaker }) => speaker === 'interviewer' && act !== undefined,
    );
    this.#prompter.speak();
  }

  /** After a pause: goes on with the question that is open. */
  resume(): void {
    if (this.#hasEnded) return;
    this.#isResuming = true;
    this.#nudge.wait();
    const last = this.#options.transcript.turns.at(-1);
    // An answer may still have its reply waiting.
    if (last?.speaker === 'participant') this.#prompter.watch(SHORTLY_MS);
    else this.#prompter.speak();
  }

  /** From then on, on the interview's clock, only the closing is left, as when the time is up. */
  limit(sinceMs: number): void {
    const { time } = this.#limited;
    const maxMinutes = Math.min(time?.maxMinutes ?? Infinity, sinceMs / 60_000);
    this.#limited = { ...this.#limited, time: { ...time, maxMinutes } };
    this.#marker.limit(this.#limited);
  }

  /** Nothing more may be asked of the model: it is over once what is being said has been heard. */
  stop(): void {
    this.#isStopped = true;
    this.#closing.close();
    const end = (): void => {
      this.#end(this.#progress().ended ?? 'time');
    };
    if (this.#prompter.isSpeaking) this.#later(HEARD_MS, end);
    else end();
  }

  /** Lets go of the dialogue. Nothing is said, told or marked from here on. Closing twice is quiet. */
  close(): void {
    this.#hasEnded = true;
    this.#lifetime.abort(new DOMException('The interview is over', 'AbortError'));
    for (const timer of this.#timers) this.#options.clock.clearTimeout(timer);
    this.#prompter.close();
    this.#nudge.close();
    this.#closing.close();
  }

  #progress(): Progress {
    return progressOf(this.#limited, this.#options.transcript.turns);
  }

  #moves(progress: Progress): Moves {
    const moves = movesOf(progress, { elapsedMs: this.#options.elapsedMs(), summary: this.#closing.summary });
    // What was asked and not yet answered is asked again; a probe of it has lost its moment.
    const open = this.#isResuming && progress.awaits === 'participant' && progress.currentId;
    const repeat = moves.moves.filter(({ act }) => act === 'repeat');
    return open && repeat.length > 0 ? { make: 'one', moves: repeat } : moves;
  }

  #guidance(): string | undefined {
    if (this.#hasEnded) return undefined;
    this.#marker.settle();
    this.#nudging = undefined;
    return this.#guide(this.#moves(this.#progress()));
  }

  #guide(moves: Moves): string | undefined {
    if (moves.moves.length === 0) return undefined;
    const { guide, elapsedMs } = this.#options;
    const progress = this.#progress();
    this.#summary = this.#closing.summary;
    this.#number += 1;
    return guidanceText(
      {
        number: this.#number,
        language: guide.language,
        situation: situationOf(progress, moves, { elapsedMs: elapsedMs(), isResumed: this.#isResuming }),
        assess: moves !== nudge && this.#closing.mayAssess(progress),
      },
      moves,
    );
  }

  /** How the engine asks for a turn of its own. */
  #prompt(tries: number): SayOptions {
    const { dialogue, transcript } = this.#options;
    const guidance = (): string | undefined => this.#guidance();
    if (!transcript.turns.some(({ speaker }) => speaker === 'interviewer')) {
      return tries === 0 && dialogue.capabilities.forcesTools
        ? { reason: 'opening', forceTool: 'interview_guidance', guidance: () => undefined }
        : { reason: 'opening', guidance };
    }
    const [first] = this.#moves(this.#progress()).moves;
    const isAssessment = first?.act === 'summary' && first.say !== undefined;
    return { reason: isAssessment ? 'assessment' : 'continue', guidance };
  }

  #onChange(change: DialogueEvents['change']): void {
    switch (change.type) {
      case 'began':
        if (change.speaker !== 'interviewer') return;
        this.#cut = undefined;
        if (this.#nudging === true) this.#nudging = change.id;
        else this.#marker.begin(change.id, this.#summary);
        return;
      case 'text':
        this.#marker.setText(change.id, change.text, { isFinal: false });
        return;
      case 'final':
        if (this.#marker.knows(change.id)) this.#marker.setText(change.id, change.text, { isFinal: true });
        else if (change.id !== this.#nudging && wishesToSkip(change.text))
          this.#options.transcript.mark(change.id, { act: 'skip' });
        this.#tell();
        return;
      case 'removed':
        if (this.#marker.knows(change.id) || change.id === this.#nudging) {
          this.#marker.forget(change.id);
          this.#prompter.watch();
          return;
        }
        // The participant said nothing after all: what was cut short for it is said again.
        this.#retractCut(MOST_RETRACTED.forNoise);
        this.#prompter.watch(TAKE_UP_MS);
        return;
      case 'interrupted':
        if (change.by === 'participant') this.#cut = change;
        return;
      case 'failed':
      case 'linked':
      case 'ended':
      case 'sounded':
        return;
      default:
        unreachable(change);
    }
  }

  #onSpoken({ turnId, text, heardShare }: DialogueEvents['spoken']): void {
    if (turnId === this.#nudging) {
      this.#options.transcript.mark(turnId, { act: 'nudge' });
      return;
    }
    this.#marker.begin(turnId, this.#summary);
    this.#marker.setText(turnId, text, { isFinal: false });
    this.#isResuming = false;
    this.#isGuided = false;
    if (heardShare === 1) this.#retracted = 0;
    this.#prompter.settle();
    if (this.#marker.spoken(turnId, heardShare)) {
      this.#afterTurn();
      return;
    }
    this.#later(LATE_TEXT_MS, () => {
      this.#marker.settle();
      this.#afterTurn();
    });
  }

  #afterTurn(): void {
    const progress = this.#progress();
    this.#tell();
    const ended = progress.ended ?? (this.#isStopped ? 'time' : undefined);
    if (ended) {
      this.#end(ended);
      return;
    }
    this.#closing.prepare(progress);
    if (progress.awaits !== 'interviewer') return;
    const last = this.#options.transcript.turns.at(-1);
    const isOthersTurn = last?.speaker === 'participant' || last?.interruptedBy === 'participant';
    // After words of its own choosing the participant may well be speaking; after a line that was lost nobody will.
    if (isOthersTurn || progress.strays > 0 || this.#prompter.isSpeaking) this.#prompter.watch();
    else this.#prompter.speak();
  }

  #onHeard(turnId: string): void {
    const { transcript } = this.#options;
    this.#isGuided = false;
    this.#prompter.settle();
    this.#marker.settle();
    const cut = this.#cut;
    if (cut && cut.heardMs < JUST_BEGUN_MS) {
      const before = transcript.turns.findIndex(({ id }) => id === cut.id) - 1;
      if (transcript.turns[before]?.speaker === 'participant') this.#retractCut(MOST_RETRACTED.forWords);
    }
    this.#cut = undefined;
    const progress = this.#progress();
    const current = questionOf(progress, progress.currentId)?.question;
    const known = transcript.turns.find(({ id }) => id === turnId);
    transcript.mark(turnId, {
      ...(!known?.act && { act: 'answer' }),
      ...(current && { sectionId: current.sectionId, questionId: current.id }),
    });
    this.#tell();
    this.#closing.prepare(this.#progress());
    this.#prompter.watch();
  }

  #retractCut(most: number): void {
    if (this.#cut && this.#retracted++ < most) this.#marker.retract(this.#cut.id);
    this.#cut = undefined;
  }

  #onTimeUp(): void {
    this.#tell();
    const progress = this.#progress();
    this.#closing.prepare(progress);
    if (progress.awaits === 'participant' && this.#prompter.isQuiet) this.#prompter.speak();
  }

  /** What the participant's last turn was, by what the model made of it. */
  #markAnswer(act: 'skip' | 'stop'): void {
    const { transcript } = this.#options;
    const last = transcript.turns.findLast(({ speaker }) => speaker === 'participant');
    if (last) transcript.mark(last.id, { act });
  }

  #end(reason: EndReason): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#prompter.settle();
    this.#closing.afterwards(() => {
      if (!this.#lifetime.signal.aborted) this.events.emit('end', { reason });
    });
  }

  /** Tells how far the interview has come, if that is news. */
  #tell(): void {
    const { coverage } = this;
    const told = JSON.stringify(coverage);
    if (told === this.#told) return;
    this.#told = told;
    this.events.emit('coverage', coverage);
  }

  #later(ms: number, fn: () => void): void {
    const timer = this.#options.clock.setTimeout(() => {
      this.#timers.delete(timer);
      fn();
    }, ms);
    this.#timers.add(timer);
  }
}
