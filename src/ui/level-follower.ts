import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { smoothLevel } from './smooth-level.js';

export interface Levels {
  readonly microphone: number;
  readonly speaker: number;
}

/**
 * Draws the real levels, once per frame and only while something shows them: sets `--_microphone` and `--_speaker` (0…1) on
 * every element of the host that has `data-level`. Nothing but transforms may depend on them.
 */
export class LevelFollower implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment };
  readonly #read: () => Levels | undefined;
  #frame: number | undefined;
  #drawnAt = 0;
  #drawn: Levels = { microphone: 0, speaker: 0 };
  #targets: readonly HTMLElement[] = [];

  /** @param read the levels now; `undefined` while there is nothing to follow */
  constructor(
    host: ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment },
    read: () => Levels | undefined,
  ) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostUpdated(): void {
    this.#targets = [...this.#host.renderRoot.querySelectorAll<HTMLElement>('[data-level]')];
    if (this.#targets.length > 0 && this.#read()) this.#start();
    else if (this.#frame !== undefined) this.#stop();
  }

  hostDisconnected(): void {
    this.#stop();
  }

  #start(): void {
    this.#frame ??= requestAnimationFrame((at) => {
      this.#drawnAt = at;
      this.#draw(at);
    });
  }

  #stop(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#write({ microphone: 0, speaker: 0 });
  }

  #write(levels: Levels): void {
    this.#drawn = levels;
    for (const target of this.#targets) {
      target.style.setProperty('--_microphone', levels.microphone.toFixed(3));
      target.style.setProperty('--_speaker', levels.speaker.toFixed(3));
    }
  }

  #draw(at: number): void {
    const levels = this.#read();
    if (!levels) {
      this.#stop();
      return;
    }
    const elapsedMs = at - this.#drawnAt;
    this.#drawnAt = at;
    const next = {
      microphone: smoothLevel(this.#drawn.microphone, levels.microphone, elapsedMs),
      speaker: smoothLevel(this.#drawn.speaker, levels.speaker, elapsedMs),
    };
    // In silence nothing is written, so nothing is styled again.
    if (next.microphone !== this.#drawn.microphone || next.speaker !== this.#drawn.speaker) this.#write(next);
    this.#frame = requestAnimationFrame((nextAt) => {
      this.#draw(nextAt);
    });
  }
}
