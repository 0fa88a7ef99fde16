// Runs on the audio thread: it must not block, and process() must not allocate.
import { CAPTURE_PROCESSOR, PLAYBACK_PROCESSOR } from '../worklet-messages.js';
import { CaptureProcessor } from './capture-processor.js';
import { PlaybackProcessor } from './playback-processor.js';

registerProcessor(CAPTURE_PROCESSOR, CaptureProcessor);
registerProcessor(PLAYBACK_PROCESSOR, PlaybackProcessor);
