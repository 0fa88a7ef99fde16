// How well spoken words were understood: the edits that turn what was heard into what was said, over the words said.

const SPELLED: Readonly<Record<string, string>> = {
  mr: 'mister',
  mrs: 'missus',
  ms: 'miss',
  dr: 'doctor',
  st: 'saint',
};

/** The words of a text as they are compared: lower case, no marks, hyphens as spaces, titles and small numbers spelled out. */
export function normalisedWords(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/\d{1,2}(?!\d)(?<!\d{3})/g, (digits) => ` ${numberWords(Number(digits))} `)
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .split(' ')
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '')
    .map((word) => SPELLED[word] ?? word);
}

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

function numberWords(n: number): string {
  if (n < 20) return SMALL[n] ?? '';
  const ones = n % 10;
  return `${TENS[Math.floor(n / 10) - 2] ?? ''}${ones === 0 ? '' : ` ${SMALL[ones] ?? ''}`}`;
}

export interface WordErrors {
  /** Words substituted, left out or added. */
  errors: number;
  /** Words said. */
  words: number;
}

export function wordErrors(said: string, heard: string): WordErrors {
  const reference = normalisedWords(said);
  const hypothesis = normalisedWords(heard);
  let row = Array.from({ length: hypothesis.length + 1 }, (_, n) => n);
  for (const [r, word] of reference.entries()) {
    const next = [r + 1];
    for (const [h, other] of hypothesis.entries()) {
      const replaced = (row[h] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(replaced, (row[h + 1] ?? 0) + 1, (next[h] ?? 0) + 1));
    }
    row = next;
  }
  return { errors: row[hypothesis.length] ?? 0, words: reference.length };
}

/** Over all pairs together, so that one short sentence does not outweigh a long one. 0 is perfect; above 1 is possible. */
export function pooledWordErrorRate(pairs: Iterable<{ said: string; heard: string }>): number {
  const totals = [...pairs]
    .map(({ said, heard }) => wordErrors(said, heard))
    .reduce((sum, one) => ({ errors: sum.errors + one.errors, words: sum.words + one.words }), {
      errors: 0,
      words: 0,
    });
  if (totals.words === 0) throw new Error('Expected at least one word that was said, got none.');
  return totals.errors / totals.words;
}
