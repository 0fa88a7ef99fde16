import { delay } from '../async/deadline.js';
import type { Clock } from '../async/clock.js';

const LIMIT_MS = 3_000;

/** What the page's Content-Security-Policy refuses from now on, until `stop`. */
export interface Refusals {
  /** The directive that refused a script at this address. */
  directive(url: string): string | undefined;
  stop(): void;
}

export function listenForRefusals(): Refusals {
  const told: { readonly uri: string; readonly directive: string }[] = [];
  const stopping = new AbortController();
  document.addEventListener(
    'securitypolicyviolation',
    ({ blockedURI, effectiveDirective }) => {
      told.push({ uri: blockedURI, directive: effectiveDirective });
    },
    { signal: stopping.signal },
  );
  return {
    // Of a blob only the scheme is told, of another origin sometimes only the origin.
    directive: (url) => told.find(({ uri }) => uri !== '' && url.startsWith(uri))?.directive,
    stop: () => {
      stopping.abort();
    },
  };
}

/**
 * Which directive of the page's Content-Security-Policy refuses a script at this address: in Chromium `addModule` rejects without
 * saying why, and the page is told of no violation. A preload obeys the same rule, tells, and runs nothing.
 *
 * @returns undefined where the policy allows it, or where the browser does not tell
 */
export async function refusingDirective(url: string, clock: Clock): Promise<string | undefined> {
  const link = document.createElement('link');
  if (!link.relList.supports('modulepreload')) return undefined;
  const refusals = listenForRefusals();
  const done = new AbortController();
  link.rel = 'modulepreload';
  link.href = url;
  try {
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, LIMIT_MS);
      done.signal.addEventListener('abort', () => {
        clock.clearTimeout(timer);
      });
      const settle = (): void => {
        resolve();
      };
      link.addEventListener('load', settle);
      link.addEventListener('error', settle);
      document.head.append(link);
    });
    // The violation may be told in a task after the error that it explains.
    await delay(clock, 0);
    return refusals.directive(url);
  } finally {
    link.remove();
    done.abort();
    refusals.stop();
  }
}
