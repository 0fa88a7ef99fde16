/**
 * Runs in the page before any of its scripts: a microphone that says what a journey plays into it, an ear on everything the page
 * plays, and a log of what the element tells. It must not refer to anything outside its own body. `hearsLoudspeaker`: what is
 * played is heard by the microphone as well, and nothing takes it out.
 */
export function instrumentPage(isMicrophoneFake: boolean, hearsLoudspeaker: boolean): void {
  /** Chromium's, and not in TypeScript's library yet. */
  interface Frames {
    readonly numberOfFrames: number;
    copyTo(to: Float32Array, options: { planeIndex: number; format: string }): void;
    close(): void;
  }
  const { MediaStreamTrackProcessor } = globalThis as unknown as {
    MediaStreamTrackProcessor: new (options: { track: MediaStreamTrack | undefined }) => {
      readonly readable: ReadableStream<Frames>;
    };
  };
  interface Heard {
    readonly at: number;
    readonly rms: number;
  }
  const heard: Heard[] = [];
  const spans: { last: number; sounding: number; at: number }[] = [];
  const events: Record<string, unknown>[] = [];
  let voice: { context: AudioContext; out: GainNode } | undefined;

  const participant = (): { context: AudioContext; out: GainNode } => {
    if (voice) return voice;
    const context = new AudioContext();
    voice = { context, out: new GainNode(context) };
    return voice;
  };

  if (isMicrophoneFake) {
    navigator.mediaDevices.getUserMedia = async () => {
      const { context, out } = participant();
      await context.resume();
      // Each caller may stop its own stream.
      const destination = context.createMediaStreamDestination();
      out.connect(destination);
      return destination.stream;
    };
  }

  // What is connected to the loudspeaker of a 24 kHz context is the interviewer's voice.
  const listening = new WeakSet<BaseAudioContext>();
  const connect = Reflect.get(AudioNode.prototype, 'connect') as (...args: unknown[]) => unknown;
  /** Every sample that leaves for the loudspeaker is looked at: where sound began and ended, with silence of a second between. */
  const countSamples = async (node: AudioNode, context: AudioContext): Promise<void> => {
    const out = context.createMediaStreamDestination();
    connect.call(node, out);
    const [track] = out.stream.getAudioTracks();
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    let position = 0;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const pcm = new Float32Array(value.numberOfFrames);
      value.copyTo(pcm, { planeIndex: 0, format: 'f32-planar' });
      value.close();
      for (const [at, sample] of pcm.entries()) {
        if (Math.abs(sample) < 1e-5) continue;
        const here = position + at;
        const span = spans.at(-1);
        if (span && here - span.last < context.sampleRate)
          Object.assign(span, { last: here, sounding: span.sounding + 1, at: performance.now() });
        else spans.push({ last: here, sounding: 1, at: performance.now() });
      }
      position += pcm.length;
    }
  };
  const listen = (node: AudioNode): void => {
    const { context } = node;
    if (context.sampleRate !== 24_000 || listening.has(context)) return;
    listening.add(context);
    const analyser = new AnalyserNode(context, { fftSize: 1024 });
    connect.call(node, analyser);
    if (hearsLoudspeaker && context instanceof AudioContext) {
      const echo = context.createMediaStreamDestination();
      connect.call(node, echo);
      const { context: room, out } = participant();
      room.createMediaStreamSource(echo.stream).connect(out);
    }
    if (context instanceof AudioContext) void countSamples(node, context);
    const samples = new Float32Array(analyser.fftSize);
    setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      heard.push({ at: performance.now(), rms: Math.sqrt(sum / samples.length) });
    }, 40);
  };
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode) listen(this);
    return connect.apply(this, args);
  } as typeof AudioNode.prototype.connect;

  const types = ['status', 'activity', 'turn', 'caption', 'coverage', 'assessment', 'error', 'end'];
  for (const type of types) {
    addEventListener(`interview-${type}`, (event) => {
      const { turn, status, activity, reason, error, assessment, coverage } = event as unknown as Record<
        string,
        unknown
      >;
      const told = { turn, status, activity, reason, assessment, coverage };
      const problem = error as { code?: string; message?: string } | undefined;
      events.push({
        type,
        at: performance.now(),
        ...(JSON.parse(JSON.stringify(told)) as object),
        ...(problem && { error: `${problem.code ?? ''}: ${problem.message ?? ''}` }),
      });
    });
  }

  const journey = {
    events,
    heard,
    spans,
    /** Plays 16-bit samples into the microphone; resolves when the last one was said. */
    say: async (pcm: number[], rate: number): Promise<void> => {
      const { context, out } = participant();
      await context.resume();
      const buffer = context.createBuffer(1, pcm.length, rate);
      buffer.copyToChannel(
        Float32Array.from(pcm, (sample) => sample / 32_768),
        0,
      );
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(out);
      await new Promise((resolve) => {
        source.addEventListener('ended', resolve, { once: true });
        source.start();
      });
    },
  };
  Object.assign(globalThis, { journey });
}
