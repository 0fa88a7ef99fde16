import type { RealtimeParts } from './realtime-parts.js';

/** Nobody speaks, nothing sounds, and nothing is on its way: a connection that is replaced now takes nothing along. */
export function isQuiet(parts: RealtimeParts): boolean {
  const { lock, turns, voiceTurns, transcriptions, toolCalls, settings, replies } = parts;
  return (
    lock.status === 'idle' &&
    lock.queued === 0 &&
    turns.open.length === 0 &&
    voiceTurns.isIdle &&
    transcriptions.isIdle &&
    toolCalls.isIdle &&
    settings.isConfirmed &&
    !replies.isPreparing
  );
}
