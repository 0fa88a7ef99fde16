/** Registers `<ai-interview>`: the one module of this package with a side effect. Importing it twice, or on a server, is quiet. */
import { AiInterviewElement } from './ui/ai-interview-element.js';

export { AiInterviewElement };

declare global {
  interface HTMLElementTagNameMap {
    'ai-interview': AiInterviewElement;
  }
}

if (typeof customElements !== 'undefined' && !customElements.get('ai-interview')) {
  customElements.define('ai-interview', AiInterviewElement);
}
