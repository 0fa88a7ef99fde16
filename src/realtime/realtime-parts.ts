import type { Clock } from '../async/clock.js';
import type { Emitter } from '../async/emitter.js';
import type { DialogueEvents, OpenOptions } from '../dialogue/dialogue.js';
import { silentPlayback, type PlaybackPort } from '../dialogue/playback-port.js';
import { InterviewError } from '../errors.js';
import { BargeIn } from './barge-in.js';
import type { CreateId } from './client-events.js';
import type { EventParts } from './event-router.js';
import { GuidanceItems } from './guidance-items.js';
import { InterviewerTurns } from './interviewer-turns.js';
import { text, wild } from './lock-reading.js';
import { MicrophoneUplink } from './microphone-uplink.js';
import { PriorWords } from './prior-words.js';
import { Replies } from './replies.js';
import { ResponseLock } from './response-lock.js';
import { Responses } from './responses.js';
import { SessionSettings } from './session-settings.js';
import { Toggle } from './toggle.js';
import { ToolCalls } from './tool-calls.js';
import { Transcriptions } from './transcriptions.js';
import { TurnLedger } from './turn-ledger.js';
import { TypedTurns } from './typed-turns.js';
import { VoiceTurns } from './voice-turns.js';
import { Wire } from './wire.js';

export interface PartsContext {
  readonly events: Emitter<DialogueEvents>;
  readonly clock: Clock;
  readonly createId: CreateId;
  /** What the dialogue was opened with; nothing before that. */
  readonly options: () => OpenOptions | undefined;
}

export interface RealtimeParts extends EventParts {
  readonly wire: Wire;
  readonly lock: ResponseLock;
  readonly guidance: GuidanceItems;
  readonly replies: Replies;
  readonly uplink: MicrophoneUplink;
  readonly priorWords: PriorWords;
}

/** Makes the parts of one dialogue and introduces them to each other. */
export function createParts({ events, clock, createId, options }: PartsContext): RealtimeParts {
  const wire = new Wire(createId);
  const responses = new Responses();
  const guidance = new GuidanceItems(createId);
  const playback = (): PlaybackPort => options()?.playback ?? silentPlayback;
  const change = (told: DialogueEvents['change']): void => {
    events.emit('change', told);
  };

  const thinking = new Toggle((isThinking) => {
    events.emit('thinking', { isThinking });
  });
  let isPreparing = false;
  const tellThinking = (): void => {
    thinking.set(isPreparing || lock.status === 'requested' || lock.status === 'active');
  };
  const lock = new ResponseLock({
    clock,
    // Before the texts expire that wait for it.
    silentTimeoutMs: 20_000,
    onChange: tellThinking,
    send: (event) => {
      guidance.pass(event, (outgoing) => {
        wire.send(outgoing);
        // What is refused of it is the lock's affair.
        wire.expect(outgoing.event_id, () => undefined);
        // What still comes of a response that is being cancelled is for nobody.
        const cancelled = text(wild(outgoing)?.response_id);
        if (cancelled !== undefined) responses.cut(cancelled);
        const itemId = text(wild(outgoing)?.item?.id);
        if (itemId !== undefined) typedTurns.itemSent(itemId);
      });
    },
  });
  const hold = (reason: string): (() => void) => lock.hold(reason, { maxMs: Infinity });
  const replies = new Replies({
    lock,
    guidance,
    standingGuidance: () => options()?.guidance(),
    createId,
    isSaid: (responseId) => turns.isSaid(responseId),
    onPreparing: (value) => {
      isPreparing = value;
      tellThinking();
    },
  });

  const ledger = new TurnLedger(change);
  const turns = new InterviewerTurns({
    clock,
    events,
    wire,
    ledger,
    responses,
    createId,
    output: () => settings.output,
    playedMs: (turnId) => playback().playedMs(turnId),
    onPlaying: (isPlaying) => {
      lock.isPlaying = isPlaying;
    },
  });
  const bargeIn = new BargeIn({ clock, events, wire, responses, turns, playback });

  const beforeReply = async (turnId: string): Promise<void> => {
    await bargeIn.settled;
    try {
      await options()?.beforeReply(turnId);
    } catch (cause) {
      // A turn that cannot be recorded is answered all the same.
      const message = 'A turn could not be recorded before its reply';
      events.emit('error', new InterviewError('storage-unavailable', message, { cause }));
    }
  };
  const uplink = new MicrophoneUplink(wire, () => settings.isConfirmed && !settings.isStarting);
  const transcriptions: Transcriptions = new Transcriptions(clock, change, (turnId, words) =>
    voiceTurns.worded(turnId, words),
  );
  const settings = new SessionSettings({
    clock,
    wire,
    hold,
    onRefused: (error) => {
      events.emit('error', error);
    },
  });
  const voiceTurns = new VoiceTurns({
    clock,
    events,
    wire,
    ledger,
    settings,
    uplink,
    transcriptions,
    replies,
    createId,
    hold,
    beforeReply,
    onSpoke: (at) => {
      turns.answering(at);
    },
    interrupted: () => {
      const { open } = turns;
      const isFree = open.length === 0 && lock.status === 'idle' && lock.queued === 0 && !isPreparing;
      return isFree ? undefined : open.map(({ text: words }) => words).join(' ');
    },
    isReplyHeard: () => turns.open.some(({ id }) => playback().playedMs(id) > 0),
    withdrawReply: () => {
      lock.interrupt({ reason: 'withdrawn' });
      bargeIn.cut('host');
    },
  });
  const typedTurns = new TypedTurns({
    clock,
    events,
    ledger,
    replies,
    createId,
    beforeReply,
    onSent: () => {
      turns.answering(undefined);
    },
  });
  const toolCalls = new ToolCalls({
    wire,
    createId,
    onCalls: (calls) => {
      events.emit('calls', calls);
    },
    onContinue: () => {
      replies.ask({ reason: 'tool', response: { tool_choice: 'none' } });
    },
  });

  const priorWords = new PriorWords(wire, ledger, createId);

  return {
    ...{ events, wire, lock, guidance, replies, settings, ledger, responses, turns, bargeIn, uplink },
    ...{ voiceTurns, typedTurns, transcriptions, toolCalls, priorWords },
  };
}
