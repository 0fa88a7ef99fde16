// A client by others judges the local server: the agents SDK as its package comes, with its own defaults. It validates whatever it is
// sent, and looks away from what it does not understand. The speech is real: heard by the model, spoken by the voice.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  OpenAIRealtimeWebSocket,
  RealtimeAgent,
  RealtimeSession,
  type RealtimeSessionConfig,
  type TransportEvent,
} from '@openai/agents-realtime';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import { toFloat, toPcm16 } from '../../demo/server/speech/pcm16.js';
import { convertRate } from '../../demo/server/speech/rate-converter.js';
import { readWav } from '../support/wav.js';
import { pooledWordErrorRate } from '../support/word-error-rate.js';

const RATE = 24_000;
const SAID = 'he was not an ill disposed young man';
const LIMIT = { timeout: 60_000 };

/** What was said and then nothing, for long enough to end the turn. */
function recording(): ArrayBuffer {
  const { rate, pcm } = readWav(new URL('../speech/librivox-0880.wav', import.meta.url));
  const speech = toPcm16(convertRate(toFloat(pcm), rate, RATE));
  const sound = new Int16Array(speech.length + 10 * RATE);
  sound.set(speech);
  return sound.buffer;
}

describe('The agents SDK, over its WebSocket transport', () => {
  let demo: Demo;
  let session: RealtimeSession | undefined;
  before(async () => {
    demo = await startDemo({ port: 0, pace: Infinity });
    await demo.speech?.ready;
  }, LIMIT);
  afterEach(() => session?.close());
  after(() => demo.close());

  async function connect(config: Partial<RealtimeSessionConfig> = {}) {
    const transport = new OpenAIRealtimeWebSocket({
      url: `${demo.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime-2.1`,
    });
    const agent = new RealtimeAgent({ name: 'Ada', instructions: 'You are Ada. You lead an interview.' });
    session = new RealtimeSession(agent, { transport, config, apiKey: 'sk-any' });
    const events: TransportEvent[] = [];
    const errors: unknown[] = [];
    const sound: ArrayBuffer[] = [];
    const waiting = new Set<() => void>();
    transport.on('*', (event) => {
      events.push(event);
      for (const look of waiting) look();
    });
    session.on('error', (error) => errors.push(error));
    session.on('audio', ({ data }) => sound.push(data));
    /** The nth event of a type, come or to come. */
    const nth = (type: string, n = 0): Promise<TransportEvent> =>
      new Promise((resolve) => {
        const look = (): void => {
          const event = events.filter((one) => one.type === type)[n];
          if (!event) return;
          waiting.delete(look);
          resolve(event);
        };
        waiting.add(look);
        look();
      });
    await session.connect({ apiKey: 'sk-any' });
    return { session, transport, events, errors, sound, nth };
  }

  function wordsOf(role: 'user' | 'assistant'): string[] {
    return (session?.history ?? []).flatMap((item) =>
      item.type === 'message' && item.role === role
        ? item.content.map(
            (part) => ('transcript' in part ? part.transcript : 'text' in part && part.text) || '',
          )
        : [],
    );
  }

  it('talks in writing', LIMIT, async () => {
    const { session: talk, errors, nth } = await connect({ outputModalities: ['text'] });
    talk.sendMessage('We sailed to the island.');
    await nth('response.done');
    talk.sendMessage('It rained all day.');
    await nth('response.done', 1);
    assert.deepEqual(wordsOf('user'), ['We sailed to the island.', 'It rained all day.']);
    const [first, second, ...more] = wordsOf('assistant');
    assert.match(first ?? '', /“We sailed to the island”/);
    assert.match(second ?? '', /\S/);
    assert.deepEqual(more, []);
    assert.deepEqual(errors, []);
  });

  it('talks by voice, and leaves it to the server to notice when a turn is over', LIMIT, async () => {
    const { session: talk, errors, sound, nth } = await connect();
    talk.sendAudio(recording());
    await nth('response.done');
    await nth('conversation.item.retrieved');
    const [heard = ''] = wordsOf('user');
    assert.ok(pooledWordErrorRate([{ said: SAID, heard }]) <= 0.15, heard);
    const [answer = ''] = wordsOf('assistant');
    assert.match(answer, /\S/);
    const samples = sound.flatMap((data) => [...new Int16Array(data)]);
    assert.ok(samples.length > answer.length * 0.03 * RATE, `${samples.length} samples for “${answer}”`);
    assert.ok(Math.max(...samples.slice(0, 100_000)) > 1_000, 'it can be heard');
    assert.deepEqual(errors, []);
  });

  it(
    'is refused, in the provider’s words, what it asks for while the server answers by itself',
    LIMIT,
    async () => {
      const { session: talk, transport, events, errors, nth } = await connect();
      // Its own sequencer knows only of what has arrived. The server's response is on its way here, and this create on its way there.
      transport.once('input_audio_buffer.speech_stopped', () => {
        transport.requestResponse();
      });
      talk.sendAudio(recording());
      const { event_id: eventId, ...refusal }: Record<string, unknown> = await nth('error');
      const { response } = (await nth('response.created')) as unknown as { response: { id: string } };
      assert.match(String(eventId), /^event_/);
      assert.deepEqual(refusal, {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          code: 'conversation_already_has_active_response',
          message: `Conversation already has an active response in progress: ${response.id}. Wait until the response is finished before creating a new one.`,
          param: null,
          event_id: 'agents_js_response_create_1',
        },
      });
      assert.equal(errors.length, 1);
      // Nothing follows a refused create, and the conversation goes on.
      await nth('response.done');
      talk.sendMessage('It rained all day.');
      await nth('response.done', 1);
      assert.equal(events.filter(({ type }) => type === 'response.created').length, 2);
      assert.equal(errors.length, 1);
    },
  );
});
