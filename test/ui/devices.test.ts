import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { mountInterview, type Mounted } from '../support/mount-interview.js';

describe('devices that fail in mid-interview', () => {
  let stage: Mounted;
  beforeEach(async () => {
    stage = await mountInterview({ attributes: { 'no-captions': '' } });
    await stage.goLive();
  });
  afterEach(() => {
    stage.element.remove();
  });

  const notices = (): string[] =>
    [...stage.element.renderRoot.querySelectorAll<HTMLElement>('[role=status] .notice p')].map(
      ({ innerText }) => innerText,
    );

  it('offer one button for the sound that the browser holds back, and the words meanwhile', async () => {
    const told: string[] = [];
    stage.element.addEventListener('interview-error', ({ error }) => told.push(error.code));
    expect(stage.find('.captions')).to.be.null;
    stage.session().sounds('suspended');
    await stage.settle();
    expect(notices()).to.deep.equal([
      'Your browser holds the sound back, or finds no loudspeaker. What is said is written here meanwhile.',
    ]);
    expect(stage.find('.captions')).not.to.be.null;
    expect(told).to.deep.equal(['sound-suspended']);

    const before = stage.session().calls.length;
    stage.find('.sound')?.focus();
    await stage.press('.sound');
    expect(stage.session().calls.slice(before)).to.deep.equal(['unlockAudio']);
    stage.session().sounds('running');
    await stage.settle();
    expect([stage.find('.sound'), notices()]).to.deep.equal([null, []]);
    expect(stage.element.shadowRoot?.activeElement, 'who pressed it is led on').to.equal(
      stage.find('[data-talk]'),
    );
  });

  it('let a press of the talk button set the sound free too', async () => {
    stage.session().sounds('suspended');
    await stage.settle();
    const before = stage.session().calls.length;
    await stage.element.pressToTalk();
    expect(stage.session().calls.slice(before)).to.deep.equal(['unlockAudio', 'press']);
  });

  it('say for as long as it is so that the system mutes the microphone', async () => {
    const { microphone } = stage.session();
    stage.session().hears({ ...microphone, isMuted: true });
    stage.session().runsInto('microphone-muted');
    await stage.settle();
    expect(notices()).to.have.length(1);
    expect(notices()[0]).to.contain('muted');
    expect(stage.find('[data-talk]'), 'they may try all the same').not.to.be.null;
    stage.session().hears({ ...microphone, isMuted: false });
    await stage.settle();
    expect(notices()).to.deep.equal([]);
  });

  it('leave text, and a choice of the microphones that there are, when one is unplugged', async () => {
    await stage.element.pressToTalk();
    const error = new InterviewError('microphone-lost', 'said by a test');
    const devices = ['built-in', 'camera'].map((id) => ({ id, label: id }));
    stage.session().runsInto('microphone-lost');
    stage.session().hears({ status: 'failed', devices, error });
    await stage.settle();
    await stage.settle();
    expect(stage.session().calls, 'what was held is let go').to.include('release');
    expect(notices()[0]).to.contain('The microphone is gone');
    expect(stage.find('[data-talk]')).to.be.null;
    expect(stage.find('textarea')?.checkVisibility()).to.be.true;

    const list = stage.find('.voices select') as HTMLSelectElement;
    list.value = 'camera';
    await stage.press('.by-voice');
    expect(stage.session().calls.at(-1)).to.equal('selectMicrophone camera');
    expect(stage.find('[data-talk]')).not.to.be.null;
    expect(notices()).to.deep.equal([]);
  });

  it('offer no second try of what the page’s own policy forbids', async () => {
    const error = new InterviewError('microphone-blocked-by-policy', 'said by a test');
    stage.session().hears({ status: 'failed', devices: [], error });
    await stage.settle();
    expect(stage.find('.by-voice')).to.be.null;
    expect(stage.find('textarea')?.checkVisibility()).to.be.true;
  });

  it('show the words of an interviewer whom the participant has muted', async () => {
    stage.session().gives('speaking');
    const mute = stage.find('[part~=button-mute]');
    expect(mute?.getAttribute('aria-label')).to.equal('Mute Ada');
    await stage.press('[part~=button-mute]');
    expect(stage.session().isMuted).to.be.true;
    expect(mute?.getAttribute('aria-label')).to.equal('Unmute Ada');
    expect(stage.find('.captions')).not.to.be.null;
    expect(stage.find('.floor .hint')?.innerText).to.equal('The sound is off.');
  });
});
