import type { HistoryTurn } from '../dialogue/dialogue.js';
import { assistantItem, systemItem, userItem, type ClientItem, type CreateId } from './client-events.js';
import type { TurnLedger } from './turn-ledger.js';
import type { Wire } from './wire.js';

/** About twenty minutes of talk. The instructions and the guidance tell how far the interview is; this tells how it sounded. */
const MOST_TOKENS = 8000;
const TOKENS_A_TURN = 8;
/** A token has four letters of English, fewer of other languages, and one or two signs of Chinese, which are three bytes each. */
const BYTES_A_TOKEN = 3;

/** Puts words into a conversation that nobody says in it: what was said before it began, and what the model has to know. */
export class PriorWords {
  readonly #wire: Wire;
  readonly #ledger: TurnLedger;
  readonly #createId: CreateId;
  /** Injected while there was no conversation: the next one begins with it. */
  #waiting: string[] = [];
  #isOpen = false;

  constructor(wire: Wire, ledger: TurnLedger, createId: CreateId) {
    this.#wire = wire;
    this.#ledger = ledger;
    this.#createId = createId;
  }

  /** A new conversation: the history first, turns without words only as the place behind which it goes on. */
  begin(history: readonly HistoryTurn[]): void {
    this.#isOpen = true;
    this.#ledger.restart(history.at(-1)?.id ?? null);
    const said = history.filter(({ text }) => text !== '');
    const kept = newestWithin(MOST_TOKENS, said);
    if (kept.length > 0) this.inject(preface(kept.length < said.length));
    for (const { speaker, text } of kept) {
      const id = this.#createId();
      this.#put(speaker === 'participant' ? userItem(id, text) : assistantItem(id, text));
    }
    for (const text of this.#waiting.splice(0)) this.inject(text);
  }

  inject(text: string): void {
    if (this.#isOpen) this.#put(systemItem(this.#createId(), text));
    else this.#waiting.push(text);
  }

  disconnect(): void {
    this.#isOpen = false;
  }

  #put(item: ClientItem): void {
    this.#wire.tell({ type: 'conversation.item.create', item });
  }
}

function preface(isCut: boolean): string {
  const what = isCut
    ? 'the latest turns of this interview; earlier ones are left out'
    : 'the interview so far';
  return `What follows is ${what}. Go on from there, and greet nobody again.`;
}

/** The newest whole turns that fit; the last one in any case, since it is what the next reply answers. */
export function newestWithin<Turn extends Pick<HistoryTurn, 'text'>>(
  mostTokens: number,
  turns: readonly Turn[],
): readonly Turn[] {
  const bytes = new TextEncoder();
  let left = mostTokens;
  const first = turns.findLastIndex(({ text }, at) => {
    left -= TOKENS_A_TURN + Math.ceil(bytes.encode(text).length / BYTES_A_TOKEN);
    return left < 0 && at < turns.length - 1;
  });
  return turns.slice(first + 1);
}
