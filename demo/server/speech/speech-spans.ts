// Which parts of a recording are worth hearing, and where a long one may be cut. Pure: positions in samples, no model.
import { detect, type DetectionState, SILENT } from './turn-detection.js';

export interface Span {
  start: number;
  end: number;
}

/** Lower than for taking turns: a soft answer must not be lost, and the recogniser gives '' where there was none. */
const THRESHOLD = 0.35;
const PAUSE_MS = 200;

/** Speech by the scores of consecutive frames; pauses shorter than 200 ms belong to it. */
export function speechSpans(probabilities: ArrayLike<number>, frameSamples: number, rate: number): Span[] {
  const toMs = (samples: number): number => (samples / rate) * 1000;
  const toSamples = (ms: number): number => Math.round((ms / 1000) * rate);
  const spans: Span[] = [];
  let state: DetectionState = SILENT;
  for (let n = 0; n < probabilities.length; n += 1) {
    const frame = {
      probability: probabilities[n] ?? 0,
      startMs: toMs(n * frameSamples),
      endMs: toMs((n + 1) * frameSamples),
    };
    const next = detect(state, frame, { threshold: THRESHOLD, silenceMs: PAUSE_MS });
    state = next.state;
    if (next.change?.type === 'stopped') {
      spans.push({ start: toSamples(next.change.sinceMs), end: toSamples(next.change.untilMs) });
    }
  }
  if (state.status === 'speaking')
    spans.push({ start: toSamples(state.sinceMs), end: toSamples(state.untilMs) });
  return spans;
}

/** Every span with this much around it, inside the recording; what then touches becomes one. */
export function widened(spans: readonly Span[], margin: number, length: number): Span[] {
  const wide: Span[] = [];
  for (const span of spans) {
    const start = Math.max(0, span.start - margin);
    const end = Math.min(length, span.end + margin);
    const last = wide.at(-1);
    if (last && start <= last.end) last.end = end;
    else wide.push({ start, end });
  }
  return wide;
}

/**
 * Spans in groups of at most `longest` samples, each group to be heard at once. A span that is longer by itself is cut at its
 * quietest place from `shortest` on.
 */
export function grouped(
  spans: readonly Span[],
  limits: { shortest: number; longest: number },
  quietest: (span: Span) => number,
): Span[][] {
  const groups: Span[][] = [];
  let room = 0;
  for (const span of spans.flatMap((long) => cut(long, limits, quietest))) {
    const size = span.end - span.start;
    const group = groups.at(-1);
    if (group && size <= room) {
      group.push(span);
      room -= size;
    } else {
      groups.push([span]);
      room = limits.longest - size;
    }
  }
  return groups;
}

function cut(
  span: Span,
  limits: { shortest: number; longest: number },
  quietest: (span: Span) => number,
): Span[] {
  const pieces: Span[] = [];
  let { start } = span;
  while (span.end - start > limits.longest) {
    const at = quietest({ start: start + limits.shortest, end: start + limits.longest });
    pieces.push({ start, end: at });
    start = at;
  }
  return [...pieces, { start, end: span.end }];
}

/** The middle of the stretch of `width` samples with the least energy inside the span. */
export function quietestPlace(samples: Float32Array, span: Span, width: number): number {
  let best = { energy: Infinity, at: span.end };
  for (let start = span.start; start + width <= span.end; start += width >> 1) {
    const energy = samples.subarray(start, start + width).reduce((sum, sample) => sum + sample * sample, 0);
    if (energy < best.energy) best = { energy, at: start + (width >> 1) };
  }
  return best.at;
}
