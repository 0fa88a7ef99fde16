import type { LitElement, ReactiveController } from 'lit';
import { InterviewError } from '../errors.js';
import type * as latePanels from './panels/late-panels.js';

/** The panels from the set-up screen on, with their styles: nobody needs them before they agreed, and they load while people read. */
export class LatePanels implements ReactiveController {
  readonly #host: LitElement;
  readonly #import: () => Promise<typeof latePanels>;
  #loaded: typeof latePanels | undefined;
  #isStyled = false;

  constructor(host: LitElement, load = () => import('./panels/late-panels.js')) {
    this.#host = host;
    this.#import = load;
    host.addController(this);
  }

  get loaded(): typeof latePanels | undefined {
    return this.#loaded;
  }

  /** Loading again is quiet. @throws InterviewError `connection-failed` */
  async load(): Promise<void> {
    try {
      this.#loaded ??= await this.#import();
    } catch (cause) {
      throw new InterviewError('connection-failed', 'A part of the script could not be loaded', { cause });
    }
  }

  /** Their styles are there before they are. */
  hostUpdate(): void {
    const { renderRoot } = this.#host;
    if (!this.#loaded || this.#isStyled || !(renderRoot instanceof ShadowRoot)) return;
    this.#isStyled = true;
    for (const { styleSheet } of this.#loaded.lateStyles) {
      if (styleSheet) renderRoot.adoptedStyleSheets.push(styleSheet);
    }
  }
}
