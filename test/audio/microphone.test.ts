// The real capture worklet: first on a sound that the test makes, then on Chromium's own fake microphone.
import { expect } from '@open-wc/testing';
import { systemClock } from '../../src/async/clock.js';
import { AudioGate } from '../../src/audio/audio-gate.js';
import { Microphone, type MicrophoneFrame } from '../../src/audio/microphone.js';
import { listMicrophones, watchDevices } from '../../src/audio/microphone-devices.js';
import { InterviewError } from '../../src/errors.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { beBusy } from './recorder.js';
import { rms } from './tones.js';
import { NO_MADE_UP_EVENTS, skipIn } from '../support/browser-gaps.js';

interface Booth {
  readonly gate: AudioGate;
  readonly microphone: Microphone;
  readonly frames: MicrophoneFrame[];
  /** Resolves once so many frames have come. */
  readonly heard: (frames: number) => Promise<void>;
}

describe('Microphone', () => {
  const opened: Booth[] = [];

  function booth(options: Partial<ConstructorParameters<typeof Microphone>[0]> = {}): Booth {
    const gate = options.gate ?? new AudioGate();
    gate.unlock();
    const microphone = new Microphone({ gate, ...options });
    const frames: MicrophoneFrame[] = [];
    const waiting = new Set<() => void>();
    microphone.on('frame', (frame) => {
      frames.push(frame);
      for (const check of waiting) check();
    });
    const made: Booth = {
      gate,
      microphone,
      frames,
      heard: (count) =>
        new Promise((resolve) => {
          const check = (): void => {
            if (frames.length < count) return;
            waiting.delete(check);
            resolve();
          };
          waiting.add(check);
          check();
        }),
    };
    opened.push(made);
    return made;
  }

  /**
   * A tone as a microphone's stream. It sounds between `start` and `stop`. The context hears it without the queue that browsers put
   * between a stream and a context: on a busy machine that queue runs dry, and the break would be none of ours.
   */
  function toneStream(
    gate: AudioGate,
    hz: number,
  ): { stream: MediaStream; start: () => void; stop: () => void } {
    const context = gate.capture;
    const { stream } = context.createMediaStreamDestination();
    const oscillator = new OscillatorNode(context, { frequency: hz });
    const gain = new GainNode(context, { gain: 0.5 });
    oscillator.connect(gain);
    const sourceOf = context.createMediaStreamSource.bind(context);
    // Only its `connect` and `disconnect` are used.
    context.createMediaStreamSource = (heard) =>
      heard === stream ? (gain as AudioNode as MediaStreamAudioSourceNode) : sourceOf(heard);
    return {
      stream,
      start: () => {
        oscillator.start();
      },
      stop: () => {
        oscillator.stop();
      },
    };
  }

  const joined = (frames: readonly MicrophoneFrame[]): number[] => frames.flatMap(({ pcm }) => [...pcm]);

  /** How far a sound is from one unbroken sine: three neighbours in a row fulfil x[n-1] + x[n+1] = 2 cos(w) x[n]. */
  function worstBreak(samples: readonly number[], hz: number): number {
    const factor = 2 * Math.cos((2 * Math.PI * hz) / 24_000);
    let worst = 0;
    for (let n = 1; n < samples.length - 1; n++) {
      const [before = 0, here = 0, after = 0] = samples.slice(n - 1, n + 2);
      worst = Math.max(worst, Math.abs(before + after - factor * here));
    }
    return worst;
  }

  /** By the middle one of its periods: a break that a busy browser puts between two contexts makes no other tone of it. */
  function hertz(samples: readonly number[]): number {
    const crossings = samples.flatMap((sample, n) => {
      const before = samples[n - 1] ?? 0;
      return before < 0 && sample >= 0 ? [n - sample / (sample - before)] : [];
    });
    const periods = crossings.slice(1).map((at, n) => at - (crossings[n] ?? 0));
    return 24_000 / (periods.sort((a, b) => a - b)[periods.length >> 1] ?? 0);
  }

  const refusal = (name: string, message = ''): (() => Promise<never>) => {
    return () => Promise.reject(new DOMException(message, name));
  };

  afterEach(async () => {
    for (const { microphone, gate } of opened.splice(0)) {
      microphone.close();
      await gate.close();
    }
  });

  it('tells a tone as unbroken frames of 20 ms, also while the main thread is busy for 200 ms', async () => {
    const { gate, microphone, frames, heard } = booth();
    // No whole number of its periods fits into fewer frames than 50: what is lost leaves a break.
    const { stream, start } = toneStream(gate, 443);
    start();
    await microphone.open({ stream });
    await heard(20);
    const before = frames.length;
    beBusy(200);
    expect(frames).to.have.length(before);
    await heard(before + 5);
    beBusy(200);
    await heard(before + 40);
    for (const { pcm } of frames) expect(pcm).to.have.length(480);
    // The resampler's filter fills up first.
    const steady = joined(frames.slice(5));
    expect(Math.max(...steady)).to.be.within(16_000, 16_800);
    expect(worstBreak(steady, 443), 'largest break of the sine, in 16-bit steps').to.be.below(12);
  });

  it('tells the part of a frame that a flush finds, before the flush resolves', async () => {
    const { gate, microphone, frames, heard } = booth();
    const { stream, start } = toneStream(gate, 440);
    start();
    await microphone.open({ stream });
    await heard(8);
    const lengths: number[] = [];
    for (let i = 0; i < 6; i++) {
      const before = frames.length;
      await microphone.flush();
      lengths.push(...frames.slice(before).map(({ pcm }) => pcm.length));
      await heard(frames.length + 2);
    }
    expect(
      lengths.some((length) => length < 480),
      lengths.join(' '),
    ).to.be.true;
    expect(worstBreak(joined(frames.slice(5)), 440)).to.be.below(12);
  });

  it('lets nothing out while its gate is closed', async () => {
    const { gate, microphone, frames, heard } = booth();
    const { stream, start } = toneStream(gate, 440);
    start();
    microphone.isGateOpen = false;
    await microphone.open({ stream });
    const { currentTime } = gate.capture;
    await microphone.flush();
    while (gate.capture.currentTime < currentTime + 0.3) await microphone.flush();
    expect(frames).to.have.length(0);
    microphone.isGateOpen = true;
    await heard(3);
    microphone.isGateOpen = false;
    await microphone.flush();
    const before = frames.length;
    const closedAt = gate.capture.currentTime;
    while (gate.capture.currentTime < closedAt + 0.2) await microphone.flush();
    expect(frames).to.have.length(before);
  });

  it('sends every frame of memory back to the audio thread, and lets its listeners keep theirs', async () => {
    const post = Reflect.get(MessagePort.prototype, 'postMessage');
    const returned: number[] = [];
    MessagePort.prototype.postMessage = function (this: MessagePort, message: unknown, ...rest: never[]) {
      if (typeof message === 'object' && message !== null && 'pcm' in message) {
        returned.push((message.pcm as Int16Array).length);
      }
      Reflect.apply(post, this, [message, ...rest]);
    };
    try {
      const { gate, microphone, frames, heard } = booth();
      const { stream, start } = toneStream(gate, 440);
      start();
      await microphone.open({ stream });
      await heard(20);
      microphone.close();
      expect(returned).to.deep.equal(frames.map(() => 480));
      for (const { pcm } of frames) expect(pcm).to.have.length(480);
    } finally {
      MessagePort.prototype.postMessage = post;
    }
  });

  it('shows how loud it is', async () => {
    const clock = new FakeClock();
    const { gate, microphone, frames, heard } = booth({ clock });
    const { stream, start, stop } = toneStream(gate, 440);
    await microphone.open({ stream });
    await heard(10);
    expect(microphone.level).to.equal(0);
    expect(frames.at(-1)?.level).to.equal(0);
    start();
    await heard(30);
    expect(frames.at(-1)?.level).to.equal(1);
    expect(microphone.level).to.equal(1);
    stop();
    await heard(frames.length + 60);
    expect(frames.at(-1)?.level).to.equal(0);
    clock.advance(90);
    expect(microphone.level).to.be.closeTo(0.5, 1e-9);
  });

  it('hears the fake microphone of the browser at the rate of the wire', async () => {
    const { gate, microphone, frames, heard } = booth({
      processing: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    await microphone.open();
    expect(microphone.isOpen).to.be.true;
    await heard(10);
    const from = gate.capture.currentTime;
    const before = frames.length;
    await heard(before + 75); // the fake device beeps once a second
    const seconds = gate.capture.currentTime - from;
    expect((frames.length - before) / 50).to.be.closeTo(seconds, 0.3);
    expect(rms(Float32Array.from(joined(frames), (x) => x / 32_768))).to.be.greaterThan(0.01);
  });

  it('asks for echo cancellation, noise suppression and gain control unless told otherwise', async () => {
    const asked: MediaStreamConstraints[] = [];
    const { microphone } = booth({
      processing: { autoGainControl: false },
      getUserMedia: (constraints) => {
        asked.push(constraints);
        return navigator.mediaDevices.getUserMedia(constraints);
      },
    });
    await microphone.open();
    expect(asked).to.deep.equal([
      {
        audio: {
          echoCancellation: true,
          noiseSuppression: true,
          autoGainControl: false,
          channelCount: { ideal: 1 },
        },
      },
    ]);
  });

  it('opens the device that was chosen, and changes it while open', async function () {
    skipIn(this, { firefox: 'it has one fake microphone' });
    const { microphone, frames, heard } = booth();
    await microphone.open();
    const devices = (await listMicrophones()).filter(({ id }) => id !== 'default');
    expect(devices.length).to.be.greaterThan(1);
    for (const { id, label } of devices.slice(0, 2)) {
      await microphone.open({ deviceId: id });
      expect(microphone.device).to.deep.equal({ id, label });
      await heard(frames.length + 5);
    }
  });

  it('lets go of the device when it closes, and only then', async () => {
    const streams: MediaStream[] = [];
    const { microphone, frames, heard } = booth({
      getUserMedia: async (constraints) => {
        const stream = await navigator.mediaDevices.getUserMedia(constraints);
        streams.push(stream);
        return stream;
      },
    });
    await microphone.open();
    await heard(3);
    expect(streams.map((stream) => stream.active)).to.deep.equal([true]);
    const flushed = microphone.flush();
    microphone.close();
    await flushed;
    microphone.close();
    expect(streams.map((stream) => stream.active)).to.deep.equal([false]);
    expect(microphone.isOpen).to.be.false;
    expect(microphone.device).to.equal(undefined);
    expect(microphone.level).to.equal(0);
    const before = frames.length;
    await microphone.flush();
    await microphone.open();
    await heard(before + 3);
    expect(streams.map((stream) => stream.active)).to.deep.equal([false, true]);
  });

  it('leaves a stream that it was given to its owner', async () => {
    const { gate, microphone, heard } = booth();
    const { stream, start } = toneStream(gate, 440);
    start();
    await microphone.open({ stream });
    await heard(3);
    microphone.close();
    expect(stream.active).to.be.true;
  });

  it('says that the device is gone, and is closed then', async function () {
    skipIn(this, NO_MADE_UP_EVENTS);
    const { gate, microphone } = booth();
    const { stream } = toneStream(gate, 440);
    await microphone.open({ stream });
    const errors: InterviewError[] = [];
    microphone.on('ended', (error) => {
      errors.push(error);
    });
    stream.getAudioTracks()[0]?.dispatchEvent(new Event('ended'));
    expect(errors.map(({ code }) => code)).to.deep.equal(['microphone-lost']);
    expect(microphone.isOpen).to.be.false;
  });

  it('tells when the system silences the device', async function () {
    skipIn(this, NO_MADE_UP_EVENTS);
    const { gate, microphone } = booth();
    const { stream } = toneStream(gate, 440);
    await microphone.open({ stream });
    const told: boolean[] = [];
    microphone.on('muted', (isMuted) => {
      told.push(isMuted);
    });
    const track = stream.getAudioTracks()[0];
    track?.dispatchEvent(new Event('mute'));
    track?.dispatchEvent(new Event('unmute'));
    microphone.close();
    track?.dispatchEvent(new Event('mute'));
    expect(told).to.deep.equal([true, false]);
  });

  describe('whose device changes its rate', () => {
    /** A device at a rate of its own, as a headset that begins to listen has, and a page on a system that runs at its rate. */
    function headset(): Booth & { device: { rate: number; refuses: boolean }; close: () => Promise<void> } {
      const device = { rate: 48_000, refuses: false };
      const source = new AudioContext();
      const oscillator = new OscillatorNode(source, { frequency: 440 });
      const gain = new GainNode(source, { gain: 0.5 });
      oscillator.connect(gain);
      oscillator.start();
      const gate = new AudioGate({
        createContext: (options) => new AudioContext({ sampleRate: device.rate, ...options }),
      });
      const made = booth({
        gate,
        getUserMedia: () => {
          if (device.refuses) return Promise.reject(new DOMException('in use', 'NotReadableError'));
          const destination = source.createMediaStreamDestination();
          gain.connect(destination);
          return Promise.resolve(destination.stream);
        },
      });
      return { ...made, device, close: () => source.close() };
    }

    it('goes on with the same tone at the new rate, without a gap worth the name', async () => {
      const { gate, microphone, frames, heard, device, close } = headset();
      await microphone.open();
      await heard(30);
      const before = gate.capture;
      expect(gate.hasOtherRate).to.be.false;
      device.rate = 16_000;
      expect(gate.hasOtherRate).to.be.true;

      const beganAt = performance.now();
      const had = frames.length;
      await microphone.renew();
      expect(gate.capture.sampleRate).to.equal(16_000);
      expect(gate.hasOtherRate).to.be.false;
      // A busy page is told late, and catches up: what is missing all the time is lost.
      const missingMs: number[] = [];
      for (let count = had + 30; count <= had + 90; count += 10) {
        await heard(count);
        const soundMs = frames.slice(had).reduce((sum, { pcm }) => sum + pcm.length / 24, 0);
        missingMs.push(performance.now() - beganAt - soundMs);
      }
      expect(Math.min(...missingMs), 'ms of sound less than time').to.be.within(-150, 150);
      expect(hertz(joined(frames.slice(-30))), 'an old resampler would make another tone of it').to.be.within(
        430,
        450,
      );
      expect(before.state).to.equal('closed');
      await close();
    });

    it('stays with the device that it has where the new one cannot be opened', async () => {
      const { gate, microphone, frames, heard, device, close } = headset();
      await microphone.open();
      const before = gate.capture;
      device.rate = 16_000;
      device.refuses = true;
      const error = await microphone.renew().catch((e: unknown) => e);
      expect(error).to.be.instanceOf(InterviewError).with.property('code', 'microphone-busy');
      expect([microphone.isOpen, gate.capture === before]).to.deep.equal([true, true]);
      await heard(frames.length + 40);
      expect(hertz(joined(frames.slice(-30)))).to.be.within(430, 450);
      await close();
    });

    it('lets go of what comes when it was closed meanwhile', async () => {
      const { microphone, frames, heard, close } = headset();
      await microphone.open();
      await heard(3);
      const renewed = microphone.renew().catch((e: unknown) => e);
      microphone.close();
      expect(await renewed)
        .to.be.instanceOf(DOMException)
        .with.property('name', 'AbortError');
      const had = frames.length;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect([microphone.isOpen, frames.length]).to.deep.equal([false, had]);
      await close();
    });
  });

  it('says why it cannot be opened', async () => {
    const cases = [
      [refusal('NotAllowedError', 'Permission denied'), 'microphone-denied'],
      [refusal('NotFoundError', 'Requested device not found'), 'microphone-missing'],
      [refusal('NotReadableError', 'Could not start audio source'), 'microphone-busy'],
    ] as const;
    for (const [getUserMedia, code] of cases) {
      const { microphone } = booth({ getUserMedia });
      const error = await microphone.open().catch((e: unknown) => e);
      expect(error).to.be.instanceOf(InterviewError).with.property('code', code);
      expect(microphone.isOpen).to.be.false;
    }
  });

  it('says that the chosen device is not there any more', async () => {
    const { microphone } = booth();
    const error = await microphone.open({ deviceId: 'unplugged' }).catch((e: unknown) => e);
    expect(error).to.have.property('code', 'microphone-missing');
  });

  it('does not wait for an answer after an abort, and lets a late device go', async () => {
    let answer: (stream: MediaStream) => void = () => undefined;
    let asked: () => void = () => undefined;
    const question = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { microphone } = booth({
      getUserMedia: () => {
        asked();
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
    const controller = new AbortController();
    const opening = microphone.open({ signal: controller.signal }).catch((e: unknown) => e);
    await question;
    controller.abort(new Error('the page was left'));
    expect(await opening).to.have.property('message', 'the page was left');
    const late = await navigator.mediaDevices.getUserMedia({ audio: true });
    answer(late);
    await new Promise((resolve) =>
      systemClock.setTimeout(() => {
        resolve(undefined);
      }, 0),
    );
    expect(late.active).to.be.false;
    expect(microphone.isOpen).to.be.false;
  });

  it('lets the last of two calls win', async () => {
    const { gate, microphone, frames, heard } = booth();
    const { stream, start } = toneStream(gate, 440);
    start();
    const first = microphone.open().catch((e: unknown) => e);
    await microphone.open({ stream });
    expect(await first).to.have.property('name', 'AbortError');
    await heard(frames.length + 30);
    expect(frames.at(-1)?.level).to.equal(1);
  });

  it('gives a flush its end although the audio thread does not answer', async () => {
    const clock = new FakeClock();
    const { gate, microphone, heard } = booth({ clock });
    const { stream, start } = toneStream(gate, 440);
    start();
    await microphone.open({ stream });
    await heard(3);
    let isSettled = false;
    const flushed = microphone.flush().then(() => {
      isSettled = true;
    });
    clock.advance(499);
    await Promise.resolve();
    expect(isSettled).to.be.false;
    clock.advance(1);
    await flushed;
    expect(clock.pending).to.equal(0);
  });
});

describe('listMicrophones', () => {
  it('names the inputs and nothing else', async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const listed = await listMicrophones();
    for (const track of stream.getTracks()) track.stop();
    expect(listed.length).to.be.greaterThan(0);
    const all = await navigator.mediaDevices.enumerateDevices();
    expect(listed.map(({ label }) => label)).to.deep.equal(
      all.filter(({ kind }) => kind === 'audioinput').map(({ label }) => label),
    );
  });
});

describe('watchDevices', () => {
  it('tells of every change until it is stopped', () => {
    let changes = 0;
    const stop = watchDevices(() => changes++);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    stop();
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    expect(changes).to.equal(2);
  });
});
