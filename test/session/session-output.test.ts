// Real contexts of Chromium, which a test holds back as browsers do without a gesture, or without a loudspeaker.
import { expect } from '@open-wc/testing';
import { InterviewSession } from '../../src/session.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { FakeDialogue } from '../../src/testing/fake-dialogue.js';
import { study } from '../support/written-session.js';

class Listener extends FakeDialogue {
  readonly outputs: string[] = [];

  override setMode(_mode?: string, output?: string): void {
    this.outputs.push(output ?? '');
  }
}

describe('the interviewer of a session', () => {
  const plain = globalThis.AudioContext;
  let isHeldBack: boolean;
  let contexts: AudioContext[];
  let clock: FakeClock;
  let dialogue: Listener;
  let session: InterviewSession;
  let told: string[];

  beforeEach(() => {
    isHeldBack = true;
    contexts = [];
    globalThis.AudioContext = class extends plain {
      constructor(options?: AudioContextOptions) {
        super(options);
        contexts.push(this);
        void this.suspend();
      }

      override resume(): Promise<void> {
        return isHeldBack ? new Promise(() => undefined) : super.resume();
      }
    };
    clock = new FakeClock();
    dialogue = new Listener({ clock });
    session = new InterviewSession({ guide: study, dialogue, clock, storage: 'memory' });
    told = [];
    session.addEventListener('status', ({ status }) => told.push(status));
    session.addEventListener('error', ({ error }) => told.push(error.code));
  });
  afterEach(async () => {
    await session.close();
    globalThis.AudioContext = plain;
  });

  /** Time goes on until the status is this one: what opens sound takes its own. */
  const become = async (status: string): Promise<void> => {
    for (let look = 0; session.status !== status; look++) {
      if (look === 200) throw new Error(`Still ${session.status}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
      await clock.advanceAsync(10);
    }
  };

  /** Some browsers want one for a look at what they can do. */
  const used = (): AudioContext[] => contexts.filter(({ state }) => state !== 'closed');

  const letGo = async (): Promise<void> => {
    isHeldBack = false;
    session.unlockAudio();
    await Promise.all(used().map((context) => context.resume()));
    await new Promise((resolve) => setTimeout(resolve, 50));
  };

  it('answers in writing while nothing plays the sound, and aloud once something does', async () => {
    const started = session.start();
    await become('live');
    await started;
    expect(told).to.deep.equal(['connecting', 'live', 'sound-suspended']);
    expect(dialogue.outputs).to.deep.equal(['text']);
    expect(session.output, 'what was asked for').to.equal('voice');

    await letGo();
    expect(dialogue.outputs).to.deep.equal(['text', 'voice']);
    isHeldBack = true;
    await Promise.all(used().map((context) => context.suspend()));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(dialogue.outputs).to.deep.equal(['text', 'voice', 'text']);
    session.setMode('text');
    expect(dialogue.outputs.at(-1)).to.equal('text');
  });

  it('speaks as soon as sound begins that begins a little late', async () => {
    const started = session.start();
    for (let look = 0; contexts.length < 2 && look < 100; look++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await clock.advanceAsync(900);
    expect(session.status).to.equal('connecting');
    await letGo();
    await started;
    expect(told).to.deep.equal(['connecting', 'live']);
    expect(dialogue.outputs).to.deep.equal([]);
    expect(session.status).to.equal('live');
  });
});
