/**
 * The strictest policy under which a page with the element works: nothing inline, nothing from elsewhere, and connections to
 * this server and, where one is in use, to the provider.
 *
 * @param host this server as the browser addresses it, with its port
 * @param providerOrigin such as "https://api.openai.com"
 */
export function securityHeaders(host: string, providerOrigin: string | undefined): Record<string, string> {
  const connect = ["'self'", `ws://${host}`];
  if (providerOrigin !== undefined) connect.push(providerOrigin, providerOrigin.replace(/^http/, 'ws'));
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'media-src': "'self' blob:",
    'manifest-src': "'self'",
    'connect-src': connect.join(' '),
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
  };
  return {
    'content-security-policy': Object.entries(policy)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    'permissions-policy': 'microphone=(self), camera=(), geolocation=()',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}
