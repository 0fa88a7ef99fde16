export interface MicrophoneDevice {
  readonly id: string;
  /** The system's name for it; empty until the participant once allowed a microphone. */
  readonly label: string;
}

/** The microphones to choose from. Empty until the participant once allowed one: before that, browsers do not tell them apart. */
export async function listMicrophones(): Promise<readonly MicrophoneDevice[]> {
  const all = (await mediaDevices()?.enumerateDevices()) ?? [];
  return all
    .filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** The group of the microphone that the system would choose now: browsers list it first. Undefined where they do not tell. */
export async function defaultMicrophoneGroup(): Promise<string | undefined> {
  const all = (await mediaDevices()?.enumerateDevices()) ?? [];
  return all.find(({ kind }) => kind === 'audioinput')?.groupId || undefined;
}

/** Tells when a device was plugged in or out, so that the list is worth another look. @returns a function that stops watching */
export function watchDevices(listener: () => void): () => void {
  const devices = mediaDevices();
  const tell = (): void => {
    listener();
  };
  devices?.addEventListener('devicechange', tell);
  return () => {
    devices?.removeEventListener('devicechange', tell);
  };
}

/** Absent where the page is not secure, and on a server. */
export function mediaDevices(): MediaDevices | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.mediaDevices;
}
