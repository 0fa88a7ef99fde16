/**
 * From the arrival of `response.done` to the departure of the next `response.create`, in one page. Both clients are asked for so many
 * responses that one always waits; both read, validate and act on every event as they do in life.
 */
import { OpenAIRealtimeWebSocket } from '@openai/agents-realtime';
import { silentPlayback } from '../../../src/dialogue/playback-port.js';
import { systemClock } from '../../../src/async/clock.js';
import { readServerEvent } from '../../../src/realtime/server-events.js';
import { ResponseLock } from '../../../src/realtime/response-lock.js';
import { WebSocketTransport } from '../../../src/realtime/websocket-transport.js';
import { RealtimeDialogue } from '../../../src/realtime/realtime-dialogue.js';
import { TimedSocket } from '../browser/timed-socket.js';

const DONE = '{"type":"response.done"';
const CREATE = '{"type":"response.create"';

/** Which client is measured: each gives the time of every turnaround, in µs. */

export type Contender = 'floor' | 'lock' | 'dialect' | 'official';

const CLIENTS: Readonly<Record<Contender, (url: string) => Promise<() => void>>> = {
  floor,
  lock,
  dialect,
  official,
};

export async function turnarounds(contender: Contender, count: number): Promise<number[]> {
  const url = `ws://${location.host}/v1/realtime?model=gpt-realtime-2.1`;
  const gaps: number[] = [];
  let doneMs: number | undefined;
  TimedSocket.onArrival = (text, atMs) => {
    if (text.startsWith(DONE)) doneMs = atMs;
  };
  const enough = new Promise<void>((resolve) => {
    TimedSocket.onDeparture = (text, atMs) => {
      if (doneMs === undefined || !text.startsWith(CREATE)) return;
      gaps.push((atMs - doneMs) * 1000);
      doneMs = undefined;
      if (gaps.length === count) resolve();
    };
  });
  const close = await CLIENTS[contender](url);
  await enough;
  close();
  return gaps;
}

/** What nobody can be faster than: the event is parsed, and a create that was written beforehand is sent. */
async function floor(url: string): Promise<() => void> {
  const socket = new TimedSocket(url, ['realtime', 'openai-insecure-api-key.ek_bench']);
  const create = `${CREATE},"event_id":"lock-1","response":{"metadata":{"create_id":"lock-1","request_ids":"t1"}}}`;
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const { type } = JSON.parse(data) as { readonly type: string };
    if (type === 'session.created' || type === 'response.done') socket.send(create);
  });
  await new Promise((resolve) => {
    socket.addEventListener('open', resolve);
  });
  return () => {
    socket.close();
  };
}

/** Our transport, the validation of every event, and the lock. */
async function lock(url: string): Promise<() => void> {
  const transport = await WebSocketTransport.connect({
    ...{ url, secret: 'ek_bench', clock: systemClock, webSocket: TimedSocket },
    onEvent: (raw) => {
      const arrival = readServerEvent(raw);
      if (arrival.kind === 'event' && arrival.event.type === 'session.updated') responses.open();
      responses.receive(raw as { readonly type: string });
    },
    onLost: () => undefined,
  });
  const responses = new ResponseLock({
    clock: systemClock,
    send: (event) => {
      transport.send(event);
    },
  });
  transport.send({ type: 'session.update' });
  const ask = (): void => {
    void responses.request({ reason: 'assessment' }).outcome.then(({ status }) => {
      if (status === 'completed') ask();
    });
  };
  ask();
  ask();
  ask();
  return () => {
    responses.dispose();
    transport.close();
  };
}

/** The whole dialect of an interview around that: who says what, turns, transcript, guidance, barge-in. */
async function dialect(url: string): Promise<() => void> {
  const dialogue = new RealtimeDialogue({
    tokenSource: () => Promise.resolve({ value: 'ek_bench', expires_at: 2_000_000_000 }),
    realtimeUrl: url,
    webSocket: TimedSocket,
  });
  await dialogue.open({
    ...{ instructions: 'You lead an interview.', tools: [], history: [], language: 'en' },
    ...{ mode: 'push-to-talk', output: 'voice', playback: silentPlayback },
    guidance: () => undefined,
    beforeReply: () => Promise.resolve(),
    resume: () => [],
  });
  const ask = (): void => {
    void dialogue.say({ reason: 'assessment' }).outcome.then(({ status }) => {
      if (status === 'completed') ask();
    });
  };
  ask();
  ask();
  ask();
  return () => void dialogue.close();
}

async function official(url: string): Promise<() => void> {
  const transport = new OpenAIRealtimeWebSocket({
    createWebSocket: () =>
      Promise.resolve(
        // What it makes itself in a browser, but for the name of the class.
        new TimedSocket(url, ['realtime', 'openai-insecure-api-key.ek_bench']) as unknown as Awaited<
          ReturnType<NonNullable<Options['createWebSocket']>>
        >,
      ),
  });
  transport.on('error', ({ error }) => {
    console.error(error);
  });
  const ask = (): void => {
    transport.requestResponse({ output_modalities: ['audio'] });
  };
  transport.on('turn_done', ask);
  await transport.connect({
    apiKey: 'ek_bench',
    url,
    initialSessionConfig: { audio: { input: { turnDetection: null } } },
  });
  ask();
  ask();
  ask();
  return () => {
    transport.close();
  };
}

type Options = NonNullable<ConstructorParameters<typeof OpenAIRealtimeWebSocket>[0]>;
