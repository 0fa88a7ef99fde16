// The thread that speaks: one sentence a call, as 24 kHz sound.
import { Flite } from './flite.js';
import type { FliteVoice } from './flite-voices.js';
import { toFloat, toPcm16 } from './pcm16.js';
import { convertRate } from './rate-converter.js';
import { fliteProgram } from './weights.js';
import { serveCalls } from './worker-calls.js';

export interface VoiceRequest {
  sentence: string;
  voice: FliteVoice;
}

serveCalls<VoiceRequest, Int16Array>(async () => {
  const flite = await Flite.load(await fliteProgram());
  await flite.speak('Hello.', 'slt');
  return {
    detail: 'Flite',
    answer: async ({ sentence, voice }) => {
      const { rate, pcm } = await flite.speak(sentence, voice);
      return toPcm16(convertRate(toFloat(pcm), rate, 24_000));
    },
  };
});
