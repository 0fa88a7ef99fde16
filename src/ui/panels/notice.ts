import { html, nothing, type TemplateResult } from 'lit';
import type { InterviewStrings } from '../strings.js';
import { closeIcon } from '../icons.js';

/** A problem that does not stop the interview. Its region is there before the words are, or nobody would announce them. */
export function notice(
  words: InterviewStrings,
  text: string | undefined,
  onDismiss: () => void,
): TemplateResult {
  return html`<div role="status">
    ${
      text === undefined
        ? nothing
        : html`<div class="notice" part="notice">
            <p>${text}</p>
            <button
              class="icon-button"
              part="button"
              type="button"
              aria-label=${words.dismiss}
              title=${words.dismiss}
              @click=${onDismiss}
            >
              ${closeIcon}
            </button>
          </div>`
    }
  </div>`;
}
