/** The work of one start: it can be called off by its caller, and by the session that is closed, ended or taken over meanwhile. */
export class Starting {
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** @param signal the caller's */
  async run(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
    const abort = (): void => {
      this.abort(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await work(this.signal);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}
