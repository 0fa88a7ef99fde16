import { randomBytes } from 'node:crypto';

/** Who holds the conversation: this process, or the provider that the environment names a key for. */
export type Provider =
  | { readonly kind: 'local'; readonly apiKey: string }
  | { readonly kind: 'remote'; readonly apiKey: string; readonly baseUrl: string; readonly origin: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws TypeError for an OPENAI_BASE_URL that is no address */
export function chooseProvider(env: Environment): Provider {
  const apiKey = env['OPENAI_API_KEY'];
  if (apiKey === undefined || apiKey === '') {
    return { kind: 'local', apiKey: `sk-local-${randomBytes(16).toString('hex')}` };
  }
  const baseUrl = env['OPENAI_BASE_URL'] === '' ? undefined : env['OPENAI_BASE_URL'];
  const url = baseUrl ?? 'https://api.openai.com/v1';
  if (!URL.canParse(url)) throw new TypeError(`Expected OPENAI_BASE_URL to be an address, got "${url}"`);
  return { kind: 'remote', apiKey, baseUrl: url, origin: new URL(url).origin };
}
