import type { Sound } from '../../../demo/server/speech/wav.js';
import { readWav } from '../../support/wav.js';

/** What a person said, and which words it is: see test/speech/README.md. */
export interface Recording {
  readonly wav: Sound;
  readonly words: string;
}

/** It breaks off in mid-sentence, as people do who think. */
export const SHORT: Recording = {
  wav: readWav(new URL('../../speech/librivox-0880.wav', import.meta.url)),
  words: 'he was not an ill disposed young man',
};

export const LONG: Recording = {
  wav: readWav(new URL('../../speech/librivox-0870.wav', import.meta.url)),
  words:
    'and mister john dashwood had then leisure to consider how much there might be prudently in his power to do for them',
};

/** Of one breath, with silence between the parts: a pause to the sample, however busy the machine is. */
export function withPauses(parts: readonly Sound[], pauseMs: number): Sound {
  const rate = parts[0]?.rate ?? 0;
  if (parts.some((part) => part.rate !== rate)) throw new RangeError('Expected sounds of one rate');
  const pause = new Array<number>((rate * pauseMs) / 1000).fill(0);
  const pcm = parts.flatMap(({ pcm }, index) => (index > 0 ? [...pause, ...pcm] : [...pcm]));
  return { rate, pcm: Int16Array.from(pcm) };
}
