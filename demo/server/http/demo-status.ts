import type { Provider } from '../provider.js';
import type { Speech, SpeechPart, SpeechPartState } from '../speech/speech.js';

/** What the page shows while models load. */
export interface DemoStatus {
  /** No part is loading any more. One that is missing will not come: typed answers work without any. */
  readonly ready: boolean;
  readonly parts: Readonly<Record<SpeechPart, SpeechPartState>>;
  readonly provider: 'local' | 'openai';
}

/** Follows the speech from now on; the function tells how it stands. A provider has nothing to load here. */
export function watchStatus(
  provider: Provider['kind'],
  speech: Pick<Speech, 'onProgress'> | undefined,
): () => DemoStatus {
  const initial: SpeechPartState = speech ? 'loading' : 'ready';
  const parts: Record<SpeechPart, SpeechPartState> = {
    recognition: initial,
    voice: initial,
    detection: initial,
  };
  speech?.onProgress(({ part, state }) => {
    parts[part] = state;
  });
  return () => ({
    ready: Object.values(parts).every((state) => state !== 'loading'),
    parts: { ...parts },
    provider: provider === 'local' ? 'local' : 'openai',
  });
}
