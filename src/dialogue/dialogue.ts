/**
 * What the interview asks of any speech model: intentions, not messages. Each protocol is one folder beside this one that
 * implements `Dialogue`; nothing here or above knows a wire's names.
 */
import type { Emitter } from '../async/emitter.js';
import type { InterviewError } from '../errors.js';
import type { Speaker } from '../turn.js';
import type { PlaybackPort } from './playback-port.js';
import type { TurnChange } from './turn-change.js';

/** How the participant takes a turn. */
export type Mode = 'push-to-talk' | 'hands-free' | 'text';
/** How the interviewer answers. */
export type Output = 'voice' | 'text';
/** How the end of a turn is known hands-free: by a pause, or by what was said, where the model can judge that. */
export type TurnDetection = 'silence' | 'semantic';

/** What this dialogue can do: data, so that nobody asks which one it is. */
export interface DialogueCapabilities {
  /** It can answer in writing. */
  readonly textOutput: boolean;
  /** It can be made to call one tool. Without it the opening is said at once, with its guidance. */
  readonly forcesTools: boolean;
  /** It can run work beside the conversation (`runAside`). */
  readonly aside: boolean;
  /** How well it knows what was heard of an interrupted turn. */
  readonly heard: 'exact' | 'estimate';
  /** What it takes in and gives out: frames of PCM16 at 24 kHz mono, or a media track of its own. */
  readonly wants: 'frames' | 'track';
}

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** One earlier turn, as the model is told of it: for an interrupted interviewer only the words that were heard. */
export interface HistoryTurn {
  readonly id: string;
  readonly speaker: Speaker;
  readonly text: string;
}

export interface OpenOptions {
  readonly instructions: string;
  readonly tools: readonly ToolDefinition[];
  /** Turns of an earlier connection or page, oldest first. */
  readonly history: readonly HistoryTurn[];
  readonly mode: Mode;
  readonly output: Output;
  /** Default `silence`. */
  readonly turnDetection?: TurnDetection;
  /** BCP 47. */
  readonly language: string;
  readonly voice?: string;
  readonly model?: string;
  readonly playback: PlaybackPort;
  /** Asked at the moment a reply is really requested, just before it. `undefined`: no guidance for this one. */
  readonly guidance: () => string | undefined;
  /** Awaited before a reply to this turn is asked for: its record goes to storage first. Must settle soon. */
  readonly beforeReply: (turnId: string) => Promise<void>;
  /** Gives the turns so far when a lost connection is replaced. */
  readonly resume: () => readonly HistoryTurn[];
  readonly signal?: AbortSignal;
}

export type ReplyStatus =
  | 'completed'
  | 'incomplete'
  | 'cancelled'
  | 'failed'
  | 'skipped'
  | 'expired'
  | 'aborted'
  | 'disconnected'
  | 'lost';

export interface ReplyOutcome {
  readonly status: ReplyStatus;
  readonly error?: InterviewError;
}

/** A request for one reply of the interviewer. `outcome` always resolves, exactly once. */
export interface ReplyTicket {
  readonly id: string;
  readonly outcome: Promise<ReplyOutcome>;
}

export interface SayOptions {
  readonly reason: 'opening' | 'assessment' | 'keepalive' | 'continue';
  /** Takes the place of the standing guidance for this reply. */
  readonly guidance?: () => string | undefined;
  /** Makes the reply a call of this tool and nothing else; only where `forcesTools` says so. */
  readonly forceTool?: string;
  readonly whenBusy?: 'wait' | 'skip' | 'interrupt';
  readonly timeToLiveMs?: number;
  readonly signal?: AbortSignal;
}

export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** Parsed JSON; a text that is no JSON stays a string. Not validated. */
  readonly arguments: unknown;
}

export interface AsideOptions {
  readonly instructions: string;
  readonly input: string;
  /** Default 1024. */
  readonly maxTokens?: number;
  readonly signal?: AbortSignal;
}

/** Text and sound tokens and what they were for; all numbers are of one reply, or of one transcription. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly inputAudioTokens: number;
  readonly outputAudioTokens: number;
  readonly cachedTokens: number;
  /** Those of `cachedTokens` that are sound. */
  readonly cachedAudioTokens: number;
  /** The participant's speech that was turned into text beside the replies. */
  readonly transcribedSeconds: number;
}

export type DialogueStatus = 'closed' | 'connecting' | 'open' | 'reconnecting';

export interface DialogueEvents {
  change: TurnChange;
  /** Sound of one of the interviewer's turns: PCM16, 24 kHz, mono. The listener may keep the array. */
  speech: { readonly turnId: string; readonly pcm: Int16Array<ArrayBuffer> };
  /** No more sound of this turn will come. */
  'speech-end': { readonly turnId: string };
  /**
   * An interviewer's turn is over for the participant: played to its end, cut short, or (in writing) complete. `heardShare` is
   * 0…1; `text` is what was generated.
   */
  spoken: { readonly turnId: string; readonly text: string; readonly heardShare: number };
  /** All calls of one reply, once it is complete. Each wants an `answer`. `spoke`: whether the same reply also said something. */
  calls: { readonly calls: readonly ToolCall[]; readonly spoke: boolean; readonly turnId?: string };
  /** A participant's turn was taken in (its words may still be on their way). */
  heard: { readonly turnId: string };
  /** What had been taken for the participant was the interviewer's own voice, from the loudspeaker: that turn is removed. */
  echo: { readonly turnId: string };
  /** Whether the model is at work on a reply. */
  thinking: { readonly isThinking: boolean };
  /** Whether the participant's voice is being taken in: the talk button, or detected speech. */
  hearing: { readonly isHearing: boolean };
  /** `since`, of a loss: when it began, by the clock; it may have taken a while to notice. */
  status: { readonly status: DialogueStatus; readonly previous: DialogueStatus; readonly since?: number };
  /** The connection is lost, and the next try for another is in so many milliseconds; `undefined`: that wait is over. */
  retry: { readonly inMs: number | undefined };
  /** `model`: as the server names it. */
  usage: Usage & { readonly model?: string };
  /** Something failed that the participant or the host should know of. The dialogue goes on unless its status says otherwise. */
  error: InterviewError;
}

export interface Dialogue {
  readonly capabilities: DialogueCapabilities;
  readonly events: Emitter<DialogueEvents>;
  readonly status: DialogueStatus;

  /**
   * Resolves when the interviewer may speak. Rejects with an `InterviewError`, or with the signal's reason. After that the
   * dialogue looks after its connection itself.
   */
  open(options: OpenOptions): Promise<void>;
  /** Asks the interviewer to speak without a turn of the participant. */
  say(options: SayOptions): ReplyTicket;
  /** Puts words into the conversation that nobody says: what happened, for the model to know. Asks for no reply. */
  inject(text: string): void;
  /** Silences the interviewer, cancels what is being generated, and keeps what was heard. Asks for nothing. */
  interrupt(by: 'participant' | 'host'): Promise<void>;
  /** Push-to-talk pressed: the interviewer stops, sound is taken in from now on. */
  beginTurn(): void;
  /** One frame of the participant's sound: PCM16, 24 kHz, mono. Ignored while no turn is open (push-to-talk). */
  hear(frame: Int16Array): void;
  /** Push-to-talk released, the last frames are in: asks for one reply. */
  commitTurn(): ReplyTicket;
  /** The press was a mistake: nothing of it remains. */
  discardTurn(): void;
  /** A typed turn. It waits for its turn to be answered; `expired` and `aborted` tickets left nothing in the conversation. */
  sendText(
    text: string,
    options?: { readonly timeToLiveMs?: number; readonly signal?: AbortSignal },
  ): ReplyTicket;
  /** The result of a call. With `andContinue` the reply goes on once every call of it is answered. Late answers are ignored. */
  answer(callId: string, output: string, options: { readonly andContinue: boolean }): void;
  /** Work beside the conversation; resolves with the model's text. Rejects with an `InterviewError` or the signal's reason. */
  runAside(options: AsideOptions): Promise<string>;
  /** May change at any time while open; applies from the next turn, and drops a turn that is being spoken. */
  setMode(mode: Mode, output: Output): void;
  /** Holds every reply back (`pause`); the returned function lets them go. */
  hold(reason: string): () => void;
  /**
   * Nobody will speak for a good while: the connection may be given up (the status is then `reconnecting`). The returned function
   * wants one again. Left out where there is none to give up.
   */
  rest?(): () => void;
  /** Ends the wait that `retry` told of. Quiet where nobody waits; left out where nobody ever does. */
  retryNow?(): void;
  /** Ends the connection. Every ticket settles. Closing twice is quiet. */
  close(): Promise<void>;
}
