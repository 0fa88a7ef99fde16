/** Every reason for which an interview can fail. The list is closed: a screen has words for each. */
export type InterviewErrorCode =
  | 'token-refused'
  | 'token-unreachable'
  | 'token-malformed'
  | 'microphone-denied'
  | 'microphone-missing'
  | 'microphone-blocked-by-policy'
  | 'microphone-busy'
  /** It was open and is gone. */
  | 'microphone-lost'
  /** It is open, and the system or a switch on it silences it. */
  | 'microphone-muted'
  /** The browser lets no sound run until the participant presses something. */
  | 'sound-suspended'
  /** It hears the loudspeaker: hands-free, the participant is not listened to while the interviewer speaks. */
  | 'microphone-echo'
  | 'guide-invalid'
  | 'guide-unreachable'
  | 'connection-failed'
  | 'connection-lost'
  | 'protocol-error'
  | 'provider-error'
  | 'provider-quota'
  | 'provider-rate-limit'
  | 'storage-unavailable'
  | 'storage-full'
  | 'worklet-blocked'
  | 'unsupported-browser'
  | 'interview-elsewhere'
  | 'interview-taken-over'
  | 'invalid-state';

export interface InterviewErrorOptions {
  /** Whether trying the same again, or going on without the part that failed, can help. Default: what the code usually means. */
  readonly recoverable?: boolean;
  readonly cause?: unknown;
  /** Every problem by itself, where there can be several: a guide's problems, each with its JSON path. */
  readonly problems?: readonly string[];
  /** How long the other side asked to wait before the next try. */
  readonly retryAfterMs?: number;
  /** The interview goes on as if nothing had been: for logs, and not for the participant. Default false. */
  readonly isDiagnostic?: boolean;
}

const FINAL: ReadonlySet<InterviewErrorCode> = new Set([
  'guide-invalid',
  'provider-quota',
  'unsupported-browser',
  'microphone-blocked-by-policy',
  'invalid-state',
]);

/** The one class of error that this package throws and reports. Its message is for developers; a screen words the code itself. */
export class InterviewError extends Error {
  override readonly name = 'InterviewError';
  readonly code: InterviewErrorCode;
  readonly recoverable: boolean;
  readonly problems: readonly string[];
  readonly retryAfterMs: number | undefined;
  readonly isDiagnostic: boolean;

  constructor(code: InterviewErrorCode, message: string, options: InterviewErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.recoverable = options.recoverable ?? !FINAL.has(code);
    this.problems = options.problems ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.isDiagnostic = options.isDiagnostic ?? false;
  }
}
