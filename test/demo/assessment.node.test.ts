import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { respond } from '../../demo/server/interviewer/interviewer.js';

interface Judgement {
  dimensions: { id: string; score: number | null; evidence: string }[];
  summary: string;
}

function assessed(answers: string[], language = 'en', scale: [number, number] = [1, 5]): Judgement {
  const task = {
    task: 'assessment',
    language,
    dimensions: ['depth', 'clarity', 'concreteness', 'engagement'].map((id) => ({ id, label: id, scale })),
  };
  const transcript = answers
    .flatMap((answer, n) => [
      `Interviewer [q${String(n)} ask]: What happened then?`,
      `Participant: ${answer}`,
    ])
    .join('\n');
  const reply = respond({
    items: [{ kind: 'participant', text: transcript }],
    instructions: `Judge the interview.\n\`\`\`json\n${JSON.stringify(task)}\n\`\`\``,
    tools: [{ name: 'end_interview' }],
    toolChoice: 'auto',
  });
  assert.deepEqual(reply.calls, []);
  return JSON.parse(reply.say ?? '') as Judgement;
}

const RICH = [
  'On my first day Maria met me at the door at nine, and we set up my laptop together before lunch in the small kitchen on the second floor.',
  'On Tuesday I could not open the wiki, so I asked Tom, and he gave me access within an hour and showed me the three pages that matter.',
];
const POOR = ['Fine.', 'Okay.'];

describe('The assessment', () => {
  it('gives every dimension a score on its scale, with evidence in the participant’s words', () => {
    const { dimensions } = assessed(RICH);
    assert.deepEqual(
      dimensions.map(({ id }) => id),
      ['depth', 'clarity', 'concreteness', 'engagement'],
    );
    for (const { score, evidence } of dimensions) {
      assert.ok(score !== null && Number.isInteger(score) && score >= 1 && score <= 5);
      const quote = /“(.+)”/.exec(evidence)?.[1] ?? '?';
      assert.ok(RICH.join(' ').includes(quote), quote);
    }
  });

  it('scores rich answers above poor ones in every dimension, on any scale', () => {
    for (const scale of [
      [1, 5],
      [0, 10],
    ] as [number, number][]) {
      const rich = assessed(RICH, 'en', scale).dimensions;
      const poor = assessed(POOR, 'en', scale).dimensions;
      for (const [n, { id, score }] of rich.entries()) {
        assert.ok(
          (score ?? 0) > (poor[n]?.score ?? 0),
          `${id}: ${String(score)} over ${String(poor[n]?.score)}`,
        );
      }
    }
  });

  it('judges nothing where nothing was understood', () => {
    const { dimensions, summary } = assessed(['(not understood)', '']);
    assert.ok(dimensions.every(({ score }) => score === null));
    assert.doesNotMatch(summary, /understood/);
  });

  it('sums up in the participant’s words and language, without a score', () => {
    const { summary } = assessed(RICH);
    assert.match(summary, /Maria met me|On Tuesday I/);
    assert.doesNotMatch(summary, /\d/);
    assert.match(assessed(RICH, 'de').summary, /^Sie haben erzählt: „/);
    assert.match(assessed(RICH, 'fr-CA').summary, /^Vous avez raconté/);
    assert.match(assessed(RICH, 'es').summary, /^Ha contado/);
  });
});
