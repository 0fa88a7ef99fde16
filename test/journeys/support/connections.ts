import assert from 'node:assert/strict';
import type { Page } from 'puppeteer-core';

/** The connections that a page makes to the Realtime server, and the tokens that it asks for. */
export class Connections {
  /** What each socket showed to be let in, in the order of asking. */
  readonly secrets: string[] = [];
  /** Sockets that were let in. */
  opened = 0;
  /** Requests for a token, answered or not. */
  asked = 0;

  /** Call before the interview is begun. */
  static async of(page: Page): Promise<Connections> {
    const connections = new Connections();
    const session = await page.createCDPSession();
    session.on('Network.webSocketWillSendHandshakeRequest', ({ request }) => {
      const protocols = Object.entries(request.headers).find(
        ([name]) => name.toLowerCase() === 'sec-websocket-protocol',
      )?.[1];
      connections.secrets.push(/openai-insecure-api-key\.([^,\s]+)/.exec(protocols ?? '')?.[1] ?? '');
    });
    session.on('Network.webSocketHandshakeResponseReceived', ({ response }) => {
      if (response.status === 101) connections.opened++;
    });
    await session.send('Network.enable');
    page.on('request', (request) => {
      if (request.method() === 'POST' && new URL(request.url()).pathname === '/api/token')
        connections.asked++;
    });
    return connections;
  }

  /** So many connections were made, each with a token of its own, and no token was asked for in vain. */
  assertMade(count: number): void {
    assert.equal(this.opened, count, 'connections that were made');
    assert.equal(this.asked, count, 'tokens that were asked for');
    assert.equal(new Set(this.secrets).size, count, 'each connection had a token of its own');
    assert.ok(!this.secrets.includes(''));
  }
}
