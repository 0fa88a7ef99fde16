/**
 * What a host needs to test its own page: time that stands still until the test moves it, an interviewer that needs no server, and a
 * model of the Realtime server, with all that can go wrong on the way to it.
 */
export { FakeClock, settle } from './fake-clock.js';
export {
  FakeDialogue,
  wellBehaved,
  type FakeDialogueOptions,
  type FakeMove,
  type FakePrompt,
  type FakeReply,
} from './fake-dialogue.js';
export { MODEL_FAULTS, MODEL_REFUSALS, type ModelFault, type ModelRefusal } from './model-faults.js';
export type { ModelClientEvent, ModelServerEvent } from './model-events.js';
export type { ModelDetection, ModelSpeech, ModelTurn } from './model-hearing.js';
export type { ModelResponse, ModelStatus } from './model-response.js';
export {
  MODEL_ENDS,
  randomScript,
  type ModelEnd,
  type ModelScript,
  type ScriptedResponse,
} from './model-script.js';
export { RealtimeModel, type ModelClient, type ModelConnection } from './realtime-model.js';
export { SeededRandom } from './seeded-random.js';
