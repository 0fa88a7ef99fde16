import { bareClient, createFor, HeardResponses, sendBefore, tried } from './bare-client.js';
import { PREVENTABLE, type LockUnderTest } from './lock-under-test.js';

/** Every request is sent at once; an interruption cancels what was heard to begin. */
export const noLock: LockUnderTest = {
  name: 'no lock',
  make: ({ send }, report) => {
    const heard = new HeardResponses();
    return bareClient(
      {
        ask: (request, id) => {
          tried(() => {
            sendBefore(request, send);
            send(createFor(request, id));
          });
        },
        interrupt: () => {
          if (heard.any)
            tried(() => {
              send({ type: 'response.cancel', event_id: crypto.randomUUID() });
            });
        },
        receive: (event) => {
          heard.receive(event);
          noteError(event, report.errors);
        },
        close: () => {
          heard.clear();
        },
      },
      report,
    );
  },
};

export function noteError(event: { readonly type: string }, errors: string[]): void {
  const { error } = event as { error?: { code: string | null; message: string } };
  const told = `${error?.code ?? ''} ${error?.message ?? ''}`;
  if (event.type === 'error' && PREVENTABLE.test(told)) errors.push(told);
}
