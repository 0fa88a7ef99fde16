import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { InterviewError } from '../../src/errors.js';
import { settle } from '../../src/testing/fake-clock.js';
import { Talk } from '../support/realtime-talk.js';
import type { Json, Sent } from '../support/scripted-socket.js';
import { conversation, type Step, type Tell } from './conversation.js';
import { Escapes } from './escapes.js';
import { mutated, mutation, textOf, type Mutation } from './mutations.js';

const EVENTS = 10_000;
const RUNS = 650;

const EVENT_STEPS = conversation.flatMap((step, at) => ('say' in step ? [at] : []));
const ACTED_ON = new Set([
  ...['session.created', 'session.updated', 'error'],
  ...['added', 'done', 'deleted'].map((what) => `conversation.item.${what}`),
  ...['delta', 'completed', 'failed'].map((what) => `conversation.item.input_audio_transcription.${what}`),
  ...['committed', 'speech_started', 'speech_stopped'].map((what) => `input_audio_buffer.${what}`),
  ...['created', 'done', 'output_item.added', 'output_item.done'].map((what) => `response.${what}`),
  ...['delta', 'done']
    .flatMap((what) => [`output_text.${what}`, `output_audio_transcript.${what}`])
    .map((what) => `response.${what}`),
  'response.output_audio.delta',
]);

/** What becomes of one event of the recording on its way. */
type Fate =
  | { readonly to: 'fields'; readonly mutations: readonly Mutation[] }
  | { readonly to: 'lost' | 'doubled' | 'no text' | 'no object' }
  | { readonly to: 'late'; readonly by: number }
  | { readonly to: 'cut'; readonly after: number };

const fate: fc.Arbitrary<Fate> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      to: fc.constant('fields' as const),
      mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ to: fc.constantFrom('lost', 'doubled', 'no text', 'no object') }) },
  {
    weight: 1,
    arbitrary: fc.record({ to: fc.constant('late' as const), by: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.record({ to: fc.constant('cut' as const), after: fc.nat(300) }) },
);

const journeys = fc.record({
  fates: fc.array(fc.tuple(fc.nat(EVENT_STEPS.length - 1), fate), { maxLength: 50, size: 'max' }),
  /** The connection goes after so many steps. */
  lostAfter: fc.option(fc.nat(conversation.length - 1)),
});

/** A frame as the socket gives it; `undefined` is an act of the page. */
type Frame = { readonly raw: (talk: Talk, sent: Memory) => unknown } | Extract<Step, { act: unknown }>;

/** What the page sent last, for the events that answer it. */
class Memory {
  readonly #values = new Map<string, unknown>();

  look(unread: Sent[]): void {
    for (const sent of unread.splice(0)) {
      this.#values.set('$event', sent.event_id);
      const part = (sent['response'] ?? sent['item']) as Json | undefined;
      if (sent.type === 'response.create') this.#values.set('$metadata', part?.['metadata']);
      if (sent.type === 'conversation.item.create') this.#values.set('$item', part?.['id']);
    }
  }

  fill(text: string): string {
    return text.replace(/"(\$(?:event|metadata|item))"/g, (_, name: string) =>
      JSON.stringify(this.#values.get(name) ?? null),
    );
  }
}

function framesOf(fates: readonly (readonly [number, Fate])[]): { frames: Frame[]; touched: number } {
  const fateOf = new Map(fates.map(([event, what]) => [EVENT_STEPS[event], what]));
  const later = new Map<number, Frame[]>();
  const frames: Frame[] = [];
  conversation.forEach((step, at) => {
    frames.push(...(later.get(at) ?? []));
    if ('act' in step) {
      frames.push(step);
      return;
    }
    const what = fateOf.get(at);
    const text = textOf(step.say);
    const whole: Frame = { raw: (_, sent) => sent.fill(text) };
    if (what?.to === 'late') later.set(at + what.by, [...(later.get(at + what.by) ?? []), whole]);
    else frames.push(...framesFor(what, whole, text, step.say));
  });
  for (const [at, late] of later) if (at >= conversation.length) frames.push(...late);
  return { frames, touched: fateOf.size };
}

function framesFor(
  what: Exclude<Fate, { to: 'late' }> | undefined,
  whole: Frame,
  text: string,
  event: Json,
): Frame[] {
  switch (what?.to) {
    case undefined:
      return [whole];
    case 'fields': {
      const changed = textOf(mutated(event, what.mutations));
      return [{ raw: (_, sent) => sent.fill(changed) }];
    }
    case 'lost':
      return [];
    case 'doubled':
      return [whole, whole];
    case 'no text':
      return [{ raw: () => new TextEncoder().encode(text).buffer }, { raw: () => new Blob([text]) }];
    case 'no object':
      return ['', 'null', '7', '"text"', '[]', 'NaN', `[${text}]`].map((raw) => ({ raw: () => raw }));
    case 'cut':
      return [{ raw: (_, sent) => sent.fill(text).slice(0, what.after) }];
  }
}

/** What the frame says of itself, found out without the code under test. */
function typeOf(raw: unknown): string | undefined {
  if (typeof raw !== 'string') return undefined;
  try {
    const type: unknown = Object.getOwnPropertyDescriptor(Object(JSON.parse(raw)), 'type')?.value;
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}

function ignored(talk: Talk): number {
  return [...talk.dialogue.ignoredEvents.values()].reduce((all, count) => all + count, 0);
}

/** Gives the page one frame and holds it to its word: told as an error, counted, or acted on. */
async function give(talk: Talk, raw: unknown): Promise<void> {
  const isHeard = talk.dialogue.status === 'open' && talk.wire.readyState === 1;
  const before = { ignored: ignored(talk), errors: talk.all('error').length };
  talk.wire.raw(raw);
  const told = talk.all('error').slice(before.errors);
  for (const error of told) expect(error, 'every error is a typed one').to.be.instanceOf(InterviewError);
  if (isHeard) {
    const type = typeOf(raw);
    if (type === undefined)
      expect(
        told.map(({ code }) => code),
        `told of ${String(raw)}`,
      ).to.deep.equal(['protocol-error']);
    else if (!ACTED_ON.has(type)) expect(ignored(talk), `counts ${type}`).to.equal(before.ignored + 1);
  }
  await settle();
}

function perform(step: Extract<Step, { act: unknown }>, talk: Talk, tell: Tell): void {
  try {
    step.act(talk, tell);
  } catch (error) {
    // The dialogue may be over by now, and says so.
    if (!(error instanceof InterviewError)) throw error;
  }
}

/** The next connection, where the page makes one. */
async function reconnect(talk: Talk): Promise<void> {
  await talk.clock.advanceAsync(1000);
  if (talk.wire.readyState !== 0) return;
  talk.wire.accept();
  await settle();
  await give(talk, '{"type":"session.created","session":{}}');
  await give(talk, '{"type":"session.updated","session":{}}');
}

async function play(frames: readonly Frame[], lostAfter: number | null): Promise<void> {
  const talk = await Talk.open();
  const sent = new Memory();
  /** How each ended. */
  const promises: string[] = [];
  const tell: Tell = (promise) => {
    const n = promises.push('never settled') - 1;
    promise.then(
      () => (promises[n] = 'fine'),
      (error: unknown) => (promises[n] = error instanceof InterviewError ? 'fine' : String(error)),
    );
  };
  for (const [at, frame] of frames.entries()) {
    if (at === lostAfter) {
      talk.wire.lose(1006);
      await settle();
      await reconnect(talk);
    }
    if ('act' in frame) perform(frame, talk, tell);
    else await give(talk, frame.raw(talk, sent));
    await settle();
    sent.look(talk.wire.unread);
  }
  await talk.clock.advanceAsync(60_000);
  await talk.dialogue.close();
  await settle();
  expect(talk.dialogue.status).to.equal('closed');
  expect(talk.clock.pending, 'timers that remain').to.equal(0);
  expect(talk.playback.watchers, 'watchers that remain').to.equal(0);
  expect(
    promises
      .map((how, n) => `${n} ${how}`)
      .filter((how) => !how.endsWith('fine'))
      .join('; '),
    'promises',
  ).to.equal('');
}

describe('a dialogue with a server gone wrong', () => {
  const escapes = new Escapes();
  before(() => {
    escapes.start();
  });
  after(() => {
    escapes.stop();
  });

  it('follows the recorded interview to its end when nothing is wrong', async () => {
    const talk = await Talk.open();
    const sent = new Memory();
    const outcomes: Promise<unknown>[] = [];
    for (const frame of framesOf([]).frames) {
      if ('act' in frame) perform(frame, talk, (promise) => outcomes.push(promise));
      else await give(talk, frame.raw(talk, sent));
      await settle();
      sent.look(talk.wire.unread);
    }
    const words = talk.all('change').flatMap((change) => (change.type === 'final' ? [change.text] : []));
    expect(words).to.include.members([
      'Hello, and what do you remember?',
      'I was there on a Monday.',
      'Good to know.',
    ]);
    expect(talk.all('calls')).to.have.length(1);
    expect(talk.all('error').map(({ code }) => code)).to.deep.equal(['provider-error']);
    expect(talk.told.map(({ type }) => type)).to.include.members([
      'speech',
      'speech-end',
      'spoken',
      'heard',
      'usage',
      'hearing',
    ]);
    await talk.dialogue.close();
    expect(await outcomes[4], 'the aside').to.equal('{"depth":3}');
    await escapes.check();
  });

  it(`takes ${EVENTS} mutated events without an exception, each ignored and counted or told as a typed error`, async () => {
    let touched = 0;
    await fc.assert(
      fc.asyncProperty(journeys, async ({ fates, lostAfter }) => {
        const made = framesOf(fates);
        touched += made.touched;
        await play(made.frames, lostAfter);
        await escapes.check();
      }),
      { numRuns: RUNS, includeErrorInReport: true },
    );
    expect(touched).to.be.at.least(EVENTS);
  }).timeout(60_000);
});
