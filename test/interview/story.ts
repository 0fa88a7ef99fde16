import type { LocalGuide } from '../../src/interview/guide.js';
import { movesOf, type Circumstances } from '../../src/interview/moves.js';
import type { Progress } from '../../src/interview/progress-state.js';
import { progressOf, type MarkedTurn } from '../../src/interview/progress.js';

/**
 * A conversation as one writes it down. `ask:q1` is the interviewer, `> …` the participant; behind it may stand `(unheard)`,
 * `(cut)` (by the participant), `(failed)`, `(skip)`, `(stop)`, and `@12` for the minute.
 */
export function turnsOf(lines: readonly string[]): MarkedTurn[] {
  let minute = 0;
  return lines.map((line): MarkedTurn => {
    minute = Number(/@([\d.]+)/.exec(line)?.[1] ?? minute);
    const has = (word: string): boolean => line.includes(`(${word})`);
    const startedAtMs = minute * 60_000;
    if (line.startsWith('>')) {
      const text = has('failed')
        ? ''
        : line
            .slice(1)
            .replace(/[@(].*/, '')
            .trim();
      return {
        speaker: 'participant',
        status: has('failed') ? 'failed' : 'final',
        text,
        startedAtMs,
        ...(has('skip') && { act: 'skip' }),
        ...(has('stop') && { act: 'stop' }),
      };
    }
    const [act = '', questionId, probeId] = (line.split(' ')[0] ?? '').split(':');
    return {
      speaker: 'interviewer',
      status: 'final',
      text: has('told') ? 'I see.' : 'What then?',
      startedAtMs,
      act,
      ...(questionId && { questionId }),
      ...(probeId && { probeId }),
      ...(has('unheard') && { unheard: true }),
      ...(has('cut') && { interruptedBy: 'participant' as const }),
      ...(has('paused') && { interruptedBy: 'host' as const }),
    };
  });
}

export function progressAfter(guide: LocalGuide, lines: readonly string[]): Progress {
  return progressOf(guide, turnsOf(lines));
}

/** The ids of the legal moves, in their order; `[…]` when all of them are to be made. */
export function legalAfter(
  guide: LocalGuide,
  lines: readonly string[],
  { minute = 0, summary = 'own-words' }: { minute?: number; summary?: Circumstances['summary'] } = {},
): string {
  const { make, moves } = movesOf(progressAfter(guide, lines), { elapsedMs: minute * 60_000, summary });
  const ids = moves.map(({ id }) => id).join(' ');
  return make === 'all' ? `[${ids}]` : ids;
}
