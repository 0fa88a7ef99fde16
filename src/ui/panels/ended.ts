import { html, nothing, type TemplateResult } from 'lit';
import type { EndReason, ExportFormat } from '../../session/session-options.js';
import { downloadIcon } from '../icons.js';
import { captions, type CaptionsView } from './captions.js';
import { confirmation } from './confirmation.js';

export interface EndedView extends CaptionsView {
  readonly reason: EndReason;
  /** The assessment's summary, where the participant may know of it. */
  readonly summary: string | undefined;
  readonly erasing: 'no' | 'asked' | 'done';
  readonly notice: string | undefined;
  /** What was said will be gone with the page. */
  readonly isKeptInMemoryOnly: boolean;
  readonly onDownload: (format: ExportFormat) => void;
  readonly onErase: (step: 'ask' | 'no' | 'yes') => void;
}

export function endedPanel(view: EndedView): TemplateResult {
  const { words, turns, erasing } = view;
  const hasTurns = turns.length > 0 && erasing !== 'done';
  return html`<div class="panel ended" part="panel">
    <div class="content">
      <h2 data-focus tabindex="-1">${words.endedTitle[view.reason]}</h2>
      ${
        erasing === 'done'
          ? html`<p role="status">${words.erased}</p>`
          : html`<p>
              ${!hasTurns ? words.endedEmpty : view.isKeptInMemoryOnly ? words.endedMemory : words.endedText}
            </p>`
      }
      ${
        view.summary !== undefined && erasing !== 'done'
          ? html`<section class="summary" part="summary">
              <h3>${words.summary}</h3>
              <p lang=${view.language}>${view.summary}</p>
            </section>`
          : nothing
      }
      <slot name="outro"></slot>
      ${hasTurns ? captions(view) : nothing}
      ${view.notice === undefined ? nothing : html`<p class="problem" role="alert">${view.notice}</p>`}
    </div>
    ${hasTurns ? actions(view) : nothing}
  </div>`;
}

function actions({ words, erasing, onDownload, onErase }: EndedView): TemplateResult {
  if (erasing === 'asked') {
    return confirmation({
      title: words.eraseTitle,
      text: words.eraseText,
      yes: words.eraseNow,
      no: words.keep,
      onYes: () => {
        onErase('yes');
      },
      onNo: () => {
        onErase('no');
      },
    });
  }
  const download = (format: ExportFormat, label: string, kind: string): TemplateResult =>
    html`<button
      class=${kind}
      part="button"
      type="button"
      @click=${() => {
        onDownload(format);
      }}
    >
      ${downloadIcon}${label}
    </button>`;
  return html`<div class="actions">
    ${download('markdown', words.downloadText, 'primary')} ${download('json', words.downloadData, '')}
    <button
      class="quiet"
      part="button"
      type="button"
      @click=${() => {
        onErase('ask');
      }}
    >
      ${words.erase}
    </button>
  </div>`;
}
