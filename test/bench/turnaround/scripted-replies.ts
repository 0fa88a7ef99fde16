import type { WebSocket } from 'ws';

const WORDS = 'Thank you. What do you remember about your first day, and who showed you around?';

/** A Realtime server that has its answer ready: every create gets one spoken sentence, complete but for the sound. */
export function serveReplies(socket: WebSocket): void {
  let made = 0;
  const id = (of: string): string => `${of}_${(++made).toString(36).padStart(6, '0')}`;
  const send = (event: object): void => {
    socket.send(JSON.stringify({ ...event, event_id: id('event') }));
  };
  /** As the server writes its events: the type comes first. */
  const tell = (type: string, event: object): void => {
    send({ type, ...event });
  };
  const reply = (metadata: unknown): void => {
    const [responseId, itemId] = [id('resp'), id('item')];
    const part = { response_id: responseId, item_id: itemId, output_index: 0, content_index: 0 };
    const response = (status: string, output: object[], usage: object | null): object => ({
      object: 'realtime.response',
      id: responseId,
      ...{ status, status_details: null, output, conversation_id: 'conv_1', metadata, usage },
      output_modalities: ['audio'],
      max_output_tokens: 'inf',
      audio: { output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin' } },
    });
    const item = (status: string, content: object[]): object => ({
      ...{ id: itemId, object: 'realtime.item', type: 'message', status, role: 'assistant', content },
    });
    const spoken = item('completed', [{ type: 'output_audio', transcript: WORDS }]);
    tell('response.created', { response: response('in_progress', [], null) });
    tell('response.output_item.added', {
      response_id: responseId,
      output_index: 0,
      item: item('in_progress', []),
    });
    tell('conversation.item.added', { previous_item_id: null, item: item('in_progress', []) });
    for (const word of WORDS.split(/(?= )/))
      tell('response.output_audio_transcript.delta', { ...part, delta: word });
    tell('response.output_audio_transcript.done', { ...part, transcript: WORDS });
    tell('conversation.item.done', { previous_item_id: null, item: spoken });
    tell('response.output_item.done', { response_id: responseId, output_index: 0, item: spoken });
    // The client has dealt with all of that when the end comes.
    setTimeout(() => {
      tell('response.done', { response: response('completed', [spoken], USAGE) });
      tell('rate_limits.updated', {
        rate_limits: [{ name: 'requests', limit: 1000, remaining: 999, reset_seconds: 0 }],
      });
    }, 0);
  };
  socket.on('message', (data: Buffer) => {
    const event = JSON.parse(data.toString()) as {
      type: string;
      session?: object;
      response?: { metadata?: unknown };
    };
    if (event.type === 'session.update')
      tell('session.updated', { session: { type: 'realtime', ...event.session } });
    if (event.type === 'response.create') reply(event.response?.metadata ?? null);
  });
  tell('session.created', { session: { type: 'realtime', id: 'sess_1', object: 'realtime.session' } });
}

const USAGE = {
  ...{ total_tokens: 900, input_tokens: 700, output_tokens: 200 },
  input_token_details: { text_tokens: 500, audio_tokens: 200, cached_tokens: 400 },
  output_token_details: { text_tokens: 50, audio_tokens: 150 },
};
