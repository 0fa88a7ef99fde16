import type { Usage } from '../dialogue/dialogue.js';
import type { ServerResponse, ServerTranscription } from './server-events.js';

export function usageOf(usage: NonNullable<ServerResponse['usage']>): Usage {
  const input = usage.input_token_details;
  return {
    inputTokens: usage.input_tokens ?? 0,
    outputTokens: usage.output_tokens ?? 0,
    inputAudioTokens: input?.audio_tokens ?? 0,
    outputAudioTokens: usage.output_token_details?.audio_tokens ?? 0,
    cachedTokens: input?.cached_tokens ?? 0,
    cachedAudioTokens: input?.cached_tokens_details?.audio_tokens ?? 0,
    transcribedSeconds: 0,
  };
}

/** Some servers count the transcriber's tokens in the place of seconds: ten to a second. */
export function transcriptionUsageOf({ seconds, input_token_details }: ServerTranscription): Usage {
  const transcribedSeconds = seconds ?? (input_token_details?.audio_tokens ?? 0) / 10;
  return { ...usageOf({}), transcribedSeconds };
}
