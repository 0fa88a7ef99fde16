import { InterviewError } from '../errors.js';

/** Why a store failed, in the words of this package. */
export function storageError(cause: unknown): InterviewError {
  if (cause instanceof InterviewError) return cause;
  // Told by its name: newer browsers throw a class of its own, older ones a DOMException.
  const isFull = cause instanceof Error && cause.name === 'QuotaExceededError';
  return isFull
    ? new InterviewError('storage-full', 'There is no room left to keep the interview on this device', {
        cause,
      })
    : new InterviewError('storage-unavailable', 'The interview cannot be kept on this device', { cause });
}
