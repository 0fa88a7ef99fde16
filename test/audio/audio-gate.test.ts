import { expect } from '@open-wc/testing';
import { AudioGate, type AudioGateStatus } from '../../src/audio/audio-gate.js';

/** A context that runs when the test says so, as a browser's does that waits for a gesture. */
class StubContext extends EventTarget {
  state: 'suspended' | 'running' | 'closed' | 'interrupted' = 'suspended';
  readonly options: AudioContextOptions;
  readonly listeners = new Set<unknown>();
  resumes = 0;

  constructor(options: AudioContextOptions) {
    super();
    this.options = options;
  }

  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options: AddEventListenerOptions = {},
  ): void {
    super.addEventListener(type, listener, options);
    this.listeners.add(listener);
    options.signal?.addEventListener('abort', () => this.listeners.delete(listener));
  }

  override removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null): void {
    super.removeEventListener(type, listener);
    this.listeners.delete(listener);
  }

  /** Pending until the browser lets it run, and for ever if it never does. */
  resume(): Promise<void> {
    this.resumes++;
    return new Promise(() => undefined);
  }

  close(): Promise<void> {
    this.become('closed');
    return Promise.resolve();
  }

  become(state: StubContext['state']): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

function stubGate(): { gate: AudioGate; made: StubContext[]; told: AudioGateStatus[] } {
  const made: StubContext[] = [];
  const gate = new AudioGate({
    createContext: (options) => {
      const context = new StubContext(options);
      made.push(context);
      return context as unknown as AudioContext; // as much of one as the gate uses
    },
  });
  const told: AudioGateStatus[] = [];
  gate.onStatus((status) => told.push(status));
  return { gate, made, told };
}

describe('AudioGate', () => {
  it('touches nothing until it is unlocked', () => {
    const { gate, made } = stubGate();
    expect(gate.status).to.equal('locked');
    expect(made).to.have.length(0);
    expect(() => gate.capture).to.throw('unlock()');
    expect(() => gate.playback).to.throw('unlock()');
  });

  it('creates and resumes both contexts before unlock returns: one at 24 kHz, one at the rate of the device', () => {
    const { gate, made } = stubGate();
    gate.unlock();
    expect(made.map(({ options }) => options.sampleRate)).to.deep.equal([undefined, 24_000]);
    expect(made.map(({ resumes }) => resumes)).to.deep.equal([1, 1]);
    expect(gate.capture).to.equal(made[0]);
    expect(gate.playback).to.equal(made[1]);
  });

  it('runs when both contexts do, and says when the system interrupts one of them', () => {
    const { gate, made, told } = stubGate();
    gate.unlock();
    expect(gate.status).to.equal('suspended');
    made[0]?.become('running');
    expect(gate.status).to.equal('suspended');
    made[1]?.become('running');
    expect(gate.status).to.equal('running');
    made[1]?.become('interrupted');
    made[0]?.become('suspended');
    made[0]?.become('running');
    made[1]?.become('running');
    expect(told).to.deep.equal(['suspended', 'running', 'suspended', 'running']);
  });

  it('resumes what was interrupted in the next gesture, and creates nothing anew', () => {
    const { gate, made } = stubGate();
    gate.unlock();
    for (const context of made) context.become('running');
    made[1]?.become('interrupted');
    gate.unlock();
    expect(made.map(({ resumes }) => resumes)).to.deep.equal([1, 2]);
  });

  it('closes both, once, and cannot be unlocked again', async () => {
    const { gate, made, told } = stubGate();
    gate.unlock();
    await gate.close();
    await gate.close();
    expect(made.map(({ state }) => state)).to.deep.equal(['closed', 'closed']);
    expect(gate.status).to.equal('closed');
    expect(told).to.deep.equal(['suspended', 'closed']);
    expect(() => {
      gate.unlock();
    }).to.throw('closed');
    expect(() => gate.playback).to.throw('closed');
  });

  it('leaves no listener on a context that it has closed', async () => {
    const { gate, made } = stubGate();
    gate.unlock();
    gate.renewCapture().use();
    expect(made.map(({ listeners }) => listeners.size)).to.deep.equal([1, 1, 1]);
    await gate.close();
    expect(made.map(({ listeners }) => listeners.size)).to.deep.equal([0, 0, 0]);
  });

  it('closes the first context when the browser refuses the second', () => {
    const made: StubContext[] = [];
    const gate = new AudioGate({
      createContext: (options) => {
        if (options.sampleRate) throw new DOMException('no such rate', 'NotSupportedError');
        made.push(new StubContext(options));
        return made[0] as unknown as AudioContext; // as much of one as the gate uses
      },
    });
    expect(() => {
      gate.unlock();
    })
      .to.throw()
      .with.property('code', 'unsupported-browser');
    expect(made[0]?.state).to.equal('closed');
    expect(gate.status).to.equal('locked');
  });

  it('keeps the mute switch of a phone from silencing the interviewer, until it closes', async () => {
    const audioSession = { type: 'auto' };
    Object.defineProperty(navigator, 'audioSession', { value: audioSession, configurable: true });
    try {
      const { gate } = stubGate();
      gate.unlock();
      expect(audioSession.type).to.equal('play-and-record');
      await gate.close();
      expect(audioSession.type).to.equal('auto');
    } finally {
      Reflect.deleteProperty(navigator, 'audioSession');
    }
  });

  it('runs real contexts, the playback one at 24 kHz', async () => {
    const gate = new AudioGate();
    gate.unlock();
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (gate.status === 'running') resolve();
      };
      gate.onStatus(check);
      check();
    });
    expect(gate.playback.sampleRate).to.equal(24_000);
    await gate.playback.suspend();
    expect(gate.status).to.equal('suspended');
    await gate.close();
  });
});
