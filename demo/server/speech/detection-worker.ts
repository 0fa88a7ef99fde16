// The thread that detects speech. It keeps nothing between calls: each stream sends its memory along.
import { Silero, type SileroScores } from './silero.js';
import { FRAME_SAMPLES, freshMemory, type SileroMemory } from './silero-frames.js';
import { sileroWeights } from './weights.js';
import { serveCalls } from './worker-calls.js';

export interface DetectionRequest {
  frames: Float32Array;
  memory: SileroMemory;
}

serveCalls<DetectionRequest, SileroScores>(async () => {
  const silero = await Silero.load(await sileroWeights());
  await silero.score(new Float32Array(FRAME_SAMPLES), freshMemory());
  return { detail: 'Silero v6', answer: ({ frames, memory }) => silero.score(frames, memory) };
});
