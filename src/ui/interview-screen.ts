import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { systemClock } from '../async/clock.js';
import { InterviewError, type InterviewErrorCode } from '../errors.js';
import type { InterviewSession } from '../session.js';
import type { InterviewStatus } from '../session/session-events.js';
import type { EndReason } from '../session/session-options.js';
import { isOutage, type Turn } from '../turn.js';
import { Announcer } from './announcer.js';
import { CustomStates } from './custom-states.js';
import { statusEvent } from './element-events.js';
import type { ElementOptions } from './element-options.js';
import { isAbort } from '../async/is-abort.js';
import { directionOf } from './language.js';
import { LevelFollower } from './level-follower.js';
import { LatePanels } from './late-panels.js';
import { captionOf } from './panels/caption-of.js';
import { panelOf } from './panels/panel-of.js';
import { ReadingPlace } from './reading-place.js';
import { screenActions, type ScreenActions, type ScreenState } from './screen-actions.js';
import { RetryWait } from './retry-wait.js';
import { ScreenFlow } from './screen-flow.js';
import { SessionController } from './session-controller.js';
import { hasGuide, sessionOptionsOf } from './session-options-of.js';
import { TalkController } from './talk-controller.js';
import { WordsController } from './words-controller.js';

/** What the screen shows as long as it is so, and not as a message that is put away. */
const STANDING: ReadonlySet<InterviewErrorCode> = new Set(['sound-suspended', 'microphone-muted']);

/** Joins the parts of the screen and keeps what only the screen knows. What an interview is, it leaves to the session. */
export class InterviewScreen implements ReactiveController {
  readonly flow: ScreenFlow;
  readonly talk: TalkController;
  readonly #host: LitElement & ElementOptions;
  readonly #states: CustomStates;
  readonly #words: WordsController;
  readonly #controller: SessionController;
  readonly #actions: ScreenActions;
  readonly #wait: RetryWait;
  readonly #late: LatePanels;
  readonly #announcer = new Announcer();
  readonly #state: ScreenState = { question: undefined, notice: undefined, isErased: false };
  #status: InterviewStatus = 'idle';
  #endReason: EndReason = 'completed';
  #announcement = { n: 0, text: '' };
  #scene = '';
  #hadFocus = false;

  constructor(host: LitElement & ElementOptions, internals: ElementInternals) {
    this.#host = host;
    this.#wait = new RetryWait(host, systemClock);
    this.#late = new LatePanels(host);
    this.#states = new CustomStates(internals);
    this.#controller = new SessionController(host, {
      status: () => {
        this.#sync();
      },
      activity: () => {
        this.#sync();
      },
      turn: ({ turn }) => {
        // The screen's status told it when it began.
        if (!isOutage(turn)) this.#announcer.add(turn, this.#inWords(turn));
      },
      error: ({ error }) => {
        if (error !== this.session?.error && !STANDING.has(error.code) && !error.isDiagnostic)
          this.#report(error);
      },
      retry: ({ inMs = 0 }) => {
        this.#wait.begin(inMs);
      },
      end: ({ reason }) => {
        this.#endReason = reason;
      },
      'text-returned': ({ text }) => {
        this.#putBack(text);
        this.#state.notice = this.#words.strings.textReturned;
      },
    });
    this.flow = new ScreenFlow({
      createSession: () => host.createSession(sessionOptionsOf(host)),
      attach: (session) => {
        this.#controller.attach(session);
      },
      detach: () => {
        this.#controller.detach();
        this.#announcer.clear();
        Object.assign(this.#state, { question: undefined, notice: undefined, isErased: false });
      },
      loadPanels: () => this.#late.load(),
      restorePolicy: () => host.restore,
      mode: () => host.mode,
      changed: () => {
        this.#sync();
        host.requestUpdate();
      },
      failed: (error) => {
        this.#controller.tellError(error);
      },
      nowEpochMs: () => Date.now(),
    });
    this.#words = new WordsController(host, () => ({
      language: host.lang || this.flow.guide?.language || document.documentElement.lang || 'en',
      overrides: host.strings,
    }));
    this.talk = new TalkController(host, {
      canTalk: () =>
        this.#status === 'live' &&
        this.session?.mode === 'push-to-talk' &&
        this.session.microphone.status !== 'failed' &&
        this.#state.question === undefined,
      press: () => {
        const session = this.requireSession();
        // Any press will do for a browser that holds the sound back.
        if (session.sound === 'suspended') session.unlockAudio();
        return session.pressToTalk();
      },
      release: async () => (await this.session?.releaseToTalk()) ?? { tooShort: true },
      failed: (error) => {
        this.#report(error);
      },
    });
    this.#actions = screenActions({
      flow: this.flow,
      state: this.#state,
      changed: () => {
        host.requestUpdate();
      },
      report: (error) => {
        this.#report(error);
      },
      putBack: (text) => {
        this.#putBack(text);
      },
    });
    new LevelFollower(host, () =>
      this.#status === 'live' || this.#status === 'setup' ? this.session?.level : undefined,
    );
    new ReadingPlace(host);
    host.addController(this);
  }

  get status(): InterviewStatus {
    return this.#status;
  }

  get session(): InterviewSession | undefined {
    return this.flow.session;
  }

  /** @throws InterviewError `invalid-state` while there is none */
  requireSession(): InterviewSession {
    const { session } = this;
    if (!session) throw new InterviewError('invalid-state', `There is no interview yet: "${this.#status}"`);
    return session;
  }

  async erase(): Promise<void> {
    await this.session?.erase();
    this.#state.isErased = true;
    this.#host.requestUpdate();
  }

  hostConnected(): void {
    this.#host.setAttribute('status', this.#status);
    this.#sync();
    if (this.#host.hasUpdated) this.preload();
  }

  hostDisconnected(): void {
    // An element that is only moved is connected again at once, and its interview goes on.
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.flow.close();
    });
  }

  /** The page has written other options. */
  optionsChanged(changed: ReadonlyMap<PropertyKey, unknown>): void {
    this.preload();
    const { session } = this;
    if (!session || this.#status === 'idle') return;
    if (changed.has('mode')) session.setMode(this.#host.mode);
    if (changed.has('output')) session.setOutput(this.#host.output);
  }

  preload(): void {
    if (hasGuide(this.#host)) this.flow.preload();
  }

  hostUpdate(): void {
    this.#hadFocus = Boolean(this.#host.shadowRoot?.activeElement);
    const text = this.#announcer.take({ isQuiet: this.#isQuiet });
    if (text !== undefined) this.#announcement = { n: this.#announcement.n + 1, text };
  }

  /** Another scene has other controls: who was at one of the old ones is led to the new ones. */
  hostUpdated(): void {
    const { question, isErased } = this.#state;
    const scene = [
      this.#status,
      question,
      isErased,
      this.flow.isOffering,
      this.session?.mode,
      this.session?.sound,
      this.#wait.secondsLeft > 0,
    ].join();
    if (scene === this.#scene) return;
    this.#scene = scene;
    if (!this.#hadFocus) return;
    const { renderRoot } = this.#host;
    const active = renderRoot instanceof ShadowRoot ? renderRoot.activeElement : null;
    // A control that is still there keeps it, unless a question is asked. A heading was only on the way.
    if (active?.matches(':not([tabindex="-1"])') && active.checkVisibility() && question === undefined)
      return;
    const next = renderRoot.querySelector<HTMLElement>('[data-focus]') ?? this.#textField;
    next?.focus();
  }

  render(): TemplateResult {
    const { language, strings } = this.#words;
    const { flow, talk } = this;
    const { mode, noCaptions } = this.#host;
    return html`<section
        class="frame"
        part="frame"
        lang=${language}
        dir=${directionOf(language)}
        aria-label=${flow.guide?.title ?? strings.interview}
      >
        ${panelOf(
          {
            status: this.#status,
            words: strings,
            flow,
            state: this.#state,
            actions: this.#actions,
            talk,
            endReason: this.#endReason,
            mode,
            noCaptions,
            secondsLeft: this.#wait.secondsLeft,
          },
          this.#late.loaded,
        )}
      </section>
      <div class="unseen" aria-live="polite" lang=${flow.guide?.language ?? language}>
        ${keyed(this.#announcement.n, html`<p>${this.#announcement.text}</p>`)}
      </div>`;
  }

  /** Whether a screen reader's voice would talk over nothing, and into nothing. */
  get #isQuiet(): boolean {
    const { session } = this;
    if (!session || session.output === 'text' || this.#status !== 'live') return true;
    if (session.activity === 'speaking') return session.isMuted;
    return session.activity !== 'hearing';
  }

  get #textField(): HTMLTextAreaElement | null {
    return this.#host.renderRoot.querySelector('textarea');
  }

  #inWords(turn: Turn): string {
    const { strings } = this.#words;
    const interviewer = this.flow.guide?.persona.name ?? strings.interviewer;
    return `${turn.speaker === 'participant' ? strings.you : interviewer}: ${captionOf(turn, strings)}`;
  }

  #report(error: unknown): void {
    if (isAbort(error)) return;
    if (!(error instanceof InterviewError)) throw error;
    this.#state.notice = this.#words.strings.errors[error.code];
    this.#host.requestUpdate();
  }

  #putBack(text: string): void {
    const field = this.#textField;
    if (field) field.value = field.value.trim() === '' ? text : `${text}\n${field.value}`;
  }

  /** Brings attribute, custom states and event into line with where the interview stands now. */
  #sync(): void {
    const previous = this.#status;
    const { status } = this.flow;
    this.#status = status;
    this.#states.set(...(status === 'live' && this.session ? [status, this.session.activity] : [status]));
    if (status === previous) return;
    // Nobody looks where everybody listens.
    if (status === 'reconnecting') this.#announcer.say(this.#words.strings.reconnectingText);
    if (status === 'failed') this.#wait.begin(this.flow.error?.retryAfterMs ?? 0);
    if (status === 'ending' || status === 'ended' || status === 'failed') this.#state.question = undefined;
    this.#host.setAttribute('status', status);
    this.#host.dispatchEvent(statusEvent(status, previous));
  }
}
