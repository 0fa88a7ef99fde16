import { bareClient, createFor, HeardResponses, sendBefore, tried } from './bare-client.js';
import { noteError } from './no-lock.js';
import type { LockUnderTest } from './lock-under-test.js';

const STEP_MS = 100;
const MOST_STEPS = 10;

/**
 * One boolean: set with every create, cleared by any `response.done`. While it is set, texts and the assessment's summary look again
 * every 100 ms, and after a second they are sent all the same; whatever else is asked for is skipped. The opening does not look.
 */
export const seedFlag: LockUnderTest = {
  name: "the seed's flag",
  make: ({ send, clock }, report) => {
    const heard = new HeardResponses();
    let isInProgress = false;
    let connection = 0;
    return bareClient(
      {
        ask: (request, id) => {
          const { reason } = request;
          const asked = connection;
          const create = (): void => {
            if (asked !== connection) return;
            isInProgress = true;
            tried(() => {
              send(createFor(request, id));
            });
          };
          const look = (steps: number): void => {
            if (isInProgress && steps < MOST_STEPS && asked === connection)
              clock.setTimeout(() => {
                look(steps + 1);
              }, STEP_MS);
            else create();
          };
          tried(() => {
            sendBefore(request, send);
          });
          if (reason === 'opening') create();
          else if (reason === 'text' || reason === 'assessment') look(0);
          else if (!isInProgress) create();
        },
        interrupt: () => {
          if (heard.any)
            tried(() => {
              send({ type: 'response.cancel', event_id: crypto.randomUUID() });
            });
        },
        receive: (event) => {
          heard.receive(event);
          if (event.type === 'response.done') isInProgress = false;
          noteError(event, report.errors);
        },
        close: () => {
          connection++;
          isInProgress = false;
          heard.clear();
        },
      },
      report,
    );
  },
};
