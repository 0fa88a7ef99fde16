import type { Clock } from '../async/clock.js';
import type { Emitter } from '../async/emitter.js';
import type { DialogueEvents, ReplyTicket } from '../dialogue/dialogue.js';
import { userItem, type ClientMessage, type CreateId } from './client-events.js';
import type { Replies } from './replies.js';
import type { TurnLedger } from './turn-ledger.js';

interface TypedTurn {
  readonly id: string;
  readonly text: string;
  status: 'waiting' | 'sent' | 'confirmed';
}

export interface TypedTurnsOptions {
  readonly clock: Clock;
  readonly events: Emitter<DialogueEvents>;
  readonly ledger: TurnLedger;
  readonly replies: Replies;
  readonly createId: CreateId;
  readonly beforeReply: (turnId: string) => Promise<void>;
  /** A typed turn went out: what comes now answers it. */
  readonly onSent: () => void;
}

/**
 * The participant's typed turns. One is shown when it is asked for, but enters the conversation only together with the create that
 * answers it: text that expired or was withdrawn has left nothing behind.
 */
export class TypedTurns {
  readonly #options: TypedTurnsOptions;
  readonly #byItem = new Map<string, TypedTurn>();

  constructor(options: TypedTurnsOptions) {
    this.#options = options;
  }

  send(
    text: string,
    options: { readonly timeToLiveMs?: number; readonly signal?: AbortSignal } = {},
  ): ReplyTicket {
    const { clock, events, ledger, replies, createId, beforeReply } = this.#options;
    const turn: TypedTurn = { id: createId(), text, status: 'waiting' };
    const itemId = createId();
    this.#byItem.set(itemId, turn);
    ledger.begin({ id: turn.id, speaker: 'participant', medium: 'text', at: clock.now() });
    events.emit('change', { type: 'text', id: turn.id, text });
    const item: ClientMessage = { type: 'conversation.item.create', item: userItem(itemId, text) };
    const ticket = replies.ask({
      reason: 'text',
      // Sent in an earlier connection, it is part of the history by now.
      items: () => (turn.status === 'waiting' ? [item] : []),
      timeToLiveMs: options.timeToLiveMs,
      signal: options.signal,
      after: beforeReply(turn.id).then(() => true as const),
    });
    const outcome = ticket.outcome.then((ended) => {
      this.#byItem.delete(itemId);
      // Refused by the server, it is as little part of the conversation as if it had never been sent. What the end of the dialogue
      // found waiting was said all the same.
      const isRefused = turn.status === 'sent' && ended.status === 'failed';
      if (isRefused || (turn.status === 'waiting' && ended.status !== 'disconnected')) ledger.remove(turn.id);
      return ended;
    });
    return { id: ticket.id, outcome };
  }

  /** @returns whether this turn waits for its place in the conversation, so that it is no history yet */
  isWaiting(turnId: string): boolean {
    return [...this.#byItem.values()].some(({ id, status }) => id === turnId && status === 'waiting');
  }

  itemSent(itemId: string): void {
    const turn = this.#byItem.get(itemId);
    if (turn?.status !== 'waiting') return;
    const { clock, events, ledger, onSent } = this.#options;
    turn.status = 'sent';
    ledger.bind(itemId, turn.id);
    onSent();
    events.emit('change', { type: 'final', id: turn.id, text: turn.text, at: clock.now() });
    events.emit('heard', { turnId: turn.id });
  }

  itemAdded(itemId: string): void {
    const turn = this.#byItem.get(itemId);
    if (turn) turn.status = 'confirmed';
  }
}
