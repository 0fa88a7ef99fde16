import { waitUntil } from '@open-wc/testing';
import type { InterviewSessionOptions } from '../../src/session/session-options.js';
import { InterviewSession } from '../../src/session.js';
import { settle } from '../../src/testing/fake-clock.js';
import { Talk } from './realtime-talk.js';
import type { Json, ScriptedSocket, Sent } from './scripted-socket.js';
import { inWriting, study } from './written-session.js';

let pages = 0;

/**
 * An interview in writing over scripted sockets, whose server follows the guidance. Every event of the server's is told one by one,
 * so that a test can cut the connection between any two of them.
 */
export class WrittenInterview {
  readonly talk = new Talk(`page${++pages}_`);
  readonly session: InterviewSession;
  readonly told: string[] = [];
  /** How many events the server has told so far, over all connections. */
  events = 0;
  /** Instead of this event (counted from 1) the connection is lost. */
  cutAt = 0;
  /** While it is, the server takes no new connection. */
  isDown = false;
  #items = 0;
  #previous: string | null = null;
  #guidance = '';
  #served: ScriptedSocket | undefined;

  constructor(options: Partial<InterviewSessionOptions> = {}) {
    const { dialogue, clock } = this.talk;
    this.session = new InterviewSession({
      guide: study,
      dialogue,
      clock,
      ...inWriting,
      ...options,
    });
    this.session.addEventListener('status', ({ status }) => this.told.push(status));
    this.session.addEventListener('error', ({ error }) => this.told.push(`error ${error.code}`));
    this.session.addEventListener('end', ({ reason }) => this.told.push(`end ${reason}`));
  }

  /** Starts the session. Modules and the browser's locks take time of their own until it connects. */
  async begin(): Promise<void> {
    this.session.start().catch((error: unknown) => this.told.push(`refused: ${String(error)}`));
    await waitUntil(() => this.talk.server.sockets.length > 0, 'a connection', { interval: 1 });
  }

  /** Lets time pass, in steps, while the server answers whatever comes. */
  async pass(ms: number): Promise<void> {
    for (let at = 0; at < ms; at += 50) {
      await this.#serve();
      await this.talk.clock.advanceAsync(50);
    }
    await this.#serve();
  }

  /** The host ends it, and the server has time for its last words. */
  async end(): Promise<void> {
    const end = this.session.end('host');
    await this.pass(1000);
    await end;
  }

  async #serve(): Promise<void> {
    await settle();
    const { sockets } = this.talk.server;
    const socket = sockets.at(-1);
    if (!socket || socket.readyState > 1) return;
    if (socket !== this.#served) {
      this.#served = socket;
      if (this.isDown) {
        socket.lose();
        return;
      }
      this.#previous = null;
      this.#guidance = '';
      socket.accept();
      await this.#tell(socket, { type: 'session.created', session: {} });
    }
    for (let sent = socket.unread.shift(); sent; sent = socket.unread.shift()) {
      for (const event of this.#answer(sent)) {
        if (!(await this.#tell(socket, event))) return;
      }
    }
  }

  /** @returns whether the connection is still there */
  async #tell(socket: ScriptedSocket, event: Json): Promise<boolean> {
    if (++this.events === this.cutAt) {
      this.isDown = true;
      socket.lose();
    } else await socket.say(event);
    return socket.readyState === 1;
  }

  #answer(sent: Sent): Json[] {
    switch (sent.type) {
      case 'session.update':
        return [{ type: 'session.updated', session: {} }];
      case 'conversation.item.create':
        return this.#placed(sent['item'] as Json);
      case 'response.create':
        return this.#respond(sent['response'] as Json);
      default:
        return [];
    }
  }

  #placed(item: Json): Json[] {
    const { content = [], output } = item as { content?: { text: string }[]; output?: string };
    const words = output ?? content[0]?.text ?? '';
    if (words.includes('```json')) this.#guidance = words;
    const previous_item_id = this.#previous;
    this.#previous = item['id'] as string;
    return [
      { type: 'conversation.item.added', previous_item_id, item },
      { type: 'conversation.item.done', previous_item_id, item },
    ];
  }

  #respond({ metadata, tool_choice }: Json): Json[] {
    const n = ++this.#items;
    const response = { id: `resp_${n}`, conversation_id: 'conv_1', metadata, output_modalities: ['text'] };
    const response_id = response.id;
    const created = { type: 'response.created', response: { ...response, status: 'in_progress' } };
    if (typeof tool_choice === 'object') {
      const call = {
        id: `item_${n}`,
        type: 'function_call',
        call_id: `call_${n}`,
        name: 'interview_guidance',
      };
      const item = { ...call, arguments: '{}' };
      return [
        created,
        ...this.#placed(item),
        { type: 'response.output_item.done', response_id, output_index: 0, item },
        { type: 'response.done', response: { ...response, status: 'completed', output: [item] } },
      ];
    }
    const words = this.#words();
    const begun = { id: `item_${n}`, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    const item = { ...begun, status: 'completed', content: [{ type: 'output_text', text: words }] };
    const part = { response_id, item_id: begun.id, output_index: 0, content_index: 0 };
    const half = words.indexOf(' ', words.length / 2);
    return [
      created,
      { type: 'response.output_item.added', response_id, output_index: 0, item: begun },
      ...this.#placed(begun).slice(0, 1),
      { type: 'response.output_text.delta', ...part, delta: words.slice(0, half) },
      { type: 'response.output_text.delta', ...part, delta: words.slice(half) },
      { type: 'response.output_text.done', ...part, text: words },
      { type: 'response.output_item.done', response_id, output_index: 0, item },
      { type: 'response.done', response: { ...response, status: 'completed', output: [item] } },
    ];
  }

  /** The moves of the latest guidance, in their own words. */
  #words(): string {
    const block = /```json\n([^]*?)```/.exec(this.#guidance)?.[1] ?? '{}';
    const { make, moves = [] } = JSON.parse(block) as { make?: string; moves?: { say?: string }[] };
    const said = (make === 'all' ? moves : moves.slice(0, 1)).map(
      ({ say }) => say ?? 'Could you tell me more?',
    );
    return said.join(' ') || 'I see.';
  }
}
