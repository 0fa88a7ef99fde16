import { endianness } from 'node:os';
import { RequestError } from './errors.js';

export const SAMPLES_PER_MS = 24;

/** @throws RequestError when it is no base64, or not whole 16-bit samples */
export function decodePcm(base64: string, param: string): Int16Array {
  const bytes = Buffer.from(base64, 'base64');
  // Node skips what is not base64; the length tells whether it did.
  if (Math.floor((base64.replace(/=+$/, '').length * 3) / 4) !== bytes.length) {
    throw RequestError.invalidValue(
      `Invalid '${param}'. Expected base64-encoded audio bytes but got some invalid bytes.`,
      param,
    );
  }
  if (bytes.length % 2 !== 0) {
    throw RequestError.invalidValue(
      `Invalid '${param}'. Expected whole 16-bit samples but got an odd number of bytes.`,
      param,
    );
  }
  const copy = Buffer.from(bytes);
  if (endianness() === 'BE') copy.swap16();
  return new Int16Array(copy.buffer.slice(copy.byteOffset, copy.byteOffset + copy.length));
}

export function encodePcm(pcm: Int16Array): string {
  const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  return (endianness() === 'BE' ? Buffer.from(bytes).swap16() : bytes).toString('base64');
}

export function joinPcm(chunks: readonly Int16Array[]): Int16Array {
  const joined = new Int16Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
