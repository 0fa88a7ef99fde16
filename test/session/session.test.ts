import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import type { InterviewSessionOptions } from '../../src/session/session-options.js';
import { InterviewSession } from '../../src/session.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import { FakeDialogue, type FakeDialogueOptions } from '../../src/testing/fake-dialogue.js';
import { MemoryStore } from '../../src/transcript/memory-store.js';
import { inWriting, study } from '../support/written-session.js';

/** A session in writing on a fake dialogue, with everything that it tells. */
function stage(options: Partial<InterviewSessionOptions> & { dialogueOptions?: FakeDialogueOptions } = {}) {
  const clock = new FakeClock();
  const dialogue = new FakeDialogue({ clock, ...options.dialogueOptions });
  const session = new InterviewSession({
    guide: study,
    dialogue,
    clock,
    ...inWriting,
    ...options,
  });
  const told: string[] = [];
  session.addEventListener('status', ({ status }) => told.push(status));
  session.addEventListener('turn', ({ turn }) => told.push(`${turn.speaker}: ${turn.text}`));
  session.addEventListener('error', ({ error }) => told.push(`error ${error.code}`));
  session.addEventListener('end', ({ reason }) => told.push(`end ${reason}`));
  return { clock, dialogue, session, told };
}

async function refusal(work: Promise<unknown>): Promise<InterviewError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).to.be.instanceOf(InterviewError);
  return outcome as InterviewError;
}

describe('InterviewSession', () => {
  it('holds an interview from its opening to its end', async () => {
    const { session, told, clock } = stage();
    await session.start();
    await settle();
    for (const answer of ['Maria met me at the door.', 'Tom did.']) {
      await session.sendText(answer);
      await clock.advanceAsync(100);
    }
    await clock.advanceAsync(5000);
    expect(told).to.deep.equal(
      [
        'connecting',
        'live',
        'interviewer: Thank you for taking part. What do you remember of your first day?',
        'participant: Maria met me at the door.',
        'interviewer: Who helped you when you were stuck?',
        'participant: Tom did.',
        'interviewer: That was all. Thank you.',
        'ending',
        'end completed',
        'ended',
      ].sort((a, b) => told.indexOf(a) - told.indexOf(b)),
    );
    expect(session.coverage?.phase).to.equal('closed');
    expect(clock.pending, 'nothing is left waiting').to.equal(0);
  });

  it('refuses a guide that does not fit before anything connects', async () => {
    const { session, dialogue, told } = stage({ guide: { version: 1, id: 'x', sections: [] } });
    const error = await refusal(session.start());
    expect(error.code).to.equal('guide-invalid');
    expect(error.problems.join()).to.contain('sections');
    expect(dialogue.status).to.equal('closed');
    expect(told).to.deep.equal(['connecting', 'failed', 'error guide-invalid']);
    expect(session.error).to.equal(error);
  });

  it('begins where the interview was after a reload, and greets nobody twice', async () => {
    const storage = new MemoryStore();
    const first = stage({ storage });
    await first.session.start();
    await first.clock.advanceAsync(1000);
    await first.session.sendText('Maria met me at the door.');
    await first.clock.advanceAsync(1000);
    await first.session.close();

    const second = stage({ storage });
    expect((await second.session.load()).unfinished).to.be.true;
    expect(second.session.transcript).to.deep.equal([]);
    await second.session.start({ restore: true });
    await second.clock.advanceAsync(1000);
    const turns = second.session.transcript;
    expect(turns.filter(({ act }) => act === 'opening')).to.have.length(1);
    expect(turns.map(({ n }) => n)).to.deep.equal(turns.map((_, index) => index + 1));
    expect(turns.at(-1)?.questionId).to.equal('q2');
    await second.session.close();
  });

  it('begins anew where that is asked for, and keeps nothing of before', async () => {
    const storage = new MemoryStore();
    const first = stage({ storage });
    await first.session.start();
    await first.clock.advanceAsync(1000);
    await first.session.sendText('Maria met me at the door.');
    await first.session.close();

    const second = stage({ storage });
    await second.session.start({ restore: false });
    await second.clock.advanceAsync(1000);
    expect(second.session.transcript.map(({ act }) => act)).to.deep.equal(['opening']);
    await second.session.close();
  });

  it('restores nothing for a participant without a name', async () => {
    const storage = new MemoryStore();
    const first = stage({ storage, participant: undefined });
    await first.session.start();
    await first.session.close();
    const second = stage({ storage, participant: undefined });
    expect((await second.session.load()).unfinished).to.be.false;
  });

  it('says nothing while it is paused, and goes on with the open question', async () => {
    const { session, clock } = stage();
    await session.start();
    await settle();
    await session.pause();
    expect(session.status).to.equal('paused');
    void session.sendText('Maria met me at the door.');
    await clock.advanceAsync(60_000);
    expect(session.transcript.filter(({ speaker }) => speaker === 'interviewer')).to.have.length(1);
    await session.resume();
    await clock.advanceAsync(5000);
    expect(session.status).to.equal('live');
    expect(session.transcript.at(-1)?.questionId).to.equal('q2');
    await session.close();
  });

  it('stays paused where it was paused again while it went on', async () => {
    const source = new AudioContext();
    let asked = 0;
    const { session, clock } = stage({
      mode: 'push-to-talk',
      // The browser asks the participant, who takes their time.
      getUserMedia: () =>
        ++asked === 2
          ? new Promise(() => undefined)
          : Promise.resolve(source.createMediaStreamDestination().stream),
    });
    await session.start();
    await clock.advanceAsync(1000);
    const said = session.transcript.length;
    await session.pause();
    const resumed = session.resume();
    while (asked < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await session.pause();
    await resumed;
    expect(session.status).to.equal('paused');
    expect(session.microphone.status).to.equal('closed');
    await clock.advanceAsync(60_000);
    expect(session.transcript).to.have.length(said);
    await session.resume();
    await clock.advanceAsync(1000);
    expect(session.transcript).to.have.length(said + 1);
    expect(session.microphone.status).to.equal('open');
    await session.close();
    await source.close();
  });

  it('ends where it is ended by whoever hears of the missing microphone', async () => {
    const getUserMedia = (): Promise<MediaStream> => Promise.reject(new DOMException('', 'NotFoundError'));
    const { session, told } = stage({ mode: 'push-to-talk', getUserMedia });
    let ended: Promise<void> | undefined;
    session.addEventListener('error', () => {
      ended = session.end('host');
    });
    const started = await session.start().catch((error: unknown) => error);
    await ended;
    expect(started).to.include({ name: 'AbortError' });
    expect(told).to.deep.equal(['connecting', 'error microphone-missing', 'ending', 'ended', 'end host']);
  });

  it('erases nothing and connects to nothing when it was closed while it started', async () => {
    const erased: string[] = [];
    let loads = 0;
    let go = (): void => undefined;
    class Slow extends MemoryStore {
      override async load(interviewId: string): ReturnType<MemoryStore['load']> {
        if (++loads === 2) await new Promise<void>((resolve) => (go = resolve));
        return super.load(interviewId);
      }
      override erase(interviewId: string): Promise<void> {
        erased.push(interviewId);
        return super.erase(interviewId);
      }
    }
    const { session, dialogue } = stage({ storage: new Slow() });
    const starting = session.start().catch((error: unknown) => error);
    while (loads < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    await session.close();
    go();
    expect(await starting).to.include({ name: 'AbortError' });
    expect(session.status).to.equal('idle');
    expect(erased).to.deep.equal([]);
    expect(dialogue.status).to.equal('closed');
  });

  it('refuses a text after it was closed', async () => {
    const { session } = stage();
    await session.start();
    await session.close();
    expect((await refusal(session.sendText('Too late'))).code).to.equal('invalid-state');
  });

  it('is idle once closed, and goes on there when it is started again', async () => {
    const clock = new FakeClock();
    const session = new InterviewSession({
      ...{ guide: study, clock, ...inWriting },
      get dialogue() {
        return new FakeDialogue({ clock });
      },
    });
    const told: string[] = [];
    session.addEventListener('status', ({ status }) => told.push(status));
    await session.start();
    await clock.advanceAsync(100);
    await session.sendText('Maria met me at the door.');
    await session.close();
    expect(told).to.deep.equal(['connecting', 'live', 'idle']);
    await session.start();
    await clock.advanceAsync(1000);
    expect(session.status).to.equal('live');
    expect(session.transcript.filter(({ act }) => act === 'opening')).to.have.length(1);
    expect(session.transcript.map(({ text }) => text)).to.include('Maria met me at the door.');
    await session.close();
  });

  it('tells nothing of a mode that was chosen just before it was closed', async () => {
    const { session, told } = stage();
    await session.start();
    await settle();
    session.setMode('hands-free');
    await session.close();
    // It is loaded for the mode, and would be opened now.
    await import('../../src/audio/microphone.js');
    await settle();
    expect(told.filter((line) => line.startsWith('error'))).to.deep.equal([]);
  });

  it('is finished for good when it is ended after it failed', async () => {
    const storage = new MemoryStore();
    const { session, dialogue, clock, told } = stage({ storage });
    await session.start();
    await clock.advanceAsync(100);
    await session.sendText('Maria met me at the door.');
    dialogue.events.emit('status', { status: 'closed', previous: 'open' });
    await clock.advanceAsync(100);
    expect(session.status).to.equal('failed');
    const interviewId = '["study","p-1"]';
    expect((await storage.load(interviewId))?.record.status).to.equal('unfinished');
    await session.end('host');
    expect(told.slice(-2)).to.deep.equal(['ended', 'end host']);
    expect((await storage.load(interviewId))?.record).to.include({ status: 'finished', endReason: 'host' });
    expect((await storage.load(interviewId))?.turns).to.have.length(session.transcript.length);
  });

  it('lets silence follow what is being said hands-free when it is paused', async () => {
    const heard: (Int16Array | undefined)[] = [];
    class Ear extends FakeDialogue {
      override hear(frame?: Int16Array): void {
        heard.push(frame);
      }
    }
    const getUserMedia = (): Promise<MediaStream> => Promise.reject(new DOMException('', 'NotFoundError'));
    const clock = new FakeClock();
    const { session } = stage({ clock, dialogue: new Ear({ clock }), mode: 'hands-free', getUserMedia });
    await session.start();
    await session.pause();
    expect(heard).to.have.length(1);
    expect(heard[0]).to.have.length(96_000);
    expect(heard[0]?.every((sample) => sample === 0)).to.equal(true);
    await session.close();
  });

  it('leaves the session idle when its start is aborted', async () => {
    const { session, told } = stage();
    const controller = new AbortController();
    const started = session.start({ signal: controller.signal });
    controller.abort(new Error('changed my mind'));
    expect(await started.catch((error: unknown) => (error as Error).message)).to.equal('changed my mind');
    expect(told).to.deep.equal(['connecting', 'idle']);
  });

  it('refuses a text before it is live', async () => {
    const { session } = stage();
    expect((await refusal(session.sendText('Hello'))).code).to.equal('invalid-state');
  });

  it('ends once, however often it is asked to', async () => {
    const { session, told } = stage();
    await session.start();
    await Promise.all([session.end('participant'), session.end('host')]);
    expect(told.filter((line) => line.startsWith('end '))).to.deep.equal(['end participant']);
    expect(session.status).to.equal('ended');
  });

  it('erases every trace', async () => {
    const storage = new MemoryStore();
    const { session } = stage({ storage });
    await session.start();
    await session.sendText('Maria met me at the door.');
    const { interviewId } = JSON.parse(await (await session.exportTranscript('json')).text()) as {
      interviewId?: string;
    };
    await session.erase();
    expect(session.transcript).to.deep.equal([]);
    expect(await storage.load(interviewId ?? '["study","p-1"]')).to.equal(undefined);
  });

  it('goes on after a lost connection where it was, also where nothing is restored on other days', async () => {
    const clock = new FakeClock();
    const made: FakeDialogue[] = [];
    const session = new InterviewSession({
      guide: study,
      clock,
      mode: 'text',
      output: 'text',
      storage: 'memory',
      restore: 'never',
      get dialogue() {
        const dialogue = new FakeDialogue({ clock });
        made.push(dialogue);
        return dialogue;
      },
    });
    await session.start();
    await clock.advanceAsync(1000);
    await session.sendText('Maria met me at the door.');
    const before = session.transcript;
    const errors: string[] = [];
    session.addEventListener('error', ({ error }) => errors.push(error.code));
    const { events } = made.at(-1) ?? {};
    // What broke nothing is not what ended it, and what did is told once.
    events?.emit('error', new InterviewError('protocol-error', 'said by a test', { isDiagnostic: true }));
    events?.emit('error', new InterviewError('connection-lost', 'said by a test'));
    events?.emit('status', { status: 'closed', previous: 'open' });
    await clock.advanceAsync(1000);
    expect(session.status).to.equal('failed');
    expect(session.error?.code).to.equal('connection-lost');
    expect(errors).to.deep.equal(['protocol-error', 'connection-lost']);

    await session.start();
    await clock.advanceAsync(1000);
    expect(session.status).to.equal('live');
    const { transcript } = session;
    expect(transcript.slice(0, before.length).map(({ text }) => text)).to.deep.equal(
      before.map(({ text }) => text),
    );
    expect(transcript.filter(({ act }) => act === 'opening')).to.have.length(1);
    await session.close();
  });

  it('keeps the consent record with the interview', async () => {
    const { session } = stage();
    const consent = {
      version: '3',
      language: 'en',
      textHash: 'abc',
      items: { audio: true },
      decision: 'accepted',
      decidedAt: '2026-11-22T10:00:00Z',
    } as const;
    await session.start({ consent });
    const exported = await (await session.exportTranscript('json')).text();
    expect(exported).to.contain('"textHash": "abc"');
    await session.close();
  });

  it('runs to its end on a weak dialogue: no tools, late text, unasked speech', async () => {
    const clock = new FakeClock();
    const dialogue = FakeDialogue.weak({ clock });
    const { session, told } = stage({ clock, dialogue });
    await session.start();
    for (let turn = 0; turn < 10 && session.status === 'live'; turn++) {
      await clock.advanceAsync(10_000);
      dialogue.speakUnasked('Mm, I see.');
      await clock.advanceAsync(10_000);
      // It may have come to its end; a refusal then is what is expected.
      session.sendText(`Answer number ${String(turn)} of mine.`).catch(() => undefined);
    }
    await clock.advanceAsync(60_000);
    expect(told).to.contain('end completed');
    await session.close();
  });
});
