import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { localizeGuide, parseGuide } from '../../src/interview/guide.js';
import {
  FakeDialogue,
  wellBehaved,
  type FakePrompt,
  type FakeReply,
} from '../../src/testing/fake-dialogue.js';
import type { LinkedTurn } from '../../src/turn.js';
import { guideOf } from './guides.js';
import { stage, type Stage } from './stage.js';

const judgement = (): string =>
  '{"dimensions":[{"id":"depth","score":4}],"summary":"You told of a lift and of Tom."}';

function statuses(all: Stage): string[] {
  return all.interview.coverage.sections.flatMap(({ questions }) => questions.map(({ status }) => status));
}

/** Answers until the interview has ended, or for so many turns. */
async function answerOn(all: Stage, turns: number, words: (turn: number) => string = String): Promise<void> {
  for (let turn = 0; turn < turns && all.ends.length === 0; turn++) {
    await all.answer(`Then came number ${words(turn)}.`);
  }
  await all.pass(60_000);
}

describe('a whole interview', () => {
  it('by the demo guide, in both its languages', async () => {
    const response = await fetch(new URL('../../demo/guides/onboarding.json', import.meta.url));
    const guide = parseGuide(await response.json());
    for (const language of ['en', 'de']) {
      const all = await stage(
        localizeGuide(guide, { language, seed: 'p-017' }),
        (clock) => new FakeDialogue({ clock, aside: judgement }),
      );
      all.interview.begin();
      await all.pass();
      await answerOn(all, 20);
      expect(all.acts()).to.deep.equal([
        'opening:arrival',
        'ask:welcome',
        'ask:difficult',
        'ask:help',
        'ask:surprise',
        'ask:advice',
        'anything-else',
        'summary',
        'close',
      ]);
      expect(all.ends).to.deep.equal(['completed']);
      expect(statuses(all)).to.deep.equal(Array(6).fill('answered'));
    }
  });

  it('by a curious interviewer uses up its probes and no more', async () => {
    const curious = (prompt: FakePrompt): FakeReply => {
      const probe = prompt.moves.find(({ act }) => act === 'probe' || act === 'follow-up');
      return probe
        ? {
            text: probe.say ?? 'How do you mean that?',
            calls: [{ name: 'interview_guidance', arguments: { move: probe.id } }],
          }
        : wellBehaved(prompt);
    };
    const all = await stage(
      guideOf(),
      (clock) => new FakeDialogue({ clock, aside: judgement, interviewer: curious }),
    );
    all.interview.begin();
    await all.pass();
    await answerOn(all, 20);
    expect(all.acts()).to.deep.equal([
      'opening:q1',
      'probe:q1:p1',
      'probe:q1:p2',
      'ask:q2',
      'ask:q3',
      'anything-else',
      'summary',
      'close',
    ]);
  });
});

describe('a weak dialogue', () => {
  it('reaches the end without tools, with words that come late, and with unasked speech', async () => {
    const all = await stage(guideOf(), (clock) => FakeDialogue.weak({ clock }));
    all.interview.begin();
    await all.pass(100);
    for (let turn = 0; turn < 12 && all.ends.length === 0; turn++) {
      all.dialogue.speakUnasked('Mm, I see.');
      await all.answer(`Answer number ${turn} of the participant.`);
    }
    await all.pass(60_000);
    expect(all.ends).to.deep.equal(['completed']);
    expect(statuses(all)).to.deep.equal(['answered', 'answered', 'answered']);
    expect(
      all.acts().filter((act) => act === 'follow-up:q1'),
      'it was marked as what it was',
    ).not.to.be.empty;
    expect(
      all.errors.map(({ message }) => message),
      'only what it cannot do is missing',
    ).to.deep.equal(['The assessment is not possible with this dialogue']);
    all.interview.close();
    expect(all.clock.pending).to.be.at.most(1); // the fake's own late words
  });

  it('reaches the end although it never tells a word', async () => {
    const all = await stage(guideOf(), (clock) => FakeDialogue.weak({ clock, lateTextMs: 1e9 }));
    all.interview.begin();
    await all.pass(100);
    await answerOn(all, 12);
    expect(all.ends).to.deep.equal(['completed']);
    expect(statuses(all)).to.deep.equal(['answered', 'answered', 'answered']);
  });

  it('reaches the end although it only ever makes conversation', async () => {
    const table = [
      ['I see. Very interesting.', ['unheard', 'unheard']],
      // A question that asks for something is taken for the one that was due, unless that was to be asked word for word.
      ['And how did that feel?', ['answered', 'unheard']],
    ] as const;
    for (const [text, required] of table) {
      const all = await stage(guideOf(), (clock) =>
        FakeDialogue.weak({ clock, interviewer: () => ({ text }) }),
      );
      all.interview.begin();
      await all.pass(100);
      await answerOn(all, 60);
      expect(all.ends, text).to.deep.equal(['completed']);
      expect(statuses(all), text).not.to.include('pending');
      expect(statuses(all).slice(0, 2), text).to.deep.equal(required);
    }
  });

  it('reaches the end in another language than the guide', async () => {
    const german = [
      'Guten Tag! Woran erinnern Sie sich, wenn Sie an den Anfang denken?',
      'Danke. Wer half Ihnen in schweren Augenblicken?',
      'Und welchen Rat hätten Sie für Neue?',
      'Möchten Sie noch etwas ergänzen?',
      'Sie erzählten von einem Lift.',
      'Das war alles. Auf Wiederhören!',
    ];
    const all = await stage(guideOf(), (clock) =>
      FakeDialogue.weak({
        clock,
        interviewer: ({ count }) => ({ text: german[count % german.length] ?? '' }),
      }),
    );
    all.interview.begin();
    await all.pass(100);
    await answerOn(all, 60);
    expect(all.ends).to.deep.equal(['completed']);
    expect(statuses(all)).not.to.include('pending');
  });
});

const LINES = [
  'Umbrella.',
  'What about the weather?',
  'What do you remember about your first day?',
  'Can you tell me about one moment?',
  'Who helped you when things were difficult?',
  'Which advice would you give to newcomers?',
  'That was all. Thank you and goodbye.',
];

const behaviours = fc.record({
  kind: fc.constantFrom('good', 'good', 'line', 'call only', 'fails'),
  line: fc.constantFrom(...LINES),
  move: fc.constantFrom(undefined, 'ask:q1', 'ask:q2', 'ask:q3', 'repeat:q1', 'close', 'summary', 'nothing'),
  tool: fc.constantFrom('interview_guidance', 'end_interview', 'trigger_assessment', 'unknown'),
  fails: fc.constantFrom(
    'failed' as const,
    'expired' as const,
    'disconnected' as const,
    'lost' as const,
    'skipped' as const,
  ),
  heardShare: fc.constantFrom(1, 1, 1, 0.4, 0),
});

describe('any model behind a dialogue', () => {
  const guide = guideOf();

  it('is brought to the end, also over reloads, and greets at most once for each time that it was heard', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(behaviours, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(6), { maxLength: 3 }),
        fc.boolean(),
        fc.boolean(),
        async (hows, reloads, forcesTools, isLate) => {
          let count = 0;
          const interviewer = (prompt: FakePrompt): FakeReply => {
            const how = hows[count++ % hows.length]!;
            const call = { name: how.tool, arguments: { move: how.move } };
            // Not for ever: a provider that never answers is no interview.
            if (count > 120) return wellBehaved(prompt);
            switch (how.kind) {
              case 'good':
                return { ...wellBehaved(prompt), heardShare: how.heardShare };
              case 'line':
                return {
                  text: how.line,
                  calls: how.move === undefined ? [] : [call],
                  heardShare: how.heardShare,
                };
              case 'call only':
                return { calls: [call] };
              case 'fails':
                return { fails: how.fails };
            }
          };
          let earlier: readonly LinkedTurn[] = [];
          let ends: string[] = [];
          let page = 0;
          let clock: Stage['clock'] | undefined;
          for (const answers of [...reloads, 250]) {
            page += 1;
            const all = await stage(
              guide,
              (fakeClock) =>
                new FakeDialogue({
                  clock: fakeClock,
                  aside: judgement,
                  capabilities: { forcesTools },
                  interviewer,
                  idPrefix: `page-${page}-`,
                  ...(isLate && { lateTextMs: 50 }),
                }),
              { earlier, ...(clock && { clock }) },
            );
            ({ clock } = all);
            all.interview.begin();
            await all.pass(1000);
            for (let turn = 0; turn < answers && all.ends.length === 0; turn++) {
              await all.answer('So it was.');
              await all.pass(20_000);
            }
            all.interview.close();
            ({ ends } = all);
            earlier = JSON.parse(JSON.stringify(all.transcript.turns)) as LinkedTurn[];
            if (ends.length > 0) break;
          }
          expect(ends).to.have.length(1);
          const heardOpenings = earlier.filter(({ act, unheard }) => act === 'opening' && !unheard);
          expect(heardOpenings.length).to.be.at.most(1);
          const done = earlier.filter(({ speaker, act }) => speaker === 'interviewer' && act !== undefined);
          expect(done.length).to.be.greaterThan(0);
        },
      ),
      { numRuns: 60 },
    );
  }).timeout(60_000);
});
