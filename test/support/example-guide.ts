import type { Coverage, QuestionStatus } from '../../src/interview/coverage.js';
import type { LocalGuide, LocalQuestion } from '../../src/interview/guide.js';

const question = (id: string, sectionId: string, ask: string): LocalQuestion => ({
  id,
  sectionId,
  ask,
  verbatim: false,
  required: false,
  objectives: [],
  probes: [],
  maxProbes: 0,
  skippable: true,
});

const sections: LocalGuide['sections'] = [
  {
    id: 'first-day',
    title: 'The first day',
    questions: [
      question('q1', 'first-day', 'What do you remember about your first day?'),
      question('q2', 'first-day', 'Who helped you?'),
    ],
  },
  {
    id: 'the-week',
    title: 'The week after',
    questions: [
      question('q3', 'the-week', 'When did you first feel that you belonged?'),
      question('q4', 'the-week', 'What was harder than you expected?'),
      question('q5', 'the-week', 'What would you change?'),
    ],
  },
];

/** A guide in one language, as a session hands it to the screen. */
export const exampleGuide: LocalGuide = {
  id: 'first-week',
  title: 'Your first week',
  language: 'en',
  disclosure:
    'You will talk with Ada, an AI interviewer of Example Ltd. A person reads the transcript afterwards.',
  consent: {
    version: '3',
    text: 'We want to learn how people settle into a new job. Your answers are used for this study alone.\n\nTaking part is voluntary: you can skip any question and stop at any time.',
    items: [
      { id: 'take-part', label: 'I take part voluntarily and am at least 18 years old.', required: true },
      { id: 'quote', label: 'My words may be quoted without my name.', required: false },
    ],
  },
  persona: { name: 'Ada' },
  time: { targetMinutes: 10 },
  sections,
  closing: { isSummarySpoken: false, line: { say: 'That was all. Thank you.', verbatim: true } },
};

/** How far an interview with the example guide is after so many questions. */
export function exampleCoverage(done: number): Coverage {
  let n = 0;
  const statusOf = (): QuestionStatus => (n < done ? 'answered' : n === done ? 'asked' : 'pending');
  const all = sections.flatMap(({ questions }) => questions);
  return {
    phase: 'questions',
    sections: sections.map(({ id, title, questions }) => ({
      id,
      title,
      questions: questions.map((each) => {
        const status = statusOf();
        n++;
        return { id: each.id, status, probes: 0 };
      }),
    })),
    currentQuestionId: all[done]?.id ?? 'q1',
    done,
    total: all.length,
  };
}
