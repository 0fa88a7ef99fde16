// A part of the speech that lives in a thread of its own: it loads there, and answers calls by id.
import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './worker-messages.js';

export interface PartLoaded {
  state: 'ready' | 'missing';
  /** What was loaded, or why it is missing. */
  detail: string;
}

interface Waiting<Answer> {
  resolve: (answer: Answer) => void;
  reject: (reason: Error) => void;
}

export class WorkerPart<Request, Answer> {
  /** Never rejects. */
  readonly loaded: Promise<PartLoaded>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #calls = 0;
  /** Why no call can be answered any more. */
  #end: Error | undefined;

  /** `script` is a TypeScript module that calls `serveCalls`; `data` is handed to its loader. */
  constructor(script: URL, data: unknown) {
    this.#worker = new Worker(new URL('./worker-start.mjs', import.meta.url), {
      workerData: data,
      argv: [script.href],
      // Nothing of what the process was started with: the start module brings its own loader.
      execArgv: [],
    });
    this.loaded = new Promise((resolve) => {
      const missing = (error: Error): void => {
        resolve({ state: 'missing', detail: this.#finish(error).message });
      };
      this.#worker.on('message', (message: FromWorker<Answer>) => {
        if (message.type === 'ready') resolve({ state: 'ready', detail: message.detail });
        else if (message.type === 'missing') missing(new Error(message.reason));
        else this.#settle(message);
      });
      this.#worker.on('error', missing);
      this.#worker.on('exit', () => {
        missing(new Error('The speech thread has ended.'));
      });
    });
  }

  /** Rejects with `signal.reason` on abort: at once, whatever the thread is doing. */
  call(request: Request, options: { signal?: AbortSignal | undefined } = {}): Promise<Answer> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.#end) return Promise.reject(this.#end);
    this.#calls += 1;
    const id = this.#calls;
    return new Promise<Answer>((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(id);
        this.#post({ type: 'cancel', id });
        reject(signal?.reason as Error);
      };
      const forget = (): void => signal?.removeEventListener('abort', abort);
      this.#waiting.set(id, {
        resolve: (answer) => {
          forget();
          resolve(answer);
        },
        reject: (reason) => {
          forget();
          reject(reason);
        },
      });
      signal?.addEventListener('abort', abort, { once: true });
      this.#post({ type: 'call', id, request });
    });
  }

  async close(): Promise<void> {
    this.#finish(new Error('The speech was closed.'));
    await this.#worker.terminate();
  }

  #post(message: ToWorker<Request>): void {
    this.#worker.postMessage(message);
  }

  #settle(message: Extract<FromWorker<Answer>, { id: number }>): void {
    // An answer to a call that was aborted finds nobody waiting.
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.answer);
    else waiting?.reject(new Error(message.reason));
  }

  /** The first reason stays: what ends the thread later only follows from it. */
  #finish(error: Error): Error {
    const end = (this.#end ??= error);
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(end);
    return end;
  }
}
