import { html, nothing, type TemplateResult } from 'lit';
import type { LocalGuide } from '../../interview/guide.js';
import type { MicrophoneState } from '../../session.js';
import type { InterviewStrings } from '../strings.js';
import { microphoneIcon } from '../icons.js';
import { microphoneChoice } from './microphone-choice.js';

export interface SetupView {
  readonly words: InterviewStrings;
  readonly guide: LocalGuide | undefined;
  readonly microphone: MicrophoneState;
  readonly isBusy: boolean;
  /** What is said will be gone with the page. */
  readonly isKeptInMemoryOnly: boolean;
  readonly onTurnOn: () => void;
  readonly onSelect: (deviceId: string) => void;
  readonly onEnter: (options: { withMicrophone: boolean }) => void;
}

export function setupPanel(view: SetupView): TemplateResult {
  const { words, guide, microphone } = view;
  const isHopeless = microphone.status === 'failed' && microphone.error?.recoverable === false;
  return html`<div class="panel" part="panel">
    <div class="content">
      <h2 data-focus tabindex="-1">${words.setupTitle}</h2>
      ${
        guide?.disclosure !== undefined && !guide.consent
          ? html`<p lang=${guide.language}>${guide.disclosure}</p>`
          : nothing
      }
      ${situation(view)} ${view.isKeptInMemoryOnly ? html`<p class="note">${words.memoryOnly}</p>` : nothing}
    </div>
    <div class="actions">
      ${
        isHopeless
          ? nothing
          : microphone.status === 'open'
            ? mainAction(view, words.startInterview, () => {
                view.onEnter({ withMicrophone: true });
              })
            : mainAction(
                view,
                microphone.status === 'failed' ? words.tryAgain : words.turnOnMicrophone,
                view.onTurnOn,
              )
      }
      <button
        class=${isHopeless ? 'primary' : microphone.status === 'open' ? 'quiet' : ''}
        part="button"
        type="button"
        aria-disabled=${view.isBusy}
        @click=${() => {
          view.onEnter({ withMicrophone: false });
        }}
      >
        ${words.withoutMicrophone}
      </button>
    </div>
  </div>`;
}

function situation({ words, microphone, onSelect }: SetupView): TemplateResult {
  switch (microphone.status) {
    case 'closed':
      return html`<p>${words.setupText}</p>
        <p class="note">${words.setupTextOnly}</p>`;
    case 'opening':
      return html`<p role="status">${words.microphoneOpening}</p>
        <p class="note">${words.setupText}</p>`;
    case 'failed':
      return html`<p class="problem" role="alert">
          ${words.errors[microphone.error?.code ?? 'microphone-missing']}
        </p>
        <p class="note">${words.setupTextOnly}</p>`;
    case 'open':
      return html`${
          microphone.isMuted
            ? html`<p class="problem" role="alert">${words.errors['microphone-muted']}</p>`
            : html`<p>${words.speakToTest}</p>`
        }
        <div class="meter" part="meter" data-level role="img" aria-label=${words.microphone}>
          ${microphoneIcon}<span class="track"><span class="bar"></span></span>
        </div>
        ${microphoneChoice(words, microphone, onSelect)}`;
  }
}

function mainAction(
  { words, isBusy, microphone }: SetupView,
  label: string,
  onClick: () => void,
): TemplateResult {
  const isWaiting = isBusy || microphone.status === 'opening';
  return html`<button
    class="primary"
    part="button button-primary"
    type="button"
    aria-disabled=${isWaiting}
    @click=${() => {
      if (!isWaiting) onClick();
    }}
  >
    ${isWaiting ? words.busy : label}
  </button>`;
}
