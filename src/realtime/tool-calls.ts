import type { DialogueEvents, ToolCall } from '../dialogue/dialogue.js';
import type { CreateId } from './client-events.js';
import type { ServerItem, ServerResponse } from './server-events.js';
import type { Wire } from './wire.js';

/** The calls of one response, in its own order. */
interface Batch {
  readonly callIds: readonly string[];
  readonly outputs: Map<string, string>;
  sent: number;
  wantsReply: boolean;
}

export interface ToolCallsOptions {
  readonly wire: Wire;
  readonly createId: CreateId;
  readonly onCalls: (calls: DialogueEvents['calls']) => void;
  /** Every call of a response is answered, and somebody wants the interviewer to go on. */
  readonly onContinue: () => void;
}

/** Gathers the calls of each response until it is done, and gives their outputs back in the order of the calls. */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #gathered = new Map<string, ServerItem[]>();
  readonly #batches = new Set<Batch>();

  constructor(options: ToolCallsOptions) {
    this.#options = options;
  }

  /** No call waits for its output. */
  get isIdle(): boolean {
    return this.#batches.size === 0;
  }

  gather(responseId: string, item: ServerItem): void {
    this.#gathered.set(responseId, [...(this.#gathered.get(responseId) ?? []), item]);
  }

  /** Calls of a response that was cancelled, cut off or failed are dropped: their arguments may not be whole. */
  responseDone(response: ServerResponse, turnId: string | undefined): void {
    const items = [...(this.#gathered.get(response.id) ?? []), ...(response.output ?? [])];
    this.#gathered.delete(response.id);
    if (response.status !== 'completed') return;
    const calls = new Map(items.flatMap((item) => toCall(item)).map((call) => [call.callId, call]));
    if (calls.size === 0) return;
    this.#batches.add({ callIds: [...calls.keys()], outputs: new Map(), sent: 0, wantsReply: false });
    this.#options.onCalls({
      calls: [...calls.values()],
      spoke: turnId !== undefined,
      ...(turnId !== undefined && { turnId }),
    });
  }

  answer(callId: string, output: string, andContinue: boolean): void {
    const batch = [...this.#batches].find(({ callIds }) => callIds.includes(callId));
    if (!batch || batch.outputs.has(callId)) return;
    batch.outputs.set(callId, output);
    batch.wantsReply ||= andContinue;
    this.#send(batch);
    if (batch.sent < batch.callIds.length) return;
    this.#batches.delete(batch);
    if (batch.wantsReply) this.#options.onContinue();
  }

  /** The next session does not know these calls. @returns whether any were still to be answered */
  disconnect(): boolean {
    const wasWaiting = this.#batches.size > 0;
    this.#batches.clear();
    this.#gathered.clear();
    return wasWaiting;
  }

  #send(batch: Batch): void {
    for (;;) {
      const callId = batch.callIds[batch.sent];
      const output = callId === undefined ? undefined : batch.outputs.get(callId);
      if (callId === undefined || output === undefined) return;
      const id = this.#options.createId();
      this.#options.wire.tell({
        type: 'conversation.item.create',
        item: { type: 'function_call_output', id, call_id: callId, output },
      });
      batch.sent++;
    }
  }
}

function toCall({ type, call_id: callId, name, arguments: args }: ServerItem): ToolCall[] {
  if (type !== 'function_call' || !callId || !name) return [];
  return [{ callId, name, arguments: parsed(args ?? '') }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
