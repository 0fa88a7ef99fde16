import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { escapeMarkdown, escapeMarkdownLine } from '../../src/transcript/escape-markdown.js';
import { exportJson } from '../../src/transcript/export-json.js';
import { exportMarkdown } from '../../src/transcript/export-markdown.js';
import { exportTranscript } from '../../src/transcript/export.js';
import type { InterviewRecord } from '../../src/transcript/transcript-store.js';
import type { Turn } from '../../src/turn.js';
import { record } from './watched-store.js';

const interview: InterviewRecord = {
  ...record,
  guideRevision: '2026-11-22',
  originEpochMs: Date.UTC(2026, 10, 22, 14, 3, 20),
  status: 'finished',
  endReason: 'completed',
  consent: {
    version: '3',
    language: 'en',
    textHash: 'abc',
    items: { 'record-audio': true, contact: false },
    decision: 'accepted',
    decidedAt: '2026-11-22T14:02:11Z',
  },
};

const base = { medium: 'voice', status: 'final' } as const;
const turns: Turn[] = [
  { ...base, n: 1, id: 'a', speaker: 'interviewer', text: 'Hello.', startedAtMs: 0, act: 'opening' },
  {
    ...base,
    n: 3,
    id: 'b',
    speaker: 'interviewer',
    text: 'Tell me about your first day at work.',
    heard: 'Tell me about',
    heardMs: 812.5,
    interruptedBy: 'participant',
    startedAtMs: 3200,
    endedAtMs: 4012.5,
    sectionId: 'first-day',
    questionId: 'q1',
    act: 'ask',
  },
  {
    ...base,
    n: 2,
    id: 'c',
    speaker: 'participant',
    medium: 'text',
    text: 'It was\n\n1. odd',
    startedAtMs: 65_999,
  },
  { ...base, n: 4, id: 'd', speaker: 'participant', status: 'failed', text: '', startedAtMs: 3_660_000 },
  {
    ...base,
    n: 5,
    id: 'e',
    speaker: 'interviewer',
    status: 'partial',
    text: 'And th',
    startedAtMs: 3_670_000,
    sectionId: 'unknown',
  },
];

describe('exportJson', () => {
  it('is versioned and holds every turn in order with all that is known of it', () => {
    const read = JSON.parse(exportJson(interview, turns)) as {
      version: number;
      format: string;
      turns: unknown;
      interview: unknown;
    };
    expect(read.format).to.equal('ai-interview-transcript');
    expect(read.version).to.equal(1);
    expect(read.turns).to.deep.equal(turns);
    expect(read.interview).to.deep.equal({ ...interview, startedAt: '2026-11-22T14:03:20.000Z' });
  });

  it('leaves an assessment for the host alone out of a file that the participant may hold', () => {
    const exported = (audience: unknown): boolean =>
      exportJson({ ...interview, assessment: { summary: 'secret', audience } }, []).includes('secret');
    expect(['host', undefined, 'participant', 'both'].map(exported)).to.deep.equal([
      false,
      false,
      true,
      true,
    ]);
    expect(exportJson({ ...interview, assessment: 'secret' }, [])).to.not.include('secret');
  });

  it('leaves out what goes in circles, or is no JSON at all, and keeps every turn', () => {
    const circle: Record<string, unknown> = { audience: 'both' };
    circle['self'] = circle;
    for (const damaged of [circle, { audience: 'both', score: 7n }]) {
      const text = exportJson({ ...interview, consent: damaged, assessment: damaged }, turns);
      const document = JSON.parse(text) as { interview: object; turns: unknown[] };
      expect(document.interview).to.not.have.any.keys('consent', 'assessment');
      expect(document.turns).to.have.length(turns.length);
    }
  });
});

describe('exportMarkdown', () => {
  it('reads as a conversation', () => {
    const titles = { title: 'Your first week', sections: [{ id: 'first-day', title: 'The first day' }] };
    expect(exportMarkdown(interview, turns, titles)).to.equal(`# Your first week

- Date: 2026-11-22 14:03 UTC
- Participant: p-017
- Consent: accepted, version 3, 2026-11-22T14:02:11Z, record-audio: yes, contact: no
- Interview: finished (completed)

**Interviewer** (00:00): Hello.

## The first day

**Interviewer** (00:03): Tell me about *(interrupted by the participant)*

**Participant** (01:05): It was\\
1\\. odd

**Participant** (61:00): *(not transcribed)*

## unknown

**Interviewer** (61:10): And th *(incomplete)*
`);
  });

  it('tells where the connection was lost, and for how long', () => {
    const outage: Turn = {
      ...base,
      ...{ n: 2, id: 'o', speaker: 'interviewer', medium: 'text', status: 'failed', text: '', act: 'outage' },
      startedAtMs: 65_000,
      endedAtMs: 99_400,
    };
    const { endedAtMs, ...open } = outage;
    expect(exportMarkdown(interview, [outage])).to.contain('*(01:05: the connection was lost for 34 s)*');
    expect(exportMarkdown(interview, [open])).to.contain('*(01:05: the connection was lost)*');
    const read = JSON.parse(exportJson(interview, [outage])) as { turns: unknown };
    expect(read.turns).to.deep.equal([outage]);
    expect(endedAtMs).to.equal(99_400);
  });

  it('says what is not known', () => {
    const text = exportMarkdown({ ...record, consent: 'yes' }, [
      {
        ...base,
        n: 1,
        id: 'a',
        speaker: 'interviewer',
        text: 'Hello',
        heard: '',
        interruptedBy: 'host',
        startedAtMs: 0,
      },
    ]);
    expect(text).to.include('# study\n');
    expect(text).to.include('- Consent: not recorded');
    expect(text).to.include('(00:00): *(interrupted by the host before a word was heard)*');
    expect(text).to.not.include('Date');
  });

  it('lets no word become markup, wherever it comes from', () => {
    const evil =
      '</script><img src=x onerror=alert(1)>\n# Heading\n- item\n[link](javascript:alert(1)) ![i](x) `code`';
    const text = exportMarkdown(
      {
        ...interview,
        participant: evil,
        endReason: evil,
        guideId: evil,
        consent: { decision: evil, items: { [evil]: true } },
      },
      [{ ...base, n: 1, id: 'a', speaker: 'participant', text: evil, startedAtMs: 0, sectionId: evil }],
      { sections: [{ id: evil, title: evil }] },
    );
    expect(text).to.not.match(/<(?!br)/);
    expect(text.match(/^#+ /gm)).to.deep.equal(['# ', '## ']);
    expect(text.match(/^- /gm)).to.have.length(4);
    expect(text).to.not.match(/(?<!\\)\]\(/);
    expect(text).to.not.match(/(?<!\\)`/);
  });
});

describe('escapeMarkdown', () => {
  it('leaves ordinary words as they are', () => {
    const text = 'Well, it was 12:30 – “fine” (more or less)! Ça va? 50% & 今日は。';
    expect(escapeMarkdown(text)).to.equal(text.replace('&', '&amp;'));
  });

  it('disarms what would be a list, a rule, a heading, a link, a table or an emoji', () => {
    const pairs: [string, string][] = [
      ['- a', '\\- a'],
      ['---', '\\---'],
      ['===', '\\==='],
      ['+ a', '\\+ a'],
      ['12) a', '12\\) a'],
      ['# a', '\\# a'],
      ['https://evil.example', 'https\\://evil.example'],
      ['see www.evil.example', 'see www\\.evil.example'],
      ['wwww.evil.example', 'wwww\\.evil.example'],
      ['head\n:-', 'head\\\n\\:-'],
      ['a|b', 'a\\|b'],
      [':smile:', '\\:smile:'],
      ['a\\*b', 'a\\\\\\*b'],
      ['    code', 'code'],
      ['a\u0000\u202Eb', 'ab'],
    ];
    for (const [from, to] of pairs) expect(escapeMarkdown(from)).to.equal(to);
    expect(escapeMarkdownLine('a\n\n# b')).to.equal('a \\# b');
  });

  it('leaves no special character bare, no empty line and no HTML in any text', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(...Array.from('\\`*_[]{}#|~^$@&<>:!-+=.()/1aw \n\r\u2028')),
      maxLength: 40,
    });
    fc.assert(
      fc.property(nasty, (text) => {
        const escaped = escapeMarkdown(text);
        // Take away what is escaped; what is left must be harmless.
        const bare = escaped.replace(/\\\n/gu, '\n').replace(/\\[^\n]/gu, '·');
        expect(bare).to.not.match(/[\\`*_[\]{}#|~^$@<>]/u);
        expect(bare).to.not.match(/&(?!amp;|lt;|gt;)/u);
        expect(bare).to.not.match(/:\/\/|www\./iu);
        expect(bare).to.not.match(/^(?:[-+=:\s]|\d+[.)])/mu);
        expect(escaped).to.not.match(/(?<!\\)\n|\n\n|\\$(?<!\\\\)/u);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('exportTranscript', () => {
  it('makes files with the right type and a name that any system takes', async () => {
    const json = await exportTranscript('json', interview, turns);
    expect([json.name, json.type]).to.deep.equal(['study-p-017-2026-11-22.json', 'application/json']);
    expect(await json.text()).to.equal(exportJson(interview, turns));
    const markdown = await exportTranscript(
      'markdown',
      { ...record, guideId: '../é/..', participant: '<a b>' },
      turns,
      {
        title: 'T',
      },
    );
    expect([markdown.name, markdown.type]).to.deep.equal(['é-a-b.md', 'text/markdown']);
    expect(await markdown.text()).to.match(/^# T\n/);
    expect(
      (
        await exportTranscript(
          'json',
          { guideId: '..', interviewId: 'x', language: 'en', status: 'finished' },
          [],
        )
      ).name,
    ).to.equal('interview.json');
  });
});
