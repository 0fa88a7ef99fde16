// Real contexts and worklets of Chromium; the devices are a test's own.
import { expect } from '@open-wc/testing';
import { SessionSound, type MicrophoneState } from '../../src/session/session-sound.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { NO_MADE_UP_EVENTS, skipIn } from '../support/browser-gaps.js';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries === 100) throw new Error(`Waited 2 s for ${what}`);
    await later(20);
  }
}

describe('SessionSound', () => {
  const plain = globalThis.AudioContext;
  const { mediaDevices } = navigator;
  const enumerate = Object.getOwnPropertyDescriptor(MediaDevices.prototype, 'enumerateDevices') ?? {};
  let contexts: AudioContext[] = [];
  let sound: SessionSound;
  let clock: FakeClock;
  let devices: { deviceId: string; groupId: string; label: string; kind: string }[];
  let asked: (string | undefined)[];
  let tracks: MediaStreamTrack[];
  let states: MicrophoneState['status'][];
  let source: AudioContext;

  const idOf = ({ audio }: MediaStreamConstraints): string | undefined =>
    ((audio as MediaTrackConstraints).deviceId as { exact?: string } | undefined)?.exact;

  beforeEach(() => {
    contexts = [];
    globalThis.AudioContext = class extends plain {
      constructor(options?: AudioContextOptions) {
        super(options);
        contexts.push(this);
      }
    };
    devices = ['built-in', 'headset'].map((id) => ({
      deviceId: id,
      groupId: `group of ${id}`,
      label: id,
      kind: 'audioinput',
    }));
    Object.defineProperty(mediaDevices, 'enumerateDevices', {
      configurable: true,
      value: () => Promise.resolve(devices),
    });
    asked = [];
    tracks = [];
    states = [];
    source = new plain();
    clock = new FakeClock();
    sound = new SessionSound({
      clock,
      getUserMedia: (constraints) => {
        asked.push(idOf(constraints));
        const { stream } = source.createMediaStreamDestination();
        tracks.push(...stream.getTracks());
        return Promise.resolve(stream);
      },
    });
    sound.events.on('microphone', ({ status }) => {
      if (status !== states.at(-1)) states.push(status);
    });
  });
  afterEach(async () => {
    await sound.close();
    await source.close();
    globalThis.AudioContext = plain;
    delete (mediaDevices as unknown as Record<string, unknown>)['enumerateDevices'];
    expect(Object.getOwnPropertyDescriptor(MediaDevices.prototype, 'enumerateDevices')).to.deep.equal(
      enumerate,
    );
    expect(clock.pending, 'nothing is left waiting').to.equal(0);
  });

  /** As the browser does when something was plugged in or out, or chosen in the system's settings. */
  const change = async (next = devices): Promise<void> => {
    devices = next;
    mediaDevices.dispatchEvent(new Event('devicechange'));
    mediaDevices.dispatchEvent(new Event('devicechange'));
    await clock.advanceAsync(300);
  };

  it('follows the system to another microphone, and says nothing of it', async () => {
    await sound.openMicrophone();
    await change(devices.toReversed());
    await until(() => asked.length === 2, 'the other microphone');
    await until(() => tracks[0]?.readyState === 'ended', 'the first one to be let go');
    expect(asked).to.deep.equal([undefined, undefined]);
    expect(states).to.deep.equal(['opening', 'open']);
    expect(tracks[1]?.readyState).to.equal('live');
  });

  it('stays with the microphone that the participant chose, and where nothing of it has changed', async () => {
    await sound.openMicrophone();
    await change();
    await sound.openMicrophone({ deviceId: 'headset' });
    await change(devices.toReversed());
    await later(100);
    expect(asked).to.deep.equal([undefined, 'headset']);
  });

  it('opens the device again, in a context of its rate, when it runs at another one', async () => {
    await sound.openMicrophone();
    const settings = tracks[0]?.getSettings() ?? {};
    if (tracks[0]) tracks[0].getSettings = () => ({ ...settings, sampleRate: 16_000 });
    const before = contexts.filter(({ state }) => state !== 'closed').length;
    await change();
    await until(() => tracks[0]?.readyState === 'ended', 'the old track to be let go');
    expect(asked).to.have.length(2);
    await until(
      () => contexts.filter(({ state }) => state !== 'closed').length === before,
      'the old context',
    );
  });

  it('tells that the microphone is gone, and goes on with the one that is chosen then', async function () {
    skipIn(this, NO_MADE_UP_EVENTS);
    const lost: string[] = [];
    sound.events.on('lost', ({ code }) => lost.push(code));
    await sound.openMicrophone({ deviceId: 'headset' });
    tracks[0]?.dispatchEvent(new Event('ended'));
    await change(devices.slice(0, 1));
    expect(lost).to.deep.equal(['microphone-lost']);
    expect(sound.microphone).to.deep.include({
      status: 'failed',
      devices: [{ id: 'built-in', label: 'built-in' }],
    });
    expect(sound.microphone.error).to.include({ code: 'microphone-lost', recoverable: true });
    await sound.openMicrophone();
    expect(asked, 'not the one that is gone').to.deep.equal(['headset', undefined]);
    expect(sound.microphone.status).to.equal('open');
    expect(sound.microphone.error).to.equal(undefined);
  });

  it('tells everything of a microphone once, however often it is asked for at the same time', async function () {
    skipIn(this, NO_MADE_UP_EVENTS);
    const asks = await Promise.allSettled([sound.openMicrophone(), sound.openMicrophone()]);
    expect(asks.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled']);
    let muted = 0;
    sound.events.on('muted', () => muted++);
    for (const track of tracks) track.dispatchEvent(new Event('mute'));
    expect(muted).to.equal(1);
    expect(states).to.deep.equal(['opening', 'open']);
  });

  it('tells that the system mutes the microphone, and that it does no longer', async function () {
    skipIn(this, NO_MADE_UP_EVENTS);
    const muted: string[] = [];
    sound.events.on('muted', ({ code }) => muted.push(code));
    await sound.openMicrophone();
    expect(sound.microphone.isMuted).to.be.false;
    tracks[0]?.dispatchEvent(new Event('mute'));
    expect([sound.microphone.status, sound.microphone.isMuted]).to.deep.equal(['open', true]);
    tracks[0]?.dispatchEvent(new Event('unmute'));
    expect(sound.microphone.isMuted).to.be.false;
    expect(muted).to.deep.equal(['microphone-muted']);
  });

  it('counts nothing as heard while the browser holds the sound back, and plays it after', async () => {
    const told: string[] = [];
    const heard: string[] = [];
    sound.events.on('status', (status) => told.push(status));
    sound.watch(({ type }) => heard.push(type));
    await sound.openSpeaker();
    await until(() => sound.status === 'running', 'sound');
    // What a telephone call does to a page.
    for (const context of contexts) await context.suspend();
    expect(sound.status).to.equal('suspended');
    sound.play('turn', new Int16Array(4800).fill(1000));
    sound.end('turn');
    await later(150);
    expect([sound.playedMs('turn'), heard]).to.deep.equal([0, []]);

    sound.unlock();
    await until(() => heard.includes('silent'), 'the turn to be played');
    expect(heard).to.deep.equal(['started', 'finished', 'silent']);
    expect(sound.playedMs('turn')).to.equal(200);
    expect(told.slice(-2)).to.deep.equal(['suspended', 'running']);
  });

  it('throws nothing in a click where the browser has no sound at all', async () => {
    globalThis.AudioContext = undefined as unknown as typeof AudioContext;
    sound.unlock();
    expect(sound.status).to.equal('off');
    const why = await sound.openMicrophone().catch((error: unknown) => error);
    expect(why).to.include({ code: 'unsupported-browser' });
    expect(sound.microphone.status).to.equal('failed');
  });
});
