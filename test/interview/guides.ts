import { localizeGuide, parseGuide, type LocalGuide } from '../../src/interview/guide.js';

/** Two sections, three questions, everything that the engine treats differently. */
export const written = {
  version: 1,
  id: 'study',
  title: 'Your first week',
  language: 'en',
  opening: { say: 'Hello and thank you for taking part in this study.' },
  sections: [
    {
      id: 's1',
      title: 'The first day',
      questions: [
        {
          id: 'q1',
          ask: 'What do you remember about your first day?',
          required: true,
          objectives: [{ id: 'episode', label: 'one concrete episode' }],
          probes: [
            { id: 'p1', say: 'Can you tell me about one moment?', when: 'episode' },
            { id: 'p2', say: 'Which feelings did that leave behind?' },
          ],
        },
        { id: 'q2', ask: 'Who helped you when things were difficult?', verbatim: true, required: true },
      ],
    },
    {
      id: 's2',
      title: 'Looking back',
      questions: [{ id: 'q3', ask: 'Which advice would you give to newcomers?' }],
    },
  ],
  closing: { anythingElse: true, summary: 'spoken', say: 'That was all. Thank you and goodbye.' },
  assessment: {
    dimensions: [{ id: 'depth', label: 'Depth of the answers', scale: [1, 5] }],
    audience: 'both',
  },
};

export function guideOf(changes: Record<string, unknown> = {}): LocalGuide {
  return localizeGuide(parseGuide({ ...written, ...changes }), { seed: 'p-017' });
}
