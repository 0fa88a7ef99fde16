import type { Clock } from '../async/clock.js';
import { InterviewError } from '../errors.js';
import { openArchive, type SessionArchive } from './session-archive.js';
import { SessionDelivery } from './session-delivery.js';
import { DeliveryEvent } from './session-events.js';
import type { EndReason, InterviewSessionOptions } from './session-options.js';
import { SessionTab, type HowToHold, type SessionTabOptions } from './session-tab.js';
import type { DeliveryState } from '../transcript/delivery.js';
import { storageError } from '../transcript/storage-error.js';

export interface SessionPlaceParts extends Pick<SessionTabOptions, 'onAsked'> {
  readonly options: InterviewSessionOptions;
  readonly clock: Clock;
  /** Something for the page, ready to be dispatched. */
  readonly dispatch: (event: Event) => void;
}

/** An interview's place on this device: what is kept of it, whether this tab may write there, and what the host has yet to receive. */
export class SessionPlace {
  readonly archive: SessionArchive;
  readonly #parts: SessionPlaceParts;
  readonly #tab: SessionTab;
  #delivery: SessionDelivery | undefined;
  #deliveryState: DeliveryState | undefined;
  #use: 'open' | 'over' | 'erasing' = 'open';
  #leaving: Promise<void> | undefined;

  /** @throws InterviewError `guide-unreachable`, `guide-invalid` */
  static async open(
    parts: SessionPlaceParts,
    { signal }: { signal?: AbortSignal | undefined },
  ): Promise<SessionPlace> {
    const { options, clock } = parts;
    return new SessionPlace(parts, await openArchive(options, { clock, signal }));
  }

  private constructor(parts: SessionPlaceParts, archive: SessionArchive) {
    this.#parts = parts;
    this.archive = archive;
    this.#tab = new SessionTab({ ...parts, interviewId: archive.interviewId });
  }

  /** Nothing before this tab holds the interview, or without a `transcriptUrl`. */
  get delivery(): SessionDelivery | undefined {
    return this.#delivery;
  }

  /** As it was last, also when the place was left since. */
  get deliveryState(): DeliveryState | undefined {
    return this.#deliveryState;
  }

  /**
   * Makes this the tab that holds the interview, and begins to deliver what is left of it. Where each tab has a memory of its own, each
   * holds an interview of its own.
   *
   * @throws InterviewError `interview-elsewhere`
   */
  async claim({ takeOver = false, signal }: { takeOver?: boolean; signal?: AbortSignal }): Promise<void> {
    this.#use = 'open';
    if (await this.#hold(takeOver ? 'take' : 'ask', signal)) return;
    throw new InterviewError('interview-elsewhere', 'Another tab of this browser holds this interview');
  }

  /** What waits goes out, but for what another tab is delivering. */
  async deliver({ signal }: { signal?: AbortSignal | undefined }): Promise<void> {
    if (this.#parts.options.transcriptUrl !== undefined) await this.#hold('if-free', signal);
  }

  /**
   * An interview that failed is over after all. Its run is closed and writes nothing any more.
   *
   * @throws InterviewError when it could not be stored
   */
  async conclude(reason: EndReason): Promise<void> {
    const stored = await this.archive.finish(reason).catch((cause: unknown) => {
      throw storageError(cause);
    });
    // What cannot be loaded tells the host when the interview is next opened.
    const delivery = await this.#delivery?.arrived.catch(() => undefined);
    if (stored) delivery?.take(stored.record, stored.turns);
  }

  /** The interview is stored and over: the place is left as soon as nothing waits for the host. */
  async finish(): Promise<void> {
    // One that arrives late is told the end of the interview first.
    await Promise.allSettled([this.#delivery?.arrived]);
    if (this.#use === 'open') this.#use = 'over';
    await this.#leaveIfDone();
  }

  /** What the host has not received by now it does not receive. The place is kept until it is left. */
  async forget(): Promise<void> {
    this.#use = 'erasing';
    await this.#delivery?.forget();
  }

  /** Gives back what it has to do with the interview. Leaving twice is quiet. */
  leave(): Promise<void> {
    return (this.#leaving = this.#leave(this.#leaving));
  }

  async #leave(before: Promise<void> | undefined): Promise<void> {
    const delivery = this.#delivery;
    this.#delivery = undefined;
    await Promise.all([before, delivery?.close()]);
    await this.archive.close();
    this.#tab.release();
  }

  async #leaveIfDone(): Promise<void> {
    if (this.#use === 'over' && !this.#deliveryState?.waiting) await this.leave();
  }

  async #hold(how: HowToHold, signal: AbortSignal | undefined): Promise<boolean> {
    await this.#leaving;
    const { archive } = this;
    const { options, clock, dispatch } = this.#parts;
    const isHeld = archive.store.kind === 'memory' || (await this.#tab.hold(how, { signal }));
    const { transcriptUrl } = options;
    if (isHeld && transcriptUrl !== undefined) {
      this.#delivery ??= new SessionDelivery({
        transcriptUrl,
        archive,
        clock,
        onState: (state) => {
          this.#deliveryState = state;
          dispatch(new DeliveryEvent('delivery', state));
          void this.#leaveIfDone();
        },
      });
    }
    return isHeld;
  }
}
