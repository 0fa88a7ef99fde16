import { fromBase64 } from '../../../src/realtime/pcm-base64.js';
import { TimedSocket } from '../browser/timed-socket.js';
import { RIGS, type Contender, type Rig } from './rigs.js';
import { SpokenMicrophone, tapEverything, TappedContext } from './tapped-context.js';

export interface Interrupted {
  readonly silenceMs: number;
  /** What the library said was played, less what was. */
  readonly errorSamples: number | undefined;
}

let microphone: SpokenMicrophone | undefined;
let rig: Rig | undefined;

export async function begin(contender: Contender | undefined): Promise<void> {
  microphone = new SpokenMicrophone();
  tapEverything();
  if (contender) rig = await RIGS[contender]();
  await wait(1000);
}

interface Departure {
  readonly text: string;
  readonly atMs: number;
}

/** From the sound of each click to the departure of the message that it is in. */
export async function captureDelaysMs(count: number): Promise<number[]> {
  let found = 0;
  // Where the machine has other work, the audio thread comes too late now and then, and a click is torn in two.
  for (let tries = 0; tries < 4; tries++) {
    const sent: Departure[] = [];
    TimedSocket.onDeparture = (text, atMs) => sent.push({ text, atMs });
    const clicks = (await microphone?.clicks(count)) ?? [];
    TimedSocket.onDeparture = () => undefined;
    const onsets = onsetsIn(sent);
    if (onsets.length === count) return onsets.map((atMs, n) => atMs - (clicks[n] ?? NaN));
    found = onsets.length;
  }
  throw new Error(`Expected ${count} clicks on the wire, got ${found}`);
}

/** When the message left in which each click begins. */
function onsetsIn(sent: readonly Departure[]): number[] {
  const onsets: number[] = [];
  let wasLoud = false;
  for (const { text, atMs } of sent) {
    const sound = (JSON.parse(text) as Record<string, unknown>)[rig?.soundField ?? ''];
    if (typeof sound !== 'string') continue;
    const pcm = fromBase64(sound);
    let quiet = 0;
    for (const sample of pcm) {
      quiet = Math.abs(sample) > 3000 ? 0 : quiet + 1;
      if (quiet === 0 && !wasLoud) onsets.push(atMs);
      if (quiet === 0) wasLoud = true;
      else if (quiet > 240) wasLoud = false;
    }
  }
  return onsets;
}

export async function speakFor(ms: number): Promise<void> {
  rig?.speak();
  await wait(ms);
}

export async function interruptOnce(afterMs: number): Promise<Interrupted> {
  if (!rig) throw new Error('Expected to have begun');
  await TappedContext.playing?.read('reset');
  rig.speak();
  await wait(afterMs);
  const context = TappedContext.playing;
  if (!context) throw new Error('Expected that something is played');
  const { atSeconds, samples } = await rig.interrupt();
  let tapped = await context.read();
  for (let before = -1; before !== tapped.last;) {
    before = tapped.last;
    await wait(400);
    tapped = await context.read();
  }
  if (tapped.count < 4800) throw new Error(`Expected to hear something, got ${tapped.count} samples`);
  return {
    silenceMs: Math.max(0, (tapped.last / context.sampleRate - atSeconds) * 1000),
    errorSamples: samples === undefined ? undefined : samples - tapped.count,
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
