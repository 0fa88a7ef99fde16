import { html, type TemplateResult } from 'lit';
import type { InterviewStrings } from '../strings.js';
import { sendIcon } from '../icons.js';

/** Where the participant types. What is in it is its own: the element reads it when it is sent, and puts text back into it. */
export function textBox(
  words: InterviewStrings,
  onSend: (text: string) => void,
  onTyping: (isTyping: boolean) => void,
): TemplateResult {
  const look = ({ type, currentTarget }: Event): void => {
    onTyping(type !== 'blur' && (currentTarget as HTMLTextAreaElement).value.trim() !== '');
  };
  const send = (form: HTMLFormElement): void => {
    const field = form.elements.namedItem('answer') as HTMLTextAreaElement;
    const text = field.value.trim();
    if (text === '') return;
    field.value = '';
    onTyping(false);
    onSend(text);
  };
  return html`<form
    class="text-box"
    part="text-box"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      send(event.currentTarget as HTMLFormElement);
    }}
  >
    <textarea
      name="answer"
      part="text"
      rows="1"
      autocomplete="off"
      enterkeyhint="send"
      aria-label=${words.typeAnswer}
      placeholder=${words.typeAnswer}
      @input=${look}
      @focus=${look}
      @blur=${look}
      @keydown=${(event: KeyboardEvent) => {
        // Safari ends a composition before the key that ends it: only the code tells that this Enter belongs to it.
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        const { form } = event.currentTarget as HTMLTextAreaElement;
        if (form) send(form);
      }}
    ></textarea>
    <button
      class="icon-button"
      part="button button-send"
      type="submit"
      aria-label=${words.send}
      title=${words.send}
    >
      ${sendIcon}
    </button>
  </form>`;
}
