import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Batch, BatchResult } from './campaign.js';

export interface CrewOptions {
  readonly batches: readonly Batch[];
  /** How many threads play at a time. */
  readonly threads: number;
  /** Each plays one batch a message, and posts its result. */
  readonly startWorker: () => Worker;
  readonly onResult: (result: BatchResult) => void;
  /** After so long without a result a thread counts as dead. Default an hour: what fails is shrunk first. */
  readonly limitMs?: number;
  /** A thread has died of this batch. The others, and what is left to play, go on without it. */
  readonly onCrash: (batch: Batch, cause: unknown) => void;
}

/** Plays batches on several threads, and outlasts their crashes. */
export async function playBatches({ batches, threads, ...options }: CrewOptions): Promise<void> {
  const { startWorker, onResult, onCrash, limitMs = 3_600_000 } = options;
  const left = [...batches];
  const work = async (): Promise<void> => {
    for (let worker: Worker | undefined, batch = left.shift(); batch; batch = left.shift()) {
      worker ??= startWorker();
      try {
        onResult(await resultOf(worker, batch, limitMs));
      } catch (cause) {
        await worker.terminate();
        worker = undefined;
        onCrash(batch, cause);
      }
      if (left.length === 0) await worker?.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
}

async function resultOf(worker: Worker, batch: Batch, limitMs: number): Promise<BatchResult> {
  const over = new AbortController();
  const { signal } = over;
  const timer = setTimeout(() => {
    over.abort();
  }, limitMs);
  const exited = once(worker, 'exit', { signal }).then(([code]) => {
    throw new Error(`The thread ended with ${String(code)}`);
  });
  try {
    worker.postMessage(batch);
    // An error of the thread rejects this one.
    const [result] = (await Promise.race([once(worker, 'message', { signal }), exited])) as [BatchResult];
    return result;
  } finally {
    clearTimeout(timer);
    exited.catch(() => undefined);
    over.abort();
  }
}
