import { InterviewError } from '../errors.js';

export function asInterviewError(cause: unknown): InterviewError {
  if (cause instanceof InterviewError) return cause;
  return new InterviewError('invalid-state', 'Something failed that should not have', { cause });
}
