import { html, type TemplateResult } from 'lit';
import type { InterviewStrings } from '../strings.js';

export function declinedPanel(words: InterviewStrings, onReconsider: () => void): TemplateResult {
  return html`<div class="panel" part="panel">
    <div class="content">
      <h2 data-focus tabindex="-1">${words.declinedTitle}</h2>
      <p>${words.declinedText}</p>
      <slot name="outro"></slot>
    </div>
    <div class="actions">
      <button part="button" type="button" @click=${onReconsider}>${words.reconsider}</button>
    </div>
  </div>`;
}
