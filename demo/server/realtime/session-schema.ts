import * as v from 'valibot';

const VOICES = [
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'sage',
  'shimmer',
  'verse',
  'marin',
  'cedar',
] as const;

const flag = v.boolean();
const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0));

const audioFormat = v.variant('type', [
  v.strictObject({ type: v.literal('audio/pcm'), rate: v.optional(v.literal(24_000)) }),
  v.strictObject({ type: v.literal('audio/pcmu') }),
  v.strictObject({ type: v.literal('audio/pcma') }),
]);

const voice = v.union([v.picklist(VOICES), v.strictObject({ id: v.string() })]);

const turnDetection = v.variant('type', [
  v.strictObject({
    type: v.literal('server_vad'),
    threshold: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    prefix_padding_ms: v.optional(milliseconds),
    silence_duration_ms: v.optional(milliseconds),
    create_response: v.optional(flag),
    interrupt_response: v.optional(flag),
    idle_timeout_ms: v.optional(
      v.nullable(v.pipe(v.number(), v.integer(), v.minValue(5_000), v.maxValue(30_000))),
    ),
  }),
  v.strictObject({
    type: v.literal('semantic_vad'),
    eagerness: v.optional(v.picklist(['low', 'medium', 'high', 'auto'])),
    create_response: v.optional(flag),
    interrupt_response: v.optional(flag),
  }),
]);

const transcription = v.strictObject({
  model: v.optional(v.string()),
  language: v.optional(v.string()),
  languages: v.optional(v.array(v.string())),
  keywords: v.optional(v.array(v.string())),
  prompt: v.optional(v.string()),
  delay: v.optional(v.picklist(['minimal', 'low', 'medium', 'high', 'xhigh'])),
});

const tool = v.strictObject({
  type: v.picklist(['function']),
  name: v.pipe(
    v.string(),
    v.regex(/^[a-zA-Z0-9_-]{1,64}$/, "Expected a name of letters, digits, '_' and '-'."),
  ),
  description: v.optional(v.string()),
  parameters: v.optional(v.record(v.string(), v.unknown())),
});
export type Tool = v.InferOutput<typeof tool>;

const toolChoice = v.union([
  v.picklist(['auto', 'none', 'required']),
  v.strictObject({ type: v.literal('function'), name: v.string() }),
]);
export type ToolChoice = v.InferOutput<typeof toolChoice>;

const outputModalities = v.pipe(
  v.array(v.picklist(['text', 'audio'])),
  v.check(({ length }) => length === 1, "Supported combinations are: ['text'] and ['audio']."),
);

const maxOutputTokens = v.union([
  v.literal('inf'),
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4_096)),
]);

/** Fields that a session and a single response share. */
const generation = {
  instructions: v.optional(v.string()),
  output_modalities: v.optional(outputModalities),
  max_output_tokens: v.optional(maxOutputTokens),
  parallel_tool_calls: v.optional(flag),
  reasoning: v.optional(
    v.strictObject({ effort: v.optional(v.picklist(['minimal', 'low', 'medium', 'high', 'xhigh'])) }),
  ),
  tools: v.optional(v.array(tool)),
  tool_choice: v.optional(toolChoice),
  prompt: v.optional(
    v.nullable(
      v.strictObject({
        id: v.string(),
        version: v.optional(v.nullable(v.string())),
        variables: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
      }),
    ),
  ),
};

/** The `session` of a `session.update`, and of a request for a client secret. Every field but `type` may be left out. */
export const sessionSchema = v.strictObject({
  ...generation,
  type: v.literal('realtime'),
  model: v.optional(v.string()),
  include: v.optional(v.array(v.picklist(['item.input_audio_transcription.logprobs']))),
  tracing: v.optional(
    v.nullable(
      v.union([
        v.literal('auto'),
        v.strictObject({
          workflow_name: v.optional(v.string()),
          group_id: v.optional(v.string()),
          metadata: v.optional(v.unknown()),
        }),
      ]),
    ),
  ),
  truncation: v.optional(
    v.union([
      v.picklist(['auto', 'disabled']),
      v.strictObject({
        type: v.literal('retention_ratio'),
        retention_ratio: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
        token_limits: v.optional(
          v.strictObject({ post_instructions: v.optional(v.pipe(v.number(), v.integer())) }),
        ),
      }),
    ]),
  ),
  audio: v.optional(
    v.strictObject({
      input: v.optional(
        v.strictObject({
          format: v.optional(audioFormat),
          noise_reduction: v.optional(
            v.nullable(
              v.strictObject({
                type: v.picklist(['near_field', 'far_field']),
                strength: v.optional(v.number()),
              }),
            ),
          ),
          transcription: v.optional(v.nullable(transcription)),
          turn_detection: v.optional(v.nullable(turnDetection)),
        }),
      ),
      output: v.optional(
        v.strictObject({
          format: v.optional(audioFormat),
          voice: v.optional(voice),
          speed: v.optional(v.pipe(v.number(), v.minValue(0.25), v.maxValue(1.5))),
        }),
      ),
    }),
  ),
});
export type SessionUpdate = v.InferOutput<typeof sessionSchema>;

/** The `response` of a `response.create`, but for its `input`, whose items are read one by one. */
export const responseSchema = v.strictObject({
  ...generation,
  conversation: v.optional(v.picklist(['auto', 'none'])),
  input: v.optional(v.array(v.unknown())),
  metadata: v.optional(
    v.nullable(
      v.pipe(
        v.record(v.pipe(v.string(), v.maxLength(64)), v.pipe(v.string(), v.maxLength(512))),
        v.check((pairs) => Object.keys(pairs).length <= 16, 'Expected at most 16 pairs.'),
      ),
    ),
  ),
  audio: v.optional(
    v.strictObject({
      output: v.optional(v.strictObject({ format: v.optional(audioFormat), voice: v.optional(voice) })),
    }),
  ),
});
export type ResponseParams = v.InferOutput<typeof responseSchema>;

export type AudioFormat = v.InferOutput<typeof audioFormat>;
export type Voice = v.InferOutput<typeof voice>;
export type Transcription = v.InferOutput<typeof transcription>;
export type ServerVad = Required<Extract<v.InferOutput<typeof turnDetection>, { type: 'server_vad' }>>;
export type SemanticVad = Required<Extract<v.InferOutput<typeof turnDetection>, { type: 'semantic_vad' }>>;
export type TurnDetectionConfig = ServerVad | SemanticVad;
