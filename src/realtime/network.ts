/** What is known of the network without asking it. */
export interface Network {
  /** `false`: there is certainly none. */
  readonly isOnline: boolean;
  /** @returns a function that stops listening */
  onOnline(listener: () => void): () => void;
}

/** The browser's own word; elsewhere the network is taken to be there. */
export const systemNetwork: Network = {
  get isOnline() {
    return typeof navigator === 'undefined' || !('onLine' in navigator) || navigator.onLine;
  },
  onOnline: (listener) => {
    if (typeof addEventListener !== 'function') return () => undefined;
    addEventListener('online', listener);
    return () => {
      removeEventListener('online', listener);
    };
  },
};
