import { InterviewError } from '../errors.js';

const PROVIDER = 'wss://api.openai.com/v1/realtime';
const DEFAULT_MODEL = 'gpt-realtime-2.1';

function isLoopback(host: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host);
}

export interface RealtimeUrlOptions {
  /** The page's choice; may be relative to `base`, and `http(s):`. */
  readonly realtimeUrl?: string | undefined;
  /** What the token's answer names. */
  readonly tokenUrl?: string | undefined;
  readonly model?: string | undefined;
  /** Default: the page's own address. */
  readonly base?: string | undefined;
}

/**
 * Where to connect: the page's choice, else the token's, else the provider; with `?model=` unless the address has it.
 *
 * @throws InterviewError `connection-failed`, not recoverable, when it is no address or would carry the secret unencrypted
 */
export function realtimeUrl({
  realtimeUrl: own,
  tokenUrl,
  model,
  base = pageAddress(),
}: RealtimeUrlOptions): string {
  const address = own ?? tokenUrl ?? PROVIDER;
  const refuse = (why: string): InterviewError =>
    new InterviewError('connection-failed', `Expected a realtime address that ${why}, got "${address}"`, {
      recoverable: false,
    });
  let url: URL;
  try {
    url = new URL(address, base);
  } catch {
    throw refuse('is a URL');
  }
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'wss:' && !(url.protocol === 'ws:' && isLoopback(url.hostname)))
    throw refuse('is wss: (ws: on this machine only)');
  if (!url.searchParams.has('model')) url.searchParams.set('model', model ?? DEFAULT_MODEL);
  url.hash = '';
  return url.href;
}

function pageAddress(): string | undefined {
  // On a server there is no page.
  return (globalThis as { readonly location?: { readonly href: string } }).location?.href;
}
