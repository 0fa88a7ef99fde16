import { html, nothing, type TemplateResult } from 'lit';
import type { LocalGuide } from '../../interview/guide.js';
import { fill, type InterviewStrings } from '../strings.js';
import { figure } from './figure.js';

export interface StartView {
  readonly words: InterviewStrings;
  readonly guide: LocalGuide | undefined;
  /** There is an unfinished interview, and the person decides what becomes of it. */
  readonly isOffering: boolean;
  readonly isBusy: boolean;
  readonly onBegin: (choice?: 'continue' | 'anew') => void;
}

export function startPanel({ words, guide, isOffering, isBusy, onBegin }: StartView): TemplateResult {
  const minutes = guide?.time?.targetMinutes;
  return html`<div class="panel start" part="panel">
    <div class="content">
      ${figure('resting')}
      <h2 data-focus tabindex="-1">${isOffering ? words.offerTitle : (guide?.title ?? words.startTitle)}</h2>
      <slot name="intro"></slot>
      ${
        isOffering
          ? html`<p>${words.offerText}</p>
              <p class="note">${words.beginAnewNote}</p>`
          : html`${minutes === undefined ? nothing : html`<p>${fill(words.minutes, { minutes })}</p>`}
              ${guide?.disclosure !== undefined && !guide.consent ? html`<p>${guide.disclosure}</p>` : nothing}
              <p class="note">${words.startText}</p>`
      }
    </div>
    <div class="actions">
      <button
        class="primary"
        part="button button-primary"
        type="button"
        aria-disabled=${isBusy}
        @click=${() => {
          onBegin(isOffering ? 'continue' : undefined);
        }}
      >
        ${isBusy ? words.busy : isOffering ? words.continue : words.begin}
      </button>
      ${
        isOffering
          ? html`<button
              part="button"
              type="button"
              aria-disabled=${isBusy}
              @click=${() => {
                onBegin('anew');
              }}
            >
              ${words.beginAnew}
            </button>`
          : nothing
      }
    </div>
  </div>`;
}
