import { InterviewError, type InterviewErrorCode } from '../errors.js';

/** An error as the provider words it. */
export interface ProviderWords {
  readonly type?: string | null | undefined;
  readonly code?: string | null | undefined;
  readonly message?: string | null | undefined;
}

// After these neither another try nor another connection meets a better answer.
const FATAL: readonly (readonly [RegExp, InterviewErrorCode])[] = [
  [/_quota|billing_|deactivated/, 'provider-quota'],
  [/_api_key/, 'token-refused'],
  [/^beta_api/, 'protocol-error'],
  [/^model_not_found/, 'provider-error'],
];

function fatalCode({ code, type }: ProviderWords): InterviewErrorCode | undefined {
  return FATAL.find(([pattern]) => pattern.test(code ?? type ?? ''))?.[1];
}

export function isFatal(error: ProviderWords): boolean {
  return fatalCode(error) !== undefined;
}

/** What can only be an answer to the lock's own events, even where it names none of them. */
export function isOfLock({ code, message }: ProviderWords): boolean {
  return /has.(an.)?active.response|cancel_not_active|no active response/i.test(`${code} ${message}`);
}

/** What a server worded, without a key that it quotes: messages of errors are told to the page and end up in logs. */
export function withoutKeys(words: string): string {
  return words.replace(/\b[es]k[-_][\w*.-]{6,}/g, '[key]');
}

/** The provider's error in the words of this package. `isDiagnostic`: it is about nothing that anybody waits for. */
export function interviewError(error: ProviderWords, isDiagnostic = false): InterviewError {
  const fatal = fatalCode(error);
  const words =
    withoutKeys([error.code, error.message].filter(Boolean).join(': ')) || 'an error without words';
  const otherwise = /rate_limit/.test(error.code ?? error.type ?? '')
    ? 'provider-rate-limit'
    : 'provider-error';
  return new InterviewError(fatal ?? otherwise, words, fatal ? { recoverable: false } : { isDiagnostic });
}
