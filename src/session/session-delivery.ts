import type { Clock } from '../async/clock.js';
import type { SessionArchive } from './session-archive.js';
import type { Delivery, DeliveryState } from '../transcript/delivery.js';

export interface SessionDeliveryParts {
  readonly transcriptUrl: string;
  readonly archive: SessionArchive;
  readonly clock: Clock;
  readonly onState: (state: DeliveryState) => void;
}

/** A session's delivery, which arrives only where a host wants the transcript. */
export class SessionDelivery {
  /** Rejects where it could not be loaded. The transcript is stored, and goes out when the interview is next opened. */
  readonly arrived: Promise<Delivery>;
  readonly #leaving = new AbortController();

  constructor({ onState, ...parts }: SessionDeliveryParts) {
    this.arrived = this.#open(parts, onState);
    this.arrived.catch(() => undefined);
  }

  /** Nothing more is sent or written. */
  async forget(): Promise<void> {
    await this.#leave((delivery) => delivery.forget());
  }

  async close(): Promise<void> {
    await this.#leave((delivery) => delivery.close());
  }

  async #open(
    { transcriptUrl, ...parts }: Omit<SessionDeliveryParts, 'onState'>,
    onState: (state: DeliveryState) => void,
  ): Promise<Delivery> {
    const { signal } = this.#leaving;
    const { openDelivery } = await import('./open-delivery.js');
    const delivery = await openDelivery(transcriptUrl, { ...parts, signal });
    delivery.events.on('state', onState);
    onState(delivery.state);
    return delivery;
  }

  async #leave(how: (delivery: Delivery) => Promise<void>): Promise<void> {
    this.#leaving.abort(new DOMException('The session was closed', 'AbortError'));
    const [arrived] = await Promise.allSettled([this.arrived]);
    if (arrived.status === 'fulfilled') await how(arrived.value);
  }
}
