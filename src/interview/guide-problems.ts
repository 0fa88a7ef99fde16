import type { SafeParseResult } from 'valibot';
import type { guideSchema } from './guide-schema.js';

/** Everything that is wrong with a guide, each with its JSON path: its shape first, then what its parts say of each other. */
export function problemsOf(result: SafeParseResult<typeof guideSchema>): string[] {
  if (!result.success) {
    const all = result.issues.map(({ path = [], message }) =>
      problem(
        path.map(({ key }) => key as string | number),
        message,
      ),
    );
    return [...new Set(all)];
  }
  const guide = result.output;
  const problems: string[] = [];
  const unique = (
    path: readonly (string | number)[],
    ids: readonly string[],
    seen = new Set<string>(),
  ): void => {
    ids.forEach((id, at) => {
      if (seen.has(id)) problems.push(problem([...path, at, 'id'], `"${id}" is already taken`));
      seen.add(id);
    });
  };
  const ids = (items: readonly { readonly id: string }[] = []): string[] => items.map(({ id }) => id);

  unique(['consent', 'items'], ids(guide.consent?.items));
  unique(['sections'], ids(guide.sections));
  const questionIds = new Set<string>();
  guide.sections.forEach((section, s) => {
    // Across sections: a turn names its question, and nothing else.
    unique(['sections', s, 'questions'], ids(section.questions), questionIds);
    section.questions.forEach(({ objectives = [], probes = [] }, q) => {
      const path = ['sections', s, 'questions', q];
      unique([...path, 'objectives'], ids(objectives));
      unique([...path, 'probes'], ids(probes));
      probes.forEach(({ when }, p) => {
        // One word beside objectives is meant to be one of them; anything else is a condition in words.
        const isName = typeof when === 'string' && !/\s/.test(when) && objectives.length > 0;
        if (isName && !ids(objectives).includes(when)) {
          problems.push(problem([...path, 'probes', p, 'when'], `no objective here is called "${when}"`));
        }
      });
    });
  });
  const { targetMinutes = 0, maxMinutes = Infinity } = guide.time ?? {};
  if (targetMinutes > maxMinutes) problems.push('time.targetMinutes: expected no more than maxMinutes');
  unique(['assessment', 'dimensions'], ids(guide.assessment?.dimensions));
  guide.assessment?.dimensions.forEach(({ scale: [low, high] = [0, 1] }, d) => {
    if (low >= high)
      problems.push(problem(['assessment', 'dimensions', d, 'scale'], 'expected [lowest, highest]'));
  });
  return problems;
}

function problem(path: readonly (string | number)[], message: string): string {
  const where = path.reduce<string>(
    (all, key) => (typeof key === 'number' ? `${all}[${key}]` : all ? `${all}.${key}` : key),
    '',
  );
  return `${where || 'guide'}: ${message}`;
}
