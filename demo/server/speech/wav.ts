export interface Sound {
  rate: number;
  pcm: Int16Array;
}

/** 16-bit mono WAV; anything else is refused by name. */
export function parseWav(file: Uint8Array): Sound {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.byteLength < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE')
    throw new Error('This is no WAV file.');
  let rate = 0;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const name = tag(view, at);
    const start = at + 8;
    const size = Math.min(view.getUint32(at + 4, true), view.byteLength - start);
    if (name === 'fmt ') {
      const [format, channels, bits] = [0, 2, 14].map((offset) => view.getUint16(start + offset, true));
      if (format !== 1 || channels !== 1 || bits !== 16) {
        throw new Error(
          `Expected 16-bit mono PCM, got format ${format}, ${channels} channels, ${bits} bits.`,
        );
      }
      rate = view.getUint32(start + 4, true);
    }
    if (name === 'data') {
      const pcm = Int16Array.from({ length: size >> 1 }, (_, n) => view.getInt16(start + 2 * n, true));
      return { rate, pcm };
    }
    at = start + size + (size % 2);
  }
  throw new Error('This WAV file holds no sound.');
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((n) => view.getUint8(at + n)));
}
