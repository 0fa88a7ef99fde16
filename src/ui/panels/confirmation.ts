import { html, type TemplateResult } from 'lit';

export interface ConfirmationView {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** Asks once more in the place of the controls, without a window over the page. Escape is no. */
export function confirmation({ title, text, yes, no, onYes, onNo }: ConfirmationView): TemplateResult {
  return html`<div
    class="confirmation"
    part="confirmation"
    role="alertdialog"
    aria-labelledby="question"
    aria-describedby="consequence"
    @keydown=${(event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      onNo();
    }}
  >
    <div>
      <p id="question" class="question">${title}</p>
      <p id="consequence" class="note">${text}</p>
    </div>
    <div class="actions">
      <button part="button" type="button" data-focus @click=${onNo}>${no}</button>
      <button class="danger" part="button button-danger" type="button" @click=${onYes}>${yes}</button>
    </div>
  </div>`;
}
