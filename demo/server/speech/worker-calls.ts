// The worker's side of `WorkerPart`: loads once, then answers calls one after the other in the order of asking.
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './worker-messages.js';

export interface WorkerSkill<Request, Answer> {
  /** What was loaded, for a person. */
  detail: string;
  answer(request: Request, options: { signal: AbortSignal }): Promise<Answer>;
}

/** `load` gets the data that the `WorkerPart` was made with: both sides name the same type for it. */
export function serveCalls<Request, Answer>(
  load: (data: unknown) => Promise<WorkerSkill<Request, Answer>>,
): void {
  const port = parentPort;
  if (!port) throw new Error('This module runs in a worker thread.');
  const say = (message: FromWorker<Answer>): void => {
    port.postMessage(message);
  };
  const skill = load(workerData);
  const startedAt = performance.now();
  skill.then(
    ({ detail }) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      say({ type: 'ready', detail: `${detail}, loaded in ${seconds} s` });
    },
    (error: unknown) => {
      say({ type: 'missing', reason: reasonOf(error) });
    },
  );

  const cancels = new Map<number, AbortController>();
  let previous: Promise<void> = Promise.resolve();
  const answerCall = async (id: number, request: Request, signal: AbortSignal): Promise<void> => {
    try {
      signal.throwIfAborted();
      say({ type: 'answer', id, answer: await (await skill).answer(request, { signal }) });
    } catch (error) {
      say({ type: 'failed', id, reason: reasonOf(error) });
    } finally {
      cancels.delete(id);
    }
  };
  port.on('message', (message: ToWorker<Request>) => {
    if (message.type === 'cancel') {
      cancels.get(message.id)?.abort();
      return;
    }
    const cancel = new AbortController();
    cancels.set(message.id, cancel);
    previous = previous.then(() => answerCall(message.id, message.request, cancel.signal));
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
