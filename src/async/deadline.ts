import type { Clock } from './clock.js';

/**
 * A signal that aborts when `signal` does, or with `reason()` after `ms`. Call `clear` once the work is over: until then, or until
 * it aborts, the deadline holds a timer and a listener.
 */
export function deadline(
  clock: Clock,
  ms: number,
  reason: () => unknown,
  { signal }: { signal?: AbortSignal | undefined } = {},
): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  if (signal?.aborted) {
    controller.abort(signal.reason);
    return { signal: controller.signal, clear: () => undefined };
  }
  const clear = (): void => {
    clock.clearTimeout(timer);
    signal?.removeEventListener('abort', follow);
  };
  const follow = (): void => {
    clear();
    controller.abort(signal?.reason);
  };
  const timer = clock.setTimeout(() => {
    clear();
    controller.abort(reason());
  }, ms);
  signal?.addEventListener('abort', follow, { once: true });
  return { signal: controller.signal, clear };
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts, whichever comes first. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  if (signal.aborted) {
    // Nobody will look at the work any more: its failure is not an unhandled one.
    work.catch(() => undefined);
    throw signal.reason;
  }
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
export async function delay(
  clock: Clock,
  ms: number,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  signal?.throwIfAborted();
  let timer: unknown;
  try {
    await abortable(
      new Promise<void>((resolve) => {
        timer = clock.setTimeout(resolve, ms);
      }),
      signal,
    );
  } finally {
    clock.clearTimeout(timer);
  }
}
