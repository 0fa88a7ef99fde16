/** Each contender joined to a socket as its own documentation joins it, with sound in both directions. */
import { Conversation } from '@elevenlabs/client';
import { WavRecorder, WavStreamPlayer } from 'wavtools';
import { AudioGate } from '../../../src/audio/audio-gate.js';
import { Microphone } from '../../../src/audio/microphone.js';
import { Speaker } from '../../../src/audio/speaker.js';
import { fromBase64, toBase64 } from '../../../src/realtime/pcm-base64.js';
import { RealtimeDialogue } from '../../../src/realtime/realtime-dialogue.js';
import { TimedSocket } from '../browser/timed-socket.js';
import { TappedContext } from './tapped-context.js';

export type Contender = 'ours' | 'wavtools' | '@elevenlabs/client';

export interface Interruption {
  /** When it was asked for, on the time of the context that plays. */
  readonly atSeconds: number;
  /** What the library says was played of what it was given; `undefined` where it does not say. */
  readonly samples: number | undefined;
}

export interface Rig {
  /** Which field of what it sends holds sound: PCM16 at 24 kHz in base64. */
  readonly soundField: string;
  readonly speak: () => void;
  readonly interrupt: () => Promise<Interruption>;
}

const REALTIME = `ws://${location.host}/v1/realtime?model=gpt-realtime-2.1`;

const now = (): number => TappedContext.playing?.currentTime ?? NaN;

export const RIGS: Readonly<Record<Contender, () => Promise<Rig>>> = {
  ours: async () => {
    const gate = new AudioGate();
    gate.unlock();
    const speaker = new Speaker({ gate });
    const microphone = new Microphone({ gate });
    await speaker.open();
    const dialogue = new RealtimeDialogue({
      tokenSource: () => Promise.resolve({ value: 'ek_bench', expires_at: 2_000_000_000 }),
      realtimeUrl: REALTIME,
      webSocket: TimedSocket,
    });
    let turn = '';
    dialogue.events.on('speech', ({ turnId, pcm }) => {
      turn = turnId;
      speaker.play(turnId, pcm);
    });
    dialogue.events.on('speech-end', ({ turnId }) => {
      speaker.end(turnId);
    });
    microphone.on('frame', ({ pcm }) => {
      dialogue.hear(pcm);
    });
    await dialogue.open({
      ...{ instructions: 'You lead an interview.', tools: [], history: [], language: 'en' },
      ...{ mode: 'hands-free', output: 'voice', playback: speaker },
      guidance: () => undefined,
      beforeReply: () => Promise.resolve(),
      resume: () => [],
    });
    await microphone.open();
    return {
      soundField: 'audio',
      speak: () => {
        dialogue.say({ reason: 'assessment' });
      },
      interrupt: async () => {
        const atSeconds = now();
        await dialogue.interrupt('participant');
        return { atSeconds, samples: Math.round(speaker.playedMs(turn) * 24) };
      },
    };
  },

  // It has no wire of its own: its sound is carried as in the provider's console that it was made for.
  wavtools: async () => {
    const player = new WavStreamPlayer({ sampleRate: 24_000 });
    await player.connect();
    const recorder = new WavRecorder({ sampleRate: 24_000 });
    await recorder.begin();
    const socket = new TimedSocket(REALTIME);
    await new Promise((resolve) => {
      socket.addEventListener('open', resolve);
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as { type: string; item_id: string; delta: string };
      if (event.type === 'response.output_audio.delta')
        player.add16BitPCM(fromBase64(event.delta), event.item_id);
    });
    await recorder.record(({ mono }) => {
      // Its types say that this is an Int16Array; it is that array's buffer.
      const audio = toBase64(new Int16Array(mono as unknown as ArrayBuffer));
      socket.send(JSON.stringify({ type: 'input_audio_buffer.append', audio }));
    });
    return {
      soundField: 'audio',
      speak: () => {
        socket.send(JSON.stringify({ type: 'response.create' }));
      },
      interrupt: async () => {
        const atSeconds = now();
        // Its types forget the promise.
        const { offset } = await Promise.resolve(player.interrupt());
        return { atSeconds, samples: offset };
      },
    };
  },

  '@elevenlabs/client': async () => {
    globalThis.WebSocket = TimedSocket;
    const conversation = await Conversation.startSession({
      signedUrl: `ws://${location.host}/convai?bench=1`,
      connectionType: 'websocket',
      useWakeLock: false,
      connectionDelay: { default: 0 },
    });
    return {
      soundField: 'user_audio_chunk',
      speak: () => {
        conversation.sendUserMessage('Go on.');
      },
      // It is the server that interrupts: what counts begins when that has arrived.
      interrupt: () =>
        new Promise((resolve) => {
          TimedSocket.onArrival = (text) => {
            if (text.startsWith('{"type":"interruption"')) resolve({ atSeconds: now(), samples: undefined });
          };
          conversation.sendUserMessage('stop');
        }),
    };
  },
};
