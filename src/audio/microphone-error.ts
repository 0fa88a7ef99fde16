import { InterviewError } from '../errors.js';

/**
 * What the browser's refusal to open a microphone means.
 *
 * @param isAllowedByPolicy whether this document may ask at all; undefined where the browser does not tell
 */
export function microphoneError(cause: unknown, isAllowedByPolicy: boolean | undefined): InterviewError {
  const name = cause instanceof Error ? cause.name : '';
  const detail = cause instanceof Error ? cause.message : String(cause);
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
    case 'SecurityError':
      return isAllowedByPolicy === false || name === 'SecurityError' || /policy/i.test(detail)
        ? new InterviewError(
            'microphone-blocked-by-policy',
            `This document may not ask for a microphone: its Permissions-Policy header, or the allow="microphone" that its frame lacks (${detail})`,
            { cause },
          )
        : new InterviewError(
            'microphone-denied',
            `The participant or the system refused the microphone (${detail})`,
            {
              cause,
            },
          );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new InterviewError('microphone-missing', `There is no such microphone (${detail})`, { cause });
    case 'TypeError':
      return new InterviewError('unsupported-browser', `This page cannot ask for a microphone (${detail})`, {
        cause,
      });
    default:
      return new InterviewError('microphone-busy', `The microphone does not start (${detail})`, { cause });
  }
}

interface PolicyReader {
  allowsFeature(feature: string): boolean;
}

/** Whether the document's policy lets it ask for a microphone; undefined where the browser does not tell (Firefox, Safari). */
export function microphonePolicy(page: object): boolean | undefined {
  const { permissionsPolicy, featurePolicy } = page as {
    permissionsPolicy?: PolicyReader;
    featurePolicy?: PolicyReader;
  };
  return (permissionsPolicy ?? featurePolicy)?.allowsFeature('microphone');
}
