import { abortable } from '../async/deadline.js';
import { mediaDevices } from './microphone-devices.js';
import { microphoneError, microphonePolicy } from './microphone-error.js';

export type GetUserMedia = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

/** What the browser does to the sound. Each is on by default. */
export interface SoundProcessing {
  readonly echoCancellation?: boolean;
  readonly noiseSuppression?: boolean;
  readonly autoGainControl?: boolean;
}

/**
 * Asks the participant and the browser for a microphone.
 *
 * @throws InterviewError for a refusal; an abort rejects with the signal's reason, and a device that comes later is let go
 */
export async function openStream(
  getUserMedia: GetUserMedia,
  { echoCancellation = true, noiseSuppression = true, autoGainControl = true }: SoundProcessing,
  { deviceId, signal }: { deviceId: string | undefined; signal: AbortSignal },
): Promise<MediaStream> {
  const asked = getUserMedia({
    audio: {
      echoCancellation,
      noiseSuppression,
      autoGainControl,
      channelCount: { ideal: 1 },
      ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
    },
  });
  try {
    return await abortable(asked, signal);
  } catch (cause) {
    if (!signal.aborted) throw microphoneError(cause, microphonePolicy(document));
    // The question cannot be taken back: an answer that comes late must not leave a device open, and a refusal is no news.
    asked.then(stopTracks, () => undefined);
    throw cause;
  }
}

export function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

export function askBrowser(constraints: MediaStreamConstraints): Promise<MediaStream> {
  const devices = mediaDevices();
  if (devices) return devices.getUserMedia(constraints);
  return Promise.reject(
    new TypeError('navigator.mediaDevices is missing: an old browser, or a page not served over HTTPS'),
  );
}
