import type { ToolDefinition } from '../dialogue/dialogue.js';
import { deadline, abortable } from '../async/deadline.js';
import type { Clock } from '../async/clock.js';
import type { LocalGuide } from './guide.js';

/** A tool of the host's: see `HostTool` of the session. */
export interface InterviewTool extends ToolDefinition {
  run(args: unknown, context: { signal: AbortSignal }): Promise<unknown>;
  readonly reply?: boolean;
}

/** The interview's own tools. */
export type OwnTool = 'interview_guidance' | 'trigger_assessment' | 'end_interview';

const own = (name: OwnTool, description: string, properties: Record<string, unknown>): ToolDefinition => ({
  name,
  description,
  parameters: { type: 'object', properties, additionalProperties: false },
});

const guidanceTool = own(
  'interview_guidance',
  'Tells which move you make in this turn; call it beside your speech. Without "move" it gives the guidance that holds now.',
  {
    move: { type: 'string', description: 'The id of the move.' },
    skipped: { type: 'boolean', description: 'true if the participant would not answer.' },
  },
);

const assessmentTool = own(
  'trigger_assessment',
  'Starts the assessment in the background, once, when guidance says "assess": true.',
  {},
);

const endTool = own('end_interview', 'Asks to end the interview; call it beside your farewell.', {
  reason: {
    type: 'string',
    enum: ['completed', 'participant'],
    description: '"participant" if they want to stop.',
  },
});

/** The interview's own tools; without an assessment in the guide there is none to trigger. */
export function ownTools({ assessment }: LocalGuide): readonly ToolDefinition[] {
  return assessment ? [guidanceTool, assessmentTool, endTool] : [guidanceTool, endTool];
}

/** What a model says when it calls: whatever is malformed counts as not said. */
export function readArguments(args: unknown): { move?: string; skipped: boolean; reason?: string } {
  const { move, skipped, reason } = (typeof args === 'object' && args !== null ? args : {}) as Readonly<
    Record<string, unknown>
  >;
  return {
    ...(typeof move === 'string' && { move }),
    skipped: skipped === true,
    ...(typeof reason === 'string' && { reason }),
  };
}

const TOOL_TIMEOUT_MS = 20_000;

/**
 * The output of a host's tool, for the model. Its failure and its silence are told too: a call is always answered. `undefined` only
 * when the signal aborted: then nobody waits for it.
 */
export async function runHostTool(
  tool: InterviewTool,
  args: unknown,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<string | undefined> {
  const limit = deadline(clock, TOOL_TIMEOUT_MS, () => new Error('The tool took too long'), { signal });
  try {
    const result = await abortable(tool.run(args, { signal: limit.signal }), limit.signal);
    // What is undefined has no JSON, and the model wants an answer.
    return JSON.stringify(result ?? null);
  } catch (cause) {
    if (signal.aborted) return undefined;
    return JSON.stringify({ error: cause instanceof Error ? cause.message : 'The tool failed' });
  } finally {
    limit.clear();
  }
}
