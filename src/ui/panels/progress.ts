import { html, type TemplateResult } from 'lit';
import type { Coverage } from '../../interview/coverage.js';
import { fill, type InterviewStrings } from '../strings.js';

/** One tick a question, in groups a section: how far it is, and how far still. */
export function progress(
  words: InterviewStrings,
  { sections, currentQuestionId, done, total }: Coverage,
): TemplateResult {
  const text = fill(words.progress, { done, total });
  return html`<div
    class="progress"
    part="progress"
    role="progressbar"
    aria-label=${text}
    aria-valuenow=${done}
    aria-valuemin="0"
    aria-valuemax=${total}
    aria-valuetext=${text}
    title=${text}
  >
    ${sections.map(
      ({ questions }) =>
        html`<span class="section"
          >${questions.map(
            ({ id, status }) => html`<i data-status=${status} ?data-current=${id === currentQuestionId}></i>`,
          )}</span
        >`,
    )}
  </div>`;
}
