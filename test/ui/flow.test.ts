import { expect, waitUntil } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { exampleGuide } from '../support/example-guide.js';
import { mountInterview, type Mounted, type MountOptions } from '../support/mount-interview.js';

const withoutConsent = { ...exampleGuide, consent: undefined };

describe('the way into an interview', () => {
  let stage: Mounted;
  const mount = async (options?: MountOptions): Promise<Mounted> => (stage = await mountInterview(options));

  afterEach(() => {
    stage.element.remove();
  });

  it('names the interview before anybody has pressed anything', async () => {
    await mount();
    expect(stage.element.status).to.equal('idle');
    expect(stage.text()).to.contain('Your first week').and.to.contain('About 10 minutes');
  });

  it('goes from the start over consent and set-up to the interview', async () => {
    await mount();
    const statuses: string[] = [];
    stage.element.addEventListener('interview-status', ({ status, previous }) => {
      statuses.push(`${previous} → ${status}`);
    });
    await stage.goLive();
    expect(statuses).to.deep.equal([
      'idle → consent',
      'consent → setup',
      'setup → connecting',
      'connecting → live',
    ]);
    expect(stage.sessions).to.have.length(1);
    expect(stage.session().calls.filter((call) => call !== 'unlockAudio')).to.deep.equal([
      'load',
      'claim',
      'prepare',
      'start',
    ]);
  });

  it('lets sound play within the click, before anything is awaited', async () => {
    await mount();
    const { calls } = stage.session();
    for (const selector of ['.primary', '[type=submit]', '.primary', '.primary']) {
      stage.find('form [required]')?.click();
      const before = calls.filter((call) => call === 'unlockAudio').length;
      stage.find(selector)?.click();
      expect(calls.filter((call) => call === 'unlockAudio').length).to.equal(before + 1);
      if (selector === '[type=submit]') await waitUntil(() => stage.element.status !== 'consent');
      await stage.settle();
    }
    expect(stage.element.status).to.equal('live');
  });

  it('does not go on before a required item is ticked', async () => {
    await mount();
    await stage.element.start();
    await stage.settle();
    await stage.press('[type=submit]');
    expect(stage.element.status).to.equal('consent');
    expect(stage.find('form')?.matches(':invalid')).to.be.true;
  });

  it('hands the session a record of the consent to the very text', async () => {
    await mount();
    const before = Date.now();
    await stage.goLive();
    const { consent, restore } = stage.session().startOptions[0]!;
    expect(consent).to.include({ version: '3', language: 'en', decision: 'accepted' });
    expect(consent?.items).to.deep.equal({ 'take-part': true, quote: false });
    expect(consent?.textHash).to.match(/^[0-9a-f]{64}$/);
    expect(Date.parse(consent?.decidedAt ?? '')).to.be.within(before, Date.now());
    expect(restore).to.be.undefined;
  });

  it('ends as declined when the participant refuses, and can be asked again', async () => {
    await mount();
    await stage.element.start();
    await stage.settle();
    const ends: string[] = [];
    stage.element.addEventListener('interview-end', ({ reason }) => {
      ends.push(reason);
    });
    await stage.press('.actions [type=button]');
    expect(stage.element.status).to.equal('ended');
    expect(ends).to.deep.equal(['declined']);
    expect(stage.session().calls).not.to.include('start');
    expect(stage.text()).to.contain('no interview takes place');

    await stage.press('.actions button');
    expect(stage.element.status).to.equal('consent');
    expect(stage.sessions).to.have.length(2);
    expect(stage.sessions[0]?.calls).to.include('close');
  });

  it('skips consent when the guide asks for none, and still shows the disclosure', async () => {
    await mount({ setting: { guide: withoutConsent } });
    expect(stage.text()).to.contain('You will talk with Ada');
    await stage.press('.primary');
    expect(stage.element.status).to.equal('setup');
    expect(stage.text()).to.contain('You will talk with Ada');
  });

  it('asks for no microphone when answers are typed', async () => {
    await mount({ attributes: { mode: 'text' }, setting: { guide: withoutConsent } });
    await stage.press('.primary');
    expect(stage.element.status).to.equal('live');
    expect(stage.session().calls).not.to.include('prepare');
  });

  it('begins once, however often the button is pressed', async () => {
    await mount();
    stage.find('.primary')?.click();
    stage.find('.primary')?.click();
    await stage.settle();
    expect(stage.element.status).to.equal('consent');
    expect(stage.session().calls).to.deep.equal(['load', 'unlockAudio', 'claim']);
  });

  it('is asked for here while another tab holds the interview, and goes on once the participant wants it', async () => {
    await mount({ setting: { isElsewhere: true, unfinished: true }, attributes: { restore: 'auto' } });
    const errors: string[] = [];
    stage.element.addEventListener('interview-error', ({ error }) => errors.push(error.code));
    await stage.press('.primary');
    expect(stage.element.status).to.equal('failed');
    expect(stage.text()).to.contain('This interview is open in another tab');
    expect(stage.find('.primary')?.innerText).to.equal('Go on here');
    expect(errors).to.deep.equal(['interview-elsewhere']);
    await stage.press('.primary');
    expect(stage.element.status, 'what was said is shown to nobody who has not agreed').to.equal('consent');
    await stage.agree();
    await stage.press('.primary');
    await stage.press('.primary');
    expect(stage.session().startOptions[0]?.restore).to.equal(true);
    expect(stage.session().calls).to.include('claim, taking over');
  });

  it('can be taken back from another tab', async () => {
    await mount();
    await stage.goLive();
    stage.session().fail(new InterviewError('interview-taken-over', 'said by a test'));
    await stage.settle();
    expect(stage.text()).to.contain('The interview goes on in another tab');
    await stage.press('.primary');
    expect(stage.session().startOptions.at(-1)?.takeOver).to.equal(true);
    expect(stage.element.status).to.equal('live');
  });

  describe('the microphone', () => {
    const refused = { microphoneError: new InterviewError('microphone-denied', 'refused by a test') };
    const toSetup = async (options: MountOptions): Promise<void> => {
      await mount(options);
      await stage.press('.primary');
    };

    it('refused: says so plainly, and goes on in writing', async () => {
      await toSetup({ setting: { ...refused, guide: withoutConsent } });
      const errors: string[] = [];
      stage.element.addEventListener('interview-error', ({ error }) => {
        errors.push(error.code);
      });
      await stage.press('.primary');
      expect(stage.element.status).to.equal('setup');
      expect(errors).to.deep.equal(['microphone-denied']);
      expect(stage.find('[role=alert]')?.innerText).to.contain('The microphone is not allowed');

      await stage.press('.actions button:not(.primary)');
      expect(stage.element.status).to.equal('live');
      expect(stage.session().mode).to.equal('text');
      expect(stage.find('[data-talk]')).to.be.null;
      expect(stage.find('textarea')?.checkVisibility()).to.be.true;
    });

    it('can be turned on later', async () => {
      await toSetup({ setting: { guide: withoutConsent } });
      await stage.press('.actions button:not(.primary)');
      await stage.press('.by-voice');
      expect(stage.session().microphone.status).to.equal('open');
      expect(stage.session().mode).to.equal('push-to-talk');
      expect(stage.find('[data-talk]')).not.to.be.null;
    });

    it('is chosen among several', async () => {
      const devices = [
        { id: 'a', label: 'Built-in' },
        { id: 'b', label: '' },
      ];
      await toSetup({ setting: { devices, guide: withoutConsent } });
      await stage.press('.primary');
      const select = stage.find('select') as HTMLSelectElement;
      expect([...select.options].map(({ text }) => text)).to.deep.equal(['Built-in', 'Microphone 2']);
      select.value = 'b';
      select.dispatchEvent(new Event('change'));
      await stage.settle();
      expect(stage.session().calls).to.include('selectMicrophone b');
      expect(select.value).to.equal('b');
    });

    it('shows the real level', async () => {
      await toSetup({ setting: { guide: withoutConsent } });
      await stage.press('.primary');
      const meter = stage.find('.meter')!;
      stage.session().level = { microphone: 1, speaker: 0 };
      for (let frame = 0; frame < 30; frame++) await new Promise(requestAnimationFrame);
      expect(Number(meter.style.getPropertyValue('--_microphone'))).to.be.greaterThan(0.8);
    });
  });

  describe('an unfinished interview', () => {
    const unfinished = { setting: { unfinished: true } };

    it('is offered, and nothing of it shown before consent', async () => {
      await mount(unfinished);
      expect(stage.text()).to.contain('Welcome back').and.to.contain('Continue').and.to.contain('Begin anew');
      await stage.press('.primary');
      expect(stage.element.status).to.equal('consent');
      expect(stage.find('.captions')).to.be.null;
    });

    it('goes on where it stopped', async () => {
      await mount(unfinished);
      await stage.press('.primary');
      await stage.goLive();
      expect(stage.session().startOptions[0]).to.include({ restore: true });
    });

    it('is left behind when the participant begins anew', async () => {
      await mount(unfinished);
      await stage.press('.actions button:not(.primary)');
      await stage.agree();
      await stage.press('.primary');
      await stage.press('.primary');
      expect(stage.session().startOptions[0]).to.include({ restore: false });
    });

    it('is waited with when the page calls start(): the participant decides', async () => {
      await mount(unfinished);
      await stage.element.start();
      expect(stage.element.status).to.equal('idle');
      expect(stage.text()).to.contain('Welcome back');
    });

    it('goes on without asking where the page says so', async () => {
      await mount({ ...unfinished, attributes: { restore: 'auto' } });
      expect(stage.text()).not.to.contain('Welcome back');
      await stage.goLive();
      expect(stage.session().startOptions[0]).to.include({ restore: true });
    });

    it('is not offered where the page forbids it', async () => {
      await mount({ ...unfinished, attributes: { restore: 'never' } });
      expect(stage.text()).not.to.contain('Welcome back');
    });
  });

  describe('what fails', () => {
    it('a guide: is quiet before anybody begins, then told, shown and thrown', async () => {
      const loadError = new InterviewError('guide-unreachable', 'said by a test');
      await mount({ setting: { loadError } });
      const errors: unknown[] = [];
      stage.element.addEventListener('interview-error', ({ error }) => {
        errors.push(error);
      });
      expect(stage.element.status).to.equal('idle');
      const thrown = await stage.element.start().then(
        () => undefined,
        (error: unknown) => error,
      );
      await stage.settle();
      expect(thrown).to.equal(loadError);
      expect(errors).to.deep.equal([loadError]);
      expect(stage.element.status).to.equal('failed');
      expect(stage.text()).to.contain('The questions could not be loaded');
    });

    it('is tried again with the same consent, and nobody is asked twice', async () => {
      await mount({ setting: { startError: new InterviewError('token-unreachable', 'said by a test') } });
      const errors: string[] = [];
      stage.element.addEventListener('interview-error', ({ error }) => {
        errors.push(error.code);
      });
      await stage.goLive();
      expect(stage.element.status).to.equal('failed');
      expect(errors).to.deep.equal(['token-unreachable']);
      await stage.press('.primary');
      expect(stage.element.status).to.equal('live');
      const [first, second] = stage.session().startOptions;
      expect(second?.consent).to.equal(first?.consent);
      expect(second?.restore).to.be.true;
    });

    it('finally: offers no second try', async () => {
      await mount({ setting: { startError: new InterviewError('provider-quota', 'said by a test') } });
      await stage.goLive();
      expect(stage.text()).to.contain('There is nothing that you can do').and.not.to.contain('Try again');
    });

    it('finally, and by the way that it is set up: does not advise what would not help', async () => {
      const startError = new InterviewError('protocol-error', 'said by a test', { recoverable: false });
      await mount({ setting: { startError } });
      await stage.goLive();
      expect(stage.text()).to.contain('tell whoever invited you').and.not.to.contain('ry again');
    });

    it('for too many at once: says when to try again, and lets nobody press before', async () => {
      const startError = new InterviewError('token-refused', 'said by a test', { retryAfterMs: 65_000 });
      await mount({ setting: { startError } });
      await stage.goLive();
      expect(stage.text())
        .to.contain('very busy')
        .and.to.match(/Try again in 1:0\d/);
      expect(stage.find('.primary')?.getAttribute('aria-disabled')).to.equal('true');
      await stage.press('.primary');
      expect(stage.element.status).to.equal('failed');
      expect(stage.session().startOptions).to.have.length(1);
    });

    it('without consequence: is told to the page, and not to the participant', async () => {
      await mount();
      await stage.goLive();
      const codes: string[] = [];
      stage.element.addEventListener('interview-error', ({ error }) => codes.push(error.code));
      stage.session().tells(new InterviewError('protocol-error', 'said by a test', { isDiagnostic: true }));
      await stage.settle();
      expect(codes).to.deep.equal(['protocol-error']);
      expect(stage.find('.notice')).to.be.null;
    });

    it('in mid-interview: keeps a copy in reach', async () => {
      await mount();
      await stage.goLive();
      stage.session().says('interviewer', 'Hello.');
      stage.session().fail(new InterviewError('connection-lost', 'said by a test'));
      await stage.settle();
      expect(stage.text()).to.contain('Try again').and.to.contain('Download as text');
    });

    it('without stopping the interview: is a message that can be closed', async () => {
      await mount();
      await stage.goLive();
      stage.session().runsInto('storage-unavailable');
      await stage.settle();
      expect(stage.element.status).to.equal('live');
      expect(stage.find('.notice')?.innerText).to.contain('do not close or reload');
      await stage.press('.notice button');
      expect(stage.find('.notice')).to.be.null;
    });
  });
});
