import { expect } from '@open-wc/testing';
import { InterviewError } from '../../src/errors.js';
import { localizeGuide, parseGuide } from '../../src/interview/guide.js';

const minimal = {
  version: 1,
  id: 'g',
  sections: [{ id: 's', questions: [{ id: 'q', ask: 'What happened?' }] }],
};

/** A guide with everything that version 1 knows. */
const full = {
  $schema: 'https://example.org/guide.schema.json',
  version: 1,
  id: 'onboarding-study',
  revision: '2026-11-22',
  title: 'Your first week',
  language: 'en',
  disclosure: 'You will talk with a machine.',
  consent: { version: '3', text: 'I agree.', items: [{ id: 'record', label: 'Keep it', required: true }] },
  persona: { name: 'Ada', manner: 'warm', voice: 'marin' },
  time: { targetMinutes: 10, maxMinutes: 15 },
  opening: { say: { en: 'Thank you for taking part.', de: 'Danke, dass Sie teilnehmen.' }, verbatim: true },
  sections: [
    {
      id: 'first-day',
      title: 'The first day',
      order: 'fixed',
      questions: [
        {
          id: 'q1',
          ask: { en: 'What do you remember?', de: 'Woran erinnern Sie sich?' },
          verbatim: true,
          required: true,
          objectives: [{ id: 'episode', label: 'one concrete episode' }],
          probes: [
            { id: 'p1', type: 'example', say: 'Can you tell me about one moment?', when: 'episode' },
            { id: 'p2', say: 'Why was that?', when: 'the reason is unclear' },
          ],
          maxProbes: 1,
          skippable: false,
        },
      ],
    },
  ],
  closing: { anythingElse: true, summary: 'spoken', say: 'That was all.', verbatim: true },
  assessment: {
    run: 'background',
    dimensions: [{ id: 'depth', label: 'Depth', scale: [1, 7] }],
    audience: 'both',
  },
};

function problems(value: unknown): readonly string[] {
  try {
    parseGuide(value);
  } catch (error) {
    if (!(error instanceof InterviewError)) throw error;
    expect(error.code).to.equal('guide-invalid');
    expect(error.recoverable).to.be.false;
    return error.problems;
  }
  return [];
}

/** The full guide, changed at one place. */
function broken(change: (guide: typeof full) => void): unknown {
  const copy = structuredClone(full);
  change(copy);
  return copy;
}

describe('parseGuide', () => {
  it('takes a guide with everything that version 1 knows, and one with nothing but what is needed', () => {
    expect(problems(full)).to.deep.equal([]);
    expect(problems(minimal)).to.deep.equal([]);
  });

  const table: [string, unknown, string[]][] = [
    ['a guide that is none', null, ['guide: expected an object']],
    ['a text', 'guide', ['guide: expected an object']],
    ['an empty object', {}, ['version: expected 1', 'id: expected text', 'sections: expected a list']],
    ['another version', { ...minimal, version: 2 }, ['version: expected 1']],
    ['no section', { ...minimal, sections: [] }, ['sections: expected at least one']],
    [
      'a section without questions',
      { ...minimal, sections: [{ id: 's', questions: [] }] },
      ['sections[0].questions: expected at least one'],
    ],
    [
      'a question without words',
      { ...minimal, sections: [{ id: 's', questions: [{ id: 'q', ask: 'Why?' }, { id: 'r' }] }] },
      ['sections[0].questions[1].ask: expected text'],
    ],
    [
      'a question whose words are a number',
      { ...minimal, sections: [{ id: 's', questions: [{ id: 'q', ask: 7 }] }] },
      ['sections[0].questions[0].ask: expected text'],
    ],
    [
      'a text with an empty language',
      broken((guide) => (guide.opening.say.de = '')),
      ['opening.say.de: expected text'],
    ],
    [
      'an id that would break the ids of moves',
      broken((guide) => (guide.sections[0]!.questions[0]!.id = 'q:1')),
      ['sections[0].questions[0].id: expected an id without spaces and colons'],
    ],
    [
      'a misspelt key',
      broken(
        (guide) =>
          (guide.sections[0]!.questions[0] = { ...full.sections[0]!.questions[0]!, maxProbe: 3 } as never),
      ),
      ['sections[0].questions[0].maxProbe: not known here'],
    ],
    [
      'keys that every object knows',
      {
        ...minimal,
        ...(JSON.parse('{"constructor":1,"toString":{},"__proto__":null}') as object),
        sections: [{ id: 's', hasOwnProperty: 1, questions: [{ id: 'q', ask: 'Well?' }] }],
      },
      ['sections[0].hasOwnProperty: not known here', 'constructor: not known here'],
    ],
    [
      'a list in the place of an object',
      { ...minimal, closing: ['Thank you.', 'Goodbye.'], sections: [['s']] },
      ['sections[0]: expected an object', 'closing: expected an object'],
    ],
    [
      'an empty list in the place of an object of which nothing is required',
      { ...minimal, time: [], persona: [] },
      ['persona: expected an object', 'time: expected an object'],
    ],
    [
      'a list in the place of a text by language',
      {
        ...minimal,
        title: ['Your first week', 'Another'],
        disclosure: [],
        consent: { version: '1', text: ['I agree.'] },
        sections: [
          { id: 's', questions: [{ id: 'q', ask: ['Well?'], probes: [{ id: 'p', say: ['And?'] }] }] },
        ],
        closing: { anythingElse: ['Anything?'] },
      },
      [
        'title: expected text',
        'disclosure: expected text',
        'consent.text: expected text',
        'sections[0].questions[0].ask: expected text',
        'sections[0].questions[0].probes[0].say: expected text',
        'closing.anythingElse: expected true, false or text',
      ],
    ],
    ['a text in no language', { ...minimal, title: {} }, ['title: expected text']],
    ['a list in the place of everything', [minimal], ['guide: expected an object']],
    [
      'a negative probe limit',
      broken((guide) => (guide.sections[0]!.questions[0]!.maxProbes = -1)),
      ['sections[0].questions[0].maxProbes: expected 0 or more'],
    ],
    [
      'half a probe',
      broken((guide) => (guide.sections[0]!.questions[0]!.maxProbes = 0.5)),
      ['sections[0].questions[0].maxProbes: expected a whole number'],
    ],
    [
      'an order that is none',
      broken((guide) => (guide.sections[0]!.order = 'random')),
      ['sections[0].order: expected "fixed" or "shuffle"'],
    ],
    [
      'two questions with one id, in different sections',
      broken((guide) => guide.sections.push({ ...structuredClone(full.sections[0]!), id: 'two' })),
      ['sections[1].questions[0].id: "q1" is already taken'],
    ],
    [
      'two sections with one id',
      broken((guide) =>
        guide.sections.push({ ...full.sections[0]!, questions: [{ id: 'q2', ask: 'And?' }] as never }),
      ),
      ['sections[1].id: "first-day" is already taken'],
    ],
    [
      'two probes with one id',
      broken((guide) => (guide.sections[0]!.questions[0]!.probes[1]!.id = 'p1')),
      ['sections[0].questions[0].probes[1].id: "p1" is already taken'],
    ],
    [
      'a probe for an objective that is not there',
      broken((guide) => (guide.sections[0]!.questions[0]!.probes[0]!.when = 'epsiode')),
      ['sections[0].questions[0].probes[0].when: no objective here is called "epsiode"'],
    ],
    [
      'a scale that runs backwards',
      broken((guide) => (guide.assessment.dimensions[0]!.scale = [5, 1])),
      ['assessment.dimensions[0].scale: expected [lowest, highest]'],
    ],
    [
      'a scale of three',
      broken((guide) => (guide.assessment.dimensions[0]!.scale = [1, 2, 3])),
      ['assessment.dimensions[0].scale[2]: expected [lowest, highest]'],
    ],
    [
      'a target beyond the limit',
      broken((guide) => (guide.time.targetMinutes = 20)),
      ['time.targetMinutes: expected no more than maxMinutes'],
    ],
    [
      'an audience that is none',
      broken((guide) => (guide.assessment.audience = 'everyone')),
      ['assessment.audience: expected "host", "participant" or "both"'],
    ],
    [
      'two consent items with one id',
      broken((guide) => guide.consent.items.push(full.consent.items[0]!)),
      ['consent.items[1].id: "record" is already taken'],
    ],
    [
      'two dimensions with one id',
      broken((guide) => guide.assessment.dimensions.push(full.assessment.dimensions[0]!)),
      ['assessment.dimensions[1].id: "depth" is already taken'],
    ],
  ];
  for (const [name, value, expected] of table) {
    it(`names what is wrong with ${name}`, () => {
      expect(problems(value)).to.deep.equal(expected);
    });
  }

  it('names every problem, not only the first', () => {
    const value = broken((guide) => {
      guide.time.maxMinutes = 'long' as never;
      guide.sections[0]!.questions[0]!.ask = 1 as never;
      guide.closing.say = '';
    });
    expect(problems(value)).to.deep.equal([
      'time.maxMinutes: expected minutes',
      'sections[0].questions[0].ask: expected text',
      'closing.say: expected text',
    ]);
  });
});

describe('localizeGuide', () => {
  it('takes each text in the language asked for, by its base where that is all there is', () => {
    const local = localizeGuide(parseGuide(full), { language: 'de-AT', seed: 'x' });
    expect(local.language).to.equal('de-AT');
    expect(local.opening).to.deep.equal({ say: 'Danke, dass Sie teilnehmen.', verbatim: true });
    expect(local.sections[0]?.questions[0]?.ask).to.equal('Woran erinnern Sie sich?');
    expect(local.title, 'a text without languages').to.equal('Your first week');
  });

  it("prefers the page author's language to the guide's, and the guide's to the page's", () => {
    const guide = parseGuide(full);
    expect(localizeGuide(guide, { language: 'de', pageLanguage: 'fr', seed: '' }).language).to.equal('de');
    expect(localizeGuide(guide, { pageLanguage: 'fr', seed: '' }).language).to.equal('en');
    expect(localizeGuide(parseGuide(minimal), { pageLanguage: 'fr', seed: '' }).language).to.equal('fr');
    expect(localizeGuide(parseGuide(minimal), { seed: '' }).language).to.equal('en');
  });

  it("falls back to the guide's own language for a text that lacks the one asked for", () => {
    const local = localizeGuide(parseGuide(full), { language: 'fr', seed: '' });
    expect(local.opening?.say).to.equal('Thank you for taking part.');
    expect(local.language).to.equal('fr');
  });

  it('fills in what the author left out', () => {
    const local = localizeGuide(parseGuide(minimal), { seed: '' });
    expect(local.title).to.equal('g');
    expect(local.persona.name).to.equal('Ada');
    expect(local.opening).to.be.undefined;
    expect(local.assessment).to.be.undefined;
    expect(local.closing.anythingElse).to.be.undefined;
    expect(local.closing.isSummarySpoken).to.be.false;
    expect(local.sections[0]?.questions[0]).to.deep.equal({
      id: 'q',
      sectionId: 's',
      ask: 'What happened?',
      verbatim: false,
      required: false,
      objectives: [],
      probes: [],
      maxProbes: 0,
      skippable: true,
    });
  });

  it('words a probe for an objective, and leaves a condition in words as it is', () => {
    const [p1, p2] = localizeGuide(parseGuide(full), { seed: '' }).sections[0]!.questions[0]!.probes;
    expect(p1?.when).to.equal('not told yet: one concrete episode');
    expect(p2?.when).to.equal('the reason is unclear');
  });

  it('shuffles by the seed alone: the same seed gives the same order, and every question stays', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const guide = parseGuide({
      ...minimal,
      sections: [{ id: 's', order: 'shuffle', questions: ids.map((id) => ({ id, ask: `Why ${id}?` })) }],
    });
    const order = (seed: string): string =>
      localizeGuide(guide, { seed })
        .sections[0]!.questions.map(({ id }) => id)
        .join('');
    expect(order('p-017')).to.equal(order('p-017'));
    expect(Array.from(order('p-017')).sort()).to.deep.equal(ids);
    const orders = new Set(Array.from({ length: 60 }, (_, n) => order(`p-${n}`)));
    expect(orders.size, 'different people get different orders').to.be.greaterThan(40);
    const first = new Set([...orders].map((letters) => letters[0]));
    expect(first.size, 'every question may come first').to.equal(6);
  });
});
