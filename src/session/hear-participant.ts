import type { Clock } from '../async/clock.js';
import type { Dialogue, Mode } from '../dialogue/dialogue.js';
import { InterviewError } from '../errors.js';
import { HalfDuplex } from './half-duplex.js';
import { undoAll } from './joins.js';
import type { SessionSound } from './session-sound.js';
import type { TalkButton } from './talk-button.js';

/** Once is chance. */
const MOST_ECHOES = 2;
/** Longer than any pause after which a detected turn is taken to be over. */
const SILENCE = new Int16Array(4 * 24_000);

export interface HearingParts {
  readonly sound: SessionSound;
  readonly dialogue: Dialogue;
  readonly talk: TalkButton;
  readonly clock: Clock;
  readonly mode: () => Mode;
  readonly isPaused: () => boolean;
  /** Whether the interviewer is interrupted by a voice, where the browser can tell the two apart. */
  readonly mayBargeIn: boolean;
  readonly tell: (error: InterviewError) => void;
}

/** What the participant says goes where it belongs: to the talk button, or to a dialogue that detects turns. Returns its undoing. */
export function hearParticipant(parts: HearingParts): () => void {
  const { sound, dialogue, talk, clock, mode, isPaused, mayBargeIn, tell } = parts;
  const halfDuplex = new HalfDuplex(clock);
  let echoes = 0;
  return undoAll([
    sound.watch((event) => {
      halfDuplex.watch(event);
    }),
    sound.events.on('frame', (frame) => {
      if (mode() === 'push-to-talk') talk.hear(frame);
      else if (mode() === 'hands-free' && !isPaused()) {
        const mayInterrupt = mayBargeIn && !sound.hasEcho && echoes < MOST_ECHOES;
        dialogue.hear(mayInterrupt ? frame : halfDuplex.pass(frame));
      }
    }),
    dialogue.events.on('echo', () => {
      if (++echoes !== MOST_ECHOES) return;
      const message = 'The microphone hears the loudspeaker: from now on hands-free is half duplex';
      tell(new InterviewError('microphone-echo', message));
    }),
    sound.events.on('lost', (error) => {
      // What was said until now was said.
      void talk.release();
      fallSilent(dialogue, mode());
      tell(error);
    }),
  ]);
}

/** No more sound will come: what is being said hands-free ends here, as if the participant had come to the end of it. */
export function fallSilent(dialogue: Dialogue, mode: Mode): void {
  if (mode === 'hands-free') dialogue.hear(SILENCE);
}
