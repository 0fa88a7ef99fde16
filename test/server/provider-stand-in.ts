import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

type Answer =
  'never' | 'stalls in its body' | { status?: number; headers?: Record<string, string>; body: unknown };

/** The provider's side of the wire: real HTTP on loopback, answering what the test tells it to. */
export interface ProviderStandIn {
  readonly url: string;
  readonly received: ReceivedRequest[];
  answer: Answer;
  close(): Promise<void>;
}

export async function startProvider(): Promise<ProviderStandIn> {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString()) as unknown,
      });
      const { answer } = provider;
      if (answer === 'never') return;
      if (answer === 'stalls in its body') {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"value":');
        return;
      }
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      response
        .writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
        .end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: ProviderStandIn = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    received,
    answer: {
      body: { value: 'ek_1', expires_at: 1_800_000_060, session: { id: 'sess_1', type: 'realtime' } },
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return provider;
}
