import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { WebSocketTransport, type WebSocketConstructor } from '../../src/realtime/websocket-transport.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import { ScriptedServer } from '../support/scripted-socket.js';

function connecting({ signal, webSocket }: { signal?: AbortSignal; webSocket?: WebSocketConstructor } = {}) {
  const server = new ScriptedServer();
  const clock = new FakeClock();
  const events: unknown[] = [];
  const lost: InterviewError[] = [];
  const connection = WebSocketTransport.connect({
    url: 'wss://example.com/v1/realtime?model=m',
    secret: 'ek_very-secret',
    clock,
    webSocket: webSocket ?? server.WebSocket,
    onEvent: (event) => events.push(event),
    onLost: (error) => lost.push(error),
    signal,
  });
  return { server, clock, events, lost, connection };
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
}

describe('WebSocketTransport', () => {
  it('carries the secret in a subprotocol and never asks for the beta dialect', async () => {
    const { server, connection } = connecting();
    server.socket.accept();
    await connection;
    expect(server.socket.protocols).to.deep.equal(['realtime', 'openai-insecure-api-key.ek_very-secret']);
    expect(server.socket.url).to.not.contain('secret');
  });

  it('gives out what comes and sends what it is given', async () => {
    const { server, events, connection } = connecting();
    server.socket.accept();
    server.socket.raw('{"type":"session.created"}');
    const transport = await connection;
    server.socket.raw('no json');
    server.socket.raw(new Blob([]));
    server.socket.raw(JSON.stringify({ type: 'x', padding: 'x'.repeat(8_000_000) }));
    transport.send({ type: 'x' });
    expect(events).to.deep.equal([{ type: 'session.created' }, undefined, undefined, undefined]);
    expect(server.socket.unread).to.deep.equal([{ type: 'x' }]);
  });

  it('fails when the server refuses or does not answer in ten seconds', async () => {
    const refused = connecting();
    refused.server.socket.lose(1006);
    expect(await failure(refused.connection)).to.include({ code: 'connection-failed', recoverable: true });
    const silent = connecting();
    const waiting = failure(silent.connection);
    await silent.clock.advanceAsync(10_000);
    expect(await waiting).to.include({ code: 'connection-failed' });
    expect(silent.server.socket.readyState).to.equal(3);
    expect([...refused.lost, ...silent.lost]).to.deep.equal([]);
    expect(silent.clock.pending + refused.clock.pending).to.equal(0);
  });

  it('tells once that an open connection is lost, with the code of its end', async () => {
    const { server, lost, connection, events } = connecting();
    server.socket.accept();
    const transport = await connection;
    server.socket.lose(1001, 'Your session hit the maximum duration of 60 minutes.');
    server.socket.lose(1006);
    server.socket.raw('{"type":"late"}');
    expect(lost.map(({ code, message }) => [code, message])).to.deep.equal([
      [
        'connection-lost',
        'The connection was closed with 1001 (Your session hit the maximum duration of 60 minutes.)',
      ],
    ]);
    expect(events).to.deep.equal([]);
    expect(() => {
      transport.send({ type: 'x' });
    }).to.throw(InterviewError);
  });

  it('knows that a refused dialect stays refused', async () => {
    const { server, lost, connection } = connecting();
    server.socket.accept();
    await connection;
    server.socket.lose(4000, 'beta_api_shape_disabled');
    expect(lost[0]).to.include({ code: 'protocol-error', recoverable: false });
  });

  it('closes quietly, twice if need be', async () => {
    const { server, lost, connection } = connecting();
    server.socket.accept();
    const transport = await connection;
    transport.close();
    transport.close();
    server.socket.lose(1005);
    expect(server.socket.readyState).to.equal(3);
    expect(lost).to.deep.equal([]);
  });

  it('gives a connection up that takes nothing any more, before it fills the memory', async () => {
    const { server, lost, connection } = connecting();
    server.socket.accept();
    const transport = await connection;
    server.socket.bufferedAmount = 3_900_000;
    transport.send({ type: 'x' });
    expect(transport.bufferedBytes).to.equal(3_900_000);
    server.socket.bufferedAmount = 4_000_001;
    expect(() => {
      transport.send({ type: 'y' });
    }).to.throw(InterviewError);
    expect(lost.map(({ code }) => code)).to.deep.equal(['connection-lost']);
    expect(server.socket.readyState).to.equal(3);
  });

  it('quotes no key that the server closed with', async () => {
    const { server, lost, connection } = connecting();
    server.socket.accept();
    await connection;
    server.socket.lose(3000, 'Incorrect API key provided: ek_68a1b2c3d4e5f6');
    expect(lost.map(({ message }) => message)).to.deep.equal([
      'The connection was closed with 3000 (Incorrect API key provided: [key])',
    ]);
  });

  it('stops with the reason of its signal', async () => {
    const stop = new AbortController();
    const { connection, server, clock } = connecting({ signal: stop.signal });
    const waiting = failure(connection);
    await settle();
    const reason = new Error('left');
    stop.abort(reason);
    expect(await waiting).to.equal(reason);
    expect(server.socket.readyState).to.equal(3);
    expect(clock.pending).to.equal(0);
    expect(await failure(connecting({ signal: stop.signal }).connection)).to.equal(reason);
  });

  it('does not repeat the secret when the browser quotes it', async () => {
    const webSocket = function (_url: string, protocols: string[]) {
      throw new SyntaxError(`The subprotocol '${protocols[1] ?? ''}' is invalid.`);
    } as unknown as WebSocketConstructor;
    const error = await failure(connecting({ webSocket }).connection);
    expect(error).to.include({ code: 'connection-failed' });
    expect(`${String(error)} ${String((error as Error).cause)}`).to.not.contain('secret');
  });
});
