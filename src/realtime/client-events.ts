/** What this client says on the wire, and nothing else of the protocol's client events. Every one carries its own `event_id`. */

export type ClientItem =
  | { type: 'message'; id: string; role: 'system' | 'user'; content: [{ type: 'input_text'; text: string }] }
  | { type: 'message'; id: string; role: 'assistant'; content: [{ type: 'output_text'; text: string }] }
  | { type: 'function_call_output'; id: string; call_id: string; output: string };

export type FunctionTool = {
  type: 'function';
  name: string;
  description: string;
  parameters: Readonly<Record<string, unknown>>;
};

export type VoiceDetection =
  | {
      type: 'server_vad';
      silence_duration_ms: number;
      create_response: boolean;
      interrupt_response: boolean;
      idle_timeout_ms: null;
    }
  | { type: 'semantic_vad'; eagerness: 'low'; create_response: boolean; interrupt_response: boolean };

type AudioFormat = { type: 'audio/pcm'; rate: 24000 };

/** Only the fields that are present change; a new session starts from the provider's defaults. */
export type SessionConfig = {
  type: 'realtime';
  model?: string;
  instructions?: string;
  output_modalities?: ('text' | 'audio')[];
  tools?: FunctionTool[];
  tool_choice?: 'auto';
  audio?: {
    input?: {
      format?: AudioFormat;
      transcription?: { model: string; language: string };
      turn_detection: VoiceDetection | null;
    };
    output?: { format?: AudioFormat; voice?: string };
  };
};

/** What one response may have otherwise than its session. */
export type ResponseParams = {
  conversation?: 'auto' | 'none';
  instructions?: string;
  input?: ClientItem[];
  output_modalities?: ('text' | 'audio')[];
  max_output_tokens?: number;
  metadata?: Record<string, string>;
  tools?: FunctionTool[];
  tool_choice?: 'auto' | 'none' | { type: 'function'; name: string };
};

/** A client event before it gets its `event_id`, which the wire gives to each. */
export type ClientMessage =
  | { type: 'session.update'; session: SessionConfig }
  | { type: 'conversation.item.create'; item: ClientItem }
  | { type: 'conversation.item.delete'; item_id: string }
  | { type: 'conversation.item.truncate'; item_id: string; content_index: number; audio_end_ms: number }
  | { type: 'input_audio_buffer.append'; audio: string }
  | { type: 'input_audio_buffer.clear' }
  | { type: 'input_audio_buffer.commit' }
  | { type: 'response.create'; response?: ResponseParams }
  | { type: 'response.cancel'; response_id?: string };

export type ClientEvent = ClientMessage & { event_id: string };

/** Gives an id that no other event, item or turn has, on this page or on one that continues the interview. */
export type CreateId = () => string;

/** 16 characters of chance. `crypto.randomUUID` is missing on plain http pages. */
export const randomId: CreateId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

export function systemItem(id: string, text: string): ClientItem {
  return { type: 'message', id, role: 'system', content: [{ type: 'input_text', text }] };
}

export function userItem(id: string, text: string): ClientItem {
  return { type: 'message', id, role: 'user', content: [{ type: 'input_text', text }] };
}

export function assistantItem(id: string, text: string): ClientItem {
  return { type: 'message', id, role: 'assistant', content: [{ type: 'output_text', text }] };
}
