// From the sound of one utterance to its words. The recogniser is at its best on a few seconds of speech with little silence
// around it: short answers inside silence come back empty, and its cost grows faster than the length. So only what sounds like
// speech is given to it, in pieces cut at pauses.
import { toFloat } from './pcm16.js';
import { convertRate } from './rate-converter.js';
import { grouped, quietestPlace, type Span, speechSpans, widened } from './speech-spans.js';

const RATE = 16_000;
const MARGIN = 0.25 * RATE;
const SECOND_MARGIN = 0.1 * RATE;
const PIECES = { shortest: 15 * RATE, longest: 20 * RATE };
const PAUSE_WIDTH = 0.1 * RATE;

export interface Ears {
  /** How much each frame of 16 kHz sound sounds like speech. */
  score(samples: Float32Array): Promise<Float32Array>;
  frameSamples: number;
  /** The words in 16 kHz sound. */
  transcribe(samples: Float32Array, options: { signal?: AbortSignal }): Promise<string>;
}

/** The words of 24 kHz sound; '' where nobody speaks. */
export async function hearUtterance(
  pcm: Int16Array,
  ears: Ears,
  options: { signal?: AbortSignal } = {},
): Promise<string> {
  const samples = convertRate(toFloat(pcm), 24_000, RATE);
  const spans = speechSpans(await ears.score(samples), ears.frameSamples, RATE);
  options.signal?.throwIfAborted();
  const words = await hearSpans(samples, widened(spans, MARGIN, samples.length), ears, options);
  if (words !== '' || spans.length === 0) return words;
  // Somebody spoke and nothing was understood: less silence around it often helps.
  return hearSpans(samples, widened(spans, SECOND_MARGIN, samples.length), ears, options);
}

async function hearSpans(
  samples: Float32Array,
  spans: readonly Span[],
  ears: Ears,
  options: { signal?: AbortSignal },
): Promise<string> {
  const pieces = grouped(spans, PIECES, (span) => quietestPlace(samples, span, PAUSE_WIDTH));
  const texts: string[] = [];
  for (const piece of pieces) {
    options.signal?.throwIfAborted();
    texts.push(await ears.transcribe(joined(samples, piece), options));
  }
  return texts.filter((text) => text !== '').join(' ');
}

function joined(samples: Float32Array, spans: readonly Span[]): Float32Array {
  const whole = new Float32Array(spans.reduce((length, span) => length + span.end - span.start, 0));
  let at = 0;
  for (const { start, end } of spans) {
    whole.set(samples.subarray(start, end), at);
    at += end - start;
  }
  return whole;
}
