export type Listener<Detail> = (detail: Detail) => void;

/**
 * What a part tells its neighbours: typed, synchronous, in the order of listening. Who stops listening while an event is being
 * told does not hear it any more; who starts then hears the next one.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** @returns a function that stops listening; aborting `signal` does the same. Stopping twice is quiet. */
  on<Type extends keyof Events>(
    type: Type,
    listener: Listener<Events[Type]>,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): () => void {
    if (signal?.aborted) return () => undefined;
    const own: Listener<Events[Type]> = (detail) => {
      listener(detail);
    };
    const all = this.#listeners.get(type) ?? new Set<Listener<never>>();
    this.#listeners.set(type, all);
    all.add(own);
    const off = (): void => {
      all.delete(own);
      signal?.removeEventListener('abort', off);
    };
    signal?.addEventListener('abort', off, { once: true });
    return off;
  }

  /** A listener that throws does not rob the others: all are told, then the first error is thrown. */
  emit<Type extends keyof Events>(type: Type, detail: Events[Type]): void {
    const all = this.#listeners.get(type);
    if (!all) return;
    const errors: unknown[] = [];
    for (const listener of [...all]) {
      if (!all.has(listener)) continue;
      try {
        (listener as Listener<Events[Type]>)(detail);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
