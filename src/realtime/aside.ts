import type { AsideOptions } from '../dialogue/dialogue.js';
import { InterviewError } from '../errors.js';
import { userItem, type CreateId, type ResponseParams } from './client-events.js';
import { interviewError } from './interview-errors.js';
import { list, text, wild } from './lock-reading.js';
import type { ResponseLock } from './response-lock.js';

const MOST_TOKENS = 1024;

/** Work beside the conversation: it reads nothing but its input, and nobody hears it. */
export async function runAside(
  lock: ResponseLock,
  createId: CreateId,
  { instructions, input, maxTokens = MOST_TOKENS, signal }: AsideOptions,
): Promise<string> {
  signal?.throwIfAborted();
  const response: ResponseParams = {
    conversation: 'none',
    instructions,
    input: [userItem(createId(), input)],
    output_modalities: ['text'],
    max_output_tokens: maxTokens,
    tools: [],
    tool_choice: 'none',
  };
  const ticket = lock.request({ reason: 'assessment', response, ...(signal && { signal }) });
  const outcome = await ticket.outcome;
  signal?.throwIfAborted();
  // Cut off at its last token, it is still the model's text.
  if (outcome.status === 'completed' || outcome.status === 'incomplete') return wordsOf(outcome.response);
  if (outcome.error) throw interviewError(outcome.error);
  throw outcome.status === 'disconnected'
    ? new InterviewError('connection-lost', 'The connection went before the aside was done')
    : new InterviewError('provider-error', `The aside came to nothing: ${outcome.status}`);
}

function wordsOf(response: unknown): string {
  return list(wild(response)?.output)
    .flatMap((item) => list(item?.content))
    .map((part) => text(part?.text) ?? text(part?.transcript) ?? '')
    .join('');
}
