import type { LockOptions, LockRequest } from '../../../src/realtime/lock-types.js';
import type { ClientLock } from '../../realtime/lock-campaign/interview-client.js';

/** What a lock lets its application see, and what it was asked for. */
export interface LockReport {
  /** By the ticket's id. */
  readonly requests: Map<string, LockRequest>;
  /** Errors of the protocol that reached the application, by their code. */
  readonly errors: string[];
}

export interface LockUnderTest {
  readonly name: string;
  readonly make: (options: LockOptions, report: LockReport) => ClientLock;
}

/** Errors that a lock is there to prevent: a create that met a response, a cancel that met none. Those of the interview are not counted. */
export const PREVENTABLE = /active_response|cancel_not_active|already has an active|no active response/;
