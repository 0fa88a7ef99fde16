/** Sound as the wire carries it: PCM16, little-endian (as every browser's typed arrays are), in base64. */

// More arguments than this overflow the stack of `fromCharCode` in some browsers.
const CHUNK = 8192;

export function toBase64(pcm: Int16Array): string {
  const bytes = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK) as unknown as number[]);
  }
  return btoa(binary);
}

/** Half a sample at the end is dropped. @throws DOMException when the text is no base64 */
export function fromBase64(base64: string): Int16Array<ArrayBuffer> {
  const binary = atob(base64);
  const pcm = new Int16Array(binary.length >> 1);
  const bytes = new Uint8Array(pcm.buffer);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return pcm;
}
