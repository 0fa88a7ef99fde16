import type { Clock } from '../async/clock.js';
import type { Emitter } from '../async/emitter.js';
import type { DialogueEvents, Output } from '../dialogue/dialogue.js';
import { InterviewError } from '../errors.js';
import type { CreateId } from './client-events.js';
import { heardShare, type InterviewerTurn } from './interviewer-turn.js';
import { fromBase64 } from './pcm-base64.js';
import type { ResponseRecord, Responses } from './responses.js';
import type { TurnLedger } from './turn-ledger.js';
import type { Wire } from './wire.js';

export interface InterviewerTurnsOptions {
  readonly clock: Clock;
  readonly events: Emitter<DialogueEvents>;
  readonly wire: Wire;
  readonly ledger: TurnLedger;
  readonly responses: Responses;
  readonly createId: CreateId;
  /** Of responses that do not say themselves how they answer. */
  readonly output: () => Output;
  readonly playedMs: (turnId: string) => number;
  /** Whether any of its sound is still to be heard. */
  readonly onPlaying: (isPlaying: boolean) => void;
}

/**
 * What the interviewer says, put together from the pieces of its responses. A turn is final only when it is over for the
 * participant as well (played, or cut short), so that what was heard is part of the record.
 */
export class InterviewerTurns {
  readonly #options: InterviewerTurnsOptions;
  readonly #byItem = new Map<string, InterviewerTurn>();
  #askedAt: number | undefined;

  constructor(options: InterviewerTurnsOptions) {
    this.#options = options;
  }

  /** Those that are not over, oldest first. */
  get open(): InterviewerTurn[] {
    return [...this.#byItem.values()].filter(({ status }) => status !== 'over');
  }

  /** From now on the next sound is the answer to a participant's turn that ended at `at`; `undefined`: to none. */
  answering(at: number | undefined): void {
    this.#askedAt = at;
  }

  /** The server began an item of the interviewer's. */
  began(itemId: string, responseId: string): void {
    this.#growing(itemId, responseId);
  }

  heard(itemId: string, responseId: string, base64: string): void {
    const turn = this.#growing(itemId, responseId);
    if (!turn) return;
    const pcm = decoded(base64);
    if (!pcm) {
      const message = 'response.output_audio.delta, "delta": Expected base64';
      this.#options.events.emit(
        'error',
        new InterviewError('protocol-error', message, { isDiagnostic: true }),
      );
      return;
    }
    turn.samples += pcm.length;
    this.#options.events.emit('speech', { turnId: turn.id, pcm });
    this.#tellPlaying();
  }

  /** A delta is added to the text, the whole takes its place. */
  wrote(
    itemId: string,
    responseId: string,
    words: { readonly delta: string } | { readonly whole: string },
  ): void {
    const turn = this.#growing(itemId, responseId);
    if (turn) this.#write(turn, 'delta' in words ? turn.text + words.delta : words.whole);
  }

  /** The server wrote the item to its end. `text` is empty where it does not repeat it. */
  itemDone(itemId: string, responseId: string, isComplete: boolean, text: string): void {
    const turn = this.#growing(itemId, responseId);
    if (!turn) return;
    if (text !== '') this.#write(turn, text);
    this.#generated(turn, isComplete);
  }

  /** @returns the turn that the response spoke, if it said anything */
  responseDone(response: ResponseRecord, isComplete: boolean): string | undefined {
    response.status = 'done';
    for (const itemId of response.unheard.splice(0)) this.#delete(itemId);
    const turns = [...this.#byItem.values()].filter((turn) => turn.response === response);
    for (const turn of turns) if (turn.status === 'growing') this.#generated(turn, isComplete);
    return turns.find((turn) => turn.text !== '' || turn.samples > 0)?.id;
  }

  /** What has not come will not come; what has goes on sounding. */
  disconnect(): void {
    this.#options.responses.disconnect();
    for (const turn of this.open) {
      if (turn.status !== 'growing') continue;
      turn.isBrokenOff = true;
      this.#generated(turn, false);
    }
  }

  /** Whether the response said all that it wanted to in one of its turns. */
  isSaid(responseId: string): boolean {
    return [...this.#byItem.values()].some(
      ({ response, isComplete, text, samples }) =>
        response.id === responseId && isComplete && (text !== '' || samples > 0),
    );
  }

  /** Every turn ends with what was heard of it. */
  close(): void {
    for (const turn of this.open) this.conclude(turn, this.#options.clock.now());
  }

  sounded({ id }: InterviewerTurn, at: number): void {
    const latency = this.#askedAt === undefined ? {} : { latencyMs: at - this.#askedAt };
    this.#askedAt = undefined;
    this.#options.events.emit('change', { type: 'sounded', id, at, ...latency });
  }

  played(turn: InterviewerTurn, at: number): void {
    turn.playedAt = at;
    if (turn.status === 'generated') this.conclude(turn, at);
  }

  /** It is over: whatever was heard of it so far is what was heard of it. */
  conclude(turn: InterviewerTurn, at: number): void {
    const { events, playedMs } = this.#options;
    const { id, text } = turn;
    turn.status = 'over';
    this.#endSpeech(turn);
    events.emit('change', { type: 'ended', id, at });
    events.emit('change', turn.isBrokenOff ? { type: 'failed', id, at } : { type: 'final', id, text, at });
    this.#tellPlaying();
    events.emit('spoken', { turnId: id, text, heardShare: heardShare(turn, playedMs(id)) });
  }

  /** As far as the participant is concerned it was never said, and the model is to think so too. */
  remove(turn: InterviewerTurn): void {
    turn.status = 'over';
    this.#endSpeech(turn);
    this.#options.ledger.remove(turn.id);
    // An item without anything in it tells the model nothing.
    const isEmpty = turn.text === '' && turn.samples === 0 && !turn.response.isCut;
    if (isEmpty) return;
    if (turn.response.status === 'active') turn.response.unheard.push(turn.itemId);
    else if (turn.response.status === 'done') this.#delete(turn.itemId);
    this.#tellPlaying();
  }

  #growing(itemId: string, responseId: string): InterviewerTurn | undefined {
    const { responses, clock, ledger, createId } = this.#options;
    const response = responses.of(responseId);
    const known = this.#byItem.get(itemId);
    if (response.isBeside) return undefined;
    if (response.isCut) {
      // The server may go on for a while with what it cancels. The items have to go once it has stopped.
      if (!known && !response.unheard.includes(itemId)) response.unheard.push(itemId);
      return undefined;
    }
    if (known) return known.status === 'growing' ? known : undefined;
    const modality = response.modality ?? this.#options.output();
    const turn: InterviewerTurn = {
      id: createId(),
      itemId,
      response,
      medium: modality === 'text' ? 'text' : 'voice',
      text: '',
      samples: 0,
      status: 'growing',
      isComplete: false,
      isBrokenOff: false,
      hasSpeechEnded: false,
      playedAt: undefined,
    };
    this.#byItem.set(itemId, turn);
    ledger.begin({ id: turn.id, speaker: 'interviewer', medium: turn.medium, at: clock.now() }, itemId);
    return turn;
  }

  #write(turn: InterviewerTurn, text: string): void {
    if (text === turn.text) return;
    turn.text = text;
    this.#options.events.emit('change', { type: 'text', id: turn.id, text });
  }

  #endSpeech(turn: InterviewerTurn): void {
    if (turn.hasSpeechEnded || turn.samples === 0) return;
    turn.hasSpeechEnded = true;
    this.#options.events.emit('speech-end', { turnId: turn.id });
  }

  #generated(turn: InterviewerTurn, isComplete: boolean): void {
    turn.status = 'generated';
    turn.isComplete = isComplete;
    this.#endSpeech(turn);
    if (turn.samples > 0) {
      if (turn.playedAt !== undefined) this.conclude(turn, turn.playedAt);
    } else if (turn.text !== '') this.conclude(turn, this.#options.clock.now());
    else this.remove(turn);
  }

  #delete(itemId: string): void {
    // Refused: it was never kept.
    this.#options.wire.tell({ type: 'conversation.item.delete', item_id: itemId }, () => undefined);
  }

  #tellPlaying(): void {
    this.#options.onPlaying(this.open.some(({ samples }) => samples > 0));
  }
}

function decoded(base64: string): Int16Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(base64);
  } catch {
    return undefined;
  }
}
