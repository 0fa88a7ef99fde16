import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { realtimeUrl } from '../../src/realtime/realtime-url.js';

describe('the realtime address', () => {
  it('is the provider with the current model by default', () => {
    expect(realtimeUrl({})).to.equal('wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1');
  });

  it('is the page’s own choice before the token’s', () => {
    const tokenUrl = 'wss://token.example/v1/realtime';
    expect(realtimeUrl({ tokenUrl, model: 'm 1' })).to.equal(`${tokenUrl}?model=m+1`);
    expect(realtimeUrl({ tokenUrl, realtimeUrl: 'https://own.example/rt' })).to.equal(
      'wss://own.example/rt?model=gpt-realtime-2.1',
    );
  });

  it('leaves a model that the address names alone', () => {
    expect(realtimeUrl({ tokenUrl: 'wss://a.example/rt?model=x', model: 'y' })).to.equal(
      'wss://a.example/rt?model=x',
    );
  });

  it('may be relative to the page', () => {
    const url = realtimeUrl({ realtimeUrl: '/v1/realtime', base: 'http://localhost:5173/demo/' });
    expect(url).to.equal('ws://localhost:5173/v1/realtime?model=gpt-realtime-2.1');
  });

  for (const url of ['ws://localhost/x', 'http://127.0.0.1:80/x', 'ws://[::1]:9/x', 'ws://dev.localhost/x'])
    it(`lets ${url} be unencrypted: it stays on this machine`, () => {
      expect(realtimeUrl({ realtimeUrl: url })).to.match(/^ws:/);
    });

  for (const url of [
    'ws://example.com/x',
    'http://localhost.example.com/',
    'ws://127.0.0.1.example.com/',
    'ftp://localhost/',
    'file:///x',
    'http://',
  ])
    it(`refuses ${url}`, () => {
      expect(() => realtimeUrl({ realtimeUrl: url }))
        .to.throw(InterviewError)
        .that.includes({ code: 'connection-failed', recoverable: false });
    });
});
