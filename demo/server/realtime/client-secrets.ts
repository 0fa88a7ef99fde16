import * as v from 'valibot';
import { newId } from './ids.js';
import { defaultSession, updateSession } from './session-config.js';
import type { SessionConfig } from './session-config.js';
import { sessionSchema } from './session-schema.js';
import { strict } from './strict.js';

const requestSchema = v.strictObject({
  expires_after: v.optional(
    v.strictObject({
      anchor: v.optional(v.literal('created_at')),
      seconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(7_200))),
    }),
  ),
  session: v.optional(sessionSchema),
});

const DEFAULT_MODEL = 'gpt-realtime-2.1';
const DEFAULT_SECONDS = 600;
/** More than a demo ever has at once; the oldest goes first. */
const MAX_SECRETS = 1_000;

export interface IssuedSecret {
  readonly value: string;
  readonly expires_at: number;
  readonly session: SessionConfig & { readonly id: string; readonly object: 'realtime.session' };
}

/** Short-lived secrets, each with the settings of the sessions that it starts. One secret may start several. */
export class ClientSecrets {
  readonly #now: () => number;
  readonly #issued = new Map<string, { expiresAtMs: number; session: SessionConfig }>();

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws RequestError for a request that the provider would refuse */
  issue(request: unknown): IssuedSecret {
    const { expires_after: expiry, session: update } = strict(requestSchema, request);
    const model = update?.model ?? DEFAULT_MODEL;
    const session = updateSession(defaultSession(model), update ?? { type: 'realtime' }, {
      hasSpoken: false,
      isResponding: false,
    });
    const expiresAtMs = this.#now() + (expiry?.seconds ?? DEFAULT_SECONDS) * 1_000;
    const value = newId('ek');
    this.#makeRoom();
    this.#issued.set(value, { expiresAtMs, session });
    return {
      value,
      expires_at: Math.floor(expiresAtMs / 1_000),
      session: { id: newId('sess'), object: 'realtime.session', ...session },
    };
  }

  /** The settings that a secret stands for; undefined when it was never issued, or is over. */
  redeem(value: string): SessionConfig | undefined {
    const issued = this.#issued.get(value);
    return issued && issued.expiresAtMs > this.#now() ? issued.session : undefined;
  }

  #makeRoom(): void {
    for (const [value, { expiresAtMs }] of this.#issued)
      if (expiresAtMs <= this.#now()) this.#issued.delete(value);
    const oldest = this.#issued.keys().next();
    if (this.#issued.size >= MAX_SECRETS && !oldest.done) this.#issued.delete(oldest.value);
  }
}
