/** A real WebSocket that is watched: what comes is seen before its client sees it, what goes at the moment when the client lets it go. */
export class TimedSocket extends WebSocket {
  static onArrival: (text: string, atMs: number) => void = () => undefined;
  static onDeparture: (text: string, atMs: number) => void = () => undefined;

  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    this.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') TimedSocket.onArrival(data, performance.now());
    });
  }

  override send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBuffer>): void {
    if (typeof data === 'string') TimedSocket.onDeparture(data, performance.now());
    super.send(data as string);
  }
}
