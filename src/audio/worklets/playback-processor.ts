import { PlaybackQueue } from '../playback-queue.js';
import { unreachable } from '../../async/state-table.js';
import type { PlaybackCommand, PlaybackReport } from '../worklet-messages.js';

/** From the main thread to the loudspeaker. Runs in a context of 24 kHz, so that what is counted are the model's own samples. */
export class PlaybackProcessor extends AudioWorkletProcessor implements AudioWorkletProcessorImpl {
  #isClosed = false;
  #frame = 0;
  // postMessage copies before it returns, so one message serves every report.
  readonly #progress: Extract<PlaybackReport, { type: 'progress' }> = {
    type: 'progress',
    turnId: '',
    samples: 0,
    rms: 0.5,
  };
  readonly #queue = new PlaybackQueue({
    started: (turnId, frame) => {
      this.#tell({ type: 'started', turnId, frame });
    },
    progress: (turnId, samples, rms) => {
      this.#progress.turnId = turnId;
      this.#progress.samples = samples;
      this.#progress.rms = rms;
      this.#tell(this.#progress);
    },
    finished: (turnId, samples, frame) => {
      this.#tell({ type: 'finished', turnId, samples, frame });
    },
  });

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PlaybackCommand>) => {
      this.#obey(data);
    };
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (output) {
      // Chromium now and then leaves `currentFrame` as it was for a quantum, when the main thread holds its lock.
      this.#frame = Math.max(currentFrame, this.#frame);
      this.#queue.render(output, this.#frame);
      this.#frame += output.length;
    }
    return !this.#isClosed;
  }

  #obey(command: PlaybackCommand): void {
    switch (command.type) {
      case 'play':
        this.#queue.push(command.turnId, command.pcm);
        break;
      case 'end':
        this.#queue.end(command.turnId);
        break;
      case 'flush':
        this.#tell({ type: 'flushed', id: command.id, played: this.#queue.flush() });
        break;
      case 'close':
        this.#isClosed = true;
        break;
      default:
        unreachable(command);
    }
  }

  #tell(report: PlaybackReport): void {
    this.port.postMessage(report);
  }
}
