import type { CDPSession } from 'puppeteer-core';

/** Everything that a page sends and is sent, as text: addresses, headers, bodies, handshakes and frames. */
export class Traffic {
  readonly sockets: string[] = [];
  readonly #session: CDPSession;
  readonly #seen: { readonly in: string; readonly text: string }[] = [];
  readonly #bodies: Promise<void>[] = [];

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  /** Call before the page loads what is to be seen. */
  static async on(session: CDPSession): Promise<Traffic> {
    const traffic = new Traffic(session);
    const events = [
      'Network.requestWillBeSent',
      'Network.requestWillBeSentExtraInfo',
      'Network.responseReceived',
      'Network.responseReceivedExtraInfo',
      'Network.webSocketWillSendHandshakeRequest',
      'Network.webSocketHandshakeResponseReceived',
      'Network.webSocketFrameSent',
      'Network.webSocketFrameReceived',
    ] as const;
    for (const event of events) {
      session.on(event, (told: unknown) => {
        traffic.#seen.push({ in: event, text: JSON.stringify(told) });
      });
    }
    session.on('Network.webSocketCreated', ({ url }) => traffic.sockets.push(url));
    session.on('Network.loadingFinished', ({ requestId }) => {
      traffic.#bodies.push(traffic.#keepBody(requestId));
    });
    await session.send('Network.enable', {
      maxTotalBufferSize: 50_000_000,
      maxResourceBufferSize: 10_000_000,
    });
    return traffic;
  }

  /** Once every body is in: how many times the text went over the wire, in either direction. */
  async count(text: string): Promise<number> {
    return (await this.placesOf(text)).length;
  }

  /** Once every body is in: where it was, each time that it went over the wire: in a `body`, or in what the browser told by an event. */
  async placesOf(text: string): Promise<readonly string[]> {
    await Promise.all(this.#bodies);
    return this.#seen.flatMap((each) =>
      Array.from({ length: each.text.split(text).length - 1 }, () => each.in),
    );
  }

  async #keepBody(requestId: string): Promise<void> {
    try {
      const { body, base64Encoded } = await this.#session.send('Network.getResponseBody', { requestId });
      const text = base64Encoded ? Buffer.from(body, 'base64').toString() : body;
      this.#seen.push({ in: 'body', text });
    } catch (error) {
      // A preflight or an answer without a body has none to give.
      if (!/No (resource|data)/.test(String(error))) throw error;
    }
  }
}
