import type { ContextItem, Situation } from '../interviewer/context.js';
import type { Entry } from './conversation.js';
import type { SessionConfig } from './session-config.js';

/** Waits until all sound in the context was understood or given up, then tells it in the interviewer's terms. */
export async function situationOf(config: SessionConfig, context: readonly Entry[]): Promise<Situation> {
  for (const { heard } of context) await heard;
  const { tool_choice: choice } = config;
  return {
    items: context.flatMap(contextItem),
    instructions: config.instructions,
    tools: config.tools,
    toolChoice: typeof choice === 'object' ? { name: choice.name } : choice,
  };
}

function contextItem({ item, spokenSamples }: Entry): ContextItem[] {
  if (item.type === 'function_call') return [{ kind: 'call', name: item.name }];
  if (item.type === 'function_call_output') return [{ kind: 'result', text: item.output }];
  switch (item.role) {
    case 'system':
      return [{ kind: 'system', text: item.content.map(({ text }) => text).join('\n') }];
    case 'user':
      return [
        {
          kind: 'participant',
          text: item.content
            .map((part) =>
              part.type === 'input_text' ? part.text : part.type === 'input_audio' ? part.transcript : '',
            )
            .join(' ')
            .trim(),
        },
      ];
    case 'assistant': {
      const text = item.content
        .map((part) => (part.type === 'output_text' ? part.text : part.transcript))
        .join(' ');
      // Cut off before a word was heard, it is as if it had not been said.
      return text === '' && spokenSamples === 0 ? [] : [{ kind: 'interviewer', text }];
    }
  }
}
