import { expect } from '@open-wc/testing';
import { microphoneError, microphonePolicy } from '../../src/audio/microphone-error.js';
import { skipIn } from '../support/browser-gaps.js';

const code = (name: string, message = '', isAllowed?: boolean): string =>
  microphoneError(new DOMException(message, name), isAllowed).code;

describe('microphoneError', () => {
  it('tells a refusal by a person from one by the policy of the page', () => {
    expect(code('NotAllowedError', 'Permission denied', true)).to.equal('microphone-denied');
    expect(code('NotAllowedError', 'Permission denied', undefined)).to.equal('microphone-denied');
    expect(code('NotAllowedError', 'Permission denied', false)).to.equal('microphone-blocked-by-policy');
    expect(code('NotAllowedError', 'Blocked by Permissions Policy')).to.equal('microphone-blocked-by-policy');
    expect(code('SecurityError')).to.equal('microphone-blocked-by-policy');
  });

  it('knows a device that is not there, and one that does not start', () => {
    expect(code('NotFoundError')).to.equal('microphone-missing');
    expect(code('OverconstrainedError')).to.equal('microphone-missing');
    expect(code('NotReadableError')).to.equal('microphone-busy');
    expect(code('AbortError')).to.equal('microphone-busy');
  });

  it('knows a page that cannot ask at all', () => {
    expect(microphoneError(new TypeError('navigator.mediaDevices is missing'), undefined).code).to.equal(
      'unsupported-browser',
    );
  });

  it('keeps the cause', () => {
    const cause = new DOMException('in use', 'NotReadableError');
    expect(microphoneError(cause, true)).to.have.property('cause', cause);
    expect(microphoneError('odd', true).code).to.equal('microphone-busy');
  });
});

describe('microphonePolicy', () => {
  const reader = (isAllowed: boolean): { allowsFeature: (feature: string) => boolean } => ({
    allowsFeature: (feature) => feature === 'microphone' && isAllowed,
  });

  it('asks the document, by either name', () => {
    expect(microphonePolicy({ permissionsPolicy: reader(false) })).to.equal(false);
    expect(microphonePolicy({ featurePolicy: reader(true) })).to.equal(true);
    expect(microphonePolicy({})).to.equal(undefined);
  });

  it('sees that a frame of another origin without allow="microphone" may not ask', async function () {
    skipIn(this, {
      firefox: 'no document.permissionsPolicy, no featurePolicy',
      webkit: 'no document.permissionsPolicy, no featurePolicy',
    });
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.srcdoc = `<script>parent.postMessage({ allowed: document.featurePolicy.allowsFeature('microphone') }, '*')</script>`;
    const told = new Promise<unknown>((resolve) => {
      window.addEventListener('message', ({ data, source }) => {
        if (source === frame.contentWindow) resolve(data);
      });
    });
    document.body.append(frame);
    expect(await told).to.deep.equal({ allowed: false });
    frame.remove();
    expect(microphonePolicy(document)).to.equal(true);
  });
});
