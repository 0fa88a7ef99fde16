import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { mountInterview, type Mounted } from '../support/mount-interview.js';

describe('the talk button', () => {
  let stage: Mounted;

  beforeEach(async () => {
    stage = await mountInterview();
    await stage.goLive();
  });

  afterEach(() => {
    stage.element.remove();
  });

  const button = (): HTMLElement => stage.find('[data-talk]')!;
  const talk = (): string[] => stage.session().calls.filter((call) => call === 'press' || call === 'release');
  const pointer = async (type: string, init: PointerEventInit = {}): Promise<void> => {
    button().dispatchEvent(
      new PointerEvent(type, { pointerId: 1, isPrimary: true, button: 0, bubbles: true, ...init }),
    );
    await stage.settle();
  };
  const key = async (
    type: 'keydown' | 'keyup',
    target: EventTarget = document.body,
    init: KeyboardEventInit = {},
  ): Promise<KeyboardEvent> => {
    const event = new KeyboardEvent(type, {
      key: ' ',
      bubbles: true,
      composed: true,
      cancelable: true,
      ...init,
    });
    target.dispatchEvent(event);
    await stage.settle();
    return event;
  };
  // A pointer that a test makes up cannot be captured.
  const captured: number[] = [];
  beforeEach(() => {
    button().setPointerCapture = (id: number) => {
      captured.push(id);
    };
  });

  it('is at least 64 pixels high', () => {
    expect(button().getBoundingClientRect().height).to.be.at.least(64);
  });

  it('talks from press to release, and holds on to the pointer', async () => {
    captured.length = 0;
    await pointer('pointerdown');
    expect(talk()).to.deep.equal(['press']);
    expect(captured).to.deep.equal([1]);
    expect(button().getAttribute('aria-pressed')).to.equal('true');
    expect(button().innerText).to.contain('Release when done');
    await pointer('pointerup');
    await pointer('lostpointercapture');
    expect(talk()).to.deep.equal(['press', 'release']);
    expect(button().getAttribute('aria-pressed')).to.equal('false');
  });

  for (const end of ['pointercancel', 'lostpointercapture']) {
    it(`lets go on ${end}`, async () => {
      await pointer('pointerdown');
      await pointer(end);
      expect(talk()).to.deep.equal(['press', 'release']);
    });
  }

  it('ignores a second finger and other buttons of a mouse', async () => {
    await pointer('pointerdown', { button: 2 });
    await pointer('pointerdown', { pointerId: 2, isPrimary: false });
    expect(talk()).to.deep.equal([]);
    await pointer('pointerdown');
    await pointer('pointerup', { pointerId: 2, isPrimary: false });
    expect(talk()).to.deep.equal(['press']);
  });

  it('opens no menu under a long touch', () => {
    const event = new MouseEvent('contextmenu', { cancelable: true });
    button().dispatchEvent(event);
    expect(event.defaultPrevented).to.be.true;
  });

  it('talks while Space is held, once, and the page does not scroll', async () => {
    const events = [await key('keydown'), await key('keydown', document.body, { repeat: true })];
    expect(events.map(({ defaultPrevented }) => defaultPrevented)).to.deep.equal([true, true]);
    expect(talk()).to.deep.equal(['press']);
    await key('keyup');
    expect(talk()).to.deep.equal(['press', 'release']);
  });

  it('takes Space and Enter on itself, and Space on the words', async () => {
    await key('keydown', button());
    await key('keyup', button());
    await key('keydown', button(), { key: 'Enter' });
    await key('keyup', button(), { key: 'Enter' });
    await key('keydown', stage.find('.captions')!);
    await key('keyup', stage.find('.captions')!);
    expect(talk()).to.deep.equal(['press', 'release', 'press', 'release', 'press', 'release']);
  });

  it('leaves Space to fields and to other controls, inside and outside', async () => {
    const field = document.createElement('input');
    const area = document.createElement('div');
    area.contentEditable = 'true';
    const elsewhere = document.createElement('main');
    elsewhere.tabIndex = 0;
    document.body.append(field, area, elsewhere);
    const inside = ['textarea', '[part~=button-pause]', 'summary', '[name=output]'];
    for (const target of [field, area, elsewhere, ...inside.map((selector) => stage.find(selector)!)]) {
      const event = await key('keydown', target);
      expect(event.defaultPrevented, target.outerHTML).to.be.false;
    }
    expect(talk()).to.deep.equal([]);
    for (const each of [field, area, elsewhere]) each.remove();
  });

  it('leaves Space to shortcuts, and to who has used it already', async () => {
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey'])
      await key('keydown', document.body, { [modifier]: true });
    document.body.addEventListener(
      'keydown',
      (event) => {
        event.preventDefault();
      },
      { once: true },
    );
    await key('keydown');
    expect(talk()).to.deep.equal([]);
  });

  it('is not let go by a key that did not press it', async () => {
    await pointer('pointerdown');
    await key('keyup');
    expect(talk()).to.deep.equal(['press']);
  });

  const leaving: Record<string, () => void> = {
    'the window loses the focus': () => window.dispatchEvent(new Event('blur')),
    'the page goes': () => window.dispatchEvent(new PageTransitionEvent('pagehide')),
    'the page is hidden': () => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
      Reflect.deleteProperty(document, 'visibilityState');
    },
    'the interview is paused': () => void stage.element.pause(),
    'the mode changes': () => {
      stage.element.mode = 'text';
    },
    'the element is removed': () => {
      stage.element.remove();
    },
  };
  for (const [reason, leave] of Object.entries(leaving)) {
    for (const by of ['pointer', 'Space', 'the page']) {
      it(`pressed by ${by}, is let go when ${reason}`, async () => {
        if (by === 'pointer') await pointer('pointerdown');
        else if (by === 'Space') await key('keydown');
        else await stage.element.pressToTalk();
        leave();
        await stage.settle();
        expect(talk()).to.deep.equal(['press', 'release']);
      });
    }
  }

  it('gives a hint after a press that was too short, until the next', async () => {
    stage.session().isTooShort = true;
    await pointer('pointerdown');
    await pointer('pointerup');
    expect(stage.find('.talking')?.innerText).to.contain('That was very short');
    await pointer('pointerdown');
    expect(stage.find('.talking')?.innerText).not.to.contain('That was very short');
  });

  it('is a switch for assistive technology, which clicks and cannot hold', async () => {
    await stage.press('[data-talk]');
    expect(talk()).to.deep.equal(['press']);
    await stage.press('[data-talk]');
    expect(talk()).to.deep.equal(['press', 'release']);
  });

  it('does nothing twice for the click that follows a pointer', async () => {
    await pointer('pointerdown');
    await pointer('pointerup');
    button().dispatchEvent(new MouseEvent('click', { detail: 1, bubbles: true }));
    await stage.settle();
    expect(talk()).to.deep.equal(['press', 'release']);
  });

  it('says so when there is no microphone to talk into, and is up again', async () => {
    const error = new InterviewError('microphone-busy', 'said by a test');
    stage.session().microphone = { ...stage.session().microphone, error };
    await pointer('pointerdown');
    expect(stage.find('.notice')?.innerText).to.contain('Another program is using the microphone');
    expect(button().getAttribute('aria-pressed')).to.equal('false');
    const thrown = await stage.element.pressToTalk().catch((reason: unknown) => reason);
    expect(thrown).to.equal(error);
  });

  it('means nothing while the interview asks whether to end', async () => {
    await stage.press('[part~=button-end]');
    await key('keydown');
    expect(talk()).to.deep.equal([]);
  });
});
