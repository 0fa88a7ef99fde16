import type { Clock } from '../../../src/async/clock.js';
import { unreachable } from '../../../src/async/state-table.js';
import type { Speech } from '../speech/speech.js';
import { parseClientEvent, parseMessage } from './client-events.js';
import type { ClientEvent } from './client-events.js';
import { Conversation } from './conversation.js';
import { RequestError } from './errors.js';
import type { ErrorDetails } from './errors.js';
import type { FailingResponses } from './faults/failing-responses.js';
import { Hearing } from './hearing.js';
import { newId } from './ids.js';
import { IdleTimer } from './idle-timer.js';
import { InputBuffer } from './input-buffer.js';
import { ItemIntake } from './item-intake.js';
import { decodePcm, encodePcm } from './pcm-codec.js';
import { Responder } from './responder.js';
import { wireItem, wireSession } from './server-events.js';
import type { ServerEvent } from './server-events.js';
import { updateSession } from './session-config.js';
import type { SessionConfig } from './session-config.js';
import type { ResponseParams } from './session-schema.js';
import { TurnTaker } from './turn-taker.js';

export interface RealtimeSessionOptions {
  readonly config: SessionConfig;
  readonly speech: Speech;
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Puts one event on the wire: the only way out. */
  readonly send: (event: ServerEvent & { event_id: string }) => void;
  readonly close: (code: number, reason: string) => void;
  /** How many times faster than it sounds the interviewer's sound is sent. Default 10. */
  readonly pace?: number;
  /** Default 60 minutes, as the provider's. */
  readonly maxSessionMs?: number;
  /** Default: no response is made to fail. */
  readonly failing?: FailingResponses;
}

/** One connection's session: reads client events, and joins the parts that carry them out. */
export class RealtimeSession {
  readonly #options: RealtimeSessionOptions;
  readonly #details: { id: string; expires_at: number };
  readonly #conversation = new Conversation();
  readonly #buffer = new InputBuffer();
  readonly #idle: IdleTimer;
  readonly #turns: TurnTaker;
  readonly #intake: ItemIntake;
  readonly #responder: Responder;
  readonly #ended = new AbortController();
  readonly #expiry: unknown;
  #config: SessionConfig;

  constructor(options: RealtimeSessionOptions) {
    const { speech, clock, now, config, pace = 10, maxSessionMs = 60 * 60_000, failing } = options;
    const [send, conversation, buffer] = [this.#send, this.#conversation, this.#buffer];
    this.#options = options;
    this.#config = config;
    this.#details = { id: newId('sess'), expires_at: Math.floor((now() + maxSessionMs) / 1_000) };
    this.#idle = new IdleTimer(clock);
    const hearing = new Hearing({ speech, conversation, send, signal: this.#ended.signal });
    this.#intake = new ItemIntake({ conversation, hearing, send });
    this.#responder = new Responder({
      conversation,
      send,
      speech,
      clock,
      now,
      pace,
      ...(failing && { failing }),
      onDone: (playbackMs) => {
        this.#awaitSpeech(playbackMs);
      },
    });
    this.#turns = new TurnTaker({
      speech,
      send,
      buffer,
      onSpeech: (detection) => {
        this.#idle.stop();
        if (detection.interrupt_response) this.#responder.interrupt();
      },
      onTurn: (itemId, pcm, detection) => {
        this.#commit(itemId, pcm);
        if (detection.create_response) this.respondUnasked();
      },
    });
    this.#expiry = clock.setTimeout(() => {
      this.#expire(maxSessionMs);
    }, maxSessionMs);
  }

  /** Says hello: must be called once, before anything is received. */
  open(): void {
    const { id } = this.#conversation;
    this.#send({ type: 'session.created', session: wireSession(this.#config, this.#details) });
    this.#send({ type: 'conversation.created', conversation: { id, object: 'realtime.conversation' } });
    this.#turns.configure(this.#config.audio.input.turn_detection);
  }

  /** One message of the client. Whatever is wrong with it becomes an `error` event. */
  receive(text: string): void {
    let eventId: string | null = null;
    try {
      const message = parseMessage(text);
      if (typeof message['event_id'] === 'string') eventId = message['event_id'];
      this.#carryOut(parseClientEvent(message));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#sendError(error.details, eventId);
    }
  }

  /** For a turn that ended, or a long silence. What the client had asked for may be in its way: it is told as an error. */
  respondUnasked(): void {
    if (this.#ended.signal.aborted) return;
    try {
      this.#respond({});
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#sendError(error.details, null);
    }
  }

  /** The connection is gone: everything stops and nothing more is sent. */
  end(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#options.clock.clearTimeout(this.#expiry);
    this.#idle.stop();
    this.#turns.configure(null);
    this.#responder.close();
  }

  #carryOut(event: ClientEvent): void {
    switch (event.type) {
      case 'session.update':
        this.#config = updateSession(this.#config, event.session, this.#responder.limits);
        this.#idle.stop();
        this.#send({ type: 'session.updated', session: wireSession(this.#config, this.#details) });
        this.#turns.configure(this.#config.audio.input.turn_detection);
        return;
      case 'conversation.item.create':
        this.#intake.create(event.item, event.previous_item_id);
        return;
      case 'conversation.item.delete':
        this.#conversation.delete(event.item_id);
        this.#send({ type: 'conversation.item.deleted', item_id: event.item_id });
        return;
      case 'conversation.item.retrieve':
        this.#retrieve(event.item_id);
        return;
      case 'conversation.item.truncate': {
        const { item_id, content_index, audio_end_ms } = event;
        this.#conversation.truncate(item_id, content_index, audio_end_ms);
        this.#send({ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms });
        return;
      }
      case 'input_audio_buffer.append': {
        const pcm = decodePcm(event.audio, 'audio');
        this.#buffer.append(pcm);
        this.#turns.push(pcm);
        return;
      }
      case 'input_audio_buffer.clear':
        this.#buffer.clear();
        this.#turns.reset();
        this.#send({ type: 'input_audio_buffer.cleared' });
        return;
      case 'input_audio_buffer.commit': {
        const pcm = this.#buffer.commit();
        this.#turns.reset();
        this.#commit(newId('item'), pcm);
        return;
      }
      case 'response.create':
        this.#respond(event.response ?? {});
        return;
      case 'response.cancel':
        this.#responder.cancel(event.response_id ?? undefined);
        return;
      default:
        unreachable(event);
    }
  }

  #retrieve(itemId: string): void {
    const entry = this.#conversation.find(itemId);
    if (!entry) throw RequestError.unknownItem('retrieving', itemId);
    const item = wireItem(entry.item);
    if (entry.audio && item.type === 'message') {
      for (const part of item.content) if (part.type === 'input_audio') part.audio = encodePcm(entry.audio);
    }
    this.#send({ type: 'conversation.item.retrieved', item });
  }

  #commit(itemId: string, pcm: Int16Array): void {
    this.#idle.stop();
    this.#intake.commit(itemId, pcm, { isTranscribed: this.#config.audio.input.transcription !== null });
  }

  #respond(params: ResponseParams): void {
    this.#responder.create(this.#config, params);
    if (params.conversation !== 'none') this.#idle.stop();
  }

  #awaitSpeech(playbackMs: number): void {
    const detection = this.#config.audio.input.turn_detection;
    const timeoutMs = detection?.type === 'server_vad' ? detection.idle_timeout_ms : null;
    if (timeoutMs === null || this.#turns.isSpeaking) return;
    const startMs = this.#buffer.receivedMs;
    this.#idle.start(playbackMs + timeoutMs, () => {
      const itemId = newId('item');
      const endMs = this.#buffer.receivedMs;
      this.#send({
        type: 'input_audio_buffer.timeout_triggered',
        item_id: itemId,
        audio_start_ms: Math.round(startMs),
        audio_end_ms: Math.round(endMs),
      });
      this.#commit(itemId, this.#buffer.take(startMs, endMs));
      this.respondUnasked();
    });
  }

  #expire(maxSessionMs: number): void {
    const isShort = maxSessionMs < 60_000;
    const duration = isShort
      ? `${maxSessionMs / 1_000} seconds`
      : `${Math.round(maxSessionMs / 60_000)} minutes`;
    const message = `Your session hit the maximum duration of ${duration}.`;
    this.#sendError({ type: 'invalid_request_error', code: 'session_expired', message, param: null }, null);
    this.#options.close(1001, message);
  }

  #sendError(details: ErrorDetails, eventId: string | null): void {
    this.#send({ type: 'error', error: { ...details, event_id: eventId } });
  }

  readonly #send = (event: ServerEvent): void => {
    if (!this.#ended.signal.aborted) this.#options.send({ ...event, event_id: newId('event') });
  };
}
