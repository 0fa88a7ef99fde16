import { RequestError } from './errors.js';
import type {
  AudioFormat,
  ResponseParams,
  SemanticVad,
  ServerVad,
  SessionUpdate,
  Tool,
  ToolChoice,
  Transcription,
  TurnDetectionConfig,
  Voice,
} from './session-schema.js';

/** Everything that a session is set to: what `session.created` and `session.updated` show. */
export interface SessionConfig {
  readonly type: 'realtime';
  readonly model: string;
  readonly instructions: string;
  readonly output_modalities: readonly ('text' | 'audio')[];
  readonly max_output_tokens: number | 'inf';
  readonly parallel_tool_calls: boolean;
  readonly reasoning: SessionUpdate['reasoning'] | null;
  readonly tools: readonly Tool[];
  readonly tool_choice: ToolChoice;
  readonly prompt: SessionUpdate['prompt'];
  readonly tracing: SessionUpdate['tracing'];
  readonly truncation: NonNullable<SessionUpdate['truncation']>;
  readonly include: SessionUpdate['include'] | null;
  readonly audio: {
    readonly input: {
      readonly format: AudioFormat;
      readonly noise_reduction: { type: 'near_field' | 'far_field'; strength?: number | undefined } | null;
      readonly transcription: Transcription | null;
      readonly turn_detection: TurnDetectionConfig | null;
    };
    readonly output: {
      readonly format: AudioFormat;
      readonly voice: Voice;
      /** Taken and shown, but the local voice has one pace. */
      readonly speed: number;
    };
  };
}

/** What of the session's state decides whether a change is allowed. */
export interface ConfigLimits {
  readonly hasSpoken: boolean;
  readonly isResponding: boolean;
}

const PCM: AudioFormat = { type: 'audio/pcm', rate: 24_000 };

const SERVER_VAD: ServerVad = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  create_response: true,
  interrupt_response: true,
  idle_timeout_ms: null,
};

const SEMANTIC_VAD: SemanticVad = {
  type: 'semantic_vad',
  eagerness: 'auto',
  create_response: true,
  interrupt_response: true,
};

export function defaultSession(model: string): SessionConfig {
  return {
    type: 'realtime',
    model,
    instructions: 'You are a kind and attentive interviewer. Speak briefly and ask one question at a time.',
    output_modalities: ['audio'],
    max_output_tokens: 'inf',
    parallel_tool_calls: true,
    reasoning: null,
    tools: [],
    tool_choice: 'auto',
    prompt: null,
    tracing: null,
    truncation: 'auto',
    include: null,
    audio: {
      input: { format: PCM, noise_reduction: null, transcription: null, turn_detection: SERVER_VAD },
      output: { format: PCM, voice: 'marin', speed: 1 },
    },
  };
}

/**
 * The session with an update applied: only fields that are present change, `null` clears. All or nothing.
 *
 * @throws RequestError for what the schema cannot know: a model that would change, a voice that was heard already
 */
export function updateSession(
  config: SessionConfig,
  update: SessionUpdate,
  limits: ConfigLimits,
): SessionConfig {
  if (update.model !== undefined && update.model !== config.model) {
    throw RequestError.invalidValue(
      `Cannot change the model of a session: it was started with '${config.model}'.`,
      'session.model',
    );
  }
  if (update.tracing !== undefined && config.tracing && !isSame(update.tracing, config.tracing)) {
    throw RequestError.invalidValue('Cannot change tracing once it is enabled.', 'session.tracing');
  }
  refuseTelephone(update.audio?.input?.format, 'session.audio.input.format');
  refuseTelephone(update.audio?.output?.format, 'session.audio.output.format');
  const { speed, voice } = update.audio?.output ?? {};
  refuseVoice(voice, config, limits, 'session.audio.output.voice');
  if (speed !== undefined && speed !== config.audio.output.speed && limits.isResponding) {
    throw RequestError.invalidValue(
      'Cannot change the speed while a response is in progress.',
      'session.audio.output.speed',
    );
  }
  const { audio, ...scalars } = update;
  const turnDetection = audio?.input?.turn_detection;
  return {
    ...config,
    ...present(scalars),
    audio: {
      input: {
        ...config.audio.input,
        ...present(audio?.input ?? {}),
        turn_detection:
          turnDetection === undefined
            ? config.audio.input.turn_detection
            : turnDetection && completeTurnDetection(turnDetection, config.audio.input.turn_detection),
      },
      output: { ...config.audio.output, ...present(audio?.output ?? {}) },
    },
  };
}

/** The session as one response sees it. `instructions` and `tools` of a response replace the session's. */
export function forResponse(
  config: SessionConfig,
  params: ResponseParams,
  limits: ConfigLimits,
): SessionConfig {
  refuseTelephone(params.audio?.output?.format, 'response.audio.output.format');
  refuseVoice(params.audio?.output?.voice, config, limits, 'response.audio.output.voice');
  const merged: SessionConfig = {
    ...config,
    ...present({
      instructions: params.instructions,
      output_modalities: params.output_modalities,
      max_output_tokens: params.max_output_tokens,
      parallel_tool_calls: params.parallel_tool_calls,
      reasoning: params.reasoning,
      tools: params.tools,
      tool_choice: params.tool_choice,
      prompt: params.prompt,
    }),
    audio: { ...config.audio, output: { ...config.audio.output, ...present(params.audio?.output ?? {}) } },
  };
  const { tool_choice: choice, tools } = merged;
  if (typeof choice === 'object' && !tools.some(({ name }) => name === choice.name)) {
    throw RequestError.invalidValue(
      `Tool choice '${choice.name}' not found in 'tools'.`,
      'response.tool_choice',
    );
  }
  if (choice === 'required' && tools.length === 0) {
    throw RequestError.invalidValue(
      "Tool choice 'required' needs at least one tool.",
      'response.tool_choice',
    );
  }
  return merged;
}

function completeTurnDetection(
  update: NonNullable<NonNullable<NonNullable<SessionUpdate['audio']>['input']>['turn_detection']>,
  current: TurnDetectionConfig | null,
): TurnDetectionConfig {
  return update.type === 'server_vad'
    ? { ...(current?.type === 'server_vad' ? current : SERVER_VAD), ...present(update) }
    : { ...(current?.type === 'semantic_vad' ? current : SEMANTIC_VAD), ...present(update) };
}

function refuseTelephone(format: AudioFormat | undefined, param: string): void {
  if (format && format.type !== 'audio/pcm')
    throw RequestError.unsupportedHere(`The format '${format.type}'`, param);
}

function refuseVoice(
  voice: Voice | undefined,
  config: SessionConfig,
  limits: ConfigLimits,
  param: string,
): void {
  if (voice === undefined || isSame(voice, config.audio.output.voice) || !limits.hasSpoken) return;
  throw new RequestError(
    'cannot_update_voice',
    "Cannot update a conversation's voice if assistant audio is present.",
    param,
  );
}

/** The fields that were given: a parsed optional field can be there as undefined. */
function present<T extends object>(fields: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
