import assert from 'node:assert/strict';
import type { Turn } from '../../../src/turn.js';
import { isAtRest, turnsOf } from './at-rest.js';
import type { InterviewPage, Told } from './interview-page.js';
import type { WireEvent } from './wire-log.js';

export const spoken = (turns: readonly Turn[]): readonly Turn[] =>
  turns.filter(({ speaker }) => speaker === 'participant');

export const wordsOf = (turns: readonly Turn[]): string => turns.map(({ text }) => text).join(' ');

/** So many answers are in words, and the interviewer said something to its end after the last. */
export function isAnswered(events: readonly Told[], answers: number): boolean {
  return isAtRest(events) && turnsOf(events, 'participant').length >= answers;
}

/** Only the server ended turns, and each was answered once at most: together with the next, or by itself. */
export function assertOneReplyEach(interview: InterviewPage, turns: readonly Turn[]): void {
  const { wire } = interview;
  assertQuietWire(interview);
  const committed = wire.of('input_audio_buffer.committed');
  assert.equal(committed.length, spoken(turns).length);
  for (const [index, { at }] of committed.entries()) {
    const until = committed[index + 1]?.at ?? Infinity;
    const completed = wire
      .of('response.done')
      .filter((done) => done.at > at && done.at < until && done.response?.status === 'completed');
    assert.ok(completed.length <= 1, `at most one whole reply to turn ${String(index + 1)}`);
  }
  const speakers = turns.map(({ speaker }) => speaker).join(' ');
  assert.ok(
    !speakers.includes('interviewer interviewer'),
    `one reply to what was said together: ${speakers}`,
  );
}

/** The server detects turns and answers none by itself, one response at a time, and nothing went wrong. */
export function assertQuietWire({ wire, problems }: InterviewPage): void {
  const detection = wire
    .of('session.update')
    .map(({ session }) => session?.audio?.input?.turn_detection)
    .filter((each) => each !== undefined);
  assert.ok(detection.length > 0);
  assert.ok(
    detection.every((each) => each?.create_response === false),
    'the server answers nothing by itself',
  );
  assert.deepEqual(
    wire.of('input_audio_buffer.commit').filter(({ from }) => from === 'page'),
    [],
    'only the server decides where a turn ends',
  );
  assert.equal(wire.mostAtOnce, 1);
  assert.deepEqual(wire.open, [], 'every response came to its end');
  assert.deepEqual(wire.of('error').map(errorOf), []);
  assert.deepEqual(problems, []);
}

const errorOf = ({ error }: WireEvent): string => `${error?.code ?? ''}: ${error?.message ?? ''}`;
