import { expect } from '@open-wc/testing';
import type { AsideOptions } from '../../src/dialogue/dialogue.js';
import { InterviewError } from '../../src/errors.js';
import {
  assessmentInstructions,
  readJudgement,
  runAssessment,
  transcriptText,
  type Assess,
} from '../../src/interview/assessment.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { FakeDialogue } from '../../src/testing/fake-dialogue.js';
import type { LinkedTurn } from '../../src/turn.js';
import { guideOf } from './guides.js';

const guide = guideOf();
const dimensions = guide.assessment!.dimensions;
const turn = (more: Partial<LinkedTurn>): LinkedTurn => ({
  n: 0,
  id: 't',
  speaker: 'participant',
  medium: 'voice',
  status: 'final',
  text: '',
  startedAtMs: 0,
  afterId: null,
  ...more,
});
const turns = [
  turn({ speaker: 'interviewer', text: 'What do you remember?', act: 'ask', questionId: 'q1' }),
  turn({ text: 'A lift\nthat was stuck.' }),
  turn({
    speaker: 'interviewer',
    text: 'And which feelings did it leave?',
    heard: 'And which',
    act: 'probe',
    questionId: 'q1',
  }),
  turn({ status: 'failed' }),
];
const good =
  '{"dimensions":[{"id":"depth","score":4,"evidence":"the lift"}],"summary":"You told of a lift."}';
const judged = {
  dimensions: [{ id: 'depth', label: 'Depth of the answers', score: 4, evidence: 'the lift' }],
  summary: 'You told of a lift.',
};

describe('the question that an assessment asks', () => {
  it('holds the transcript, a line a turn, with what was heard', () => {
    expect(transcriptText(turns)).to.equal(
      [
        'Interviewer [q1 ask]: What do you remember?',
        'Participant: A lift that was stuck.',
        'Interviewer [q1 probe]: And which',
        'Participant: (not understood)',
      ].join('\n'),
    );
  });

  it("ends with one JSON block that names the guide's dimensions", () => {
    const text = assessmentInstructions(guide);
    const block = /```json\n(.*)\n```$/s.exec(text)?.[1];
    expect(JSON.parse(block ?? '')).to.deep.equal({
      task: 'assessment',
      language: 'en',
      dimensions: [{ id: 'depth', label: 'Depth of the answers', scale: [1, 5] }],
    });
  });
});

describe('the answer to it', () => {
  it('is read from plain JSON, from a fence, and from among words', () => {
    for (const text of [good, '```json\n' + good + '\n```', `Here it is: ${good} I hope this helps.`]) {
      expect(readJudgement(text, dimensions)).to.deep.equal(judged);
    }
  });

  const scores: [string, unknown, number | null][] = [
    ['the highest', 5, 5],
    ['the lowest', 1, 1],
    ['between two', 3.5, 3.5],
    ['beyond the scale', 6, null],
    ['below the scale', 0, null],
    ['a text', '4', null],
    ['null', null, null],
    ['missing', undefined, null],
  ];
  for (const [name, score, expected] of scores) {
    it(`takes a score that is ${name} for ${expected}`, () => {
      const text = JSON.stringify({ dimensions: [{ id: 'depth', score }], summary: 'So.' });
      expect(readJudgement(text, dimensions).dimensions[0]?.score).to.equal(expected);
    });
  }

  it('gives no score to a dimension that was left out, and ignores one that nobody asked for', () => {
    const text = '{"dimensions":[{"id":"charm","score":5}],"summary":"So."}';
    expect(readJudgement(text, dimensions).dimensions).to.deep.equal([
      { id: 'depth', label: 'Depth of the answers', score: null },
    ]);
  });

  for (const text of [
    '',
    'I cannot do that.',
    '{"dimensions":[]}',
    '{"dimensions":{},"summary":"So."}',
    '{"summary"',
  ]) {
    it(`is refused when it is ${JSON.stringify(text)}`, () => {
      expect(() => readJudgement(text, dimensions)).to.throw(InterviewError, 'agreed form');
    });
  }
});

describe('runAssessment', () => {
  const run = (
    aside: (options: AsideOptions) => string | Promise<string>,
    {
      assess,
      clock = new FakeClock(),
      signal = new AbortController().signal,
    }: { assess?: Assess; clock?: FakeClock; signal?: AbortSignal } = {},
  ): ReturnType<typeof runAssessment> =>
    runAssessment({ guide, clock, assess, dialogue: new FakeDialogue({ clock, aside }) }, turns, { signal });
  const failure = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'no failure',
      (cause: unknown) => cause,
    );

  it('asks beside the conversation, for text, with bounded tokens', async () => {
    let asked: AsideOptions | undefined;
    const result = await run((options) => {
      asked = options;
      return good;
    });
    expect(result).to.deep.equal(judged);
    expect(asked?.maxTokens).to.equal(1024);
    expect(asked?.input).to.contain('Participant: A lift that was stuck.');
  });

  it('tries once more after a malformed answer, and once more after a failure', async () => {
    for (const first of [(): string => 'Sorry.', (): Promise<string> => Promise.reject(new Error('gone'))]) {
      let tries = 0;
      const result = await run(() => (++tries === 1 ? first() : good));
      expect(result).to.deep.equal(judged);
      expect(tries).to.equal(2);
    }
  });

  it('fails recoverably after the second try', async () => {
    let tries = 0;
    const error = await failure(
      run(() => {
        tries += 1;
        return 'Sorry.';
      }),
    );
    expect(tries).to.equal(2);
    expect(error).to.be.instanceOf(InterviewError).with.property('code', 'provider-error');
    expect(error).to.have.property('recoverable', true);
  });

  it('does not wait for ever', async () => {
    const clock = new FakeClock();
    const work = failure(run(() => new Promise(() => undefined), { clock }));
    await clock.advanceAsync(60_000);
    expect(await work).to.have.property('code', 'provider-error');
    expect(clock.pending).to.equal(0);
  });

  it("is the host's own where there is one", async () => {
    let given: readonly unknown[] = [];
    const assess: Assess = ({ transcript }) => {
      given = transcript;
      return Promise.resolve({ dimensions: [], summary: 'By hand.' });
    };
    expect((await run(() => good, { assess })).summary).to.equal('By hand.');
    expect(given).to.equal(turns);
  });

  it('stops with the reason of an abort, and asks no second time', async () => {
    const controller = new AbortController();
    const reason = new Error('over');
    let tries = 0;
    const work = failure(
      run(
        () => {
          tries += 1;
          return new Promise(() => undefined);
        },
        { signal: controller.signal },
      ),
    );
    controller.abort(reason);
    expect(await work).to.equal(reason);
    expect(tries).to.equal(1);
  });
});
