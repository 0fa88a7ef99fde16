/** What an interview has used, what that costs, and what follows from it. */
import * as v from 'valibot';
import { unreachable } from '../async/state-table.js';
import type { Dialogue, Usage } from '../dialogue/dialogue.js';
import { InterviewError } from '../errors.js';
import type { Interview } from '../interview/interview.js';
import { MODEL_PRICES, TRANSCRIBED_MINUTE_USD, type ModelPrice } from './model-prices.js';
import { addUsage, noUsage, type SessionUsage } from './session-usage.js';
import type { Transcript } from '../transcript/transcript.js';

export type Prices = Readonly<Record<string, ModelPrice>>;

/** How much of what may be spent is left: enough; just enough to close; nothing. */
export type Budget = 'open' | 'closing' | 'spent';

/** A share that is kept for the closing, and so many of the dearest reply. */
const CLOSING_SHARE = 0.2;
const CLOSING_REPLIES = 3;

/** Dated snapshots cost what their model costs. `undefined`: nobody knows. */
export function priceOf(model: string | undefined, prices: Prices): ModelPrice | undefined {
  return model === undefined ? undefined : (prices[model] ?? prices[model.replace(/-\d{4}-\d\d-\d\d$/, '')]);
}

export function costOf(usage: Usage, { text, audio }: ModelPrice): number {
  const cachedText = usage.cachedTokens - usage.cachedAudioTokens;
  const inputText = usage.inputTokens - usage.inputAudioTokens - cachedText;
  const inputAudio = usage.inputAudioTokens - usage.cachedAudioTokens;
  const tokens =
    Math.max(0, inputText) * text.input +
    Math.max(0, cachedText) * text.cached +
    Math.max(0, usage.outputTokens - usage.outputAudioTokens) * text.output +
    Math.max(0, inputAudio) * audio.input +
    usage.cachedAudioTokens * audio.cached +
    usage.outputAudioTokens * audio.output;
  return tokens / 1e6 + (usage.transcribedSeconds / 60) * TRANSCRIBED_MINUTE_USD;
}

export function budgetOf(spentUsd: number, dearestUsd: number, maxUsd: number): Budget {
  if (maxUsd === Infinity) return 'open';
  if (spentUsd >= maxUsd) return 'spent';
  const keptUsd = Math.max(maxUsd * CLOSING_SHARE, dearestUsd * CLOSING_REPLIES);
  return spentUsd + keptUsd >= maxUsd ? 'closing' : 'open';
}

const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const storedUsage = v.object({
  inputTokens: count,
  outputTokens: count,
  inputAudioTokens: count,
  outputAudioTokens: count,
  cachedTokens: count,
  cachedAudioTokens: count,
  transcribedSeconds: count,
  costUsd: v.optional(count),
  spentUsd: count,
  /** Since when only the closing is left, on the interview's clock. */
  closingSinceMs: v.optional(count),
});
export type StoredUsage = v.InferOutput<typeof storedUsage>;

const nothing: StoredUsage = { ...noUsage, spentUsd: 0 };

/** What a record has kept of it; anything else counts as nothing. */
export function readUsage(stored: unknown): StoredUsage {
  const read = v.safeParse(storedUsage, stored);
  return read.success ? read.output : nothing;
}

export interface UsageMeterParts {
  readonly dialogue: Pick<Dialogue, 'events' | 'hold'>;
  readonly interview: Pick<Interview, 'limit' | 'stop'>;
  readonly transcript: Pick<Transcript, 'record' | 'update'>;
  readonly elapsedMs: () => number;
  readonly prices?: Prices | undefined;
  /** In US dollars; of several the smallest holds. */
  readonly maxUsd: readonly (number | undefined)[];
}

/**
 * Counts what is used and keeps it with the interview. Near the limit the interview comes to its closing, as when its time is up; at the
 * limit nothing more is asked for. A model without a known price counts as the dearest one towards the limit.
 *
 * @throws InterviewError `invalid-state` where the limit is no amount
 */
export class UsageMeter {
  readonly #parts: UsageMeterParts;
  readonly #prices: Prices;
  readonly #maxUsd: number;
  #usage: StoredUsage;
  #dearestUsd = 0;
  #budget: Budget = 'open';

  constructor(parts: UsageMeterParts) {
    this.#parts = parts;
    this.#prices = { ...MODEL_PRICES, ...parts.prices };
    this.#maxUsd = Math.min(Infinity, ...parts.maxUsd.filter((usd) => usd !== undefined));
    if (!(this.#maxUsd >= 0))
      throw new InterviewError('invalid-state', `Expected \`maxCost\` to be 0 or more, got ${this.#maxUsd}`);
    this.#usage = readUsage(parts.transcript.record.usage);
    if (this.#usage.closingSinceMs !== undefined) parts.interview.limit(this.#usage.closingSinceMs);
  }

  get total(): SessionUsage {
    return addUsage(noUsage, this.#usage, this.#usage.costUsd);
  }

  /** Counts from now on. @returns what stops it */
  follow(): () => void {
    return this.#parts.dialogue.events.on('usage', (usage) => {
      this.#count(usage);
    });
  }

  /** Before anything is asked for: a reload does not give back what was spent. */
  check(): Budget {
    const { dialogue, interview, transcript, elapsedMs } = this.#parts;
    const budget = budgetOf(this.#usage.spentUsd, this.#dearestUsd, this.#maxUsd);
    if (budget === this.#budget || this.#budget === 'spent') return this.#budget;
    this.#budget = budget;
    switch (budget) {
      case 'open':
        break;
      case 'closing':
        if (this.#usage.closingSinceMs !== undefined) break;
        this.#usage = { ...this.#usage, closingSinceMs: elapsedMs() };
        transcript.update({ usage: this.#usage });
        interview.limit(elapsedMs());
        break;
      case 'spent':
        dialogue.hold('cost');
        interview.stop();
        break;
      default:
        unreachable(budget);
    }
    return budget;
  }

  #count({ model, ...usage }: Usage & { readonly model?: string }): void {
    const price = priceOf(model, this.#prices);
    const costUsd = price && costOf(usage, price);
    const spentUsd = costUsd ?? Math.max(...Object.values(this.#prices).map((known) => costOf(usage, known)));
    this.#dearestUsd = Math.max(this.#dearestUsd, spentUsd);
    this.#usage = {
      ...addUsage(this.total, usage, costUsd),
      spentUsd: this.#usage.spentUsd + spentUsd,
      closingSinceMs: this.#usage.closingSinceMs,
    };
    this.#parts.transcript.update({ usage: this.#usage });
    this.check();
  }
}
