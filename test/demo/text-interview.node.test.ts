import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import { FakeSpeech } from './fake-speech.js';
import { callsIn, ofType, RealtimeClient, saidIn } from './realtime-client.js';

const TOOLS = ['interview_guidance', 'trigger_assessment', 'end_interview'].map((name) => ({
  type: 'function',
  name,
}));

interface Move {
  id: string;
  act: string;
  say?: string;
  verbatim?: boolean;
}
const opening: Move = { id: 'opening', act: 'opening', say: 'Thank you for taking part.', verbatim: true };
const ask = (n: number, say: string): Move => ({ id: `ask:q${String(n)}`, act: 'ask', say, verbatim: true });
const probe = (n: number, say: string): Move => ({ id: `probe:q${String(n)}:p`, act: 'probe', say });
const close: Move = { id: 'close', act: 'close', say: 'That was all. Goodbye.' };

/** A client that runs an interview as an application would: guidance before each create, tool outputs, and one create a turn. */
class ScriptedInterview {
  readonly client: RealtimeClient;
  readonly said: string[] = [];
  readonly declared: unknown[] = [];
  readonly called: string[] = [];
  #number = 0;

  constructor(client: RealtimeClient) {
    this.client = client;
  }

  guidance(moves: Move[], more: Record<string, unknown> = {}): string {
    const block = { guidance: ++this.#number, language: 'en', make: 'one', moves, ...more };
    return `Guidance ${String(this.#number)}. It replaces all guidance before it.\n\`\`\`json\n${JSON.stringify(block)}\n\`\`\``;
  }

  async open(moves: Move[]): Promise<void> {
    const forced = await this.client.respond({
      tool_choice: { type: 'function', name: 'interview_guidance' },
    });
    assert.equal(saidIn(forced), '');
    const [call] = callsIn(forced);
    await this.#output(call?.call_id, this.guidance(moves, { make: 'all' }));
    this.#take(await this.client.respond({ tool_choice: 'none' }));
  }

  async answer(text: string, moves: Move[], more: Record<string, unknown> = {}): Promise<void> {
    await this.client.say(text);
    await this.client.add({
      type: 'message',
      role: 'system',
      content: [{ type: 'input_text', text: this.guidance(moves, more) }],
    });
    const events = await this.client.respond();
    for (const call of this.#take(events)) {
      await this.#output(call.call_id, call.name === 'interview_guidance' ? this.guidance(moves) : 'Go on.');
    }
  }

  #take(events: Parameters<typeof saidIn>[0]): ReturnType<typeof callsIn> {
    assert.equal(ofType(events, 'response.done')[0]?.response.status, 'completed');
    this.said.push(saidIn(events));
    const calls = callsIn(events);
    for (const { name, arguments: args } of calls) {
      this.called.push(name);
      if (name === 'interview_guidance') this.declared.push((args as { move?: string }).move);
    }
    return calls;
  }

  async #output(call_id: string | undefined, output: string): Promise<void> {
    await this.client.add({ type: 'function_call_output', call_id, output });
  }
}

describe('An interview in writing over the socket', () => {
  let demo: Demo;
  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), pace: Infinity });
  });
  after(() => demo.close());

  it('goes from the opening to the end, in the guide’s order, with a probe, an assessment and its summary', async () => {
    const client = await RealtimeClient.connect(demo, {
      instructions: 'You are Ada, the interviewer.',
      output_modalities: ['text'],
      tools: TOOLS,
      audio: { input: { turn_detection: null } },
    });
    const interview = new ScriptedInterview(client);
    const [q1, q2, q3] = [
      ask(1, 'What do you remember about your first day?'),
      ask(2, 'Who helped you?'),
      ask(3, 'What would you change?'),
    ];
    await interview.open([opening, q1]);
    await interview.answer('It was fine.', [probe(1, 'Can you tell me about one moment?'), q2]);
    await interview.answer(
      'At nine in the morning Maria met me at the door and showed me my desk by the window.',
      [probe(1, 'Where was that?'), q2],
    );
    await interview.answer(
      'Tom helped me on Tuesday, when I could not open the wiki and had no idea whom to ask.',
      [q3],
      {
        assess: true,
      },
    );

    // The assessment runs beside the conversation, while the next turn is already being asked for.
    client.send({
      type: 'response.create',
      response: {
        conversation: 'none',
        output_modalities: ['text'],
        max_output_tokens: 1_024,
        tools: [],
        metadata: { purpose: 'assessment' },
        instructions:
          'Judge it.\n```json\n{"task":"assessment","language":"en","dimensions":[{"id":"depth","label":"Depth","scale":[1,5]}]}\n```',
        input: [
          {
            type: 'message',
            role: 'user',
            content: [
              {
                type: 'input_text',
                text: 'Interviewer [q1 ask]: What do you remember?\nParticipant: At nine Maria met me at the door.',
              },
            ],
          },
        ],
      },
    });
    const aside = await client.until('response.done');
    const judgement = JSON.parse(saidIn(aside)) as {
      dimensions: { id: string; score: number }[];
      summary: string;
    };
    assert.deepEqual(
      judgement.dimensions.map(({ id }) => id),
      ['depth'],
    );
    assert.deepEqual(ofType(aside, 'response.done')[0]?.response.metadata, { purpose: 'assessment' });

    await interview.answer(
      'I would send the list of accounts a week earlier, so that nobody waits on the first day.',
      [{ id: 'summary', act: 'summary', say: judgement.summary }],
    );
    await interview.answer('Yes, that is right.', [close]);

    const lines = [
      'Thank you for taking part. What do you remember about your first day?',
      'Can you tell me about one moment?',
      'Who helped you?',
      'What would you change?',
      judgement.summary,
      'That was all. Goodbye.',
    ];
    assert.equal(interview.said.length, lines.length);
    for (const [n, line] of lines.entries()) {
      const said = interview.said[n] ?? '';
      assert.ok(said.endsWith(line), said);
      // A reaction of a few words, and only where there is something to react to.
      assert.ok(said.length - line.length < (n >= 1 && n <= 3 ? 40 : 1), said);
    }
    assert.deepEqual(interview.declared, ['probe:q1:p', 'ask:q2', 'ask:q3', 'summary', 'close']);
    assert.equal(interview.called.filter((name) => name === 'trigger_assessment').length, 1);
    assert.equal(interview.called.at(-1), 'end_interview');
    assert.deepEqual(ofType(client.events, 'error'), []);
    await client.close();
  });
});
