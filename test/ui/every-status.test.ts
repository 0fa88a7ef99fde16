import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { exampleCoverage } from '../support/example-guide.js';
import { mountInterview, type Mounted } from '../support/mount-interview.js';

/** One element from its start to its end, audited together with the page around it wherever it comes to stand. */
describe('<ai-interview> on its way through every status', () => {
  let stage: Mounted;
  let seen: string[];
  const audit = async (status: string): Promise<void> => {
    await stage.settle();
    expect(stage.element.status).to.equal(status);
    seen.push(status);
    await expect(document.body).to.be.accessible();
  };
  const mount = async (setting = {}): Promise<void> => {
    seen = [];
    stage = await mountInterview({ setting: { isSlow: true, ...setting } });
  };
  /** From the start into the connecting. */
  const enter = async (): Promise<void> => {
    await audit('idle');
    await stage.element.start();
    await audit('consent');
    await stage.agree();
    await audit('setup');
    await stage.press('.primary');
    await audit('setup');
    await stage.press('.primary');
    await audit('connecting');
    stage.session().goLive();
  };

  afterEach(() => {
    stage.element.remove();
  });

  it('passes the accessibility audit in each, to a good end', async () => {
    await mount();
    await enter();
    await audit('live');
    const session = stage.session();
    session.says('interviewer', 'What do you remember about your first day?');
    session.says('participant', 'The reception was empty.');
    session.covers(exampleCoverage(1));
    for (const activity of ['hearing', 'thinking', 'speaking', 'listening'] as const) {
      session.gives(activity);
      await audit('live');
    }
    await stage.press('[part~=button-pause]');
    await audit('paused');
    await stage.press('.primary');
    await audit('live');
    session.become('reconnecting');
    await audit('reconnecting');
    session.waits(90_000);
    await audit('reconnecting');
    session.waits(undefined);
    session.become('live');
    session.become('ending');
    await audit('ending');
    await stage.element.end('participant');
    await audit('ended');
    expect([...new Set(seen)]).to.deep.equal([
      'idle',
      'consent',
      'setup',
      'connecting',
      'live',
      'paused',
      'reconnecting',
      'ending',
      'ended',
    ]);
  });

  it('passes it where it fails, with and without anything said', async () => {
    const startError = new InterviewError('connection-failed', 'said by a test');
    await mount({ startError });
    await enter();
    await audit('failed');
    await stage.press('.primary');
    stage.session().goLive();
    await audit('live');
    stage.session().says('interviewer', 'What do you remember about your first day?');
    stage.session().fail(new InterviewError('connection-lost', 'said by a test'));
    await audit('failed');
  });

  it('passes it where the participant declines', async () => {
    await mount();
    await stage.element.start();
    await audit('consent');
    await stage.press('.actions [type=button]');
    await audit('ended');
  });
});
