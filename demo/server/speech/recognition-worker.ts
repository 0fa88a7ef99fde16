// The thread that hears. It has a detector of its own, to give the recogniser nothing but speech.
import { hearUtterance } from './hearing.js';
import { Moonshine, type MoonshineSize } from './moonshine.js';
import { Silero } from './silero.js';
import { FRAME_SAMPLES, freshMemory } from './silero-frames.js';
import { moonshineWeights, sileroWeights } from './weights.js';
import { serveCalls } from './worker-calls.js';

export interface RecognitionData {
  size: MoonshineSize;
  weightsFolder: string | undefined;
}

serveCalls<Int16Array, string>(async (data) => {
  const { size, weightsFolder } = data as RecognitionData;
  const moonshine = await Moonshine.load(await moonshineWeights(size, weightsFolder));
  const silero = await Silero.load(await sileroWeights());
  // The first run is several times slower than the rest; nobody should wait for it.
  await moonshine.transcribe(new Float32Array(8000));
  const ears = {
    frameSamples: FRAME_SAMPLES,
    score: async (samples: Float32Array) => (await silero.score(samples, freshMemory())).probabilities,
    transcribe: (samples: Float32Array, options: { signal?: AbortSignal }) =>
      moonshine.transcribe(samples, options),
  };
  return { detail: `Moonshine ${size}`, answer: (pcm, options) => hearUtterance(pcm, ears, options) };
});
