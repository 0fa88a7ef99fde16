import type { Page } from 'puppeteer-core';

/** The page's sockets, as the browser counts them. */
export class OpenSockets {
  made = 0;
  #closed = 0;

  static async of(page: Page): Promise<OpenSockets> {
    const sockets = new OpenSockets();
    const session = await page.createCDPSession();
    session.on('Network.webSocketCreated', () => sockets.made++);
    session.on('Network.webSocketClosed', () => sockets.#closed++);
    await session.send('Network.enable');
    return sockets;
  }

  get open(): number {
    return this.made - this.#closed;
  }
}
