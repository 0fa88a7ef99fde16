import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isOutage, type Turn } from '../../turn.js';
import type { InterviewStrings } from '../strings.js';
import { captionOf } from './caption-of.js';

export interface CaptionsView {
  readonly words: InterviewStrings;
  /** The interviewer's. */
  readonly name: string;
  /** BCP 47, of what is said. */
  readonly language: string;
  readonly turns: readonly Turn[];
}

/**
 * What was said, in order. The scrolling box is turned upside down (`column-reverse`) around the list: it stays at its end by
 * itself when text grows, and stays where it is when somebody has scrolled up to read.
 */
export function captions({ words, name, language, turns }: CaptionsView): TemplateResult {
  const said = turns.filter((turn) => turn.speaker === 'participant' || turn.text !== '' || isOutage(turn));
  return html`<div
    class="captions"
    part="captions"
    role="region"
    tabindex="0"
    aria-label=${words.conversation}
  >
    <ol lang=${language}>
      ${repeat(
        said,
        ({ id }) => id,
        (turn) =>
          isOutage(turn)
            ? html`<li class="outage" part="outage">${captionOf(turn, words)}</li>`
            : html`<li
                class="turn"
                part="turn turn-${turn.speaker}"
                data-speaker=${turn.speaker}
                data-status=${turn.status}
              >
                <span class="speaker">${turn.speaker === 'participant' ? words.you : name}</span>
                <p>
                  <span class="words">${captionOf(turn, words)}</span>${
                    turn.interruptedBy ? html` <small>(${words.interrupted})</small>` : nothing
                  }
                </p>
              </li>`,
      )}
    </ol>
  </div>`;
}
