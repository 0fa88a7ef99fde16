import type { Turn } from '../turn.js';
import type { InterviewRecord } from './transcript-store.js';

/** Raised when a reader of the old version would misread the new one. */
export const JSON_EXPORT_VERSION = 1;

/**
 * The interview for programs: `{ format: 'ai-interview-transcript', version, interview, turns }`, turns in the order of the
 * conversation with all that is known of each. An assessment meant for the host alone is left out: the participant may hold
 * this file.
 */
export function exportJson(record: InterviewRecord, turns: readonly Turn[]): string {
  const { assessment, consent, ...interview } = record;
  const document = {
    format: 'ai-interview-transcript',
    version: JSON_EXPORT_VERSION,
    interview: {
      ...interview,
      ...(record.originEpochMs !== undefined && { startedAt: new Date(record.originEpochMs).toISOString() }),
      ...(isJson(consent) && { consent }),
      ...(isForParticipant(assessment) && isJson(assessment) && { assessment }),
    },
    turns: turns.map(inOrder),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** What comes out of a damaged store may go in circles. */
function isJson(value: unknown): boolean {
  try {
    return Boolean(JSON.stringify(value));
  } catch {
    return false;
  }
}

function isForParticipant(assessment: unknown): boolean {
  return (
    typeof assessment === 'object' &&
    assessment !== null &&
    'audience' in assessment &&
    (assessment.audience === 'participant' || assessment.audience === 'both')
  );
}

/** Always the same fields in the same order, so that two exports can be compared line by line. */
function inOrder(turn: Turn): Turn {
  return {
    n: turn.n,
    id: turn.id,
    speaker: turn.speaker,
    medium: turn.medium,
    status: turn.status,
    text: turn.text,
    heard: turn.heard,
    heardMs: turn.heardMs,
    interruptedBy: turn.interruptedBy,
    startedAtMs: turn.startedAtMs,
    endedAtMs: turn.endedAtMs,
    latencyMs: turn.latencyMs,
    sectionId: turn.sectionId,
    questionId: turn.questionId,
    act: turn.act,
    probeId: turn.probeId,
    unheard: turn.unheard,
  };
}
