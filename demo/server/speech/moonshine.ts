// Moonshine, English speech recognition: an encoder over raw sound and a decoder that gives one token after the other.
import { loadModel, ort } from './onnx.js';
import llamaTokenizer from 'llama-tokenizer-js';

const MOONSHINE_RATE = 16_000;
/** The layers that each size keeps keys and values of: they shape the decoder's empty cache. */
const SHAPES = {
  tiny: { layers: 6, heads: 8, width: 36 },
  base: { layers: 8, heads: 8, width: 52 },
} as const;
export type MoonshineSize = keyof typeof SHAPES;

const START_TOKEN = 1;
const END_TOKEN = 2;
/** Nobody speaks faster. The bound ends a decoder that repeats itself. */
const TOKENS_PER_SECOND = 6.5;

export class Moonshine {
  readonly #encoder: ort.InferenceSession;
  readonly #decoder: ort.InferenceSession;
  readonly #size: MoonshineSize;

  private constructor(encoder: ort.InferenceSession, decoder: ort.InferenceSession, size: MoonshineSize) {
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#size = size;
  }

  static async load(models: {
    encoder: Uint8Array;
    decoder: Uint8Array;
    size: MoonshineSize;
  }): Promise<Moonshine> {
    return new Moonshine(await loadModel(models.encoder), await loadModel(models.decoder), models.size);
  }

  /** The words in 16 kHz sound, '' where it finds none. Cost grows faster than length: keep it under 20 s. */
  async transcribe(samples: Float32Array, options: { signal?: AbortSignal } = {}): Promise<string> {
    const limit = Math.trunc((samples.length / MOONSHINE_RATE) * TOKENS_PER_SECOND);
    if (limit === 0) return '';
    const encoded = await this.#encoder.run({
      input_values: new ort.Tensor('float32', samples, [1, samples.length]),
    });
    const hidden = required(encoded, 'last_hidden_state');
    let cache = this.#emptyCache();
    const tokens: number[] = [];
    let last = START_TOKEN;
    while (tokens.length < limit) {
      await nextMessage();
      options.signal?.throwIfAborted();
      const isFirst = tokens.length === 0;
      const step = await this.#decoder.run({
        ...cache,
        input_ids: new ort.Tensor('int64', BigInt64Array.of(BigInt(last)), [1, 1]),
        encoder_hidden_states: hidden,
        use_cache_branch: new ort.Tensor('bool', [!isFirst], [1]),
      });
      last = indexOfLargest(required(step, 'logits'));
      if (last === END_TOKEN) break;
      tokens.push(last);
      cache = grown(cache, step, isFirst);
    }
    // The model has more tokens than the tokenizer knows: markers without words.
    const words = tokens.filter((token) => token < llamaTokenizer.vocabById.length);
    return llamaTokenizer.decode(words, false, false).trim();
  }

  #emptyCache(): Cache {
    const { layers, heads, width } = SHAPES[this.#size];
    const empty = (): ort.Tensor => new ort.Tensor('float32', new Float32Array(0), [0, heads, 1, width]);
    const names = Array.from({ length: layers }, (_, layer) =>
      ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map(
        (kind) => `${String(layer)}.${kind}`,
      ),
    ).flat();
    return Object.fromEntries(names.map((name) => [`past_key_values.${name}`, empty()]));
  }
}

type Cache = Record<string, ort.Tensor>;

/** The cache for the next step. The encoder's part comes from the first step alone: later steps give nothing of use for it. */
function grown(cache: Cache, step: ort.InferenceSession.OnnxValueMapType, isFirst: boolean): Cache {
  return Object.fromEntries(
    Object.entries(cache).map(([name, tensor]) => [
      name,
      isFirst || name.includes('.decoder.')
        ? required(step, name.replace('past_key_values', 'present'))
        : tensor,
    ]),
  );
}

function required(values: ort.InferenceSession.OnnxValueMapType, name: string): ort.Tensor {
  const value = values[name];
  if (!value) throw new Error(`The recognition model gave no ${name}.`);
  return value;
}

function indexOfLargest(logits: ort.Tensor): number {
  const data = logits.data as Float32Array;
  let best = 0;
  for (let n = 1; n < data.length; n += 1) if ((data[n] ?? 0) > (data[best] ?? 0)) best = n;
  return best;
}

/** The runtime never yields to the thread's event loop: this lets an abort be received between two tokens. */
function nextMessage(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
