import type { Mode, Output, ToolDefinition, TurnDetection } from '../dialogue/dialogue.js';
import type { FunctionTool, SessionConfig, VoiceDetection } from './client-events.js';

const TRANSCRIPTION_MODEL = 'gpt-transcribe';
const FORMAT = { type: 'audio/pcm', rate: 24000 } as const;

export interface TurnTaking {
  readonly mode: Mode;
  readonly turnDetection: TurnDetection;
  /** A pause this long ends a turn, where silence does. */
  readonly pauseMs: number;
}

/** The server only tells when somebody speaks: this client alone asks for responses. */
function voiceDetection({ mode, turnDetection, pauseMs }: TurnTaking): VoiceDetection | null {
  if (mode !== 'hands-free') return null;
  const told = { create_response: false, interrupt_response: true };
  return turnDetection === 'semantic'
    ? { type: 'semantic_vad', eagerness: 'low', ...told }
    : { type: 'server_vad', silence_duration_ms: pauseMs, ...told, idle_timeout_ms: null };
}

function modalities(output: Output): ['audio' | 'text'] {
  return [output === 'voice' ? 'audio' : 'text'];
}

export interface SessionChoices extends TurnTaking {
  readonly instructions: string;
  readonly tools: readonly ToolDefinition[];
  readonly output: Output;
  /** BCP 47. */
  readonly language: string;
  readonly voice?: string | undefined;
  readonly model?: string | undefined;
}

/** Everything of a new session. */
export function sessionConfig(choices: SessionChoices): SessionConfig {
  const { model, voice } = choices;
  return {
    type: 'realtime',
    ...(model !== undefined && { model }),
    instructions: choices.instructions,
    output_modalities: modalities(choices.output),
    tools: choices.tools.map(({ name, description, parameters }): FunctionTool => ({
      type: 'function',
      name,
      description,
      parameters,
    })),
    tool_choice: 'auto',
    audio: {
      input: {
        format: FORMAT,
        transcription: { model: TRANSCRIPTION_MODEL, language: primaryLanguage(choices.language) },
        turn_detection: voiceDetection(choices),
      },
      output: { format: FORMAT, ...(voice !== undefined && { voice }) },
    },
  };
}

/** What changes with the mode. The voice is left alone: it cannot change once the interviewer has spoken. */
export function modeConfig(taking: TurnTaking, output: Output): SessionConfig {
  return { ...pauseConfig(taking), output_modalities: modalities(output) };
}

/** What changes with the pause that ends a turn. */
export function pauseConfig(taking: TurnTaking): SessionConfig {
  return { type: 'realtime', audio: { input: { turn_detection: voiceDetection(taking) } } };
}

/** `en-GB` → `en`: the transcriber takes ISO 639-1. */
function primaryLanguage(tag: string): string {
  return (tag.split('-')[0] ?? tag).toLowerCase();
}
