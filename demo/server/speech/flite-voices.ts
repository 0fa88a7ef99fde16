/** slt is a woman, rms a man, awb a Scottish man, kal16 the oldest and most mechanical of them. */
export type FliteVoice = 'slt' | 'rms' | 'awb' | 'kal16';

/** The provider's voices, and Flite's own under their names. */
const VOICES: Readonly<Record<string, FliteVoice>> = {
  marin: 'slt',
  coral: 'slt',
  sage: 'slt',
  shimmer: 'slt',
  alloy: 'slt',
  cedar: 'rms',
  ash: 'rms',
  ballad: 'awb',
  verse: 'awb',
  echo: 'kal16',
  slt: 'slt',
  rms: 'rms',
  awb: 'awb',
  kal16: 'kal16',
};

/** A voice that is not known here speaks as the default does, marin. */
export function fliteVoice(name: string): FliteVoice {
  return (Object.hasOwn(VOICES, name) ? VOICES[name] : undefined) ?? 'slt';
}
