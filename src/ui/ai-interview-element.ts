import { LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { InterviewSession } from '../session.js';
import type { InterviewStatus } from '../session/session-events.js';
import type {
  Activity,
  Assess,
  EndReason,
  ExportFormat,
  HostTool,
  InterviewSessionOptions,
  TokenSource,
} from '../session/session-options.js';
import type { Turn } from '../turn.js';
import { MAKES_A_SESSION, type ElementOptions } from './element-options.js';
import { InterviewScreen } from './interview-screen.js';
import type { StringOverrides } from './strings.js';
import { styles } from './styles/styles.js';

/**
 * A spoken interview with an AI interviewer: asks for consent, lets the participant choose a microphone, holds the conversation
 * and hands over what was said.
 *
 * @tag ai-interview
 *
 * @attr {'idle'|'consent'|'setup'|'connecting'|'live'|'paused'|'reconnecting'|'ending'|'ended'|'failed'} status - Read-only: where
 *   the interview stands. The same name is a custom state.
 *
 * @slot intro - On the start screen, below the title: what the interview is about, in the page's own words.
 * @slot outro - When the interview has ended or was declined: what comes next.
 * @slot help - When the interview has failed: whom to turn to.
 *
 * @fires {StatusEvent} interview-status - The status has changed: `status`, `previous`.
 * @fires {ActivityEvent} interview-activity - Somebody else has the floor: `activity`.
 * @fires {TurnEvent} interview-turn - A turn became final: `turn`.
 * @fires {TurnEvent} interview-caption - The text of a turn has grown: `turn`.
 * @fires {CoverageEvent} interview-coverage - The interview came further through its guide: `coverage`.
 * @fires {AssessmentEvent} interview-assessment - What was said has been assessed: `assessment`.
 * @fires {InterviewErrorEvent} interview-error - Something failed; `error.recoverable` tells whether the interview goes on.
 * @fires {EndEvent} interview-end - The interview is over: `reason`, `transcript`.
 *
 * @csspart frame - The box around everything.
 * @csspart header - The bar with title, tools and progress during the interview.
 * @csspart title - The title in that bar.
 * @csspart tools - The buttons in that bar.
 * @csspart progress - Progress through the guide.
 * @csspart panel - What is below the bar, or the whole screen where there is none.
 * @csspart stage - The figure and what is said of it.
 * @csspart figure - The figure that shows who has the floor.
 * @csspart floor - The same in words.
 * @csspart captions - The scrolling list of what was said.
 * @csspart turn - One turn in it; also `turn-interviewer`, `turn-participant`.
 * @csspart outage - The place in it where the connection was lost for a while.
 * @csspart controls - What is pressed and typed into during the interview.
 * @csspart talk - The talk button.
 * @csspart text-box - The box around text field and send button.
 * @csspart text - The text field.
 * @csspart button - Every other button; also `button-primary`, `button-danger`, `button-send`, `button-mute`, `button-pause`,
 *   `button-end`.
 * @csspart options - The folded options.
 * @csspart confirmation - The question whether one means it.
 * @csspart notice - A problem that does not stop the interview.
 * @csspart summary - The summary of an assessment, at the end.
 * @csspart meter - The level of the microphone on the set-up screen.
 * @csspart microphone - The choice of microphones.
 *
 * @cssprop [--ai-interview-surface] - Background. Everything that is not named here derives from these.
 * @cssprop [--ai-interview-text] - Text.
 * @cssprop [--ai-interview-accent] - The interviewer, and the main action.
 * @cssprop [--ai-interview-on-accent] - Text on the accent and on the participant's colour.
 * @cssprop [--ai-interview-participant] - The participant: talk button, ring, microphone.
 * @cssprop [--ai-interview-radius=1rem] - Corners.
 * @cssprop [--ai-interview-space=1rem] - The unit of distance.
 * @cssprop [--ai-interview-font=system-ui] - Typeface.
 * @cssprop [--ai-interview-height=min(44rem, 100svh)] - Height: it does not depend on what is shown.
 *
 * @cssstate idle - Not begun.
 * @cssstate consent - The participant is asked for consent.
 * @cssstate setup - The participant chooses a microphone.
 * @cssstate connecting - The connection is being made.
 * @cssstate live - The interview is held.
 * @cssstate paused - The participant or the page has paused it.
 * @cssstate reconnecting - The connection was lost and is being made again.
 * @cssstate ending - The end is being written down.
 * @cssstate ended - It is over.
 * @cssstate failed - It could not go on.
 * @cssstate listening - Live, and the participant may speak.
 * @cssstate hearing - Live, and the participant speaks.
 * @cssstate thinking - Live, and an answer is on its way.
 * @cssstate speaking - Live, and the interviewer speaks.
 */
export class AiInterviewElement extends LitElement implements ElementOptions {
  static override readonly styles = [...styles];

  /** The host's token endpoint. */
  @property({ attribute: 'token-url' }) tokenUrl = '';
  /** The interview guide: its URL, or (as a property) the guide itself. Without it, a child `<script type="application/json">`. */
  @property() guide: unknown;
  /** The host's pseudonym for the person. */
  @property() participant = '';
  /** Storage key; default: made from the guide's id and `participant`. */
  @property({ attribute: 'interview-id' }) interviewId = '';
  /** How the participant takes a turn. May change while live. */
  @property() mode: 'push-to-talk' | 'hands-free' | 'text' = 'push-to-talk';
  /** Hands-free: what ends a turn, a pause or (`semantic`) what was said, as the model judges it. */
  @property({ attribute: 'turn-detection' }) turnDetection: 'silence' | 'semantic' = 'silence';
  /** How the interviewer answers. May change while live. */
  @property() output: 'voice' | 'text' = 'voice';
  /** BCP 47: language of screen and interview. Default: the guide's, else the page's. */
  @property({ reflect: true, useDefault: true }) override lang = '';
  /** How sound and events travel. */
  @property() transport = 'websocket';
  /** Another server with the same protocol. Default: the token answer's `url`, else the provider. */
  @property({ attribute: 'realtime-url' }) realtimeUrl = '';
  /** The speech model, where the token endpoint leaves it open. */
  @property() model = '';
  /** The voice, where the token endpoint leaves it open. */
  @property() voice = '';
  /** What happens to an unfinished interview with this id. */
  @property() restore: 'ask' | 'auto' | 'never' = 'ask';
  /** How many days a finished interview stays on this device. */
  @property({ attribute: 'retain-days', type: Number }) retainDays = 30;
  /** Every final turn and the end are posted here. */
  @property({ attribute: 'transcript-url' }) transcriptUrl = '';
  /** Milliseconds of sound from before a press of the talk button that may be sent. */
  @property({ attribute: 'pre-roll-ms', type: Number }) preRollMs = 0;
  /** The most that the interview may cost, by an estimate in US dollars: it then comes to its closing and ends. */
  @property({ attribute: 'max-cost', type: Number }) maxCost: number | undefined;
  /** Where the worklet file lies. Default: beside the script. */
  @property({ attribute: 'worklet-url' }) workletUrl = '';
  /** `auto` follows the system. */
  @property({ reflect: true, useDefault: true }) theme: 'auto' | 'light' | 'dark' = 'auto';
  /** Leaves out the words on the screen while the interviewer speaks aloud. */
  @property({ attribute: 'no-captions', type: Boolean }) noCaptions = false;
  /** The interviewer is not interrupted by a voice. */
  @property({ attribute: 'no-barge-in', type: Boolean }) noBargeIn = false;

  /** Prices by model, for models whose price is not known or not the usual one. */
  @property({ attribute: false }) prices: InterviewSessionOptions['prices'];
  /** Gives a secret for each connection, in the place of `tokenUrl`. */
  @property({ attribute: false }) tokenSource: TokenSource | undefined;
  /** Tools of the host's that the interviewer may call. */
  @property({ attribute: false }) tools: readonly HostTool[] | undefined;
  /** Takes the place of the assessment by the model. */
  @property({ attribute: false }) assess: Assess | undefined;
  /** The page's own words for any part of the screen. */
  @property({ attribute: false }) strings: StringOverrides | undefined;
  /** How a session is made of the element's options: for a dialogue of one's own, or a test. */
  @property({ attribute: false }) createSession = (options: InterviewSessionOptions): InterviewSession =>
    new InterviewSession(options);

  readonly #screen = new InterviewScreen(this, this.attachInternals());

  /** Where the interview stands. */
  get status(): InterviewStatus {
    return this.#screen.status;
  }

  /** The session that this element shows: there is one as soon as there is a guide, and a new one for each interview. */
  get session(): InterviewSession | undefined {
    return this.#screen.session;
  }

  /** What was said so far, in order. */
  get transcript(): readonly Turn[] {
    return this.session?.transcript ?? [];
  }

  /** Who has the floor, while live. */
  get activity(): Activity {
    return this.session?.activity ?? 'listening';
  }

  /** Tokens used so far, and an estimate of what they cost. */
  get usage(): InterviewSession['usage'] | undefined {
    return this.session?.usage;
  }

  /**
   * Does what the start button does. Resolves at the next screen that asks the participant for something, or when live.
   *
   * @throws InterviewError why it cannot begin; the element shows it too
   */
  async start(): Promise<void> {
    await this.#screen.flow.begin();
  }

  /** Silences the interviewer and closes the microphone. */
  async pause(): Promise<void> {
    await this.session?.pause();
  }

  /** Goes on with the question that was open. */
  async resume(): Promise<void> {
    this.session?.unlockAudio();
    await this.session?.resume();
  }

  /** Ends the interview. Resolves when everything is stored. */
  async end(reason: EndReason = 'host'): Promise<void> {
    await this.session?.end(reason);
  }

  /** Does what pressing the talk button does. @throws InterviewError why there is no microphone, or that nothing is live */
  async pressToTalk(): Promise<void> {
    this.#screen.requireSession();
    await this.#screen.talk.press();
  }

  /** Does what letting go of the talk button does. */
  async releaseToTalk(): Promise<void> {
    await this.#screen.talk.release();
  }

  /** Says something in writing. Resolves when it was answered. @throws InterviewError `invalid-state` when nothing is live */
  async sendText(text: string): Promise<void> {
    await this.#screen.requireSession().sendText(text);
  }

  /** The transcript so far as a file. @throws InterviewError `invalid-state` before anything was said */
  async exportTranscript(format: ExportFormat): Promise<File> {
    return this.#screen.requireSession().exportTranscript(format);
  }

  /** Removes every trace of this interview from this device, ending it first. */
  async erase(): Promise<void> {
    await this.#screen.erase();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated || [...changed.keys()].some((name) => MAKES_A_SESSION.has(name)))
      this.#screen.optionsChanged(changed);
  }

  protected override render(): TemplateResult {
    return this.#screen.render();
  }
}
