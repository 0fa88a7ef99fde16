// The real playback worklet in a real audio context: what it plays is recorded beside it and compared sample by sample.
import { expect } from '@open-wc/testing';
import { AudioGate } from '../../src/audio/audio-gate.js';
import { Speaker, type SpeakerEvent } from '../../src/audio/speaker.js';
import { systemClock } from '../../src/async/clock.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { beBusy, played, record, type Recorder } from './recorder.js';
import { pcmTone, rms } from './tones.js';

interface Stage {
  readonly gate: AudioGate;
  readonly speaker: Speaker;
  readonly recorder: Recorder;
  readonly events: SpeakerEvent[];
  /** Resolves with the next event of this type, or with one already told. */
  readonly event: (type: SpeakerEvent['type'], turnId?: string) => Promise<SpeakerEvent>;
}

describe('Speaker', () => {
  const opened: Stage[] = [];

  async function stage(clock = systemClock): Promise<Stage> {
    const gate = new AudioGate();
    gate.unlock();
    const speaker = new Speaker({ gate, clock });
    const events: SpeakerEvent[] = [];
    const waiting = new Set<() => void>();
    speaker.watch((event) => {
      events.push(event);
      for (const check of waiting) check();
    });
    await speaker.open();
    const { output } = speaker;
    if (!output) throw new Error('an open speaker has an output');
    const recorder = await record(output);
    const made: Stage = {
      gate,
      speaker,
      recorder,
      events,
      event: (type, turnId) =>
        new Promise((resolve) => {
          const check = (): void => {
            const found = events.find(
              (event) =>
                event.type === type &&
                (turnId === undefined || ('turnId' in event && event.turnId === turnId)),
            );
            if (!found) return;
            waiting.delete(check);
            resolve(found);
          };
          waiting.add(check);
          check();
        }),
    };
    opened.push(made);
    return made;
  }

  const facts = (events: readonly SpeakerEvent[]): string[] =>
    events.map((event) => ('turnId' in event ? `${event.type} ${event.turnId}` : event.type));

  /** Everything but the silence. */
  const heardSamples = (recorder: Recorder): Int16Array =>
    Int16Array.from(
      recorder.sound().filter((sample) => sample !== 0),
      (x) => Math.round(x * 32_768),
    );

  afterEach(async () => {
    for (const { speaker, gate } of opened.splice(0)) {
      speaker.close();
      await gate.close();
    }
  });

  it('plays a tone sent in jittery chunks without a gap or a repeat', async () => {
    const { speaker, recorder, event, events } = await stage();
    const whole = pcmTone(440, 48_000);
    // Sizes and pauses that vary wildly, from 1 sample to 400 ms, always ahead of what is played.
    const sizes = [2_400, 4_800, 1, 37, 9_600, 4_801, 480, 128, 127, 6_000];
    const began = performance.now();
    for (let at = 0, n = 0; at < whole.length; n++) {
      const size = sizes[n % sizes.length] ?? 1;
      speaker.play('a', whole.slice(at, at + size));
      at += size;
      const aheadMs = at / 24 - (performance.now() - began);
      if (aheadMs > 800) await recorder.heard((aheadMs - 800) / 1000);
    }
    speaker.end('a');
    await event('finished');
    await recorder.heard(0.05);
    expect(played(recorder.sound())).to.deep.equal(whole);
    expect(speaker.playedMs('a')).to.equal(2_000);
    expect(facts(events)).to.deep.equal(['started a', 'finished a', 'silent']);
  });

  it('loses nothing while the main thread is busy for 200 ms', async () => {
    const { speaker, recorder, event } = await stage();
    const whole = pcmTone(330, 36_000);
    speaker.play('a', whole.slice(0, 24_000));
    await event('started');
    beBusy(200);
    speaker.play('a', whole.slice(24_000));
    beBusy(200);
    speaker.end('a');
    await event('finished');
    await recorder.heard(0.05);
    expect(played(recorder.sound())).to.deep.equal(whole);
  });

  it('plays turns one after the other without a gap', async () => {
    const { speaker, recorder, event, events } = await stage();
    speaker.play('a', pcmTone(440, 5_000));
    speaker.end('a');
    speaker.play('b', pcmTone(440, 5_000, 5_000));
    speaker.end('b');
    await event('silent');
    await recorder.heard(0.05);
    expect(played(recorder.sound())).to.deep.equal(pcmTone(440, 10_000));
    expect(facts(events)).to.deep.equal(['started a', 'finished a', 'started b', 'finished b', 'silent']);
  });

  it('is silent after a flush, and has counted exactly what was heard', async () => {
    const { speaker, recorder, event, events } = await stage();
    const whole = pcmTone(440, 24_000 * 5);
    speaker.play('a', whole.slice());
    speaker.play('b', pcmTone(500, 24_000));
    await event('started');
    await recorder.heard(0.3);
    await speaker.flush();
    const ms = speaker.playedMs('a');
    await recorder.heard(0.3);
    const heard = played(recorder.sound());
    expect(heard.length).to.be.greaterThan(24_000 * 0.25);
    expect(heard.length).to.equal(Math.round(ms * 24));
    expect(heard.length % 128, 'ends with the quantum in which the flush arrived').to.equal(0);
    expect(heard).to.deep.equal(whole.slice(0, heard.length));
    expect(speaker.playedMs('a')).to.equal(ms);
    expect(speaker.playedMs('b')).to.equal(0);
    expect(facts(events)).to.deep.equal(['started a', 'silent']);
  });

  it('drops what still comes of a flushed turn, and plays the next', async () => {
    const { speaker, recorder, event, events } = await stage();
    speaker.play('a', pcmTone(440, 24_000));
    await event('started');
    await speaker.flush();
    speaker.play('a', pcmTone(440, 24_000));
    speaker.end('a');
    speaker.play('b', pcmTone(500, 2_400));
    speaker.end('b');
    await event('finished', 'b');
    await recorder.heard(0.05);
    const after = heardSamples(recorder).slice(Math.round(speaker.playedMs('a') * 24));
    expect(after).to.deep.equal(pcmTone(500, 2_400));
    expect(facts(events)).to.deep.equal(['started a', 'silent', 'started b', 'finished b', 'silent']);
  });

  it('says of a turn without sound that it is finished', async () => {
    const { speaker, event, events } = await stage();
    speaker.end('a');
    await event('silent');
    expect(facts(events)).to.deep.equal(['finished a', 'silent']);
    expect(speaker.playedMs('a')).to.equal(0);
  });

  it('tells when a turn is heard, on the clock that it was given', async () => {
    const clock = new FakeClock(5_000);
    const { speaker, recorder, event, gate } = await stage(clock);
    await recorder.heard(0.1);
    const { playback } = gate;
    Object.defineProperty(playback, 'outputLatency', { value: 0.25 });
    // The clock stands still, so all that differs is how far each event lies from the moment of its telling.
    const soundedAtMs: number[] = [];
    speaker.watch(({ at }) => {
      soundedAtMs.push(at - clock.now() + playback.currentTime * 1000 - 250);
    });
    const askedAtMs = playback.currentTime * 1000;
    speaker.play('a', pcmTone(440, 12_000));
    speaker.end('a');
    await event('silent');
    const [started = 0, finished = 0, silent = 0] = soundedAtMs;
    expect(started).to.be.within(askedAtMs - 20, playback.currentTime * 1000 - 470);
    expect(finished - started).to.be.closeTo(500, 20);
    expect(silent).to.be.closeTo(finished, 20);
  });

  it('counts muted sound as played', async () => {
    const { speaker, recorder, event } = await stage();
    speaker.isMuted = true;
    await recorder.heard(0.1);
    speaker.play('a', pcmTone(440, 12_000));
    speaker.end('a');
    await event('finished');
    await recorder.heard(0.05);
    expect(rms(recorder.sound())).to.be.below(1e-6);
    expect(speaker.playedMs('a')).to.equal(500);
    expect(speaker.isMuted).to.be.true;
  });

  it('shows how loud the interviewer is', async () => {
    const { speaker, event } = await stage();
    expect(speaker.level).to.equal(0);
    speaker.play('a', pcmTone(440, 12_000));
    await event('started');
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (speaker.level > 0.8) resolve();
        else requestAnimationFrame(look);
      };
      look();
    });
    await speaker.flush();
    expect(speaker.level).to.equal(0);
  });

  it('gives a flush its end although the audio thread does not answer', async () => {
    const clock = new FakeClock();
    const { speaker, event, gate } = await stage(clock);
    speaker.play('a', pcmTone(440, 24_000));
    await event('started');
    await gate.playback.suspend();
    let isSettled = false;
    const flushed = speaker.flush().then(() => {
      isSettled = true;
    });
    // Busy, so that no answer can come in, whether the thread sends one or not.
    clock.advance(299);
    await Promise.resolve();
    expect(isSettled).to.be.false;
    clock.advance(1);
    await flushed;
    const counted = speaker.playedMs('a');
    await gate.playback.resume();
    speaker.end('b');
    await event('finished', 'b');
    expect(speaker.playedMs('a'), 'a late answer changes nothing').to.equal(counted);
    expect(clock.pending).to.equal(0);
  });

  it('lets nobody wait when it closes', async () => {
    const { speaker, event, events } = await stage();
    speaker.play('a', pcmTone(440, 24_000));
    await event('started');
    const flushed = speaker.flush();
    speaker.close();
    await flushed;
    speaker.close();
    speaker.play('a', pcmTone(440, 240));
    speaker.end('b');
    await speaker.flush();
    expect(facts(events)).to.deep.equal(['started a', 'silent']);
    expect(speaker.output).to.equal(undefined);
  });

  it('refuses sound before it is open', () => {
    const speaker = new Speaker({ gate: new AudioGate() });
    expect(() => {
      speaker.play('a', pcmTone(440, 10));
    }).to.throw('open()');
  });

  it('wants an unlocked gate', async () => {
    const error = await new Speaker({ gate: new AudioGate() }).open().catch((e: unknown) => e);
    expect(error).to.have.property('code', 'invalid-state');
  });

  it('opens once, however often it is asked', async () => {
    const { speaker } = await stage();
    const before = speaker.output;
    await Promise.all([speaker.open(), speaker.open()]);
    expect(speaker.output).to.equal(before);
  });

  it('does not open after an abort', async () => {
    const gate = new AudioGate();
    gate.unlock();
    const speaker = new Speaker({ gate });
    const controller = new AbortController();
    const opening = speaker.open({ signal: controller.signal }).catch((e: unknown) => e);
    controller.abort(new Error('the page was left'));
    expect(await opening).to.have.property('message', 'the page was left');
    expect(speaker.output).to.equal(undefined);
    await gate.close();
  });
});
