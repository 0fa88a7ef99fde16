/** One whole interview over the wire, as the local server holds it: every kind of event, in its order and with its fields. */
import type { Talk } from '../support/realtime-talk.js';
import type { Json } from '../support/scripted-socket.js';

/** What the page does, or one server event. In an event `$create` and the like stand for what the page sent last. */
export type Step = { readonly act: (talk: Talk, tell: Tell) => void } | { readonly say: Json };
/** Takes every promise that the page is given, so that it is known to settle. */
export type Tell = (promise: Promise<unknown>) => void;

const act = (work: (talk: Talk, tell: Tell) => void): Step => ({ act: work });
const say = (type: string, fields: Json = {}): Step => ({
  say: { type, event_id: `event_${type}`, ...fields },
});

const SOUND = btoa('\u0001\u0002'.repeat(480));
const LIMITS = [
  { name: 'requests', limit: 500, remaining: 499, reset_seconds: 0.12 },
  { name: 'tokens', limit: 40_000, remaining: 0, reset_seconds: 0.5 },
];
const USAGE = {
  total_tokens: 40,
  input_tokens: 30,
  output_tokens: 10,
  input_token_details: { text_tokens: 10, audio_tokens: 20, cached_tokens: 5 },
  output_token_details: { text_tokens: 4, audio_tokens: 6 },
};

function response(id: string, status: string, output: readonly Json[], more: Json = {}): Json {
  return {
    ...{ object: 'realtime.response', id, status, status_details: null, output },
    ...{ conversation_id: 'conv_1', output_modalities: ['audio'], max_output_tokens: 'inf', voice: 'cedar' },
    ...{ metadata: '$metadata', usage: status === 'in_progress' ? null : USAGE, ...more },
  };
}

function message(id: string, role: string, content: readonly Json[], status = 'completed'): Json {
  return { object: 'realtime.item', id, type: 'message', status, role, content };
}

function placed(item: Json, previous_item_id: string | null): Step[] {
  return [
    say('conversation.item.added', { previous_item_id, item }),
    say('conversation.item.done', { previous_item_id, item }),
  ];
}

function spoken(n: number, words: string, previous: string | null): Step[] {
  const [response_id, item_id] = [`resp_${n}`, `item_${n}`];
  const part = { response_id, item_id, output_index: 0, content_index: 0 };
  const begun = message(item_id, 'assistant', [], 'in_progress');
  const whole = message(item_id, 'assistant', [{ type: 'output_audio', transcript: words }]);
  return [
    say('response.created', { response: response(response_id, 'in_progress', []) }),
    say('rate_limits.updated', { rate_limits: LIMITS }),
    say('response.output_item.added', { response_id, output_index: 0, item: begun }),
    say('conversation.item.added', { previous_item_id: previous, item: begun }),
    say('response.content_part.added', { ...part, part: { type: 'audio', transcript: '' } }),
    say('response.output_audio_transcript.delta', { ...part, delta: words.slice(0, 6) }),
    say('response.output_audio.delta', { ...part, delta: SOUND }),
    say('response.output_audio_transcript.delta', { ...part, delta: words.slice(6) }),
    say('response.output_audio.delta', { ...part, delta: SOUND }),
    say('response.output_audio.done', part),
    say('response.output_audio_transcript.done', { ...part, transcript: words }),
    say('response.content_part.done', { ...part, part: { type: 'audio', transcript: words } }),
    say('conversation.item.done', { previous_item_id: previous, item: whole }),
    say('response.output_item.done', { response_id, output_index: 0, item: whole }),
    say('response.done', { response: response(response_id, 'completed', [whole]) }),
  ];
}

function written(n: number, words: string, previous: string | null, more: Json = {}): Step[] {
  const [response_id, item_id] = [`resp_${n}`, `item_${n}`];
  const part = { response_id, item_id, output_index: 0, content_index: 0 };
  const whole = message(item_id, 'assistant', [{ type: 'output_text', text: words }]);
  const modality = { output_modalities: ['text'], ...more };
  return [
    say('response.created', { response: response(response_id, 'in_progress', [], modality) }),
    say('response.output_item.added', { response_id, output_index: 0, item: { ...whole, content: [] } }),
    ...(more['conversation_id'] === null ? [] : placed(whole, previous)),
    say('response.output_text.delta', { ...part, delta: words }),
    say('response.output_text.done', { ...part, text: words }),
    say('response.output_item.done', { response_id, output_index: 0, item: whole }),
    say('response.done', { response: response(response_id, 'completed', [whole], modality) }),
  ];
}

function toolCall(n: number, previous: string): Step[] {
  const response_id = `resp_${n}`;
  const where = { response_id, item_id: `item_${n}`, output_index: 0, call_id: `call_${n}` };
  const call = {
    ...{ object: 'realtime.item', id: `item_${n}`, type: 'function_call', status: 'completed' },
    ...{ call_id: `call_${n}`, name: 'next_move', arguments: '{"move":"ask:q1"}' },
  };
  return [
    say('response.created', { response: response(response_id, 'in_progress', []) }),
    say('response.output_item.added', { response_id, output_index: 0, item: { ...call, arguments: '' } }),
    say('conversation.item.added', { previous_item_id: previous, item: call }),
    say('response.function_call_arguments.delta', { ...where, delta: '{"move":' }),
    say('response.function_call_arguments.done', { ...where, name: call.name, arguments: call.arguments }),
    say('response.output_item.done', { response_id, output_index: 0, item: call }),
    say('response.done', { response: response(response_id, 'completed', [call]) }),
    act((talk) => {
      const calls = talk.all('calls').flatMap((each) => each.calls);
      for (const { callId } of calls) talk.dialogue.answer(callId, '{"ok":true}', { andContinue: true });
    }),
  ];
}

const transcription = (item_id: string, transcript: string): Step[] => [
  say('conversation.item.input_audio_transcription.delta', { item_id, content_index: 0, delta: 'I was ' }),
  say('conversation.item.input_audio_transcription.completed', {
    ...{ item_id, content_index: 0, transcript, usage: { type: 'duration', seconds: 0.5 } },
  }),
];

const heard = (id: string): Json => message(id, 'user', [{ type: 'input_audio', transcript: null }]);
const error = (
  code: string | null,
  text: string,
  event_id: string | null,
  type = 'invalid_request_error',
): Step => say('error', { error: { type, code, message: text, param: null, event_id } });

/** The speaker plays all that the dialogue gave it. */
const played = act((talk) => {
  const began = talk.all('change').flatMap((change) => (change.type === 'began' ? [change.id] : []));
  for (const turnId of began.slice(-3)) {
    talk.playback.tell({ type: 'started', turnId, at: talk.clock.now() });
    talk.playback.played.set(turnId, 20);
    talk.clock.advance(20);
    talk.playback.tell({ type: 'finished', turnId, at: talk.clock.now() });
  }
  talk.playback.tell({ type: 'silent', at: talk.clock.now() });
});

const passes = (ms: number): Step =>
  act((talk) => {
    talk.clock.advance(ms);
  });

export const conversation: readonly Step[] = [
  say('conversation.created', { conversation: { id: 'conv_1', object: 'realtime.conversation' } }),
  // The opening.
  act(({ dialogue }, tell) => {
    tell(dialogue.say({ reason: 'opening', guidance: () => 'Greet them.' }).outcome);
  }),
  ...spoken(1, 'Hello, and what do you remember?', null),
  played,
  // A turn with the button, answered by a call and then by speech.
  act(({ dialogue }, tell) => {
    dialogue.beginTurn();
    for (let frame = 0; frame < 10; frame++) dialogue.hear(new Int16Array(480));
    tell(dialogue.commitTurn().outcome);
  }),
  say('input_audio_buffer.cleared'),
  say('input_audio_buffer.committed', { item_id: 'item_2', previous_item_id: 'item_1' }),
  ...placed(heard('item_2'), 'item_1'),
  ...toolCall(3, 'item_2'),
  ...transcription('item_2', 'I was there on a Monday.'),
  ...spoken(4, 'Thank you. Who helped you then?', 'item_3'),
  // Interrupted while it is heard.
  act(({ dialogue }, tell) => {
    tell(dialogue.interrupt('participant'));
  }),
  say('conversation.item.truncated', { item_id: 'item_4', content_index: 0, audio_end_ms: 20 }),
  error('response_cancel_not_active', 'Cancellation failed: no active response found', '$event'),
  // Typed, and answered in writing.
  act(({ dialogue }, tell) => {
    dialogue.setMode('text', 'text');
    tell(dialogue.sendText('My colleague did.').outcome);
  }),
  say('session.updated', { session: { type: 'realtime', id: 'sess_1' } }),
  ...placed(message('$item', 'user', [{ type: 'input_text', text: 'My colleague did.' }]), 'item_4'),
  ...written(5, 'Good to know.', '$item'),
  // Work beside the conversation.
  act(({ dialogue }, tell) => {
    tell(dialogue.runAside({ instructions: 'Rate it.', input: 'All of it.' }));
  }),
  ...written(6, '{"depth":3}', null, { conversation_id: null }),
  // Hands-free: the server detects the turn, and a reply fails at its first try.
  act(({ dialogue }) => {
    dialogue.setMode('hands-free', 'voice');
  }),
  say('session.updated', { session: { type: 'realtime', id: 'sess_1' } }),
  say('input_audio_buffer.speech_started', { item_id: 'item_7', audio_start_ms: 900 }),
  act(({ dialogue }) => {
    for (let frame = 0; frame < 5; frame++) dialogue.hear(new Int16Array(480));
  }),
  say('input_audio_buffer.speech_stopped', { item_id: 'item_7', audio_end_ms: 1900 }),
  say('input_audio_buffer.committed', { item_id: 'item_7', previous_item_id: 'item_5' }),
  ...placed(heard('item_7'), 'item_5'),
  say('conversation.item.input_audio_transcription.failed', {
    ...{ item_id: 'item_7', content_index: 0 },
    error: { type: 'transcription_error', code: 'audio_unintelligible', message: 'What?', param: null },
  }),
  say('response.created', { response: response('resp_8', 'in_progress', []) }),
  say('response.done', {
    response: response('resp_8', 'failed', [], {
      status_details: {
        type: 'failed',
        error: { type: 'server_error', code: 'rate_limit_exceeded', message: 'Please try again in 1.5s.' },
      },
    }),
  }),
  passes(2000),
  ...spoken(9, 'Sorry, what was that?', 'item_7'),
  played,
  say('conversation.item.deleted', { item_id: 'item_4' }),
  error(
    'conversation_already_has_active_response',
    'Conversation already has an active response: resp_9',
    '$event',
  ),
  error(null, 'The server had an error while processing your request', null, 'server_error'),
  passes(6000),
  act(({ dialogue }, tell) => {
    tell(dialogue.say({ reason: 'keepalive', whenBusy: 'interrupt' }).outcome);
  }),
  ...spoken(10, 'Are you still there?', 'item_9'),
];
