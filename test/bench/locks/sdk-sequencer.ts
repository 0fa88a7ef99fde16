import { OpenAIRealtimeWebSocket } from '@openai/agents-realtime';
import type { LockRequest, OutgoingEvent } from '../../../src/realtime/lock-types.js';
import { bareClient, parametersOf, sendBefore, tried } from './bare-client.js';
import { ModelSocket } from './model-socket.js';
import { noteError } from './no-lock.js';
import type { LockUnderTest } from './lock-under-test.js';

type CreateWebSocket = NonNullable<
  NonNullable<ConstructorParameters<typeof OpenAIRealtimeWebSocket>[0]>['createWebSocket']
>;

/** What the sequencer still has to see answered, as its own bookkeeping has it. */
interface Pending {
  readonly id: string;
  /** With parameters of its own; the others may share one create. */
  readonly isManual: boolean;
}

/**
 * The transport of the official agents SDK as its package comes, with the sequencer inside: only its socket is ours. What a create
 * stands for is written into its metadata on the way out, which the SDK never reads.
 */
export const sdkSequencer: LockUnderTest = {
  name: '@openai/agents-realtime',
  make: ({ send }, report) => {
    const pending: Pending[] = [];
    /** The create that the sequencer waits for, and whom it stands for: the first of them is dropped if it is refused. */
    let requested: { readonly eventId: string; readonly serves: readonly Pending[] } | undefined;
    let socket: ModelSocket | undefined;
    /** What came while it was still connecting. */
    let backlog: { readonly type: string }[] | undefined;
    const transport = new OpenAIRealtimeWebSocket({
      createWebSocket: () => {
        socket = new ModelSocket((event) => {
          tried(() => {
            send(event.type === 'response.create' ? marked(event) : event);
          });
        });
        // It has all that the SDK uses of one.
        return Promise.resolve(socket as unknown as Awaited<ReturnType<CreateWebSocket>>);
      },
    });
    transport.on('error', ({ error }) => {
      noteError(error as { type: string }, report.errors);
    });

    async function connect(): Promise<void> {
      backlog = [];
      await transport.connect({ apiKey: 'ek_any', url: 'ws://model' });
      const missed = backlog;
      backlog = undefined;
      for (const event of missed) socket?.deliver(event);
    }

    function marked(event: OutgoingEvent): OutgoingEvent {
      const [head, ...rest] = pending;
      const nextManual = rest.findIndex(({ isManual }) => isManual);
      const shared = nextManual < 0 ? rest : rest.slice(0, nextManual);
      const serves = head ? (head.isManual ? [head] : [head, ...shared]) : [];
      requested = { eventId: event.event_id, serves };
      const request_ids = serves.map(({ id }) => id).join(' ');
      return { ...event, response: { ...(event.response as object | undefined), metadata: { request_ids } } };
    }

    function settle(most = Infinity): void {
      for (const one of requested?.serves.slice(0, most) ?? []) pending.splice(pending.indexOf(one), 1);
      requested = undefined;
    }

    return bareClient(
      {
        ask: (request: LockRequest, id: string) => {
          const parameters = parametersOf(request);
          pending.push({ id, isManual: parameters !== undefined });
          tried(() => {
            sendBefore(request, (event) => {
              transport.sendEvent(event);
            });
            transport.requestResponse(parameters);
          });
        },
        interrupt: () => {
          tried(() => {
            transport.interrupt();
          });
        },
        receive: (event) => {
          const { error } = event as { error?: { event_id: unknown } };
          if (event.type === 'error' && error?.event_id === requested?.eventId) settle(1);
          // Whichever it is: the sequencer takes it for the answer to its create.
          if (event.type === 'response.created' || event.type === 'response.done') settle();
          if (event.type === 'session.created') void connect();
          if (backlog) backlog.push(event);
          else socket?.deliver(event);
        },
        close: () => {
          pending.length = 0;
          requested = undefined;
          socket?.close();
        },
      },
      report,
    );
  },
};
