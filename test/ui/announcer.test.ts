import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { Turn } from '../../src/turn.js';
import { Announcer } from '../../src/ui/announcer.js';
import { mountInterview, type Mounted } from '../support/mount-interview.js';

const turn = (id: string): Turn => ({
  id,
  n: 1,
  speaker: 'interviewer',
  medium: 'voice',
  status: 'final',
  text: id,
  startedAtMs: 0,
});

describe('Announcer', () => {
  it('tells each turn once, in order and never into sound, whatever happens', () => {
    const step = fc.oneof(
      fc.record({ turn: fc.constantFrom('a', 'b', 'c', 'd') }),
      fc.record({ isQuiet: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const announcer = new Announcer();
        const told: string[] = [];
        const added: string[] = [];
        for (const each of steps) {
          if ('turn' in each) {
            announcer.add(turn(each.turn), each.turn);
            if (!added.includes(each.turn)) added.push(each.turn);
          } else {
            const words = announcer.take(each);
            if (!each.isQuiet) expect(words).to.be.undefined;
            told.push(...(words?.split('\n') ?? []));
          }
        }
        told.push(...(announcer.take({ isQuiet: true })?.split('\n') ?? []));
        expect(told).to.deep.equal(added);
      }),
    );
  });
});

describe('the live region', () => {
  let stage: Mounted;
  const said: string[] = [];
  let observer: MutationObserver;

  const mount = async (attributes: Record<string, string> = {}): Promise<void> => {
    stage = await mountInterview({ attributes });
    const region = stage.find('[aria-live=polite]')!;
    said.length = 0;
    observer = new MutationObserver((records) => {
      for (const { addedNodes } of records)
        for (const node of addedNodes) if (node instanceof HTMLElement) said.push(node.innerText);
    });
    observer.observe(region, { childList: true });
    await stage.goLive();
  };
  const news = async (): Promise<string[]> => {
    await stage.settle();
    return said.splice(0);
  };

  afterEach(() => {
    observer.disconnect();
    stage.element.remove();
  });

  it('is silent while a turn grows, and while the interviewer speaks', async () => {
    await mount();
    const session = stage.session();
    session.gives('speaking');
    session.writes({ id: 'a', speaker: 'interviewer', text: 'What' });
    session.says('interviewer', 'What do you do?', { id: 'a' });
    expect(await news()).to.deep.equal([]);
    session.gives('listening');
    expect(await news()).to.deep.equal(['Ada: What do you do?']);
    session.gives('thinking');
    session.says('interviewer', 'What do you do?', { id: 'a' });
    expect(await news()).to.deep.equal([]);
  });

  it('waits until the microphone cannot hear it', async () => {
    await mount();
    stage.session().says('interviewer', 'Yes.');
    stage.session().gives('hearing');
    expect(await news()).to.deep.equal([]);
    stage.session().gives('thinking');
    expect(await news()).to.deep.equal(['Ada: Yes.']);
  });

  it('tells at once where the interviewer writes', async () => {
    await mount({ output: 'text', mode: 'text' });
    stage.session().gives('speaking');
    stage.session().says('interviewer', 'In writing.');
    expect(await news()).to.deep.equal(['Ada: In writing.']);
  });

  it('tells two turns of the same words twice', async () => {
    await mount();
    stage.session().says('participant', 'Yes.');
    expect(await news()).to.deep.equal(['You: Yes.']);
    stage.session().says('participant', 'Yes.');
    expect(await news()).to.deep.equal(['You: Yes.']);
  });
});
