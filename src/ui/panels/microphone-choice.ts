import { html, nothing, type TemplateResult } from 'lit';
import type { MicrophoneState } from '../../session.js';
import { chevronIcon } from '../icons.js';
import { fill, type InterviewStrings } from '../strings.js';

/** A list of the microphones; nothing where there is no choice. */
export function microphoneChoice(
  words: InterviewStrings,
  { devices, deviceId }: MicrophoneState,
  onSelect: (deviceId: string) => void,
): TemplateResult | typeof nothing {
  if (devices.length < 2) return nothing;
  return html`<label class="field">
    <span>${words.microphone}</span>
    <span class="select"
      ><select
        part="microphone"
        @change=${(event: Event) => {
          onSelect((event.currentTarget as HTMLSelectElement).value);
        }}
      >
        ${devices.map(
          ({ id, label }, index) =>
            html`<option value=${id} ?selected=${id === deviceId}>
              ${label || fill(words.microphoneUnnamed, { number: index + 1 })}
            </option>`,
        )}</select
      >${chevronIcon}</span
    >
  </label>`;
}
