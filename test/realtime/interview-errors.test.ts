import { expect } from '@open-wc/testing';
import { interviewError } from '../../src/realtime/interview-errors.js';

describe('the provider’s error', () => {
  it('never quotes a key, whole or in part', () => {
    for (const key of ['ek_68a1b2c3d4e5f6', 'sk-proj-0123456789abcdef', 'sk-pro*******************cdef']) {
      const { code, message } = interviewError({
        code: 'invalid_api_key',
        message: `Incorrect API key provided: ${key}`,
      });
      expect([code, message]).to.deep.equal([
        'token-refused',
        'invalid_api_key: Incorrect API key provided: [key]',
      ]);
    }
  });

  it('keeps all other words', () => {
    const message = 'Ask the desk-assistant: resp_123456789 is a risk_assessment.';
    expect(interviewError({ message }).message).to.equal(message);
  });
});
