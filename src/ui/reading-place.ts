import type { ReactiveController, ReactiveControllerHost } from 'lit';

type Host = ReactiveControllerHost & { readonly renderRoot?: HTMLElement | DocumentFragment };

/**
 * Keeps the captions where somebody is reading them while the newest grow. Browsers anchor a scroll position by themselves;
 * Safari does not.
 */
export class ReadingPlace implements ReactiveController {
  readonly #host: Host;
  #heightBefore = 0;

  constructor(host: Host) {
    this.#host = host;
    if (!CSS.supports('overflow-anchor', 'auto')) host.addController(this);
  }

  hostUpdate(): void {
    this.#heightBefore = this.#box?.scrollHeight ?? 0;
  }

  hostUpdated(): void {
    const box = this.#box;
    // It is counted from the end: 0 is where the newest words are.
    if (box && box.scrollTop < 0 && this.#heightBefore > 0)
      box.scrollTop -= box.scrollHeight - this.#heightBefore;
  }

  get #box(): HTMLElement | null | undefined {
    return this.#host.renderRoot?.querySelector<HTMLElement>('.captions');
  }
}
