import type { ReactiveControllerHost } from 'lit';
import type { InterviewError } from '../errors.js';
import type { InterviewSession } from '../session.js';
import { InterviewErrorEvent, type SessionEventMap } from '../session/session-events.js';
import { RETOLD } from './element-events.js';

type Reactions = { readonly [Type in keyof SessionEventMap]?: (event: SessionEventMap[Type]) => void };

/** Listens to one session at a time: tells its events again on the host, and asks for an update of the screen. */
export class SessionController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #reactions: Reactions;
  readonly #toldErrors = new WeakSet<InterviewError>();
  #listening: AbortController | undefined;

  /** @param reactions what the screen does with an event before the page hears of it */
  constructor(host: ReactiveControllerHost & HTMLElement, reactions: Reactions) {
    this.#host = host;
    this.#reactions = reactions;
  }

  /** Listens to `session`, and to no other from now on. */
  attach(session: InterviewSession): void {
    this.detach();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    for (const type of [...KEYS, 'status', 'text-returned', 'microphone', 'sound', 'retry'] as const) {
      session.addEventListener(
        type,
        (event: Event) => {
          this.#react(type, event);
        },
        { signal },
      );
    }
  }

  detach(): void {
    this.#listening?.abort();
    this.#listening = undefined;
  }

  /** Tells the page of an error, unless the session has told it already. */
  tellError(error: InterviewError): void {
    if (this.#toldErrors.has(error)) return;
    this.#toldErrors.add(error);
    this.#host.dispatchEvent(RETOLD.error(new InterviewErrorEvent('error', error)));
  }

  #react(type: keyof SessionEventMap, event: Event): void {
    // The session dispatches each type with its own class: SessionEventMap is its promise.
    (this.#reactions[type] as ((event: Event) => void) | undefined)?.(event);
    if (event instanceof InterviewErrorEvent) this.tellError(event.error);
    else if (isRetold(type)) this.#host.dispatchEvent(retell(type, event));
    this.#host.requestUpdate();
  }
}

const KEYS = Object.keys(RETOLD) as (keyof typeof RETOLD)[];

const isRetold = (type: keyof SessionEventMap): type is keyof typeof RETOLD => type in RETOLD;

/** The session dispatches each type with its own class: SessionEventMap is its promise, and the union of functions cannot show it. */
function retell(type: keyof typeof RETOLD, event: Event): Event {
  return (RETOLD[type] as unknown as (event: Event) => Event)(event);
}
