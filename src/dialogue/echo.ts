/** Fewer words are anybody's. */
const LEAST_WORDS = 3;
const SHARE = 0.8;

/** Whether what was heard is the interviewer's own voice, come back through the microphone: her words, in her order. */
export function isEcho(heard: string, spoken: string): boolean {
  const words = wordsOf(heard);
  return words.length >= LEAST_WORDS && inCommon(words, wordsOf(spoken)) >= words.length * SHARE;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The length of the longest common subsequence. */
function inCommon(a: readonly string[], b: readonly string[]): number {
  let row = b.map(() => 0);
  for (const word of a) {
    let best = 0;
    row = row.map((above, at) => {
      const found = b[at] === word ? (row[at - 1] ?? 0) + 1 : 0;
      best = Math.max(best, above, found);
      return best;
    });
  }
  return row.at(-1) ?? 0;
}
