import type { ScriptedResponse } from './model-script.js';

export type ModelStatus = 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled' | 'dropped';

/** One response of the model, as a test may look at it. */
export interface ModelResponse {
  readonly id: string;
  readonly plan: ScriptedResponse;
  /** As the create gave it; null for a response that the server started by itself. */
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly isOutOfBand: boolean;
  readonly startedAtMs: number;
  endedAtMs?: number;
  /** `dropped`: the connection went first. */
  status: ModelStatus;
  /** Of a cancelled one. */
  reason?: 'turn_detected' | 'client_cancelled';
  /** The ids of the calls that it made. */
  callIds: readonly string[];
}

/** As the provider shows it in `response.created` and `response.done`. */
export function shown(response: ModelResponse): object {
  const { id, status, metadata, isOutOfBand } = response;
  return {
    object: 'realtime.response',
    id,
    status,
    status_details: details(response),
    output: output(response),
    conversation_id: isOutOfBand ? null : 'conv_model',
    metadata,
    usage: null,
  };
}

function details({ status, reason, plan }: ModelResponse): object | null {
  switch (status) {
    case 'cancelled':
      return { type: status, reason };
    case 'incomplete':
      return { type: status, reason: plan.end === 'filtered' ? 'content_filter' : 'max_output_tokens' };
    case 'failed':
      return { type: status, error: FAILURES[plan.end] };
    case 'in_progress':
    case 'completed':
    case 'dropped':
      return null;
  }
}

const FAILURES: Readonly<Partial<Record<ScriptedResponse['end'], object>>> = {
  'rate limited': {
    type: 'invalid_request_error',
    code: 'rate_limit_exceeded',
    message: 'Rate limit reached for requests.',
  },
  'server error': {
    type: 'server_error',
    code: 'server_error',
    message: 'The server had an error while processing your request.',
  },
  refused: { type: 'invalid_request_error', code: 'invalid_prompt', message: 'The request was refused.' },
};

function output({ id, status, plan, callIds }: ModelResponse): object[] {
  if (status === 'in_progress' || status === 'failed' || plan.end === 'empty') return [];
  const message = {
    type: 'message',
    id: `item_${id}`,
    role: 'assistant',
    content: [{ type: 'output_audio', transcript: 'Yes.' }],
  };
  const calls = callIds.map((call_id) => ({
    type: 'function_call',
    id: `item_${call_id}`,
    call_id,
    name: 'look_up',
    arguments: '{}',
  }));
  return [message, ...calls];
}

/** What a response becomes by its plan. */
export function plannedStatus({ end }: ScriptedResponse): 'completed' | 'incomplete' | 'failed' {
  switch (end) {
    case 'completed':
    case 'empty':
      return 'completed';
    case 'cut off':
    case 'filtered':
      return 'incomplete';
    case 'rate limited':
    case 'server error':
    case 'refused':
      return 'failed';
  }
}
