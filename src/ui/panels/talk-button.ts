import { html, type TemplateResult } from 'lit';
import type { TalkController } from '../talk-controller.js';
import type { InterviewStrings } from '../strings.js';
import { microphoneIcon } from '../icons.js';

const noMenu = (event: Event): void => {
  event.preventDefault();
};

/** Held while the participant speaks. The menu that a long touch opens elsewhere is not wanted here. */
export function talkButton(words: InterviewStrings, talk: TalkController): TemplateResult {
  return html`<button
      class="talk"
      part="talk"
      type="button"
      data-talk
      data-focus
      data-level
      aria-pressed=${talk.isDown}
      @pointerdown=${talk.onPointerDown}
      @pointerup=${talk.onPointerEnd}
      @pointercancel=${talk.onPointerEnd}
      @lostpointercapture=${talk.onPointerEnd}
      @click=${talk.onClick}
      @contextmenu=${noMenu}
    >
      <span class="swell"></span>${microphoneIcon}<span
        >${talk.isDown ? words.releaseToSend : words.holdToTalk}</span
      >
    </button>
    <p class="hint" role="status">
      ${talk.wasTooShort ? words.tooShort : html`<span class="keys">${words.spaceHint}</span>`}
    </p>`;
}
