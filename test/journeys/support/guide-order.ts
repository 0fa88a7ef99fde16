import { readFileSync } from 'node:fs';

/** The ids of the demo guide's questions, in the order in which they are to be asked. */
export function guideOrder(): string[] {
  const path = new URL('../../../demo/guides/onboarding.json', import.meta.url);
  const guide = JSON.parse(readFileSync(path, 'utf8')) as {
    sections: { questions: { id: string }[] }[];
  };
  return guide.sections.flatMap(({ questions }) => questions.map(({ id }) => id));
}
