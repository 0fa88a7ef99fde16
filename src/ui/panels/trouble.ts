import { html, nothing, type TemplateResult } from 'lit';
import type { MicrophoneState, SoundStatus } from '../../session.js';
import type { InterviewStrings } from '../strings.js';
import { speakerIcon } from '../icons.js';

export interface TroubleView {
  readonly words: InterviewStrings;
  readonly isLive: boolean;
  readonly sound: SoundStatus;
  readonly microphone: MicrophoneState;
  readonly onPlaySound: () => void;
}

/** What stands in the way of sound for as long as it does. Its region is there before the words are, as a notice's is. */
export function trouble({ words, isLive, sound, microphone, onPlaySound }: TroubleView): TemplateResult {
  const isSuspended = isLive && sound === 'suspended';
  const isMuted = isLive && microphone.status === 'open' && microphone.isMuted;
  return html`<div role="status">
      ${
        isSuspended || isMuted
          ? html`<div class="notice" part="notice">
              <p>${words.errors[isSuspended ? 'sound-suspended' : 'microphone-muted']}</p>
            </div>`
          : nothing
      }
    </div>
    ${
      isSuspended
        ? html`<button
            class="primary sound"
            part="button button-primary button-sound"
            type="button"
            @click=${onPlaySound}
          >
            ${speakerIcon}${words.playSound}
          </button>`
        : nothing
    }`;
}
