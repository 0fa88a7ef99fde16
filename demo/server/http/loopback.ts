import type { IncomingMessage } from 'node:http';

const NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether the browser addressed this machine by a name of its own: any other name was bent to point here. */
export function isLoopbackHost(request: IncomingMessage): boolean {
  const { host } = request.headers;
  return (
    host !== undefined && URL.canParse(`http://${host}`) && NAMES.has(new URL(`http://${host}`).hostname)
  );
}

/** Whether the page behind a request is one of this machine, or there is no page. */
export function isLocalPage(request: IncomingMessage): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && NAMES.has(new URL(origin).hostname);
}
