import type { LockEvent, OutgoingEvent } from '../../../src/realtime/lock-types.js';

/** What of the SDK's concerns the model: the session is configured by the application, and the model has no sound to cut. */
const CARRIED = ['response.create', 'response.cancel', 'conversation.item.create'];

/** Stands where the SDK has its WebSocket, with the model of the server behind it. */
export class ModelSocket extends EventTarget {
  readonly #send: (event: OutgoingEvent) => void;
  #isClosed = false;

  constructor(send: (event: OutgoingEvent) => void) {
    super();
    this.#send = send;
  }

  /** It opens as soon as somebody waits for that. */
  override addEventListener(...listening: Parameters<EventTarget['addEventListener']>): void {
    super.addEventListener(...listening);
    if (listening[0] === 'open') queueMicrotask(() => this.dispatchEvent(new Event('open')));
  }

  send(text: string): void {
    const event = JSON.parse(text) as LockEvent;
    if (!this.#isClosed && CARRIED.includes(event.type))
      this.#send({ ...event, event_id: event.event_id ?? crypto.randomUUID() });
  }

  deliver(event: { readonly type: string }): void {
    // The model's items and sound are empty, and nothing to a sequencer.
    if (!/^conversation|_audio\.delta$/.test(event.type)) this.#deliver(event);
    const { response } = event as { response?: { id: string; conversation_id: string | null } };
    if (event.type !== 'response.created' || !response || response.conversation_id === null) return;
    // From the sound that follows at once the SDK takes which response an interruption is to cancel.
    this.#deliver({
      type: 'response.output_audio.delta',
      event_id: `event_sound_${response.id}`,
      ...{ response_id: response.id, item_id: `item_${response.id}`, output_index: 0, content_index: 0 },
      delta: 'AAAA',
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.dispatchEvent(new Event('close'));
  }

  #deliver(event: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }));
  }
}
