import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface TalkActions {
  /** Whether a press means anything now. */
  canTalk(): boolean;
  press(): Promise<void>;
  release(): Promise<{ tooShort: boolean }>;
  /** A press or release of the person's did not work. What a page's own call runs into is thrown at the page. */
  failed(error: unknown): void;
}

type Held = { readonly status: 'up' } | { readonly status: 'down'; readonly by: 'pointer' | 'key' | 'call' };

/** Controls and fields have their own use for the space bar. */
const USES_SPACE =
  'a[href], button, input, textarea, select, summary, audio, video, [contenteditable], [role="button"]';

/**
 * The talk button as fingers and keys know it. Whatever takes the person away from the page lets go of it: a microphone that
 * stays open unseen is the one failure that this must not have.
 */
export class TalkController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #actions: TalkActions;
  #held: Held = { status: 'up' };
  #listening: AbortController | undefined;
  #wasTooShort = false;

  constructor(host: ReactiveControllerHost & HTMLElement, actions: TalkActions) {
    this.#host = host;
    this.#actions = actions;
    host.addController(this);
  }

  get isDown(): boolean {
    return this.#held.status === 'down';
  }

  /** The last press was discarded: a hint is due until the next one. */
  get wasTooShort(): boolean {
    return this.#wasTooShort;
  }

  hostConnected(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const letGo = (): void => {
      this.#letGo();
    };
    document.addEventListener('keydown', this.#onKeyDown, { signal });
    document.addEventListener('keyup', this.#onKeyUp, { signal });
    window.addEventListener('blur', letGo, { signal });
    window.addEventListener('pagehide', letGo, { signal });
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.visibilityState === 'hidden') letGo();
      },
      { signal },
    );
  }

  hostDisconnected(): void {
    this.#letGo();
    this.#listening?.abort();
    this.#listening = undefined;
  }

  /** The button left the screen in mid-press: the mode changed, the interview was paused. */
  hostUpdated(): void {
    if (this.isDown && !this.#actions.canTalk()) this.#letGo();
  }

  /** @throws what `press` of the session throws. Pressing a button that is down is quiet. */
  async press(by: 'pointer' | 'key' | 'call' = 'call'): Promise<void> {
    if (this.isDown) return;
    this.#held = { status: 'down', by };
    this.#wasTooShort = false;
    this.#host.requestUpdate();
    try {
      await this.#actions.press();
    } catch (error) {
      this.#held = { status: 'up' };
      this.#host.requestUpdate();
      throw error;
    }
  }

  /** Letting go of a button that is up is quiet. */
  async release(): Promise<void> {
    if (!this.isDown) return;
    const held: Held = { status: 'up' };
    this.#held = held;
    this.#host.requestUpdate();
    const { tooShort } = await this.#actions.release();
    // A hint about the press before is of no use to who presses again, or cannot.
    if (held === this.#held) this.#wasTooShort = tooShort && this.#actions.canTalk();
    this.#host.requestUpdate();
  }

  readonly onPointerDown = (event: PointerEvent): void => {
    if (!event.isPrimary || event.button !== 0 || !this.#actions.canTalk()) return;
    // From here on the pointer's end is ours, wherever it happens.
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#try(this.press('pointer'));
  };

  /** For `pointerup`, `pointercancel` and `lostpointercapture`. */
  readonly onPointerEnd = (event: PointerEvent): void => {
    if (event.isPrimary) this.#letGo('pointer');
  };

  /** A click without a pointer is assistive technology, which cannot hold: the first presses, the second lets go. */
  readonly onClick = (event: MouseEvent): void => {
    if (event.detail !== 0) return;
    if (this.isDown) this.#letGo();
    else if (this.#actions.canTalk()) this.#try(this.press('call'));
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (!this.#isTalkKey(event) || event.defaultPrevented || !this.#actions.canTalk()) return;
    // Neither scrolling nor a click of the button, also while the key repeats.
    event.preventDefault();
    if (!event.repeat) this.#try(this.press('key'));
  };

  readonly #onKeyUp = (event: KeyboardEvent): void => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    if (this.#held.status !== 'down' || this.#held.by !== 'key') return;
    event.preventDefault();
    this.#letGo('key');
  };

  #isTalkKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const target = event.composedPath()[0];
    if (!(target instanceof Element)) return false;
    if (target.closest('[data-talk]') && this.#host.shadowRoot?.contains(target))
      return event.key === ' ' || event.key === 'Enter';
    if (event.key !== ' ' || target.closest(USES_SPACE)) return false;
    const isNowhere = target === document.body || target === document.documentElement;
    return isNowhere || event.composedPath().includes(this.#host);
  }

  #letGo(by?: 'pointer' | 'key'): void {
    if (this.#held.status !== 'down' || (by && this.#held.by !== by)) return;
    this.#try(this.release());
  }

  #try(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#actions.failed(error);
    });
  }
}
