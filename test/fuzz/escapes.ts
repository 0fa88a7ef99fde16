/** What goes past every `catch`: seen by the window alone. And what must never change, whatever comes in. */
const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype];

export class Escapes {
  readonly seen: string[] = [];
  readonly #before = shapes();
  readonly #onError = (event: ErrorEvent): void => {
    this.seen.push(`error: ${String(event.error ?? event.message)}`);
  };
  readonly #onRejection = (event: PromiseRejectionEvent): void => {
    this.seen.push(`unhandled rejection: ${String(event.reason)}`);
    // The test that looks at `seen` fails by itself, with the seed in its message.
    event.preventDefault();
  };

  start(): void {
    window.addEventListener('error', this.#onError, { capture: true });
    window.addEventListener('unhandledrejection', this.#onRejection, { capture: true });
  }

  stop(): void {
    window.removeEventListener('error', this.#onError, { capture: true });
    window.removeEventListener('unhandledrejection', this.#onRejection, { capture: true });
  }

  /** After a turn of the event loop, in which the browser reports rejections that nobody took. */
  async check(): Promise<void> {
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    });
    const seen = this.seen.splice(0);
    if (seen.length > 0) throw new Error(`It escaped: ${seen.join(', ')}`);
    if (shapes() !== this.#before || 'polluted' in {}) throw new Error('A prototype was changed');
  }
}

function shapes(): string {
  return PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).map(String).join()).join('\n');
}
