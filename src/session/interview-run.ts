/**
 * One run of an interview, from its connection to its end: the dialogue, the interview's course and the transcript, joined. A
 * session has one at a time; after a failure the next one goes on where this one was.
 */
import type { Clock } from '../async/clock.js';
import { Emitter } from '../async/emitter.js';
import type { Dialogue, DialogueStatus, HistoryTurn, Mode, Output } from '../dialogue/dialogue.js';
import type { Floor } from '../dialogue/floor.js';
import { InterviewError } from '../errors.js';
import { Interview } from '../interview/interview.js';
import { storedAssessment } from '../interview/stored-assessment.js';
import type { SessionArchive } from './session-archive.js';
import { realtimeDialogue } from './session-dialogue.js';
import {
  AssessmentEvent,
  CoverageEvent,
  InterviewErrorEvent,
  RetryEvent,
  TextReturnedEvent,
  TurnEvent,
} from './session-events.js';
import { fallSilent, hearParticipant } from './hear-participant.js';
import { onHiddenPage } from './on-hidden-page.js';
import { deliver, followFloor, playSpeech, recordTurns, undoAll } from './joins.js';
import { lastWords } from './last-words.js';
import { Outages, withoutOutages } from './outages.js';
import type { ConsentRecord, EndReason, InterviewSessionOptions } from './session-options.js';
import { Pause } from './pause.js';
import type { SessionSound } from './session-sound.js';
import { TalkButton } from './talk-button.js';
import type { SessionUsage } from './session-usage.js';
import { UsageMeter } from './usage-meter.js';
import type { Delivery } from '../transcript/delivery.js';
import { InterviewClock } from '../transcript/interview-clock.js';
import { Transcript } from '../transcript/transcript.js';
import type { InterviewRecord, TranscriptStore } from '../transcript/transcript-store.js';

export { loadRealtime } from './session-dialogue.js';

export interface RunEvents {
  /** Something for the page, ready to be dispatched. */
  dispatch: Event;
  floor: Floor;
  connection: DialogueStatus;
  /** The interview came to its own end. */
  end: EndReason;
  /** The connection is gone for good. */
  lost: InterviewError;
}

export interface RunOptions {
  readonly options: InterviewSessionOptions;
  readonly archive: SessionArchive;
  readonly clock: Clock;
  readonly sound: SessionSound;
  readonly mode: Mode;
  readonly consent: ConsentRecord | undefined;
  /** Whether an unfinished interview goes on; else it is erased. */
  readonly restore: boolean;
  /** Where the host wants the transcript. */
  readonly delivery: Promise<Delivery> | undefined;
  /** Calls off its making. */
  readonly signal: AbortSignal;
}

export class InterviewRun {
  readonly events = new Emitter<RunEvents>();
  readonly dialogue: Dialogue;
  readonly interview: Interview;
  readonly transcript: Transcript;
  readonly talk: TalkButton;
  readonly #usage: UsageMeter;
  readonly #parts: RunOptions;
  readonly #time: InterviewClock;
  readonly #outages: Outages;
  readonly #pause: Pause;
  readonly #undo: () => void;
  #storage: TranscriptStore['kind'];
  #mode: Mode;
  #output: Output = 'voice';
  #isTyping = false;
  #lastError: InterviewError | undefined;
  #isClosing = false;

  /** Reads what is stored of the interview, or erases it, and joins the parts. Nothing is connected yet. */
  static async create(parts: RunOptions): Promise<InterviewRun> {
    const { archive, restore, signal } = parts;
    const stored = await archive.load();
    signal.throwIfAborted();
    const goesOn = restore && stored?.record.status === 'unfinished';
    if (!goesOn) await archive.erase({ keepOutbox: true });
    const dialogue = parts.options.dialogue ?? (await realtimeDialogue(parts));
    return new InterviewRun(parts, dialogue, goesOn ? stored : undefined);
  }

  private constructor(
    parts: RunOptions,
    dialogue: Dialogue,
    stored: Awaited<ReturnType<SessionArchive['load']>>,
  ) {
    const { options, archive, clock, sound } = parts;
    const { guide, interviewId, store } = archive;
    this.#parts = parts;
    this.#mode = parts.mode;
    this.#storage = store.kind;
    this.#time = new InterviewClock({
      clock,
      wallNow: Date.now,
      originEpochMs: stored?.record.originEpochMs,
      atLeastMs: Math.max(0, ...(stored?.turns ?? []).map((turn) => turn.endedAtMs ?? turn.startedAtMs)),
    });
    this.transcript = new Transcript({
      store,
      clock,
      record: { ...(stored?.record ?? newRecord(parts)), ...(parts.consent && { consent: parts.consent }) },
      turns: stored?.turns ?? [],
    });
    this.#outages = new Outages(this.transcript);
    this.dialogue = dialogue;
    this.#pause = new Pause(dialogue, clock);
    const assessment = storedAssessment(stored?.record.assessment);
    this.interview = new Interview({
      guide,
      dialogue: this.dialogue,
      transcript: withoutOutages(this.transcript),
      clock,
      elapsedMs: () => this.#time.now(),
      seed: interviewId,
      ...(options.tools && { tools: options.tools }),
      ...(options.assess && { assess: options.assess }),
      ...(assessment && { assessment }),
    });
    this.isTyping = false;
    this.talk = new TalkButton({
      dialogue: this.dialogue,
      clock,
      flush: () => sound.flushMicrophone(),
      preRollMs: options.preRollMs ?? 0,
      isInterviewerHeard: () => sound.level.speaker > 0,
    });
    this.#usage = new UsageMeter({
      dialogue,
      interview: this.interview,
      transcript: this.transcript,
      elapsedMs: () => this.#time.now(),
      prices: options.prices,
      maxUsd: [options.maxCost, guide.cost?.maxUsd],
    });
    this.#undo = this.#join();
  }

  async open({ mode, output, signal }: { mode: Mode; output: Output; signal: AbortSignal }): Promise<void> {
    const { options, archive, sound } = this.#parts;
    this.#output = output;
    const voice = options.voice ?? archive.guide.persona.voice;
    await this.dialogue.open({
      instructions: this.interview.instructions,
      tools: this.interview.toolDefinitions,
      history: this.#history(),
      mode,
      output,
      language: archive.guide.language,
      ...(options.turnDetection && { turnDetection: options.turnDetection }),
      ...(voice !== undefined && { voice }),
      ...(options.model !== undefined && { model: options.model }),
      playback: sound,
      guidance: () => this.interview.guidance(),
      beforeReply: (turnId) => this.transcript.saved(turnId),
      resume: () => {
        this.transcript.seal();
        return this.#history();
      },
      signal,
    });
    this.transcript.update({ originEpochMs: this.#time.start() });
    this.#outages.end(this.#time.now());
  }

  get usage(): SessionUsage {
    return this.#usage.total;
  }

  /** Where what is said is kept at this moment. */
  get storage(): TranscriptStore['kind'] {
    return this.#storage;
  }

  /** The interviewer opens the interview, or takes it up again. */
  begin(): void {
    if (this.#usage.check() !== 'spent') this.interview.begin();
  }

  async pause(): Promise<void> {
    this.talk.discard();
    fallSilent(this.dialogue, this.#mode);
    this.#pause.begin();
    await this.dialogue.interrupt('host');
    await this.transcript.flush();
  }

  /** The pause is about to end: a connection that was given up for it is made again. */
  wake(): void {
    this.#pause.wake();
  }

  resume(): void {
    this.#pause.end();
    this.interview.resume();
  }

  set isTyping(isTyping: boolean) {
    this.#isTyping = isTyping;
    // Whoever answers in writing is at the keyboard also while they think.
    this.interview.isTyping = isTyping || this.#mode === 'text';
  }

  setMode(mode: Mode, output: Output): void {
    this.talk.discard();
    this.#mode = mode;
    this.#output = output;
    this.isTyping = this.#isTyping;
    this.dialogue.setMode(mode, output);
  }

  /** What is being said is not touched. */
  setOutput(output: Output): void {
    if (output === this.#output) return;
    this.#output = output;
    this.dialogue.setMode(this.#mode, output);
  }

  async sendText(text: string): Promise<void> {
    this.#assertOpen();
    const { status } = await this.dialogue.sendText(text).outcome;
    // What the end of the run finds waiting stays in the transcript.
    if (status === 'expired' || status === 'aborted' || (status === 'disconnected' && !this.#isClosing)) {
      this.events.emit('dispatch', new TextReturnedEvent('text-returned', text));
    }
  }

  #assertOpen(): void {
    if (this.#isClosing) throw new InterviewError('invalid-state', 'The session was closed');
  }

  /** Everything that is stored of the interview, as it is now. */
  async stored(): Promise<{ record: InterviewRecord; transcript: Transcript['turns'] }> {
    await this.transcript.flush();
    return { record: this.transcript.record, transcript: this.transcript.turns };
  }

  /** Waits for the words of what was just said, and stores how the interview ended; without a reason it goes on elsewhere. */
  async finish(reason?: EndReason): Promise<void> {
    this.talk.discard();
    this.interview.close();
    await this.dialogue.interrupt('host');
    this.transcript.settle();
    await lastWords(this.transcript, this.#parts.clock);
    if (reason) {
      this.#outages.end(this.#time.now());
      this.transcript.update({ status: 'finished', endReason: reason, endedEpochMs: Date.now() });
    }
    await this.close();
  }

  /** Gives everything back; the interview stays as it is. Closing twice is quiet. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#pause.close();
    this.talk.discard();
    this.interview.close();
    await this.dialogue.close();
    this.transcript.settle();
    this.#undo();
    await this.transcript.close();
  }

  async forget(): Promise<void> {
    await this.transcript.erase();
  }

  #join(): () => void {
    const { dialogue, interview, transcript } = this;
    const { sound, options, clock } = this.#parts;
    const dispatch = (event: Event): void => {
      this.events.emit('dispatch', event);
    };
    const tell = (error: InterviewError): void => {
      if (!error.isDiagnostic) this.#lastError = error;
      dispatch(new InterviewErrorEvent('error', error));
    };
    return undoAll([
      recordTurns(dialogue, transcript, this.#time.toInterviewMs),
      deliver(transcript, this.#parts.delivery),
      followFloor(dialogue, sound, (floor) => {
        this.events.emit('floor', floor);
      }),
      playSpeech(dialogue, sound),
      hearParticipant({
        ...{ sound, dialogue, talk: this.talk, clock },
        mode: () => this.#mode,
        isPaused: () => this.#pause.isOn,
        mayBargeIn: options.bargeIn !== false,
        tell: (error) => {
          dispatch(new InterviewErrorEvent('error', error));
        },
      }),
      onHiddenPage(() => {
        void transcript.flush();
      }),
      transcript.events.on('turn', (turn) => {
        dispatch(new TurnEvent('turn', turn));
      }),
      transcript.events.on('caption', (turn) => {
        dispatch(new TurnEvent('caption', turn));
      }),
      transcript.events.on('storage', ({ kind, error }) => {
        this.#storage = kind;
        if (error) tell(error);
      }),
      interview.events.on('coverage', (coverage) => {
        dispatch(new CoverageEvent('coverage', coverage));
      }),
      interview.events.on('assessment', (assessment) => {
        transcript.update({ assessment });
        dispatch(new AssessmentEvent('assessment', assessment));
      }),
      interview.events.on('error', tell),
      interview.events.on('end', ({ reason }) => {
        this.events.emit('end', reason);
      }),
      this.#usage.follow(),
      dialogue.events.on('error', tell),
      dialogue.events.on('retry', ({ inMs }) => {
        dispatch(new RetryEvent('retry', inMs));
      }),
      dialogue.events.on('status', ({ status, previous, since }) => {
        if (previous === 'connecting' || this.#isClosing) return;
        if (status === 'open') this.#outages.end(this.#time.now());
        // In a pause nobody misses it.
        if (status === 'reconnecting' && this.#pause.isOn) this.#pause.rest();
        else if (status === 'reconnecting')
          this.#outages.begin(since === undefined ? this.#time.now() : this.#time.toInterviewMs(since));
        // What a new connection tells comes after everything that the lost one told.
        if (status === 'reconnecting') transcript.seal();
        this.events.emit('connection', status);
        if (status !== 'closed') return;
        const lost = new InterviewError(
          'connection-lost',
          'The connection was lost and could not be made again',
        );
        this.events.emit('lost', this.#lastError ?? lost);
      }),
    ]);
  }

  #history(): HistoryTurn[] {
    // A gap says nothing to the model, but what follows it has its place there.
    return this.transcript.turns.map(({ id, speaker, text, heard }) => ({
      id,
      speaker,
      text: heard ?? text,
    }));
  }
}

function newRecord({ archive, options }: RunOptions): InterviewRecord {
  const { guide, interviewId } = archive;
  return {
    interviewId,
    guideId: guide.id,
    language: guide.language,
    status: 'unfinished',
    ...(guide.revision !== undefined && { guideRevision: guide.revision }),
    ...(options.participant !== undefined && { participant: options.participant }),
  };
}
