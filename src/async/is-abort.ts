/** Something was called off: by the person, the page or the end of the interview. That is no failure. */
export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'AbortError';
}
