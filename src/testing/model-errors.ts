import type { ModelServerEvent } from './model-events.js';
import type { ModelRefusal } from './model-faults.js';

/** As the provider sends it; `event_id` is of the client event that it is about. */
function error(code: string | null, message: string, eventId: string | null): ModelServerEvent {
  return {
    type: 'error',
    error: { type: 'invalid_request_error', code, message, param: null, event_id: eventId },
  };
}

/** The refusal of a create while another response is active. */
export function conflict(
  responseId: string,
  eventId: string | null,
  wording: Exclude<ModelRefusal, 'lost'>,
): ModelServerEvent {
  if (wording === 'old') return error(null, 'Conversation already has an active response', null);
  return error(
    wording === 'no code' || wording === 'neither' ? null : 'conversation_already_has_active_response',
    `Conversation already has an active response in progress: ${responseId}. Wait until the response is finished before creating a new one.`,
    wording === 'no event id' || wording === 'neither' ? null : eventId,
  );
}

export function cancelNotActive(eventId: string | null): ModelServerEvent {
  return error('response_cancel_not_active', 'Cancellation failed: no active response found', eventId);
}

export function commitEmpty(bufferMs: number, eventId: string | null): ModelServerEvent {
  return error(
    'input_audio_buffer_commit_empty',
    `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${bufferMs.toFixed(2)}ms of audio.`,
    eventId,
  );
}

export function unknownCall(callId: string, eventId: string | null): ModelServerEvent {
  return error('invalid_value', `Tool call ID '${callId}' not found in conversation.`, eventId);
}

export function unknownEvent(type: string, eventId: string | null): ModelServerEvent {
  return error('invalid_value', `Invalid value: '${type}'.`, eventId);
}
