import { html, nothing, type TemplateResult } from 'lit';
import type { InterviewSession, MicrophoneState } from '../../session.js';
import { fill, type InterviewStrings } from '../strings.js';
import { optionsIcon } from '../icons.js';
import { microphoneChoice } from './microphone-choice.js';

type Mode = InterviewSession['mode'];
type Output = InterviewSession['output'];

export interface OptionsView {
  readonly words: InterviewStrings;
  readonly name: string;
  readonly mode: Mode;
  /** What the participant may choose among. */
  readonly modes: readonly Mode[];
  readonly output: Output;
  readonly microphone: MicrophoneState;
  readonly onMode: (mode: Mode) => void;
  readonly onOutput: (output: Output) => void;
  readonly onSelect: (deviceId: string) => void;
}

/** How one answers and how one is answered, folded away. */
export function options(view: OptionsView): TemplateResult {
  const { words, name, mode, modes, output, microphone } = view;
  const modeWords = {
    'push-to-talk': words.modeTalk,
    'hands-free': words.modeHandsFree,
    text: words.modeText,
  };
  const outputWords = { voice: words.outputVoice, text: words.outputText };
  return html`<details class="options" part="options" @keydown=${closeOnEscape} @focusout=${closeOnLeaving}>
    <summary class="icon-button" aria-label=${words.options} title=${words.options}>${optionsIcon}</summary>
    <div class="sheet">
      ${
        modes.length > 1
          ? choice(
              'mode',
              words.howYouAnswer,
              modes.map((value) => ({ value, label: modeWords[value] })),
              mode,
              view.onMode,
            )
          : nothing
      }
      ${choice(
        'output',
        fill(words.howTheyAnswer, { name }),
        (['voice', 'text'] as const).map((value) => ({ value, label: outputWords[value] })),
        output,
        view.onOutput,
      )}
      ${microphone.status === 'open' ? microphoneChoice(words, microphone, view.onSelect) : nothing}
    </div>
  </details>`;
}

function choice<Value extends string>(
  name: string,
  legend: string,
  values: readonly { readonly value: Value; readonly label: string }[],
  current: Value,
  onChoose: (value: Value) => void,
): TemplateResult {
  return html`<fieldset>
    <legend>${legend}</legend>
    ${values.map(
      ({ value, label }) =>
        html`<label
          ><input
            type="radio"
            name=${name}
            value=${value}
            .checked=${value === current}
            @change=${() => {
              onChoose(value);
            }}
          /><span>${label}</span></label
        >`,
    )}
  </fieldset>`;
}

function closeOnEscape(event: KeyboardEvent): void {
  const details = event.currentTarget as HTMLDetailsElement;
  if (event.key !== 'Escape' || !details.open) return;
  event.stopPropagation();
  details.open = false;
  details.querySelector('summary')?.focus();
}

function closeOnLeaving(event: FocusEvent): void {
  const details = event.currentTarget as HTMLDetailsElement;
  if (event.relatedTarget instanceof Node && !details.contains(event.relatedTarget)) details.open = false;
}
