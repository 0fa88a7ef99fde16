import { expect, waitUntil } from '@open-wc/testing';
import { exampleCoverage } from '../support/example-guide.js';
import { mountInterview, type Mounted, type MountOptions } from '../support/mount-interview.js';

describe('the conversation on the screen', () => {
  let stage: Mounted;
  const mount = async (options?: MountOptions): Promise<Mounted> => {
    stage = await mountInterview(options);
    await stage.goLive();
    return stage;
  };
  const type = async (text: string): Promise<HTMLTextAreaElement> => {
    const field = stage.find('textarea') as HTMLTextAreaElement;
    field.value = text;
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await stage.settle();
    return field;
  };

  afterEach(() => {
    stage.element.remove();
  });

  it('says in words and by shape who has the floor', async () => {
    await mount();
    const seen = [];
    for (const activity of ['listening', 'hearing', 'thinking', 'speaking'] as const) {
      stage.session().gives(activity);
      await stage.settle();
      seen.push([stage.find('.figure')?.dataset['floor'], stage.find('.who')?.innerText]);
    }
    expect(seen).to.deep.equal([
      ['listening', 'Your turn'],
      ['hearing', 'Listening to you'],
      ['thinking', 'Ada is thinking'],
      ['speaking', 'Ada is speaking'],
    ]);
  });

  it('shows what a model says as text, never as HTML', async () => {
    await mount();
    const words = '<img src=x onerror="document.title=1"><b>bold</b> ${1} &amp;';
    stage.session().says('interviewer', words);
    await stage.settle();
    expect(stage.find('.words')?.textContent).to.equal(words);
    expect(stage.find('img, b')).to.be.null;
  });

  it('keeps the turns in the order of the conversation, in the elements that they had', async () => {
    await mount();
    const session = stage.session();
    session.says('participant', 'second');
    await stage.settle();
    const second = stage.find('.turn');
    session.says('interviewer', 'first');
    session.transcript = session.transcript.toReversed();
    session.gives('thinking');
    await stage.settle();
    const turns = [...stage.element.renderRoot.querySelectorAll<HTMLElement>('.turn')];
    expect(turns.map((turn) => turn.querySelector('.words')?.textContent)).to.deep.equal(['first', 'second']);
    expect(turns[1]).to.equal(second);
  });

  it('shows of an interrupted turn what was heard, and of a lost one that it is missing', async () => {
    await mount();
    const session = stage.session();
    session.says('interviewer', 'One two three', { interruptedBy: 'participant', heard: 'One two' });
    session.says('participant', '', { status: 'failed' });
    await stage.settle();
    expect(stage.find('.captions')?.innerText)
      .to.contain('One two … (interrupted)')
      .and.to.contain('[not understood]')
      .and.not.to.contain('three');
  });

  it('shows where the connection was lost and for how long, and nothing of it is the interviewer’s', async () => {
    await mount();
    const outage = { speaker: 'interviewer', text: '', act: 'outage', startedAtMs: 60_000 } as const;
    stage.session().says('interviewer', 'Before');
    stage.session().writes({ ...outage, id: 'o', status: 'partial' });
    await stage.settle();
    expect(stage.find('.captions li:last-child')?.innerText).to.equal('Connection lost');
    stage.session().writes({ ...outage, id: 'o', status: 'failed', endedAtMs: 94_400 });
    await stage.settle();
    expect(stage.find('.captions li:last-child')?.innerText).to.equal('Connection lost for 34 s');
    stage.element.lang = 'de';
    await waitUntil(
      () => stage.find('.captions li:last-child')?.innerText === 'Verbindung für 34 s abgerissen',
    );
    expect(stage.element.renderRoot.querySelectorAll('[data-speaker=interviewer]')).to.have.length(1);
    expect(stage.element.renderRoot.querySelector('[aria-live]')?.textContent).to.not.contain('34');
  });

  it('stays at the end while text grows, and stays where it is while somebody reads', async () => {
    await mount();
    const session = stage.session();
    for (let n = 0; n < 30; n++) session.says('interviewer', `Turn ${n} of a long conversation.`);
    await stage.settle();
    const box = stage.find('.captions')!;
    const fromEnd = (): number => Math.round(-box.scrollTop);
    expect(box.scrollHeight).to.be.greaterThan(box.clientHeight);
    expect(fromEnd()).to.equal(0);
    session.says('interviewer', 'One more.');
    await stage.settle();
    expect(fromEnd()).to.equal(0);

    box.scrollTop = -200;
    await new Promise(requestAnimationFrame);
    const shown = [...box.querySelectorAll('.turn')].find(
      (turn) => turn.getBoundingClientRect().top > box.getBoundingClientRect().top,
    )!;
    const before = shown.getBoundingClientRect().top;
    session.says('interviewer', 'And another one.');
    await stage.settle();
    await new Promise(requestAnimationFrame);
    expect(shown.getBoundingClientRect().top).to.be.closeTo(before, 1);
  });

  it('gives the same place to every control, whatever is said', async () => {
    await mount();
    const place = (): string => JSON.stringify(stage.find('[data-talk]')?.getBoundingClientRect());
    const before = place();
    for (const activity of ['hearing', 'thinking', 'speaking'] as const) {
      stage.session().says('interviewer', 'Some words.');
      stage.session().gives(activity);
      await stage.settle();
      expect(place()).to.equal(before);
    }
  });

  it('leaves captions out where the page says so, but never the only words there are', async () => {
    await mount({ attributes: { 'no-captions': '' } });
    expect(stage.find('.captions')).to.be.null;
    stage.element.output = 'text';
    await stage.settle();
    expect(stage.find('.captions')).not.to.be.null;
  });

  it('tells how far the interview is', async () => {
    await mount();
    stage.session().covers(exampleCoverage(2));
    await stage.settle();
    const bar = stage.find('[role=progressbar]')!;
    expect(bar.getAttribute('aria-valuetext')).to.equal('2 of 5 questions');
    expect([...bar.querySelectorAll('i')].map((tick) => tick.dataset['status'])).to.deep.equal([
      'answered',
      'answered',
      'asked',
      'pending',
      'pending',
    ]);
    expect(bar.querySelectorAll('[data-current]')).to.have.length(1);
  });

  it('sends what was typed with Enter, once, and no empty text', async () => {
    await mount();
    const field = await type('  My answer  ');
    expect(field.value).to.equal('');
    await type('   ');
    expect(stage.session().calls.filter((call) => call.startsWith('text'))).to.deep.equal(['text My answer']);
  });

  it('tells the session that somebody types: while there is something in the field that they are at', async () => {
    await mount();
    const field = stage.find('textarea') as HTMLTextAreaElement;
    const told = (): boolean => stage.session().isTyping;
    field.focus();
    expect(told()).to.equal(false);
    field.value = 'My ans';
    field.dispatchEvent(new Event('input'));
    expect(told()).to.equal(true);
    field.blur();
    expect(told()).to.equal(false);
    field.focus();
    expect(told()).to.equal(true);
    await type('My answer');
    expect(told()).to.equal(false);
  });

  it('leaves Enter alone while a word is being composed, and with Shift', async () => {
    await mount();
    const field = stage.find('textarea') as HTMLTextAreaElement;
    field.value = 'にほ';
    for (const init of [{ isComposing: true }, { shiftKey: true }]) {
      const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init });
      field.dispatchEvent(event);
      expect(event.defaultPrevented).to.be.false;
    }
    expect(stage.session().calls.some((call) => call.startsWith('text'))).to.be.false;
  });

  it('takes the Enter that ends a composition for no wish to send, also where it comes after it', async () => {
    await mount();
    const field = stage.find('textarea') as HTMLTextAreaElement;
    field.value = '東京';
    for (const late of [{ isComposing: true }, { keyCode: 229 }]) {
      field.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...late }),
      );
      await stage.settle();
      expect(field.value, JSON.stringify(late)).to.equal('東京');
    }
    await type('東京');
    expect(stage.session().calls.filter((call) => call.startsWith('text'))).to.deep.equal(['text 東京']);
  });

  it('puts text that came back into the box again, before what was typed since', async () => {
    await mount();
    const field = await type('Lost');
    field.value = 'Newer';
    stage.session().returnsText('Lost');
    await stage.settle();
    expect(field.value).to.equal('Lost\nNewer');
    expect(stage.find('.notice')?.innerText).to.contain('could not be delivered');
  });

  it('puts text that could not be sent into the box again', async () => {
    await mount();
    stage.session().status = 'reconnecting';
    const field = await type('Too late');
    expect(field.value).to.equal('Too late');
  });

  it('lets the participant write on while the connection is made again', async () => {
    await mount();
    const field = stage.find('textarea') as HTMLTextAreaElement;
    field.focus();
    field.value = 'half an answ';
    stage.session().become('reconnecting');
    await stage.settle();
    expect(field.checkVisibility()).to.be.true;
    expect(stage.element.shadowRoot?.activeElement).to.equal(field);
    expect(field.value).to.equal('half an answ');
    stage.session().become('live');
    await stage.settle();
    expect(stage.element.shadowRoot?.activeElement).to.equal(field);
  });

  it('tells a screen reader that the connection is gone, wherever the focus is', async () => {
    await mount();
    (stage.find('textarea') as HTMLTextAreaElement).focus();
    stage.session().become('reconnecting');
    await stage.settle();
    const region = stage.find('[aria-live=polite]');
    expect(region?.innerText).to.contain('The connection was lost');
    stage.session().become('live');
    await stage.settle();
    stage.session().become('reconnecting');
    await stage.settle();
    expect(region?.innerText.match(/was lost/g), 'once each time').to.have.length(1);
  });

  it('says when the next try for a connection is, and lets nobody wait who does not want to', async () => {
    await mount();
    const session = stage.session();
    session.become('reconnecting');
    await stage.settle();
    expect(stage.find('.hint')?.innerText).to.contain('in a moment');
    expect(stage.find('.controls > .primary')).to.be.null;
    session.waits(65_000);
    await stage.settle();
    expect(stage.find('.hint')?.innerText).to.match(/the next try is in 1:0\d/);
    const button = stage.find('.controls > .primary');
    expect(button?.innerText).to.equal('Try now');
    expect(stage.find('textarea')?.checkVisibility(), 'and one can write meanwhile').to.be.true;
    button?.focus();
    await stage.press('.controls > .primary');
    expect(session.calls).to.include('retryNow');
    session.waits(undefined);
    await stage.settle();
    expect(stage.find('.hint')?.innerText).to.contain('in a moment');
    expect(stage.find('.controls > .primary')).to.be.null;
    expect(stage.element.shadowRoot?.activeElement, 'the focus is not lost with it').not.to.be.null;
    session.waits(30_000);
    session.become('live');
    await stage.settle();
    expect(stage.text()).to.not.contain('Try now');
  });

  it('keeps what was typed through a pause', async () => {
    await mount();
    (stage.find('textarea') as HTMLTextAreaElement).value = 'half an answ';
    await stage.press('[part~=button-pause]');
    expect(stage.element.status).to.equal('paused');
    await stage.press('.primary');
    expect(stage.element.status).to.equal('live');
    expect((stage.find('textarea') as HTMLTextAreaElement).value).to.equal('half an answ');
  });

  it('ends only when the participant means it', async () => {
    await mount();
    await stage.press('[part~=button-end]');
    expect(stage.find('[role=alertdialog]')?.innerText).to.contain('End the interview?');
    stage
      .find('[role=alertdialog]')
      ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await stage.settle();
    expect(stage.find('[role=alertdialog]')).to.be.null;
    expect(stage.element.status).to.equal('live');

    await stage.press('[part~=button-end]');
    await stage.press('.danger');
    expect(stage.element.status).to.equal('ended');
    expect(stage.session().calls).to.include('end participant');
  });

  it('mutes the interviewer', async () => {
    await mount();
    await stage.press('[part~=button-mute]');
    expect(stage.session().isMuted).to.be.true;
    expect(stage.find('[part~=button-mute]')?.getAttribute('aria-label')).to.equal('Unmute Ada');
  });

  it('lets the participant change how they answer and are answered', async () => {
    await mount();
    await stage.press('summary');
    await stage.press('[name=mode][value=text]');
    expect(stage.session().mode).to.equal('text');
    expect(stage.find('[data-talk]')).to.be.null;
    await stage.press('[name=output][value=text]');
    expect(stage.session().output).to.equal('text');
  });

  it('folds the options away when they are left', async () => {
    await mount();
    await stage.press('summary');
    const options = stage.find('details') as HTMLDetailsElement;
    stage.find('[name=output]')?.focus();
    stage.find('textarea')?.focus();
    expect(options.open).to.be.false;
    await stage.press('summary');
    options.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    expect(options.open).to.be.false;
  });

  it('draws the level of who has the floor, and nothing once the interview is paused', async () => {
    await mount();
    stage.session().gives('speaking');
    stage.session().level = { microphone: 0, speaker: 1 };
    const figure = stage.find('.figure')!;
    for (let frame = 0; frame < 30; frame++) await new Promise(requestAnimationFrame);
    expect(Number(figure.style.getPropertyValue('--_speaker'))).to.be.greaterThan(0.8);
    await stage.element.pause();
    await stage.settle();
    await new Promise(requestAnimationFrame);
    expect(Number(figure.style.getPropertyValue('--_speaker'))).to.equal(0);
  });

  describe('for a keyboard', () => {
    it('leads the focus to what comes next', async () => {
      stage = await mountInterview();
      const focused = (): string => {
        const active = stage.element.shadowRoot?.activeElement as HTMLElement | null;
        return active ? `${active.localName} ${active.innerText.trim()}` : 'nothing';
      };
      stage.find('.primary')?.focus();
      await stage.press('.primary');
      expect(focused()).to.equal('h2 Before we begin');
      stage.find('form [required]')?.click();
      stage.find('[type=submit]')?.focus();
      await stage.press('[type=submit]');
      await waitUntil(() => focused() !== 'button One moment…');
      expect(focused()).to.equal('h2 Your microphone');
      stage.find('.primary')?.focus();
      await stage.press('.primary');
      stage.find('.primary')?.focus();
      await stage.press('.primary');
      expect(focused()).to.equal('button Hold to talk');
      stage.find('[part~=button-end]')?.focus();
      await stage.press('[part~=button-end]');
      expect(focused()).to.equal('button Go on');
      await stage.press('.confirmation button');
      expect(focused()).to.equal('button Hold to talk');
      stage.find('[part~=button-pause]')?.focus();
      await stage.press('[part~=button-pause]');
      expect(focused()).to.equal('button Resume');
    });

    it('never takes the focus from the rest of the page', async () => {
      const outside = document.createElement('button');
      document.body.append(outside);
      stage = await mountInterview();
      outside.focus();
      await stage.goLive();
      await stage.element.pause();
      await stage.settle();
      expect(document.activeElement).to.equal(outside);
      outside.remove();
    });
  });

  describe('when it has ended', () => {
    it('shows what was said and why it ended', async () => {
      await mount();
      stage.session().says('interviewer', 'Goodbye.');
      await stage.element.end('completed');
      await stage.settle();
      expect(stage.text()).to.contain('Thank you').and.to.contain('Goodbye.');
    });

    it('hands over the transcript in both formats', async () => {
      await mount();
      stage.session().says('interviewer', 'Goodbye.');
      await stage.element.end('completed');
      await stage.settle();
      const names: string[] = [];
      // The link is in no document: its click is seen on the way to the prototype it comes from.
      Object.defineProperty(HTMLAnchorElement.prototype, 'click', {
        configurable: true,
        value(this: HTMLAnchorElement) {
          names.push(`${this.download} ${new URL(this.href).protocol}`);
        },
      });
      for (const button of [...stage.element.renderRoot.querySelectorAll('button')].slice(0, 2)) {
        button.click();
        await stage.settle();
      }
      Reflect.deleteProperty(HTMLAnchorElement.prototype, 'click');
      expect(names).to.deep.equal(['interview.md blob:', 'interview.json blob:']);
    });

    it('erases only after asking, and then shows nothing any more', async () => {
      await mount();
      stage.session().says('interviewer', 'Goodbye.');
      await stage.element.end('completed');
      await stage.settle();
      await stage.press('.actions .quiet');
      expect(stage.session().calls).not.to.include('erase');
      await stage.press('.danger');
      expect(stage.session().calls).to.include('erase');
      expect(stage.text()).to.contain('was erased').and.not.to.contain('Goodbye.');
    });

    it('shows a summary only where the participant may know of it', async () => {
      await mount();
      const assessment = { dimensions: [], summary: 'A rich account.', atMs: 0 };
      stage.session().says('interviewer', 'Goodbye.');
      stage.session().assessment = { ...assessment, audience: 'host' };
      await stage.element.end('completed');
      await stage.settle();
      expect(stage.text()).not.to.contain('A rich account.');
      stage.session().assessment = { ...assessment, audience: 'participant' };
      stage.element.requestUpdate();
      await stage.settle();
      expect(stage.text()).to.contain('A rich account.');
    });
  });
});
