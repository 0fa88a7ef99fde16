/** A conversation as the interviewer sees it, oldest first. It knows nothing of the wire. */
export type ContextItem =
  | { readonly kind: 'system'; readonly text: string }
  /** `text` is '' when nothing was understood. */
  | { readonly kind: 'participant'; readonly text: string }
  | { readonly kind: 'interviewer'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string }
  | { readonly kind: 'result'; readonly text: string };

/** A tool that may be called. `parameters` is JSON Schema. */
export interface ToolOffer {
  readonly name: string;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** Everything that decides a reply. */
export interface Situation {
  readonly items: readonly ContextItem[];
  readonly instructions: string;
  readonly tools: readonly ToolOffer[];
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
}

export interface Call {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What to say, and what to call beside it or instead. */
export interface Reply {
  readonly say?: string;
  readonly calls: readonly Call[];
}

/** The participant's part of the conversation since the interviewer last spoke. */
export interface LastTurn {
  /** Whether the participant took a turn at all since then. */
  readonly isAnswered: boolean;
  /** The words of it, '' when nothing was understood. */
  readonly text: string;
}

export function lastTurn(items: readonly ContextItem[]): LastTurn {
  const spokeAt = items.findLastIndex(({ kind }) => kind === 'interviewer');
  const turns = items.slice(spokeAt + 1).filter((item) => item.kind === 'participant');
  return {
    isAnswered: turns.length > 0,
    text: turns
      .map(({ text }) => text.trim())
      .filter((text) => text !== '')
      .join(' '),
  };
}
