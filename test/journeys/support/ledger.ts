/** What a page holds at one moment of what it must give back. */
export interface Held {
  readonly sockets: number;
  readonly contexts: number;
  readonly tracks: number;
  readonly channels: number;
  readonly locks: number;
  readonly timers: number;
  /** On the window, the document and the media devices, by type: `document visibilitychange`. */
  readonly listeners: Readonly<Record<string, number>>;
  /** How many of each there have been: a ledger that saw none shows nothing. */
  readonly made: Readonly<Record<'sockets' | 'contexts' | 'tracks' | 'channels' | 'listeners', number>>;
}

/**
 * Runs in the page before any of its scripts, and counts what they open and close. It keeps none of it alive, but for listeners, which
 * the page itself keeps as long. It must not refer to anything outside its own body.
 */
export function keepLedger(): void {
  const open = { sockets: 0, contexts: 0, tracks: 0, channels: 0 };
  const made = { ...open, listeners: 0 };
  const count = (kind: keyof typeof open): (() => void) => {
    let isOpen = true;
    open[kind]++;
    made[kind]++;
    return () => {
      if (isOpen) open[kind]--;
      isOpen = false;
    };
  };

  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('close', count('sockets'));
    }
  };
  globalThis.AudioContext = class extends AudioContext {
    readonly #closed = count('contexts');
    override async close(): Promise<void> {
      await super.close();
      this.#closed();
    }
  };
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    readonly #closed = count('channels');
    override close(): void {
      super.close();
      this.#closed();
    }
  };
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    for (const track of stream.getTracks()) {
      const stopped = count('tracks');
      const stop = track.stop.bind(track);
      track.stop = () => {
        stop();
        stopped();
      };
    }
    return stream;
  };

  const timers = new Set<unknown>();
  const { setTimeout: later, clearTimeout: never } = globalThis;
  globalThis.setTimeout = ((listener: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const id = later(() => {
      timers.delete(id);
      listener(...args);
    }, ms);
    timers.add(id);
    return id;
  }) as typeof setTimeout;
  globalThis.clearTimeout = (id: Parameters<typeof clearTimeout>[0]) => {
    timers.delete(id);
    never(id);
  };

  interface Listener {
    readonly place: EventTarget;
    readonly type: string;
    readonly callback: unknown;
    readonly capture: boolean;
  }
  const places = new Map<EventTarget, string>([
    [window, 'window'],
    [document, 'document'],
    [navigator.mediaDevices, 'mediaDevices'],
  ]);
  const listeners = new Set<Listener>();
  const find = (
    place: EventTarget,
    type: string,
    callback: unknown,
    capture: boolean,
  ): Listener | undefined =>
    [...listeners].find(
      (one) =>
        one.place === place && one.type === type && one.callback === callback && one.capture === capture,
    );
  const captures = (options: AddEventListenerOptions | boolean | undefined): boolean =>
    typeof options === 'boolean' ? options : (options?.capture ?? false);
  const { prototype } = EventTarget;
  const add: EventTarget['addEventListener'] = Reflect.get(prototype, 'addEventListener');
  const remove: EventTarget['removeEventListener'] = Reflect.get(prototype, 'removeEventListener');
  prototype.addEventListener = function (this: EventTarget | undefined, type, callback, options) {
    const place = this ?? window;
    add.call(place, type, callback, options);
    const capture = captures(options);
    const { signal, once } = typeof options === 'object' ? options : {};
    if (!places.has(place) || !callback || signal?.aborted || find(place, type, callback, capture)) return;
    const listener = { place, type, callback, capture };
    const gone = (): void => {
      listeners.delete(listener);
    };
    listeners.add(listener);
    made.listeners++;
    if (signal) add.call(signal, 'abort', gone, { once: true });
    if (once) add.call(place, type, gone, { once: true, capture });
  };
  prototype.removeEventListener = function (this: EventTarget | undefined, type, callback, options) {
    const place = this ?? window;
    remove.call(place, type, callback, options);
    const listener = find(place, type, callback, captures(options));
    if (listener) listeners.delete(listener);
  };

  const ledger = {
    held: async (): Promise<Held> => {
      const { held = [], pending = [] } = await navigator.locks.query();
      const byType: Record<string, number> = {};
      for (const { place, type } of listeners) {
        const name = `${places.get(place) ?? ''} ${type}`;
        byType[name] = (byType[name] ?? 0) + 1;
      }
      return {
        ...open,
        locks: held.length + pending.length,
        timers: timers.size,
        listeners: byType,
        made: { ...made },
      };
    },
  };
  Object.assign(globalThis, { ledger });
}
