import { html, nothing, type TemplateResult } from 'lit';
import type { Coverage } from '../../interview/coverage.js';
import type { InterviewStatus } from '../../session/session-events.js';
import type { Activity } from '../../session/session-options.js';
import { fill } from '../strings.js';
import { minutes } from '../minutes.js';
import type { TalkController } from '../talk-controller.js';
import { microphoneIcon, mutedIcon, pauseIcon, speakerIcon } from '../icons.js';
import { captions, type CaptionsView } from './captions.js';
import { confirmation } from './confirmation.js';
import { figure, floorOf } from './figure.js';
import { microphoneChoice } from './microphone-choice.js';
import { notice } from './notice.js';
import { options, type OptionsView } from './options.js';
import { progress } from './progress.js';
import { trouble, type TroubleView } from './trouble.js';
import { talkButton } from './talk-button.js';
import { textBox } from './text-box.js';

export interface ConversationView extends OptionsView, CaptionsView, Omit<TroubleView, 'isLive'> {
  readonly title: string;
  readonly status: InterviewStatus;
  readonly activity: Activity;
  readonly hasCaptions: boolean;
  /** Nothing is heard, and something could be. */
  readonly canTurnOnMicrophone: boolean;
  readonly coverage: Coverage | undefined;
  readonly talk: TalkController;
  readonly isMuted: boolean;
  /** The participant asked to end, and is asked whether they mean it. */
  readonly isConfirmingEnd: boolean;
  readonly notice: string | undefined;
  /** Until the next try for a connection; 0: it is being made, or there is one. */
  readonly secondsLeft: number;
  readonly onRetry: () => void;
  readonly onPause: () => void;
  readonly onResume: () => void;
  readonly onMute: () => void;
  readonly onEnd: (step: 'ask' | 'no' | 'yes') => void;
  readonly onSend: (text: string) => void;
  readonly onTurnOnMicrophone: (deviceId?: string) => void;
  readonly onTyping: (isTyping: boolean) => void;
  readonly onDismiss: () => void;
}

/** One screen from connecting to the end: what stays keeps its place, so that nothing jumps when the connection comes and goes. */
export function conversationPanel(view: ConversationView): TemplateResult {
  const { words, name, status, activity } = view;
  const isLive = status === 'live';
  return html`<header part="header">
      <h2 part="title">${view.title}</h2>
      ${view.coverage ? progress(words, view.coverage) : nothing}
      ${status === 'ending' ? nothing : tools(view)}
    </header>
    <div class="conversation" part="panel" data-controls=${controlsOf(view)}>
      <div class="stage" part="stage">
        ${figure(floorOf(status, activity))}
        <div class="floor" part="floor">
          <p class="who" tabindex="-1" ?data-focus=${controlsOf(view) === 'none'}>
            ${isLive ? fill(words.activity[activity], { name }) : standing(view).title}
          </p>
          <p class="hint">${isLive ? hint(view) : standing(view).text}</p>
        </div>
      </div>
      ${view.hasCaptions ? captions(view) : nothing}
      <div class="controls" part="controls">
        ${trouble({ ...view, isLive })} ${notice(words, view.notice, view.onDismiss)} ${controls(view)}
        <div class="typing" ?hidden=${!(isLive || status === 'reconnecting') || view.isConfirmingEnd}>
          ${textBox(words, view.onSend, view.onTyping)}
        </div>
      </div>
    </div>`;
}

type Controls = 'none' | 'talk' | 'text' | 'resume' | 'retry' | 'confirm';

function controlsOf(view: ConversationView): Controls {
  const { status, mode, microphone, isConfirmingEnd } = view;
  if (isConfirmingEnd) return 'confirm';
  if (status === 'paused') return 'resume';
  if (isWaiting(view)) return 'retry';
  if (status !== 'live') return 'none';
  return mode === 'push-to-talk' && microphone.status !== 'failed' ? 'talk' : 'text';
}

function controls(view: ConversationView): TemplateResult | typeof nothing {
  const { words } = view;
  switch (controlsOf(view)) {
    case 'confirm':
      return confirmation({
        title: words.endTitle,
        text: words.endText,
        yes: words.endNow,
        no: words.goOn,
        onYes: () => {
          view.onEnd('yes');
        },
        onNo: () => {
          view.onEnd('no');
        },
      });
    case 'resume':
      return onward(words.resume, view.onResume);
    case 'retry':
      return onward(words.tryNow, view.onRetry);
    case 'talk':
      return html`<div class="talking">${talkButton(words, view.talk)}</div>`;
    case 'text':
      return view.canTurnOnMicrophone ? byVoice(view) : nothing;
    case 'none':
      return nothing;
  }
}

function onward(label: string, onPress: () => void): TemplateResult {
  return html`<button class="primary" part="button button-primary" type="button" data-focus @click=${onPress}>
    ${label}
  </button>`;
}

/** From typing to speaking, with whichever microphone there is now. */
function byVoice({ words, microphone, onTurnOnMicrophone }: ConversationView): TemplateResult {
  return html`<div class="voices">
    ${microphone.status === 'failed' ? microphoneChoice(words, microphone, () => undefined) : nothing}
    <button
      class="by-voice"
      part="button"
      type="button"
      @click=${({ currentTarget }: Event) => {
        const list = (currentTarget as HTMLElement).parentElement?.querySelector('select');
        onTurnOnMicrophone(list?.value);
      }}
    >
      ${microphoneIcon}${words.turnOnMicrophone}
    </button>
  </div>`;
}

function tools(view: ConversationView): TemplateResult {
  const { words, name, status, isMuted, output } = view;
  const mute = fill(isMuted ? words.unmute : words.mute, { name });
  return html`<div class="tools" part="tools">
    ${
      status === 'live'
        ? html`${options(view)}
            ${
              output === 'voice'
                ? html`<button
                    class="icon-button"
                    part="button button-mute"
                    type="button"
                    aria-label=${mute}
                    title=${mute}
                    @click=${view.onMute}
                  >
                    ${isMuted ? mutedIcon : speakerIcon}
                  </button>`
                : nothing
            }
            <button
              class="icon-button"
              part="button button-pause"
              type="button"
              aria-label=${words.pause}
              title=${words.pause}
              @click=${view.onPause}
            >
              ${pauseIcon}
            </button>`
        : nothing
    }
    <button
      class="quiet"
      part="button button-end"
      type="button"
      @click=${() => {
        view.onEnd('ask');
      }}
    >
      ${words.end}
    </button>
  </div>`;
}

function hint({ words, activity, mode, microphone, isMuted }: ConversationView): string {
  if (activity === 'speaking' && isMuted) return words.soundOff;
  if (activity !== 'listening') return '';
  if (microphone.status === 'failed') return words.hintText;
  return { 'push-to-talk': words.hintTalk, 'hands-free': words.hintHandsFree, text: words.hintText }[mode];
}

function isWaiting({ status, secondsLeft }: ConversationView): boolean {
  return status === 'reconnecting' && secondsLeft > 0;
}

/** What there is to say while nobody has the floor. */
function standing(view: ConversationView): { title: string; text: string } {
  const { words, name, status } = view;
  if (status === 'paused') return { title: words.pausedTitle, text: words.pausedText };
  if (status === 'reconnecting') {
    const text = isWaiting(view)
      ? fill(words.reconnectingIn, { time: minutes(view.secondsLeft) })
      : words.reconnectingText;
    return { title: words.reconnectingTitle, text };
  }
  if (status === 'ending') return { title: words.ending, text: '' };
  return { title: words.connecting, text: fill(words.connectingText, { name }) };
}
