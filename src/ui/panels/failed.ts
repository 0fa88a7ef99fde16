import { html, nothing, type TemplateResult } from 'lit';
import type { InterviewError, InterviewErrorCode } from '../../errors.js';
import { minutes } from '../minutes.js';
import { fill, type InterviewStrings } from '../strings.js';

export interface FailedView {
  readonly words: InterviewStrings;
  readonly error: InterviewError | undefined;
  readonly hasTurns: boolean;
  /** What was said will be gone with the page. */
  readonly isKeptInMemoryOnly: boolean;
  readonly isBusy: boolean;
  /** The other side asked to wait that long. */
  readonly secondsLeft: number;
  readonly onRetry: () => void;
  readonly onDownload: () => void;
}

/** What these usually advise does not help when nothing will change: somebody has to set the interview up anew. */
const WITH_ADVICE: ReadonlySet<InterviewErrorCode> = new Set([
  'connection-failed',
  'protocol-error',
  'provider-error',
  'token-refused',
  'invalid-state',
]);

/**
 * What happened and what to press: trying again where that can help, and a copy of what was said in any case. An interview that another
 * tab holds is taken over by trying again.
 */
export function failedPanel(view: FailedView): TemplateResult {
  const { words, error, hasTurns, isBusy, secondsLeft } = view;
  const isFinal = error?.recoverable === false;
  const [title, again] =
    error?.code === 'interview-elsewhere'
      ? [words.elsewhereTitle, words.goOnHere]
      : error?.code === 'interview-taken-over'
        ? [words.takenOverTitle, words.goOnHere]
        : [words.failedTitle, words.tryAgain];
  return html`<div class="panel" part="panel">
    <div class="content">
      <h2 data-focus tabindex="-1">${title}</h2>
      <p role="alert">
        ${
          error?.code === 'unsupported-browser' && !isSecureContext
            ? words.insecurePage
            : words.errors[wordingOf(error)]
        }
      </p>
      ${hasTurns ? html`<p class="note">${view.isKeptInMemoryOnly ? words.endedMemory : words.kept}</p>` : nothing}
      <slot name="help"></slot>
    </div>
    <div class="actions">
      ${
        isFinal
          ? nothing
          : html`<button
              class="primary"
              part="button button-primary"
              type="button"
              aria-disabled=${isBusy || secondsLeft > 0}
              @click=${secondsLeft > 0 ? nothing : view.onRetry}
            >
              ${isBusy ? words.busy : secondsLeft > 0 ? fill(words.tryAgainIn, { time: minutes(secondsLeft) }) : again}
            </button>`
      }
      ${
        hasTurns
          ? html`<button
              class=${isFinal ? 'primary' : ''}
              part="button"
              type="button"
              @click=${view.onDownload}
            >
              ${words.downloadText}
            </button>`
          : nothing
      }
    </div>
  </div>`;
}

function wordingOf(error: InterviewError | undefined): InterviewErrorCode {
  if (!error) return 'connection-failed';
  if (error.retryAfterMs !== undefined) return 'provider-rate-limit';
  return !error.recoverable && WITH_ADVICE.has(error.code) ? 'guide-invalid' : error.code;
}
