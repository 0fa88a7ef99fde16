import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { exampleCoverage, exampleGuide } from '../support/example-guide.js';
import { mountInterview, type Mounted, type MountOptions } from '../support/mount-interview.js';

describe('<ai-interview>', () => {
  let stage: Mounted;
  const mount = async (options?: MountOptions): Promise<Mounted> => (stage = await mountInterview(options));

  afterEach(() => {
    stage.element.remove();
  });

  it('hands every attribute to the session', async () => {
    await mount({
      attributes: {
        'token-url': '/api/token',
        guide: '/guides/a.json',
        participant: 'p-017',
        'interview-id': 'study/p-017',
        mode: 'text',
        output: 'text',
        lang: 'de',
        transport: 'websocket',
        'realtime-url': 'wss://example.test/v1/realtime',
        model: 'gpt-realtime-2.1',
        voice: 'marin',
        restore: 'auto',
        'retain-days': '7',
        'transcript-url': '/api/transcript',
        'pre-roll-ms': '200',
        'worklet-url': '/worklet.js',
        'no-barge-in': '',
      },
    });
    expect(stage.session().options).to.include({
      tokenUrl: '/api/token',
      guide: '/guides/a.json',
      participant: 'p-017',
      interviewId: 'study/p-017',
      mode: 'text',
      output: 'text',
      language: 'de',
      transport: 'websocket',
      realtimeUrl: 'wss://example.test/v1/realtime',
      model: 'gpt-realtime-2.1',
      voice: 'marin',
      restore: 'auto',
      retainDays: 7,
      transcriptUrl: '/api/transcript',
      preRollMs: 200,
      workletUrl: '/worklet.js',
      bargeIn: false,
    });
  });

  it('leaves to the session what the page did not write', async () => {
    await mount();
    const { tokenUrl, participant, language, voice, retainDays } = stage.session().options;
    expect([tokenUrl, participant, language, voice, retainDays]).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
      30,
    ]);
  });

  it('writes no attribute of its own but the status', async () => {
    await mount();
    expect(stage.element.getAttributeNames().sort()).to.deep.equal(['guide', 'status']);
  });

  it('takes a guide as a property, before that from the attribute, and last from between its tags', async () => {
    await mount();
    expect(stage.session().options.guide).to.equal('/guide.json');
    stage.element.removeAttribute('guide');
    const script = document.createElement('script');
    script.type = 'application/json';
    script.textContent = '{"id":"inline"}';
    stage.element.append(script);
    stage.element.participant = 'p-1';
    await stage.settle();
    expect(stage.session().options.guide).to.deep.equal({ id: 'inline' });
    const guide = { id: 'property' };
    stage.element.guide = guide;
    await stage.settle();
    expect(stage.session().options.guide).to.equal(guide);
  });

  it('names what is wrong with a guide between its tags', async () => {
    await mount();
    stage.element.removeAttribute('guide');
    const script = document.createElement('script');
    script.type = 'application/json';
    script.textContent = '{"id":';
    stage.element.append(script);
    await stage.settle();
    const thrown = await stage.element.start().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(InterviewError).and.include({ code: 'guide-invalid' });
    await stage.settle();
    expect(stage.element.status).to.equal('failed');
    expect(stage.text()).to.contain('not set up correctly');
  });

  it('makes a new session when its options change, but not once the interview has begun', async () => {
    await mount();
    stage.element.voice = 'marin';
    stage.element.theme = 'dark';
    await stage.settle();
    expect(stage.sessions).to.have.length(2);
    expect(stage.sessions[0]?.calls).to.include('close');
    await stage.goLive();
    stage.element.voice = 'cedar';
    await stage.settle();
    expect(stage.sessions).to.have.length(2);
  });

  it('makes no second session for what does not concern one', async () => {
    await mount();
    stage.element.theme = 'dark';
    stage.element.noCaptions = true;
    stage.element.strings = { begin: 'Go' };
    await stage.settle();
    expect(stage.sessions).to.have.length(1);
    expect(stage.find('.primary')?.innerText).to.equal('Go');
  });

  it('changes mode and output while live', async () => {
    await mount();
    await stage.goLive();
    stage.element.mode = 'text';
    stage.element.output = 'text';
    await stage.settle();
    expect(stage.session().calls.slice(-2)).to.deep.equal(['mode text', 'output text']);
  });

  it('reflects the status, and shows it and the activity as custom states', async () => {
    await mount();
    const states = (): string[] =>
      ['idle', 'consent', 'live', 'paused', 'listening', 'speaking', 'ended'].filter((name) =>
        stage.element.matches(`:state(${name})`),
      );
    expect([stage.element.getAttribute('status'), ...states()]).to.deep.equal(['idle', 'idle']);
    await stage.goLive();
    expect([stage.element.getAttribute('status'), ...states()]).to.deep.equal(['live', 'live', 'listening']);
    stage.session().gives('speaking');
    expect(states()).to.deep.equal(['live', 'speaking']);
    expect(stage.element.activity).to.equal('speaking');
    await stage.element.pause();
    expect([stage.element.getAttribute('status'), ...states()]).to.deep.equal(['paused', 'paused']);
    await stage.element.resume();
    await stage.element.end();
    expect([stage.element.getAttribute('status'), ...states()]).to.deep.equal(['ended', 'ended']);
  });

  it('tells its events through any page: bubbling, composed and with their fields', async () => {
    await mount();
    const told: string[] = [];
    const on = <Type extends keyof GlobalEventHandlersEventMap>(
      type: Type,
      tell: (event: GlobalEventHandlersEventMap[Type]) => string,
    ): void => {
      document.addEventListener(
        type,
        (event) => {
          told.push(`${type} ${tell(event)} ${event.composed}`);
        },
        { once: true },
      );
    };
    on('interview-activity', ({ activity }) => activity);
    on('interview-turn', ({ turn }) => turn.text);
    on('interview-caption', ({ turn }) => turn.text);
    on('interview-coverage', ({ coverage }) => String(coverage.done));
    on('interview-error', ({ error }) => error.code);
    on('interview-end', ({ reason, transcript }) => `${reason} ${transcript.length}`);
    await stage.goLive();
    const session = stage.session();
    session.gives('thinking');
    session.says('interviewer', 'Hello.');
    session.covers(exampleCoverage(1));
    session.runsInto('storage-full');
    await stage.element.end('host');
    expect(told).to.deep.equal([
      'interview-activity thinking true',
      'interview-caption Hello. true',
      'interview-turn Hello. true',
      'interview-coverage 1 true',
      'interview-error storage-full true',
      'interview-end host 1 true',
    ]);
  });

  it('tells an error once, though both the session and its promise tell it', async () => {
    await mount({ setting: { startError: new InterviewError('connection-failed', 'said by a test') } });
    let told = 0;
    stage.element.addEventListener('interview-error', () => told++);
    await stage.goLive();
    expect(told).to.equal(1);
  });

  describe('its methods', () => {
    it('settle, whatever the state', async () => {
      await mount();
      const { element } = stage;
      const outcomes = await Promise.allSettled([
        element.pause(),
        element.resume(),
        element.releaseToTalk(),
        element.sendText('too early'),
        element.start(),
        element.start(),
      ]);
      expect(outcomes).to.have.length(6);
    });

    it('say `invalid-state` where there is no interview', async () => {
      const bare = document.createElement('ai-interview');
      document.body.append(bare);
      await bare.updateComplete;
      for (const call of [
        () => bare.pressToTalk(),
        () => bare.sendText('a'),
        () => bare.exportTranscript('json'),
      ]) {
        const thrown = await call().catch((error: unknown) => error);
        expect(thrown).to.be.instanceOf(InterviewError).and.include({ code: 'invalid-state' });
      }
      expect([bare.session, bare.transcript.length, bare.usage]).to.deep.equal([undefined, 0, undefined]);
      bare.remove();
    });

    it('reach the session', async () => {
      await mount();
      await stage.goLive();
      const { element } = stage;
      stage.session().says('interviewer', 'Hello.');
      await element.sendText('Hi');
      await element.pressToTalk();
      await element.releaseToTalk();
      expect((await element.exportTranscript('markdown')).name).to.equal('interview.md');
      await element.end('host');
      await element.erase();
      expect(stage.session().calls.slice(-6)).to.deep.equal([
        'text Hi',
        'press',
        'release',
        'export markdown',
        'end host',
        'erase',
      ]);
      expect(element.session).to.equal(stage.session());
      expect(element.transcript).to.deep.equal([]);
    });
  });

  describe('taken out of the page', () => {
    it('closes its session, and listens to nothing any more', async () => {
      await mount();
      await stage.goLive();
      const session = stage.session();
      stage.element.remove();
      await stage.settle();
      expect(session.calls.at(-1)).to.equal('close');
      expect(stage.element.status).to.equal('idle');
      let told = 0;
      stage.element.addEventListener('interview-turn', () => told++);
      session.says('interviewer', 'Anybody there?');
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true }));
      expect(told).to.equal(0);
      expect(session.calls).not.to.include('press');
    });

    it('while it connects: nothing comes late, and nothing is left waiting', async () => {
      await mount({ setting: { isSlow: true } });
      await stage.goLive();
      expect(stage.element.status).to.equal('connecting');
      const session = stage.session();
      stage.element.remove();
      await stage.settle();
      expect(session.startOptions[0]?.signal?.aborted).to.be.true;
      session.goLive();
      await stage.settle();
      expect(stage.element.status).to.equal('idle');
    });

    it('only to be put elsewhere: the interview goes on', async () => {
      await mount();
      await stage.goLive();
      const elsewhere = document.createElement('div');
      document.body.append(elsewhere);
      elsewhere.append(stage.element);
      await stage.settle();
      expect(stage.element.status).to.equal('live');
      expect(stage.session().calls).not.to.include('close');
      await stage.element.pressToTalk();
      stage.session().says('interviewer', 'Still here.');
      await stage.settle();
      expect(stage.text()).to.contain('Still here.');
      elsewhere.remove();
    });

    it('and put back: begins anew', async () => {
      await mount();
      await stage.goLive();
      stage.element.remove();
      await stage.settle();
      document.body.append(stage.element);
      await stage.settle();
      expect(stage.sessions).to.have.length(2);
      expect(stage.text()).to.contain('Your first week');
      await stage.goLive();
      expect(stage.element.status).to.equal('live');
    });
  });

  describe('its words', () => {
    it('are those of the guide, where the page names no language', async () => {
      await mount({ setting: { guide: { ...exampleGuide, language: 'de-AT' } } });
      await stage.settle();
      expect(stage.text()).to.contain('Beginnen');
      expect(stage.find('.frame')?.lang).to.equal('de');
    });

    it('are those that the page names, before the guide', async () => {
      await mount({ attributes: { lang: 'de' } });
      await stage.settle();
      expect(stage.text()).to.contain('Beginnen');
      stage.element.lang = 'en';
      await stage.settle();
      expect(stage.text()).to.contain('Begin');
    });

    it('are English where the screen does not speak a language, and what is said keeps its own', async () => {
      await mount({ setting: { guide: { ...exampleGuide, language: 'fr' } } });
      await stage.goLive();
      expect(stage.find('.frame')?.lang).to.equal('en');
      expect(stage.find('.captions ol')?.getAttribute('lang')).to.equal('fr');
    });
  });

  it('carries no style element and no style attribute into the page', async () => {
    await mount();
    await stage.goLive();
    expect(stage.find('style')).to.be.null;
    const written = [...stage.element.renderRoot.querySelectorAll('*')].filter(
      (each) => each.hasAttribute('style') && !each.hasAttribute('data-level'),
    );
    expect(written).to.deep.equal([]);
  });

  it('follows the page in its colours', async () => {
    await mount({ attributes: { style: '--ai-interview-accent: rgb(90, 0, 120)' } });
    expect(getComputedStyle(stage.find('.primary')!).backgroundColor).to.equal('rgb(90, 0, 120)');
  });
});
