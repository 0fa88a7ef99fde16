import type { Clock } from '../async/clock.js';
import { deadline } from '../async/deadline.js';

export interface SessionTabOptions {
  readonly interviewId: string;
  readonly clock: Clock;
  /**
   * Another tab wants the interview; `isTaken`: it gets it in any case. Everything is stored and closed when this resolves; `false`:
   * this tab keeps it.
   */
  readonly onAsked: (isTaken: boolean) => Promise<boolean>;
  /** Default: the browser's. Without any, every tab is taken for the only one. */
  readonly locks?: LockManager | undefined;
}

/** `if-free`: asks nobody. `ask`: a tab that does nothing with it gives it away. `take`: whoever has it gives it away. */
export type HowToHold = 'if-free' | 'ask' | 'take';

/** The first two ask for the interview, the third is the answer to the first. */
type Message = 'ask' | 'take' | 'kept';

const KEPT = new Error('The other tab keeps it');
/** Longer than a tab needs that waits for its last words and stores them. A tab that has not answered by then answers nobody. */
const TAKE_MS = 12_000;
const ASK_MS = 1500;

/** One tab of a browser holds an interview. Another may ask for it; the one that has it gives it up in its own time. */
export class SessionTab {
  readonly #options: SessionTabOptions;
  readonly #locks: LockManager | undefined;
  readonly #name: string;
  #channel: BroadcastChannel | undefined;
  #release: (() => void) | undefined;
  #holding: Promise<unknown> = Promise.resolve();

  constructor(options: SessionTabOptions) {
    this.#options = options;
    this.#locks = 'locks' in options ? options.locks : browserLocks();
    this.#name = `ai-interview:${options.interviewId}`;
  }

  /** @returns whether this tab holds the interview now. Rejects with nothing but the signal's reason. */
  hold(how: HowToHold, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<boolean> {
    const holding = this.#holding.then(() => this.#hold(how, signal));
    this.#holding = holding.catch(() => undefined);
    return holding;
  }

  /** Others may have it. Quiet where this tab does not hold it. */
  release(): void {
    this.#release?.();
    this.#release = undefined;
    this.#channel?.close();
    this.#channel = undefined;
  }

  async #hold(how: HowToHold, signal: AbortSignal | undefined): Promise<boolean> {
    signal?.throwIfAborted();
    if (!this.#locks || this.#release) return true;
    try {
      const isHeld =
        (await this.#request({ ifAvailable: true })) || (how !== 'if-free' && (await this.#ask(how, signal)));
      // Whoever wanted it may have gone meanwhile.
      signal?.throwIfAborted();
      if (isHeld) this.#listen();
      else this.release();
      return isHeld;
    } catch {
      this.release();
      signal?.throwIfAborted();
      // A page that may not use locks has no database to share either.
      return true;
    }
  }

  async #ask(how: 'ask' | 'take', signal: AbortSignal | undefined): Promise<boolean> {
    const { clock } = this.#options;
    const answered = new AbortController();
    const limit = deadline(clock, how === 'take' ? TAKE_MS : ASK_MS, () => KEPT, { signal });
    limit.signal.addEventListener('abort', () => {
      answered.abort(limit.signal.reason);
    });
    this.#open().onmessage = ({ data }) => {
      if (data === 'kept' && how === 'ask') answered.abort(KEPT);
    };
    this.#tell(how);
    try {
      return await this.#request({ signal: answered.signal });
    } catch (cause) {
      if (cause !== KEPT) throw cause;
      // It hangs: when it wakes it finds out.
      return how === 'take' && (await this.#request({ steal: true }));
    } finally {
      limit.clear();
    }
  }

  #listen(): void {
    this.#open().onmessage = ({ data }) => {
      if (data === 'ask' || data === 'take') void this.#answer(data === 'take');
    };
  }

  async #answer(isTaken: boolean): Promise<void> {
    if (await this.#options.onAsked(isTaken)) this.release();
    else this.#tell('kept');
  }

  #open(): BroadcastChannel {
    return (this.#channel ??= new BroadcastChannel(this.#name));
  }

  #tell(message: Message): void {
    this.#channel?.postMessage(message);
  }

  /** Resolves when the lock is had (it stays so until `release`), or is not to be had. */
  #request(options: LockOptions): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let release: (() => void) | undefined;
      this.#locks
        ?.request(this.#name, options, async (lock) => {
          if (lock) {
            await new Promise<void>((done) => {
              release = done;
              this.#release = done;
              resolve(true);
            });
          } else resolve(false);
        })
        .catch((cause: unknown) => {
          if (release === undefined)
            reject(cause instanceof Error ? cause : new Error('Not held', { cause }));
          else if (release === this.#release) {
            // Stolen by a tab that had no answer from this one.
            this.release();
            void this.#options.onAsked(true);
          }
        });
    });
  }
}

function browserLocks(): LockManager | undefined {
  return typeof navigator === 'undefined' ? undefined : (navigator as Partial<Navigator>).locks;
}
