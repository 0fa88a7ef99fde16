// The ONNX runtime as every model here uses it. It blocks the thread that it runs on: only worker threads import this.
import * as ort from 'onnxruntime-web';

// One: with two threads these small models take three times as long.
ort.env.wasm.numThreads = 1;

const ERRORS_ONLY = 3;

/** Takes the bytes, not a path: the runtime would fetch a path. */
export function loadModel(bytes: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, { logSeverityLevel: ERRORS_ONLY });
}

export { ort };
