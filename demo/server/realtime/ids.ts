import { randomInt } from 'node:crypto';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An id as the provider writes them: `item_` and 21 letters. With every prefix in use it stays within 32 characters. */
export function newId(prefix: 'event' | 'sess' | 'conv' | 'item' | 'resp' | 'call' | 'ek'): string {
  let id = `${prefix}_`;
  for (let n = 0; n < 21; n++) id += LETTERS.charAt(randomInt(LETTERS.length));
  return id;
}
