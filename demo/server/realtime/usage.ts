import type { RealtimeResponseUsage } from 'openai/resources/realtime/realtime';
import type { Entry } from './conversation.js';
import { SAMPLES_PER_MS } from './pcm-codec.js';
import type { SessionConfig } from './session-config.js';

const LETTERS_PER_TOKEN = 4;
const INPUT_MS_PER_TOKEN = 100;
const OUTPUT_MS_PER_TOKEN = 50;
/** The provider caches prompts in blocks. */
const CACHE_BLOCK = 64;

export interface Tokens {
  readonly text: number;
  readonly audio: number;
}

export function textTokens(text: string): number {
  return Math.ceil(text.length / LETTERS_PER_TOKEN);
}

/** The beginning of a text that fits into so many tokens. */
export function firstTokens(text: string, tokens: number): string {
  return text.slice(0, tokens * LETTERS_PER_TOKEN);
}

export function outputAudioTokens(samples: number): number {
  return Math.ceil(samples / SAMPLES_PER_MS / OUTPUT_MS_PER_TOKEN);
}

/** What a model would have to read for this response, by the lengths that the provider bills. */
export function inputTokens(config: SessionConfig, context: readonly Entry[]): Tokens {
  let text =
    textTokens(config.instructions) +
    (config.tools.length > 0 ? textTokens(JSON.stringify(config.tools)) : 0);
  let audio = 0;
  for (const { item, audio: heard, spokenSamples } of context) {
    audio +=
      Math.ceil((heard?.length ?? 0) / SAMPLES_PER_MS / INPUT_MS_PER_TOKEN) +
      outputAudioTokens(spokenSamples);
    if (item.type === 'function_call') text += textTokens(item.name + item.arguments);
    else if (item.type === 'function_call_output') text += textTokens(item.output);
    else for (const part of item.content) if ('text' in part) text += textTokens(part.text);
  }
  return { text, audio };
}

/** @param before what the last response of the conversation read: its whole blocks are cached */
export function usageOf(input: Tokens, output: Tokens, before: Tokens): RealtimeResponseUsage {
  const cachedText = blocks(Math.min(input.text, before.text));
  const cachedAudio = blocks(Math.min(input.audio, before.audio));
  return {
    total_tokens: input.text + input.audio + output.text + output.audio,
    input_tokens: input.text + input.audio,
    output_tokens: output.text + output.audio,
    input_token_details: {
      text_tokens: input.text,
      audio_tokens: input.audio,
      image_tokens: 0,
      cached_tokens: cachedText + cachedAudio,
      cached_tokens_details: { text_tokens: cachedText, audio_tokens: cachedAudio, image_tokens: 0 },
    },
    output_token_details: { text_tokens: output.text, audio_tokens: output.audio },
  };
}

function blocks(tokens: number): number {
  return Math.floor(tokens / CACHE_BLOCK) * CACHE_BLOCK;
}
