import type { WebSocket } from 'ws';

const RATE = 24_000;
const SECONDS = 12;
const CHUNK_MS = 200;
export const AMPLITUDE = 8000;

/** A square wave: no sample of it is zero, so that what was played can be counted. */
function chunk(): string {
  const pcm = new Int16Array((RATE * CHUNK_MS) / 1000);
  for (let i = 0; i < pcm.length; i++) pcm[i] = i % 48 < 24 ? AMPLITUDE : -AMPLITUDE;
  return Buffer.from(pcm.buffer).toString('base64');
}

const CHUNK = chunk();
const CHUNKS = (1000 * SECONDS) / CHUNK_MS;

/** Servers that speak at once and for long: all of it is sent as fast as the line takes it, as providers nearly do. */
export function serveSound(socket: WebSocket, { pathname }: URL): void {
  if (pathname === '/convai') serveConvai(socket);
  else serveRealtime(socket);
}

function serveRealtime(socket: WebSocket): void {
  let made = 0;
  const tell = (type: string, event: object): void => {
    socket.send(JSON.stringify({ type, event_id: `event_${++made}`, ...event }));
  };
  const speak = (metadata: unknown): void => {
    const [responseId, itemId] = [`resp_${++made}`, `item_${made}`];
    const response = (status: string, output: object[]): object => ({
      ...{ id: responseId, object: 'realtime.response', status, output, metadata, conversation_id: 'conv_1' },
    });
    const item = { id: itemId, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    const said = { ...item, status: 'completed', content: [{ type: 'output_audio', transcript: 'Yes.' }] };
    const part = { response_id: responseId, item_id: itemId, output_index: 0, content_index: 0 };
    tell('response.created', { response: response('in_progress', []) });
    tell('response.output_item.added', { response_id: responseId, output_index: 0, item });
    tell('conversation.item.added', { previous_item_id: null, item });
    for (let n = 0; n < CHUNKS; n++) tell('response.output_audio.delta', { ...part, delta: CHUNK });
    tell('response.output_audio_transcript.done', { ...part, transcript: 'Yes.' });
    tell('response.output_item.done', { response_id: responseId, output_index: 0, item: said });
    tell('response.done', { response: response('completed', [said]) });
  };
  socket.on('message', (data: Buffer) => {
    const { type, session, response } = JSON.parse(data.toString()) as {
      type: string;
      session?: object;
      response?: { metadata?: unknown };
    };
    if (type === 'session.update') tell('session.updated', { session });
    if (type === 'response.create') speak(response?.metadata ?? null);
  });
  tell('session.created', { session: { type: 'realtime', id: 'sess_1' } });
}

/** As much of the other provider's protocol as its client needs: it speaks when it is written to, and stops when told `stop`. */
function serveConvai(socket: WebSocket): void {
  let eventId = 0;
  const tell = (event: object): void => {
    socket.send(JSON.stringify(event));
  };
  socket.on('message', (data: Buffer) => {
    const { type, text } = JSON.parse(data.toString()) as { type?: string; text?: string };
    if (type === 'conversation_initiation_client_data')
      tell({
        type: 'conversation_initiation_metadata',
        conversation_initiation_metadata_event: {
          conversation_id: 'conv_1',
          agent_output_audio_format: 'pcm_24000',
          user_input_audio_format: 'pcm_24000',
        },
      });
    if (type !== 'user_message') return;
    if (text === 'stop') tell({ type: 'interruption', interruption_event: { event_id: ++eventId } });
    else
      for (let n = 0; n < CHUNKS; n++)
        tell({ type: 'audio', audio_event: { audio_base_64: CHUNK, event_id: ++eventId } });
  });
}
