/** How much of a line of the guide is found again in what was said, in whatever wording. */

/** Words begin alike when they mean alike more often than not: `remember`, `remembered`. Scripts without blanks go by letter. */
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{N}]+/gu;
const STEM_LENGTH = 5;

function stemsOf(text: string): Set<string> {
  const plain = text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  return new Set([...plain.matchAll(WORD)].map(([word]) => word.slice(0, STEM_LENGTH)));
}

export interface LineMatch {
  /** 0…1: the share of the line's words in the text; those that many lines share weigh less. For telling lines apart. */
  likeness(line: string, text: string): number;
  /** 0…1: the plain share of the line's words in the text. For "word for word". */
  closeness(line: string, text: string): number;
}

/** @param lines everything that may be said, so that what is common to many of them tells little of one */
export function lineMatch(lines: readonly string[]): LineMatch {
  const counts = new Map<string, number>();
  for (const line of lines) for (const stem of stemsOf(line)) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  const share = (line: string, text: string, weigh: (stem: string) => number): number => {
    const said = stemsOf(text);
    let all = 0;
    let found = 0;
    for (const stem of stemsOf(line)) {
      all += weigh(stem);
      if (said.has(stem)) found += weigh(stem);
    }
    return all > 0 ? found / all : 0;
  };
  return {
    likeness: (line, text) => share(line, text, (stem) => 1 / (counts.get(stem) ?? 1)),
    closeness: (line, text) => share(line, text, () => 1),
  };
}
