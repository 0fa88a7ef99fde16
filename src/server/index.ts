// What runs on the host's side and never ships to the page. No dependency: it works in any runtime that knows fetch.
export { createTokenEndpoint } from './token-endpoint.js';
export type { TokenEndpointOptions } from './token-endpoint.js';
export type { TokenOrder } from './token-order.js';
export { memoryRateLimitStore } from './rate-limit.js';
export type { RateLimit, RateLimitCount, RateLimitStore } from './rate-limit.js';
