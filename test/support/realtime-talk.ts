import { assert } from '@open-wc/testing';
import type { DialogueEvents, HistoryTurn, OpenOptions, ReplyTicket } from '../../src/dialogue/dialogue.js';
import type { TurnChange } from '../../src/dialogue/turn-change.js';
import { toBase64 } from '../../src/realtime/pcm-base64.js';
import { RealtimeDialogue } from '../../src/realtime/realtime-dialogue.js';
import { FakeClock, settle } from '../../src/testing/fake-clock.js';
import { ScriptedNetwork } from './scripted-network.js';
import { ScriptedPlayback } from './scripted-playback.js';
import { ScriptedServer, type Json, type Sent, type ScriptedSocket } from './scripted-socket.js';

const EVENTS = [
  'change',
  'speech',
  'speech-end',
  'spoken',
  'calls',
  'heard',
  'echo',
  'thinking',
  'hearing',
  'status',
  'retry',
  'usage',
  'error',
] as const;

export type Told = {
  [Type in keyof DialogueEvents]: { type: Type; detail: DialogueEvents[Type] };
}[keyof DialogueEvents];

/** What `wallNow` says at the clock's zero. */
export const EPOCH_MS = 1_800_000_000_000;

/** A dialogue and the server it talks to, written down as a conversation. */
export class Talk {
  readonly clock = new FakeClock(1000);
  readonly server = new ScriptedServer();
  readonly playback = new ScriptedPlayback();
  readonly network = new ScriptedNetwork();
  /** How far the machine's clock ran ahead of the other one: it slept. */
  sleptMs = 0;
  readonly told: Told[] = [];
  readonly recorded: string[] = [];
  guidance: string | undefined = undefined;
  guidanceAsked = 0;
  resume: HistoryTurn[] = [];
  tokens = 0;
  failToken: Error | undefined;
  readonly dialogue: RealtimeDialogue;
  #ids = 0;
  #responses = 0;
  #last: string | null = null;

  /** @param ids what all its ids begin with, where turns of several dialogues come together */
  constructor(ids = 'id') {
    this.dialogue = new RealtimeDialogue({
      tokenSource: () => {
        this.tokens++;
        return this.failToken
          ? Promise.reject(this.failToken)
          : Promise.resolve({ value: `ek_${this.tokens}`, expires_at: 2_000_000_000 });
      },
      realtimeUrl: 'ws://localhost/v1/realtime',
      clock: this.clock,
      wallNow: () => EPOCH_MS + this.clock.now() + this.sleptMs,
      network: this.network,
      random: () => 0,
      webSocket: this.server.WebSocket,
      createId: () => `${ids}${++this.#ids}`,
    });
    for (const type of EVENTS)
      this.dialogue.events.on(type, (detail) => {
        this.told.push({ type, detail } as Told);
      });
  }

  static async open(options: Partial<OpenOptions> = {}): Promise<Talk> {
    const talk = new Talk();
    const opening = talk.dialogue.open(talk.options(options));
    await talk.accept();
    if (options.history) talk.expectHistory();
    await opening;
    return talk;
  }

  options(options: Partial<OpenOptions> = {}): OpenOptions {
    return {
      instructions: 'Be kind.',
      tools: [],
      history: [],
      mode: 'push-to-talk',
      output: 'voice',
      language: 'en-GB',
      playback: this.playback,
      guidance: () => {
        this.guidanceAsked++;
        return this.guidance;
      },
      beforeReply: (turnId) => {
        this.recorded.push(turnId);
        return Promise.resolve();
      },
      resume: () => this.resume,
      ...options,
    };
  }

  /** Socket, greeting and configuration. @returns the `session.update` */
  async accept(session: Json = {}): Promise<Sent> {
    await settle();
    this.wire.accept();
    await settle();
    this.wire.expectNothing();
    await this.wire.say({ type: 'session.created', session });
    const update = this.wire.expect('session.update');
    this.#last = null;
    await this.wire.say({ type: 'session.updated', session: {} });
    return update;
  }

  /** The words that a new conversation begins with, those that introduce them left out. */
  expectHistory(): unknown[] {
    const words: unknown[] = [];
    while (this.wire.unread[0]?.type === 'conversation.item.create')
      words.push(wordsOf(this.wire.expect('conversation.item.create')));
    if (words.length > 0) assert.match(String(words.shift()), /^What follows is /);
    return words;
  }

  get wire(): ScriptedSocket {
    return this.server.socket;
  }

  /** The lock asked for a response; the server begins it. */
  async created(fields: Json = {}, create = this.wire.expect('response.create')): Promise<string> {
    const id = `resp_${++this.#responses}`;
    const metadata = (create.response as Json).metadata as Json;
    const response = { id, status: 'in_progress', conversation_id: 'conv_1', metadata, ...fields };
    await this.wire.say({ type: 'response.created', response });
    return id;
  }

  async itemAdded(item: Json, previous: string | null = this.#last): Promise<void> {
    this.#last = item['id'] as string;
    await this.wire.say({ type: 'conversation.item.added', previous_item_id: previous, item });
  }

  /** The server begins an item of the interviewer's. @returns the turn's id */
  async begins(response_id: string, item_id: string): Promise<string> {
    const item = { id: item_id, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    await this.wire.say({ type: 'response.output_item.added', response_id, output_index: 0, item });
    await this.itemAdded(item);
    return this.interviewerTurn();
  }

  /** Sound and words of it. */
  async sounds(response_id: string, item_id: string, ms: number, words: string): Promise<void> {
    const part = { response_id, item_id, output_index: 0, content_index: 0 };
    await this.wire.say({ type: 'response.output_audio_transcript.delta', ...part, delta: words });
    const delta = toBase64(new Int16Array(ms * 24).fill(1000));
    await this.wire.say({ type: 'response.output_audio.delta', ...part, delta });
  }

  async itemDone(response_id: string, item_id: string, words: string): Promise<void> {
    const content = [{ type: 'output_audio', transcript: words }];
    const item = { id: item_id, type: 'message', role: 'assistant', status: 'completed', content };
    await this.wire.say({ type: 'response.output_item.done', response_id, output_index: 0, item });
  }

  async done(id: string, status = 'completed', output?: readonly Json[]): Promise<void> {
    await this.wire.say({
      type: 'response.done',
      response: { id, status, conversation_id: 'conv_1', ...(output && { output }) },
    });
  }

  /** A whole spoken reply to the create that is on the wire; nothing of it is played yet. @returns the turn's id */
  async interviewer(words: string, ms: number, itemId = `item_${this.#responses + 1}`): Promise<string> {
    const response = await this.created();
    const turnId = await this.begins(response, itemId);
    await this.sounds(response, itemId, ms, words);
    await this.itemDone(response, itemId, words);
    await this.done(response, 'completed', [
      {
        id: itemId,
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_audio', transcript: words }],
      },
    ]);
    return turnId;
  }

  async played(turnId: string, ms: number): Promise<void> {
    this.playback.tell({ type: 'started', turnId, at: this.clock.now() });
    this.playback.played.set(turnId, ms);
    this.clock.advance(ms);
    this.playback.tell({ type: 'finished', turnId, at: this.clock.now() });
    this.playback.tell({ type: 'silent', at: this.clock.now() });
    await settle();
  }

  async starts(turnId: string, ms: number): Promise<void> {
    this.playback.tell({ type: 'started', turnId, at: this.clock.now() });
    this.playback.played.set(turnId, ms);
    this.clock.advance(ms);
    await settle();
  }

  /** Presses the button, speaks in frames of 20 ms, and looks at what the page sends. */
  speak(ms: number): void {
    for (let at = 0; at < ms; at += 20) this.dialogue.hear(new Int16Array(480).fill(at));
  }

  expectAppends(): number {
    let bytes = 0;
    while (this.wire.unread[0]?.type === 'input_audio_buffer.append')
      bytes += atob(this.wire.expect('input_audio_buffer.append')['audio'] as string).length;
    return bytes / 48;
  }

  /** Press, speech, release, and the server's answer to the commit. @returns the ticket and the turn's id */
  async participant(
    itemId: string,
    ms = 500,
  ): Promise<{ readonly ticket: ReplyTicket; readonly turnId: string }> {
    this.dialogue.beginTurn();
    this.wire.expect('input_audio_buffer.clear');
    this.speak(ms);
    const ticket = this.dialogue.commitTurn();
    await settle();
    assert.equal(this.expectAppends(), ms);
    this.wire.expect('input_audio_buffer.commit');
    const turnId = this.participantTurn();
    await this.taken(itemId);
    return { ticket, turnId };
  }

  async taken(item_id: string): Promise<void> {
    const previous = this.#last;
    await this.wire.say({ type: 'input_audio_buffer.committed', item_id, previous_item_id: previous });
    await this.itemAdded(
      { id: item_id, type: 'message', role: 'user', content: [{ type: 'input_audio' }] },
      previous,
    );
  }

  async transcribed(item_id: string, transcript: string): Promise<void> {
    await this.wire.say({
      type: 'conversation.item.input_audio_transcription.completed',
      ...{ item_id, content_index: 0, transcript },
    });
  }

  /** What was told of one type, in order. */
  all<Type extends keyof DialogueEvents>(type: Type): DialogueEvents[Type][] {
    return this.told.filter((told) => told.type === type).map(({ detail }) => detail as DialogueEvents[Type]);
  }

  /** The changes of one turn without their stamps. */
  changes(turnId: string): string[] {
    return this.all('change')
      .filter((change) => change.id === turnId)
      .map((change) => ('text' in change ? `${change.type}: ${change.text}` : change.type));
  }

  change<Type extends TurnChange['type']>(turnId: string, type: Type): Extract<TurnChange, { type: Type }> {
    const found = this.all('change').find((change) => change.id === turnId && change.type === type);
    if (!found) throw new Error(`no ${type} of ${turnId} was told`);
    return found as Extract<TurnChange, { type: Type }>;
  }

  interviewerTurn(): string {
    return this.#latest('interviewer');
  }

  participantTurn(): string {
    return this.#latest('participant');
  }

  /** Nothing is left over: no message that nobody expected, and the lock is free. */
  async end(): Promise<void> {
    this.wire.expectNothing();
    await this.dialogue.close();
    await settle();
    assert.equal(this.clock.pending, 0, 'timers that remain');
  }

  #latest(speaker: string): string {
    const began = this.all('change').filter(
      (change) => change.type === 'began' && change.speaker === speaker,
    );
    const last = began.at(-1);
    if (!last) throw new Error(`no turn of the ${speaker} has begun`);
    return last.id;
  }
}

/** The words of a system or user item that is on its way. */
export function wordsOf(message: Sent): unknown {
  const item = message['item'] as { content?: { text: string }[]; output?: string };
  return item.content?.[0]?.text ?? item.output;
}
