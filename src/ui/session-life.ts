import type { LocalGuide } from '../interview/guide.js';
import type { InterviewSession } from '../session.js';

export interface SessionLifeParts {
  /** A new session with what the page asks for now. May throw an InterviewError. */
  createSession(): InterviewSession;
  attach(session: InterviewSession): void;
  detach(): void;
}

/** One session at a time, from its making to its closing. */
export class SessionLife {
  readonly #parts: SessionLifeParts;
  #session: InterviewSession | undefined;
  #loading: Promise<void> | undefined;
  #guide: LocalGuide | undefined;
  #hasUnfinished = false;
  #controller = new AbortController();

  constructor(parts: SessionLifeParts) {
    this.#parts = parts;
  }

  get session(): InterviewSession | undefined {
    return this.#session;
  }

  /** Once loaded. */
  get guide(): LocalGuide | undefined {
    return this.#guide;
  }

  get hasUnfinished(): boolean {
    return this.#hasUnfinished;
  }

  /** Aborts when this session is dropped. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Makes a session unless there is one, before its first await: what only a click may do is done in the click. */
  async load(): Promise<void> {
    if (!this.#session) {
      this.#session = this.#parts.createSession();
      this.#parts.attach(this.#session);
    }
    this.#loading ??= this.#ask(this.#session);
    await this.#loading;
  }

  /** Closes the session; dropping twice is quiet. */
  drop(): void {
    const session = this.#session;
    this.#session = undefined;
    this.#loading = undefined;
    this.#guide = undefined;
    this.#hasUnfinished = false;
    if (!session) return;
    this.#parts.detach();
    this.#controller.abort(new DOMException('The interview was closed', 'AbortError'));
    this.#controller = new AbortController();
    void session.close();
  }

  async #ask(session: InterviewSession): Promise<void> {
    const { guide, unfinished } = await session.load({ signal: this.signal });
    if (session !== this.#session) return;
    this.#guide = guide;
    this.#hasUnfinished = unfinished;
  }
}
