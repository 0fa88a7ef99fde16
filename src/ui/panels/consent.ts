import { html, nothing, type TemplateResult } from 'lit';
import type { LocalGuide } from '../../interview/guide.js';
import type { InterviewStrings } from '../strings.js';

export interface ConsentView {
  readonly words: InterviewStrings;
  readonly guide: LocalGuide;
  readonly isBusy: boolean;
  readonly onAgree: (items: ReadonlySet<string>) => void;
  readonly onDecline: () => void;
}

/** What is shown here is what `consentText` hashes: add to one only with the other. */
export function consentPanel({ words, guide, isBusy, onAgree, onDecline }: ConsentView): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    // Required items are the form's own affair: the browser names what is missing, in the person's language.
    const form = new FormData(event.currentTarget as HTMLFormElement);
    onAgree(new Set(form.getAll('item').map(String)));
  };
  const { language, disclosure, consent } = guide;
  return html`<form class="panel" part="panel" @submit=${submit}>
    <div class="content" role="group" tabindex="0" aria-labelledby="title">
      <h2 id="title" data-focus tabindex="-1">${words.consentTitle}</h2>
      <div class="prose" lang=${language}>
        ${disclosure === undefined ? nothing : html`<p class="lead">${disclosure}</p>`}
        ${consent === undefined ? nothing : html`<p class="agreement">${consent.text}</p>`}
      </div>
      ${
        consent && consent.items.length > 0
          ? html`<ul class="choices">
              ${consent.items.map(
                ({ id, label, required }) =>
                  html`<li>
                    <label class="choice">
                      <input type="checkbox" name="item" value=${id} ?required=${required} />
                      <span
                        ><span lang=${language}>${label}</span>
                        ${required ? html`<small>${words.required}</small>` : nothing}</span
                      >
                    </label>
                  </li>`,
              )}
            </ul>`
          : nothing
      }
    </div>
    <div class="actions">
      <button class="primary" part="button button-primary" type="submit" aria-disabled=${isBusy}>
        ${isBusy ? words.busy : words.agree}
      </button>
      <button part="button" type="button" @click=${onDecline}>${words.decline}</button>
    </div>
  </form>`;
}
