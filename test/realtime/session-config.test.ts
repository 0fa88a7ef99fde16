import { expect } from '@open-wc/testing';
import { modeConfig, pauseConfig, sessionConfig } from '../../src/realtime/session-config.js';

const CHOICES = {
  instructions: 'x',
  tools: [],
  mode: 'push-to-talk',
  turnDetection: 'silence',
  pauseMs: 900,
  output: 'voice',
  language: 'de-CH',
} as const;

describe('the configuration of a session', () => {
  it('lets the server detect speech in hands-free mode only, and never answer by itself', () => {
    expect(sessionConfig(CHOICES).audio?.input?.turn_detection).to.equal(null);
    expect(sessionConfig({ ...CHOICES, mode: 'text' }).audio?.input?.turn_detection).to.equal(null);
    expect(sessionConfig({ ...CHOICES, mode: 'hands-free' }).audio?.input?.turn_detection).to.deep.equal({
      type: 'server_vad',
      silence_duration_ms: 900,
      create_response: false,
      interrupt_response: true,
      idle_timeout_ms: null,
    });
  });

  it('lets the model judge the end of a turn where the page wants that, and be patient', () => {
    const semantic = { ...CHOICES, mode: 'hands-free', turnDetection: 'semantic' } as const;
    const expected = {
      type: 'semantic_vad',
      eagerness: 'low',
      create_response: false,
      interrupt_response: true,
    };
    expect(sessionConfig(semantic).audio?.input?.turn_detection).to.deep.equal(expected);
    expect(modeConfig(semantic, 'voice').audio?.input?.turn_detection).to.deep.equal(expected);
    expect(modeConfig({ ...semantic, mode: 'push-to-talk' }, 'voice').audio?.input?.turn_detection).to.equal(
      null,
    );
  });

  it('changes the pause that ends a turn, and nothing else', () => {
    expect(pauseConfig({ ...CHOICES, mode: 'hands-free', pauseMs: 2500 })).to.deep.equal({
      type: 'realtime',
      audio: {
        input: {
          turn_detection: {
            type: 'server_vad',
            silence_duration_ms: 2500,
            create_response: false,
            interrupt_response: true,
            idle_timeout_ms: null,
          },
        },
      },
    });
  });

  it('names the tools and the language of what is heard', () => {
    const parameters = { type: 'object' };
    const tools = [{ name: 'a', description: 'b', parameters, run: () => 1 }];
    const config = sessionConfig({ ...CHOICES, tools });
    expect(config.tools).to.deep.equal([{ type: 'function', name: 'a', description: 'b', parameters }]);
    expect(config.audio?.input?.transcription?.language).to.equal('de');
  });

  it('leaves model and voice to the token where the page chose none', () => {
    const config = sessionConfig(CHOICES);
    expect(config).to.not.have.property('model');
    expect(config.audio?.output).to.not.have.property('voice');
  });

  it('changes with the mode what has to change, and never the voice', () => {
    expect(modeConfig({ ...CHOICES, mode: 'text' }, 'text')).to.deep.equal({
      type: 'realtime',
      output_modalities: ['text'],
      audio: { input: { turn_detection: null } },
    });
  });
});
