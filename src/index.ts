/** Everything an application may import. Importing it does nothing, also in Node. */
export { systemClock, type Clock } from './async/clock.js';
export type {
  AsideOptions,
  Dialogue,
  DialogueCapabilities,
  DialogueEvents,
  DialogueStatus,
  HistoryTurn,
  Mode,
  OpenOptions,
  Output,
  ReplyOutcome,
  ReplyStatus,
  ReplyTicket,
  SayOptions,
  ToolCall,
  ToolDefinition,
  Usage,
} from './dialogue/dialogue.js';
export type { PlaybackEvent, PlaybackPort } from './dialogue/playback-port.js';
export type { TurnChange } from './dialogue/turn-change.js';
export { InterviewError, type InterviewErrorCode, type InterviewErrorOptions } from './errors.js';
export type { Assessment, DimensionScore } from './interview/assessment-types.js';
export type { Coverage, QuestionCoverage, QuestionStatus, SectionCoverage } from './interview/coverage.js';
export { parseGuide, type Guide, type LocalGuide } from './interview/guide.js';
export type {
  LockCounts,
  LockEvent,
  LockOptions,
  LockRequest,
  LockStatus,
  OutcomeStatus,
  OutgoingEvent,
  RequestReason,
  ResponseOutcome,
  ResponseTicket,
} from './realtime/lock-types.js';
export { ResponseLock } from './realtime/response-lock.js';
export { InterviewSession, type MicrophoneState } from './session.js';
export type { ModelPrice } from './session/model-prices.js';
export * from './session/session-events.js';
export type * from './session/session-options.js';
export type { SessionUsage } from './session/session-usage.js';
export type { DeliveryState } from './transcript/delivery.js';
export type { TranscriptMessage } from './transcript/delivery-message.js';
export type { InterviewRecord, StoredInterview, TranscriptStore } from './transcript/transcript-store.js';
export type { LinkedTurn, Speaker, Turn } from './turn.js';
export { AiInterviewElement } from './ui/ai-interview-element.js';
