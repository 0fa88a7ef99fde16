import type { Clock } from '../async/clock.js';
import type { Dialogue, DialogueEvents, ToolCall } from '../dialogue/dialogue.js';
import type { Progress } from './progress-state.js';
import { readArguments, runHostTool, type InterviewTool, type OwnTool } from './tools.js';
import { movesOf } from './moves.js';

export interface ToolAnswersParts {
  readonly dialogue: Pick<Dialogue, 'answer'>;
  readonly clock: Clock;
  readonly tools: readonly InterviewTool[];
  readonly signal: AbortSignal;
  readonly elapsedMs: () => number;
  readonly progress: () => Progress;
  /** The guidance that holds now; `undefined` once the interview is over. */
  readonly guidance: () => string | undefined;
  /** The model says which move it made, or makes next where there is no turn yet. */
  readonly declare: (moveId: string, turnId: string | undefined) => void;
  /** The model says what the participant's last turn was. */
  readonly markAnswer: (act: 'skip' | 'stop') => void;
  /** @returns whether an assessment is under way, or was made */
  readonly assess: () => boolean;
}

/** A model that only calls and never speaks is not asked to go on for ever. */
const MAX_SILENT_CALLS = 3;

/** Answers what the model calls. The tools ask and tell; what follows from it the interview decides. */
export class ToolAnswers {
  readonly #parts: ToolAnswersParts;
  #silentReplies = 0;

  constructor(parts: ToolAnswersParts) {
    this.#parts = parts;
  }

  /** @returns whether the reply goes on with guidance that was given as an answer here */
  answer({ calls, spoke, turnId }: DialogueEvents['calls']): boolean {
    this.#silentReplies = spoke ? 0 : this.#silentReplies + 1;
    const goesOn = !spoke && this.#silentReplies <= MAX_SILENT_CALLS;
    let isGuided = false;
    for (const call of calls) {
      const { beside, instead } = this.#reactTo(call, spoke, turnId) ?? {};
      // A host's tool answers for itself.
      if (beside === undefined) continue;
      // Beside speech a few words do; without it the model is waiting for guidance.
      const guidance = spoke || instead === undefined ? undefined : this.#parts.guidance();
      const output = guidance === undefined ? beside : `${instead ?? ''}${guidance}`;
      isGuided ||= goesOn && guidance !== undefined;
      this.#parts.dialogue.answer(call.callId, output, { andContinue: goesOn });
    }
    return isGuided;
  }

  /** `beside`: the answer beside speech; `instead`: what comes before the guidance where there was none. */
  #reactTo(
    call: ToolCall,
    spoke: boolean,
    turnId: string | undefined,
  ): { beside: string; instead?: string } | undefined {
    const { tools, declare, markAnswer, assess } = this.#parts;
    const { move, skipped, reason } = readArguments(call.arguments);
    switch (call.name as OwnTool) {
      case 'interview_guidance':
        if (skipped) markAnswer('skip');
        if (move !== undefined) declare(move, turnId);
        return { beside: 'Noted.', instead: '' };
      case 'trigger_assessment':
        return { beside: assess() ? 'The assessment is running. Go on.' : 'Not yet. Go on.', instead: '' };
      case 'end_interview': {
        if (reason !== undefined && /participant|stop|leave|wish/i.test(reason)) markAnswer('stop');
        const mayEnd = this.#mayEnd();
        if (mayEnd && spoke) declare('close', turnId);
        return mayEnd
          ? { beside: 'The interview ends once your farewell was heard.', instead: '' }
          : { beside: 'Not yet: the interview is not over.', instead: 'Not yet. ' };
      }
      default: {
        const tool = tools.find(({ name }) => name === call.name);
        if (!tool) return { beside: `There is no tool "${call.name}".` };
        void this.#run(tool, call);
        return undefined;
      }
    }
  }

  #mayEnd(): boolean {
    const progress = this.#parts.progress();
    const { moves } = movesOf(progress, { elapsedMs: this.#parts.elapsedMs(), summary: 'maybe' });
    return progress.ended !== undefined || moves.some(({ act }) => act === 'close');
  }

  async #run(tool: InterviewTool, { callId, arguments: args }: ToolCall): Promise<void> {
    const { dialogue, clock, signal } = this.#parts;
    const output = await runHostTool(tool, args, { clock, signal });
    if (output !== undefined) dialogue.answer(callId, output, { andContinue: tool.reply ?? true });
  }
}
