/** What a hidden page has not stored may be lost: nothing tells it before it is thrown away. */
export function onHiddenPage(listener: () => void): () => void {
  if (typeof document === 'undefined') return () => undefined;
  const look = (): void => {
    if (document.visibilityState === 'hidden') listener();
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', listener);
  return () => {
    document.removeEventListener('visibilitychange', look);
    removeEventListener('pagehide', listener);
  };
}
