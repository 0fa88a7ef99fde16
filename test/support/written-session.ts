import type { InterviewSessionOptions } from '../../src/session/session-options.js';

/** The shortest guide with a beginning, a middle and an end. */
export const study = {
  version: 1,
  id: 'study',
  title: 'A study',
  opening: { say: 'Thank you for taking part.' },
  sections: [
    {
      id: 'only',
      title: 'The only section',
      questions: [
        { id: 'q1', ask: 'What do you remember of your first day?' },
        { id: 'q2', ask: 'Who helped you when you were stuck?' },
      ],
    },
  ],
  closing: { say: 'That was all. Thank you.' },
};

/** A session without sound that leaves nothing behind. */
export const inWriting = {
  participant: 'p-1',
  mode: 'text',
  output: 'text',
  storage: 'memory',
} satisfies Partial<InterviewSessionOptions>;
