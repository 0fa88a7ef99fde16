import { expect } from '@open-wc/testing';
import { loadWorklet } from '../../src/audio/worklet-loader.js';
import { CAPTURE_PROCESSOR, PLAYBACK_PROCESSOR } from '../../src/audio/worklet-messages.js';
import { InterviewError } from '../../src/errors.js';
import { skipIn } from '../support/browser-gaps.js';

const FILE = 'ai-interview.worklet.js';
/** Nothing lies there: the server answers with an error. */
const NOWHERE = new URL('/nowhere/missing.js', location.href).href;

const NO_WORKLET_IN_SRCDOC = { webkit: 'a srcdoc frame may load no worklet, neither a file nor a blob' };

describe('loadWorklet', () => {
  let context: OfflineAudioContext;
  const urls: string[] = [];

  beforeEach(() => {
    context = new OfflineAudioContext(1, 128, 24_000);
    urls.length = 0;
    const { audioWorklet } = context;
    const addModule = audioWorklet.addModule.bind(audioWorklet);
    audioWorklet.addModule = (url) => {
      urls.push(String(url));
      return addModule(url);
    };
  });

  function expectBothProcessors(): void {
    for (const name of [CAPTURE_PROCESSOR, PLAYBACK_PROCESSOR]) {
      expect(() => new AudioWorkletNode(context, name), name).not.to.throw();
    }
  }

  const failure = (promise: Promise<void>): Promise<unknown> =>
    promise.then(
      () => undefined,
      (e: unknown) => e,
    );

  it('takes the file beside the script, and no other', async () => {
    await loadWorklet(context);
    expect(urls).to.deep.equal([new URL(`/src/audio/${FILE}`, location.href).href]);
    expectBothProcessors();
  });

  it('takes the file that the page names, relative to the page', async () => {
    await loadWorklet(context, { workletUrl: `../sounds/${FILE}` });
    expect(urls).to.deep.equal([new URL(`../sounds/${FILE}`, document.baseURI).href]);
    expectBothProcessors();
  });

  it('goes on to the file beside the script when the one that the page names is missing', async () => {
    await loadWorklet(context, { workletUrl: NOWHERE });
    expect(urls).to.deep.equal([NOWHERE, new URL(`/src/audio/${FILE}`, location.href).href]);
    expectBothProcessors();
  });

  it('falls back to the copy inside the package, as a blob', async () => {
    // A script without an address of its own, as in a data: URL, has nothing beside it.
    await loadWorklet(context, { scriptUrl: 'data:text/javascript,0' });
    expect(urls).to.have.length(1);
    expect(urls[0]).to.match(/^blob:/);
    expectBothProcessors();
  });

  it('says what it tried when nothing works', async () => {
    const error = await failure(
      loadWorklet(context, {
        workletUrl: NOWHERE,
        scriptUrl: 'data:text/javascript,0',
        source: () => Promise.reject(new TypeError('the network is gone')),
      }),
    );
    expect(error).to.be.instanceOf(InterviewError).with.property('code', 'worklet-blocked');
    if (!(error instanceof InterviewError)) return;
    expect(error.problems).to.have.length(2);
    expect(error.problems[0]).to.include(NOWHERE);
    expect(error.problems[1]).to.equal('blob:: TypeError: the network is gone');
    expect(error.message).to.include(FILE).and.to.include('worklet-url');
  });

  it('tries again after a failure', async () => {
    let isBroken = true;
    const source = (): Promise<string> =>
      isBroken
        ? Promise.reject(new Error('broken'))
        : Promise.resolve(
            'registerProcessor("x", class extends AudioWorkletProcessor { process() { return false; } })',
          );
    const options = { scriptUrl: 'data:text/javascript,0', source };
    expect(await failure(loadWorklet(context, options))).to.have.property('code', 'worklet-blocked');
    isBroken = false;
    await loadWorklet(context, options);
    expect(() => new AudioWorkletNode(context, 'x')).not.to.throw();
  });

  it('loads once for a context, however often it is asked', async () => {
    await Promise.all([loadWorklet(context), loadWorklet(context)]);
    await loadWorklet(context);
    expect(urls).to.have.length(1);
  });

  it('lets one caller go without disturbing the other', async () => {
    const controller = new AbortController();
    const first = failure(loadWorklet(context, { signal: controller.signal }));
    const second = loadWorklet(context);
    controller.abort(new Error('gone'));
    expect(await first).to.have.property('message', 'gone');
    await second;
    expectBothProcessors();
  });

  describe('under a Content-Security-Policy', () => {
    interface Outcome {
      readonly code: string;
      readonly message: string;
      readonly problems: readonly string[];
      readonly violations: readonly string[];
    }

    /** Loads in a frame of its own with this policy for scripts, as a module of that page. */
    async function loadUnder(scriptSources: string, scriptUrl: string): Promise<Outcome> {
      const frame = document.createElement('iframe');
      const nonce = 'n0nce';
      frame.srcdoc = `<!doctype html>
        <meta http-equiv="Content-Security-Policy" content="script-src 'nonce-${nonce}' ${scriptSources}">
        <script type="module" nonce="${nonce}">
          const violations = [];
          addEventListener('securitypolicyviolation', (event) => violations.push(event.blockedURI));
          const { loadWorklet } = await import('${location.origin}/src/audio/worklet-loader.ts');
          const context = new OfflineAudioContext(1, 128, 24000);
          const error = await loadWorklet(context, { scriptUrl: '${scriptUrl}' }).then(() => ({ code: 'loaded', message: '', problems: [] }), (error) => error);
          await new Promise((resolve) => setTimeout(resolve, 50));
          parent.postMessage({ code: error.code, message: error.message, problems: error.problems, violations }, '*');
        </script>`;
      const told = new Promise<Outcome>((resolve) => {
        window.addEventListener('message', function listen({ data, source }: MessageEvent<Outcome>) {
          if (source !== frame.contentWindow) return;
          window.removeEventListener('message', listen);
          resolve(data);
        });
      });
      document.body.append(frame);
      try {
        return await told;
      } finally {
        frame.remove();
      }
    }

    const beside = `${location.origin}/sdk/ai-interview.js`;

    it('works where the policy names the origin of the script, and violates nothing', async function () {
      skipIn(this, NO_WORKLET_IN_SRCDOC);
      const outcome = await loadUnder(location.origin, beside);
      expect(outcome).to.deep.equal({ code: 'loaded', message: '', problems: [], violations: [] });
    });

    it('uses a blob where only that is allowed', async function () {
      skipIn(this, NO_WORKLET_IN_SRCDOC);
      const outcome = await loadUnder(`${location.origin}/src/ blob:`, beside);
      expect(outcome.code).to.equal('loaded');
    });

    it('names what the policy lacks where it allows neither', async () => {
      const outcome = await loadUnder(`${location.origin}/src/`, beside);
      expect(outcome.code).to.equal('worklet-blocked');
      expect(outcome.message).to.include('Content-Security-Policy').and.to.include('script-src');
      expect(outcome.problems).to.have.length(2);
      expect(outcome.problems[0]).to.include(
        `${location.origin}/sdk/${FILE}: refused by the page's Content-Security-Policy (script-src`,
      );
      expect(outcome.problems[1]).to.include(
        "blob:: refused by the page's Content-Security-Policy (script-src",
      );
    });
  });
});
