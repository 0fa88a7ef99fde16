/** What the provider asks for a model, in US dollars. */
export interface ModelPrice {
  /** For a million tokens of text. */
  readonly text: { readonly input: number; readonly cached: number; readonly output: number };
  /** For a million tokens of sound. */
  readonly audio: { readonly input: number; readonly cached: number; readonly output: number };
}

/** When the prices below were looked up, in the provider's pages about each model. They change: a host may give its own. */
export const PRICED_ON = '2026-11-22';

const full: ModelPrice = {
  text: { input: 4, cached: 0.4, output: 24 },
  audio: { input: 32, cached: 0.4, output: 64 },
};
const before2: ModelPrice = { ...full, text: { ...full.text, output: 16 } };
const mini: ModelPrice = {
  text: { input: 0.6, cached: 0.06, output: 2.4 },
  audio: { input: 10, cached: 0.3, output: 20 },
};

export const MODEL_PRICES: Readonly<Record<string, ModelPrice>> = {
  'gpt-realtime-2.1': full,
  'gpt-realtime-2.1-mini': mini,
  'gpt-realtime-2': full,
  'gpt-realtime-1.5': before2,
  'gpt-realtime': before2,
  'gpt-realtime-mini': mini,
};

/** For a minute of the participant's speech: `gpt-transcribe`, which is charged beside the model. */
export const TRANSCRIBED_MINUTE_USD = 0.0045;
