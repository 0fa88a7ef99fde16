// The shape of what goes through the speech detection model; apart from it, so that the main thread does not load the runtime.

/** Samples in a frame at 16 kHz: 32 ms. */
export const FRAME_SAMPLES = 512;
export const FRAME_RATE = 16_000;
/** Samples of the previous frame that the model wants before each frame. Without them it detects nothing. */
export const CONTEXT_SAMPLES = 64;
export const STATE_SIZE = 256;

/** What the model carries from frame to frame: its state, then the end of the last frame. */
export type SileroMemory = Float32Array;

export function freshMemory(): SileroMemory {
  return new Float32Array(STATE_SIZE + CONTEXT_SAMPLES);
}
