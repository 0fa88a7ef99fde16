import { expect } from '@open-wc/testing';
import { LitElement } from 'lit';
import { InterviewError } from '../../src/errors.js';
import { LatePanels } from '../../src/ui/late-panels.js';
import * as latePanels from '../../src/ui/panels/late-panels.js';
import { ScreenFlow } from '../../src/ui/screen-flow.js';
import { exampleGuide } from '../support/example-guide.js';
import { asSession, FakeSession } from '../support/fake-session.js';
import { mountInterview } from '../support/mount-interview.js';

class Host extends LitElement {}
customElements.define('late-panels-host', Host);

describe('LatePanels', () => {
  let host: Host;
  beforeEach(() => {
    host = new Host();
    document.body.append(host);
  });
  afterEach(() => {
    host.remove();
  });

  it('tells what could not be loaded as a failed connection, and tries again when asked again', async () => {
    let tries = 0;
    const panels = new LatePanels(host, () => {
      if (++tries === 1) return Promise.reject(new TypeError('no network'));
      return Promise.resolve(latePanels);
    });
    const error = await panels.load().catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(InterviewError).with.property('code', 'connection-failed');
    expect(panels.loaded).to.equal(undefined);
    await panels.load();
    await panels.load();
    expect(panels.loaded).to.equal(latePanels);
    expect(tries).to.equal(2);
  });

  it('brings its styles once, and not before there is something to put them on', async () => {
    const panels = new LatePanels(host);
    await host.updateComplete;
    const sheets = host.shadowRoot?.adoptedStyleSheets ?? [];
    expect(sheets).to.have.length(0);
    await panels.load();
    for (let n = 0; n < 2; n++) {
      host.requestUpdate();
      await host.updateComplete;
    }
    expect(sheets).to.have.length(latePanels.lateStyles.length);
  });

  it('leaves the way open where they do not come: the error is shown, and the next try leads on', async () => {
    let isOnline = false;
    const failed: string[] = [];
    const flow = new ScreenFlow({
      createSession: () => asSession(new FakeSession({ guide: {} }, { guide: exampleGuide })),
      attach: () => undefined,
      detach: () => undefined,
      loadPanels: () =>
        isOnline
          ? Promise.resolve()
          : Promise.reject(new InterviewError('connection-failed', 'said by a test')),
      restorePolicy: () => 'ask',
      mode: () => 'push-to-talk',
      changed: () => undefined,
      failed: ({ code }) => failed.push(code),
      nowEpochMs: () => 0,
    });
    flow.preload();
    await flow.begin();
    expect(flow.status).to.equal('consent');
    const required = (exampleGuide.consent?.items ?? []).map(({ id }) => id);
    const refused = await flow.agree(new Set(required)).catch((cause: unknown) => cause);
    expect(refused).to.have.property('code', 'connection-failed');
    expect([flow.status, flow.isBusy, ...failed]).to.deep.equal(['failed', false, 'connection-failed']);
    isOnline = true;
    await flow.retry();
    await flow.agree(new Set(required));
    expect(flow.status).to.equal('setup');
  });

  it('is there before the screen that needs it: set-up and talk are never shown without their styles', async () => {
    const { element, goLive } = await mountInterview();
    const early = element.shadowRoot?.adoptedStyleSheets.length ?? 0;
    await goLive();
    const late = latePanels.lateStyles.map(({ styleSheet }) => styleSheet);
    expect(element.shadowRoot?.adoptedStyleSheets).to.include.members(late);
    expect(early).to.be.greaterThan(0);
    expect(element.status).to.equal('live');
    element.remove();
  });
});
