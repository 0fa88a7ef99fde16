// What the two threads tell each other. Both sides are built together, so nothing here is validated.

export const CAPTURE_PROCESSOR = 'ai-interview-capture';
export const PLAYBACK_PROCESSOR = 'ai-interview-playback';

/** 20 ms at 24 kHz. */
export const FRAME_SAMPLES = 480;

export type CaptureCommand =
  | { readonly type: 'gate'; readonly isOpen: boolean }
  | { readonly type: 'flush'; readonly id: number }
  /** A frame's memory goes back to be filled again. */
  | { readonly type: 'return'; readonly pcm: Int16Array<ArrayBuffer> }
  | { readonly type: 'close' };

export type CaptureReport =
  /** The first `samples` of `pcm` count: all of them, save in a last frame that was flushed. `rms` from 0 to 1. */
  | { type: 'frame'; pcm: Int16Array<ArrayBuffer>; samples: number; rms: number }
  | { type: 'flushed'; id: number };

export type PlaybackCommand =
  | { readonly type: 'play'; readonly turnId: string; readonly pcm: Int16Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly turnId: string }
  | { readonly type: 'flush'; readonly id: number }
  | { readonly type: 'close' };

/** How much of a turn has been played. */
export interface PlayedSamples {
  readonly turnId: string;
  readonly samples: number;
}

/** `frame`: when, counted in samples of the context's own time. */
export type PlaybackReport =
  | { type: 'started'; turnId: string; frame: number }
  | { type: 'progress'; turnId: string; samples: number; rms: number }
  | { type: 'finished'; turnId: string; samples: number; frame: number }
  | { type: 'flushed'; id: number; played: readonly PlayedSamples[] };
