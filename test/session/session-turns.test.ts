// Who is listened to when: a session with a real microphone graph, on a dialogue that only notes what it is given.
import { expect } from '@open-wc/testing';
import { InterviewSession } from '../../src/session.js';
import type { InterviewSessionOptions } from '../../src/session/session-options.js';
import { FakeDialogue } from '../../src/testing/fake-dialogue.js';

const guide = {
  version: 1,
  id: 'turns',
  time: { nudgeSeconds: 0.3 },
  sections: [
    {
      id: 's',
      questions: [
        { id: 'q1', ask: 'What do you remember?' },
        { id: 'q2', ask: 'Who helped you?' },
        { id: 'q3', ask: 'Which advice would you give?' },
      ],
    },
  ],
};

class Ear extends FakeDialogue {
  frames: { readonly isLoud: boolean; readonly during: string }[] = [];
  moment = 'between';
  readonly modes: string[] = [];
  readonly waiting = new Set<() => void>();

  override hear(frame?: Int16Array): void {
    const isLoud = frame?.some((sample) => Math.abs(sample) > 1000) ?? false;
    this.frames.push({ isLoud, during: this.moment });
    for (const look of this.waiting) look();
  }

  override setMode(mode?: string): void {
    this.modes.push(mode ?? '');
    this.moment = mode ?? '';
  }

  /** Resolves with the next frames. */
  async next(frames: number): Promise<void> {
    const enough = this.frames.length + frames;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.frames.length >= enough) resolve();
      };
      this.waiting.add(look);
    });
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a session listens', () => {
  let session: InterviewSession;
  let ear: Ear;
  let context: AudioContext;

  async function begin(options: Partial<InterviewSessionOptions> = {}): Promise<void> {
    context = new AudioContext();
    await context.resume();
    ear = new Ear();
    session = new InterviewSession({
      guide,
      dialogue: ear,
      output: 'text',
      storage: 'memory',
      getUserMedia: () => {
        const destination = context.createMediaStreamDestination();
        const tone = new OscillatorNode(context);
        tone.connect(destination);
        tone.start();
        return Promise.resolve(destination.stream);
      },
      ...options,
    });
    await session.start();
  }

  afterEach(async () => {
    await session.close();
    await context.close();
  });

  it('push-to-talk, from press to release and not a moment between two presses', async () => {
    await begin();
    await session.pressToTalk();
    ear.moment = 'pressed';
    await ear.next(20);
    await session.releaseToTalk();
    const heard = ear.frames.length;
    ear.moment = 'between';
    await sleep(400);
    expect(ear.frames.length, 'nothing came after the release').to.equal(heard);
    await session.pressToTalk();
    ear.moment = 'pressed';
    await ear.next(10);
    await session.releaseToTalk();
    expect(ear.frames.every(({ during }) => during === 'pressed')).to.equal(true);
    expect(ear.frames.at(-1)?.isLoud, 'there was something to hear all the time').to.equal(true);
  });

  it('to nothing once the mode changes in mid-speech, until the button is pressed; and again when it changes back', async () => {
    await begin({ mode: 'hands-free' });
    await ear.next(10);
    session.setMode('push-to-talk');
    expect(ear.modes).to.deep.equal(['push-to-talk']);
    const heard = ear.frames.length;
    await sleep(300);
    expect(ear.frames.length).to.equal(heard);
    await session.pressToTalk();
    await ear.next(10);
    session.setMode('hands-free');
    await ear.next(10);
    expect(ear.frames.at(-1)).to.deep.equal({ isLoud: true, during: 'hands-free' });
    session.setMode('text');
    const before = ear.frames.length;
    await sleep(300);
    expect(ear.frames.length).to.equal(before);
    expect(session.microphone.status).to.equal('closed');
  });

  it('to a loudspeaker’s echo twice, and then no more while the interviewer is heard, and says why', async () => {
    await begin({ mode: 'hands-free' });
    const errors: string[] = [];
    session.addEventListener('error', ({ error }) => errors.push(error.code));
    ear.events.emit('echo', { turnId: 'a' });
    expect(errors).to.deep.equal([]);
    ear.events.emit('echo', { turnId: 'b' });
    ear.events.emit('echo', { turnId: 'c' });
    expect(errors).to.deep.equal(['microphone-echo']);
    await ear.next(5);
    expect(ear.frames.at(-1)?.isLoud, 'she is not heard: the participant may speak').to.equal(true);
  });

  it('and asks who is silent, but nobody who types', async () => {
    await begin();
    const nudges = (): number => session.transcript.filter(({ act }) => act === 'nudge').length;
    session.isTyping = true;
    await sleep(700);
    expect(nudges()).to.equal(0);
    session.isTyping = false;
    await sleep(700);
    expect(nudges()).to.equal(1);
  });

  it('and asks nobody who answers in writing', async () => {
    await begin({ mode: 'text' });
    await sleep(700);
    expect(session.transcript.filter(({ act }) => act === 'nudge')).to.have.length(0);
    expect(session.activity).to.equal('listening');
  });
});
