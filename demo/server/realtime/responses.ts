import { RequestError } from './errors.js';
import type { ResponseRun } from './response-run.js';

/** The rule of the house: one response at a time writes to the conversation; any number run beside it, out of band. */
export class Responses {
  #inBand: ResponseRun | undefined;
  readonly #outOfBand = new Map<string, ResponseRun>();

  /** The response that writes to the conversation. */
  get active(): ResponseRun | undefined {
    return this.#inBand;
  }

  /** @throws RequestError naming the response in progress, and then it is not started */
  start(run: ResponseRun): void {
    if (!run.isInBand) {
      this.#outOfBand.set(run.id, run);
    } else if (this.#inBand) {
      throw RequestError.activeResponse(this.#inBand.id);
    } else {
      this.#inBand = run;
    }
    run.start();
  }

  /** To be called when a run is done: what ends frees only its own place. */
  remove(run: ResponseRun): void {
    if (this.#inBand === run) this.#inBand = undefined;
    this.#outOfBand.delete(run.id);
  }

  /**
   * Without an id the response of the conversation is meant, never one out of band.
   *
   * @throws RequestError when there is nothing to cancel
   */
  cancel(responseId: string | undefined): void {
    const run =
      responseId === undefined || responseId === this.#inBand?.id
        ? this.#inBand
        : this.#outOfBand.get(responseId);
    if (!run) throw RequestError.noActiveResponse();
    run.cancel('client_cancelled');
  }

  /** The participant began to speak: the interviewer stops. */
  interrupt(): void {
    this.#inBand?.cancel('turn_detected');
  }

  close(): void {
    this.#inBand?.abandon();
    for (const run of this.#outOfBand.values()) run.abandon();
    this.#inBand = undefined;
    this.#outOfBand.clear();
  }
}
