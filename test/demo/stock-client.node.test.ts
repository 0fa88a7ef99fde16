import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { startDemo } from '../../demo/server/demo.js';
import type { Demo } from '../../demo/server/demo.js';
import { FakeSpeech } from './fake-speech.js';

describe('The provider’s own client', () => {
  let demo: Demo;
  before(async () => {
    demo = await startDemo({ port: 0, speech: new FakeSpeech(), pace: Infinity });
  });
  after(() => demo.close());

  it('gets a secret, holds a conversation and meets no error', async () => {
    const openai = new OpenAI({ apiKey: 'sk-any', baseURL: `${demo.url}/v1` });
    const { value } = await openai.realtime.clientSecrets.create({
      expires_after: { anchor: 'created_at', seconds: 60 },
      session: { type: 'realtime', model: 'gpt-realtime-2.1', audio: { output: { voice: 'marin' } } },
    });
    const { hostname, port } = new URL(demo.url);
    const realtime = new OpenAIRealtimeWS(
      {
        model: 'gpt-realtime-2.1',
        // It always asks for TLS, which a server on loopback has no use for: the plain socket takes its place.
        options: { createConnection: () => connect({ host: hostname, port: Number(port) }) },
      },
      new OpenAI({ apiKey: value, baseURL: `${demo.url}/v1` }),
    );
    const said = await new Promise<string[]>((resolve, reject) => {
      const transcripts: string[] = [];
      realtime.on('error', reject);
      realtime.on('session.created', () => {
        realtime.send({
          type: 'session.update',
          session: { type: 'realtime', audio: { input: { turn_detection: null } } },
        });
      });
      realtime.on('session.updated', () => {
        realtime.send({ type: 'response.create' });
      });
      realtime.on('response.output_audio_transcript.done', ({ transcript }) => transcripts.push(transcript));
      realtime.on('response.done', () => {
        if (transcripts.length === 2) {
          resolve(transcripts);
          return;
        }
        realtime.send({
          type: 'conversation.item.create',
          item: {
            type: 'message',
            role: 'user',
            content: [{ type: 'input_text', text: 'We sailed to the island.' }],
          },
        });
        realtime.send({ type: 'response.create' });
      });
    });
    realtime.close();
    assert.match(said[0] ?? '', /^Hello/);
    assert.match(said[1] ?? '', /“We sailed to the island”/);
  });
});
