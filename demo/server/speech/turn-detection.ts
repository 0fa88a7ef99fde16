// When speech starts and stops, told from how much each frame sounds like speech. A pure fold: sound and model are elsewhere.

export interface DetectionRules {
  /** From 0 to 1: a frame at or above it sounds like speech. */
  threshold: number;
  /** This much without speech ends it; shorter pauses belong to it. */
  silenceMs: number;
}

export interface Frame {
  probability: number;
  startMs: number;
  endMs: number;
}

export type DetectionState =
  | { status: 'silent' }
  /** Sounds like speech, too briefly yet to be told from a click. */
  | { status: 'rising'; sinceMs: number }
  | { status: 'speaking'; sinceMs: number; untilMs: number };

/** Where the speech itself starts and ends: no padding before it, no silence behind it. */
export type DetectionChange =
  { type: 'started'; sinceMs: number } | { type: 'stopped'; sinceMs: number; untilMs: number };

export const SILENT: DetectionState = { status: 'silent' };

/** A cough of the model that is shorter starts nothing. */
const SHORTEST_SPEECH_MS = 60;
/** Once it has started, speech goes on down to this much under the threshold, so that soft syllables do not end it. */
const HYSTERESIS = 0.15;
const LOWEST_THRESHOLD = 0.01;

export function detect(
  state: DetectionState,
  frame: Frame,
  rules: DetectionRules,
): { state: DetectionState; change?: DetectionChange } {
  if (state.status === 'speaking') {
    if (frame.probability >= Math.max(rules.threshold - HYSTERESIS, LOWEST_THRESHOLD)) {
      return { state: { ...state, untilMs: frame.endMs } };
    }
    if (frame.endMs - state.untilMs < rules.silenceMs) return { state };
    return { state: SILENT, change: { type: 'stopped', sinceMs: state.sinceMs, untilMs: state.untilMs } };
  }
  if (frame.probability < rules.threshold) return { state: SILENT };
  const sinceMs = state.status === 'rising' ? state.sinceMs : frame.startMs;
  if (frame.endMs - sinceMs < SHORTEST_SPEECH_MS) return { state: { status: 'rising', sinceMs } };
  return {
    state: { status: 'speaking', sinceMs, untilMs: frame.endMs },
    change: { type: 'started', sinceMs },
  };
}
