import { unreachable } from '../async/state-table.js';
import type { Emitter } from '../async/emitter.js';
import type { DialogueEvents, Usage } from '../dialogue/dialogue.js';
import type { BargeIn } from './barge-in.js';
import type { InterviewerTurns } from './interviewer-turns.js';
import { text, wild } from './lock-reading.js';
import type { Responses } from './responses.js';
import type { ServerEvent, ServerItem, ServerResponse } from './server-events.js';
import type { SessionSettings } from './session-settings.js';
import type { ToolCalls } from './tool-calls.js';
import type { Transcriptions } from './transcriptions.js';
import type { TurnLedger } from './turn-ledger.js';
import type { TypedTurns } from './typed-turns.js';
import { transcriptionUsageOf, usageOf } from './usage.js';
import type { VoiceTurns } from './voice-turns.js';

export interface EventParts {
  readonly events: Emitter<DialogueEvents>;
  readonly settings: SessionSettings;
  readonly ledger: TurnLedger;
  readonly responses: Responses;
  readonly turns: InterviewerTurns;
  readonly bargeIn: BargeIn;
  readonly voiceTurns: VoiceTurns;
  readonly typedTurns: TypedTurns;
  readonly transcriptions: Transcriptions;
  readonly toolCalls: ToolCalls;
}

/** Which part acts on which server event. Errors are not among them: whose they are is known by their `event_id`. */
export function routeEvent(event: Exclude<ServerEvent, { type: 'error' }>, parts: EventParts): void {
  const { ledger, turns, voiceTurns, transcriptions } = parts;
  switch (event.type) {
    case 'session.created':
      parts.settings.created(wild(event.session)?.expires_at, text(wild(event.session)?.model));
      break;
    case 'session.updated':
      parts.settings.updated();
      break;
    case 'conversation.item.added':
    case 'conversation.item.done':
      ledger.placed(event.item.id, event.previous_item_id);
      parts.typedTurns.itemAdded(event.item.id);
      if (isSpoken(event.item)) voiceTurns.taken(event.item.id);
      break;
    case 'conversation.item.deleted':
      ledger.deleted(event.item_id);
      break;
    case 'conversation.item.input_audio_transcription.delta':
      withTurn(ledger, event.item_id, (id) => {
        transcriptions.grew(id, event.delta ?? '');
      });
      break;
    case 'conversation.item.input_audio_transcription.completed':
      withTurn(ledger, event.item_id, (id) => {
        transcriptions.complete(id, event.transcript);
      });
      if (event.usage) tellUsage(transcriptionUsageOf(event.usage), parts);
      break;
    case 'conversation.item.input_audio_transcription.failed':
      withTurn(ledger, event.item_id, (id) => {
        transcriptions.refuse(id);
      });
      break;
    case 'input_audio_buffer.committed':
      ledger.placed(event.item_id, event.previous_item_id);
      voiceTurns.taken(event.item_id);
      break;
    case 'input_audio_buffer.speech_started':
      // Detection that was switched off may still have something to say.
      if (parts.settings.mode !== 'hands-free') break;
      voiceTurns.speechStarted(event.item_id);
      // The server itself cancels what is active; here it falls silent.
      parts.bargeIn.cut('participant');
      break;
    case 'input_audio_buffer.speech_stopped':
      voiceTurns.speechStopped(event.item_id);
      break;
    case 'response.created':
      parts.responses.created(event.response);
      break;
    case 'response.done':
      responseDone(event.response, parts);
      break;
    case 'response.output_item.added':
      if (event.item.type === 'message') turns.began(event.item.id, event.response_id);
      break;
    case 'response.output_item.done':
      itemDone(event.response_id, event.item, parts);
      break;
    case 'response.output_text.delta':
    case 'response.output_audio_transcript.delta':
      turns.wrote(event.item_id, event.response_id, { delta: event.delta });
      break;
    case 'response.output_text.done':
      turns.wrote(event.item_id, event.response_id, { whole: event.text });
      break;
    case 'response.output_audio_transcript.done':
      turns.wrote(event.item_id, event.response_id, { whole: event.transcript });
      break;
    case 'response.output_audio.delta':
      turns.heard(event.item_id, event.response_id, event.delta);
      break;
    default:
      unreachable(event);
  }
}

function itemDone(responseId: string, item: ServerItem, { turns, toolCalls, responses }: EventParts): void {
  if (item.type === 'message') {
    const text = (item.content ?? []).map((part) => part.text ?? part.transcript ?? '').join('');
    turns.itemDone(item.id, responseId, item.status !== 'incomplete', text);
  } else if (item.type === 'function_call' && !responses.of(responseId).isBeside)
    toolCalls.gather(responseId, item);
}

function responseDone(response: ServerResponse, parts: EventParts): void {
  const { responses, turns, toolCalls } = parts;
  // First: what follows may be the end of the interview.
  if (response.usage) tellUsage(usageOf(response.usage), parts);
  const record = responses.of(response.id);
  // Told twice, it counts once.
  if (record.status === 'done') return;
  const isComplete = response.status === 'completed';
  if (!record.isBeside) {
    // The end of a response repeats all of it: what was lost on the way, or never sent piece by piece, is in it.
    for (const item of response.output ?? []) if (item.type === 'message') itemDone(response.id, item, parts);
  }
  const turnId = turns.responseDone(record, isComplete);
  if (!record.isBeside) toolCalls.responseDone(response, turnId);
}

function tellUsage(usage: Usage, { events, settings: { model } }: EventParts): void {
  events.emit('usage', { ...usage, ...(model !== undefined && { model }) });
}

function isSpoken({ type, role, content }: ServerItem): boolean {
  return type === 'message' && role === 'user' && !!content?.some((part) => part.type === 'input_audio');
}

function withTurn(ledger: TurnLedger, itemId: string, then: (turnId: string) => void): void {
  const turnId = ledger.turnOf(itemId);
  if (turnId !== undefined) then(turnId);
}
