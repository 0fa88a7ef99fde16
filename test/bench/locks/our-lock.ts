import { ResponseLock } from '../../../src/realtime/response-lock.js';
import { PREVENTABLE, type LockUnderTest } from './lock-under-test.js';

/** As it ships, but for the time that a text lives: no other lock lets a request expire, so here none does by itself. */
export const ourLock: LockUnderTest = {
  name: 'ResponseLock',
  make: (options, { requests, errors }) => {
    const lock = new ResponseLock(options);
    const request = lock.request.bind(lock);
    lock.request = (asked) => {
      const ticket = request({ timeToLiveMs: Infinity, ...asked });
      requests.set(ticket.id, asked);
      void ticket.outcome.then(({ error }) => {
        const told = `${error?.code ?? ''} ${error?.message ?? ''}`;
        if (PREVENTABLE.test(told)) errors.push(told);
      });
      return ticket;
    };
    return lock;
  },
};
