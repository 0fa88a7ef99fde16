/** Joins of two or three parts. Each returns its own undoing. */
import type { Dialogue } from '../dialogue/dialogue.js';
import { floorOf, foldFloor, openFloor, type Floor, type FloorFact } from '../dialogue/floor.js';
import type { PlaybackPort } from '../dialogue/playback-port.js';
import type { TurnChange } from '../dialogue/turn-change.js';
import { foldTurn, type TurnFold } from '../dialogue/turn-fold.js';
import type { Delivery } from '../transcript/delivery.js';
import type { Transcript } from '../transcript/transcript.js';

type Undo = () => void;

/** Undoes several joins, the last first. */
export function undoAll(joins: readonly Undo[]): Undo {
  return () => {
    for (const undo of [...joins].reverse()) undo();
  };
}

/** What the dialogue tells of its turns becomes the transcript. */
export function recordTurns(
  dialogue: Dialogue,
  transcript: Transcript,
  toInterviewMs: (at: number) => number,
): Undo {
  const folds = new Map<string, TurnFold | 'removed'>();
  return dialogue.events.on('change', (change) => {
    const known = folds.get(change.id);
    const next = foldTurn(known, change, toInterviewMs);
    if (next === undefined || next === known) return;
    folds.set(change.id, next);
    if (next === 'removed') transcript.remove(change.id);
    else transcript.put(next.turn);
  });
}

/** What was said goes to the host, once its delivery has arrived: what was said until then is in the transcript. */
export function deliver(transcript: Transcript, delivery: Promise<Delivery> | undefined): Undo {
  let isOver = false;
  let undo: Undo = () => undefined;
  delivery?.then(
    (arrived) => {
      undo = arrived.follow(transcript);
      if (isOver) undo();
    },
    // It could not be loaded: the transcript is stored, and goes out when the interview is next opened.
    () => undefined,
  );
  return () => {
    isOver = true;
    undo();
  };
}

export interface Voice {
  play(turnId: string, pcm: Int16Array<ArrayBuffer>): void;
  end(turnId: string): void;
}

/** What the interviewer says is played. */
export function playSpeech(dialogue: Dialogue, speaker: Voice): Undo {
  return undoAll([
    dialogue.events.on('speech', ({ turnId, pcm }) => {
      speaker.play(turnId, pcm);
    }),
    dialogue.events.on('speech-end', ({ turnId }) => {
      speaker.end(turnId);
    }),
  ]);
}

/** The changes after which no more words of a written turn appear. */
const WRITTEN: ReadonlySet<TurnChange['type']> = new Set(['final', 'failed', 'interrupted', 'removed']);

/** Tells who has the floor, whenever that changes. */
export function followFloor(
  dialogue: Dialogue,
  playback: PlaybackPort,
  onFloor: (floor: Floor) => void,
): Undo {
  let facts = openFloor;
  let floor = floorOf(facts);
  const writing = new Set<string>();
  const learn = (fact: FloorFact): void => {
    facts = foldFloor(facts, fact);
    const next = floorOf(facts);
    if (next === floor) return;
    floor = next;
    onFloor(floor);
  };
  const follow = [
    dialogue.events.on('hearing', ({ isHearing }) => {
      learn({ type: 'hearing', isHearing });
    }),
    dialogue.events.on('thinking', ({ isThinking }) => {
      learn({ type: 'thinking', isThinking });
    }),
    dialogue.events.on('speech-end', ({ turnId }) => {
      learn({ type: 'speech-end', turnId });
    }),
    dialogue.events.on('change', (change) => {
      if (change.type === 'began') {
        if (change.speaker !== 'interviewer' || change.medium !== 'text') return;
        writing.add(change.id);
      } else if (!WRITTEN.has(change.type) || !writing.delete(change.id)) return;
      learn({ type: 'writing', isWriting: writing.size > 0 });
    }),
    playback.watch(learn),
  ];
  return undoAll(follow);
}
