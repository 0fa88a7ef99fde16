import type { Clock } from '../async/clock.js';
import { delay } from '../async/deadline.js';
import type { Transcript } from '../transcript/transcript.js';

/** How long the end waits for the words of what was just said. */
const LAST_WORDS_MS = 4000;

/** Words of a turn that ended may still be on their way. */
export async function lastWords(transcript: Transcript, clock: Clock): Promise<void> {
  const isWaiting = (): boolean =>
    transcript.turns.some(({ speaker, status }) => speaker === 'participant' && status === 'partial');
  if (!isWaiting()) return;
  const patience = new AbortController();
  const off = transcript.events.on('turn', () => {
    if (!isWaiting()) patience.abort();
  });
  try {
    await delay(clock, LAST_WORDS_MS, { signal: patience.signal });
  } catch (cause) {
    if (!patience.signal.aborted) throw cause;
  } finally {
    off();
  }
}
