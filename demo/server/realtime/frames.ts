import type { RawData, WebSocket } from 'ws';

/** What a client that does not read may leave behind. */
const MAX_UNREAD_BYTES = 64 * 1_024 * 1_024;

/** Puts a text frame on the wire while there is one; a client that stopped reading is given up. */
export function sendText(webSocket: WebSocket, text: string): void {
  if (webSocket.readyState !== webSocket.OPEN) return;
  if (webSocket.bufferedAmount > MAX_UNREAD_BYTES) {
    webSocket.terminate();
    return;
  }
  webSocket.send(text);
}

export function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString();
}
