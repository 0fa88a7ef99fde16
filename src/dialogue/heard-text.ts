/** Scripts that write without spaces between words: Thai, Lao, Khmer, Burmese, Japanese, Chinese. */
const UNSPACED =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

/** Cuts a run of text without spaces into words. */
export type SplitWords = (run: string) => readonly string[];

/** By the browser's dictionary; where it has none, only at punctuation: rather too little heard than half a word. */
const splitWords: SplitWords = (run) =>
  typeof Intl.Segmenter === 'function'
    ? Array.from(new Intl.Segmenter(undefined, { granularity: 'word' }).segment(run), (part) => part.segment)
    : splitAtPunctuation(run);

export const splitAtPunctuation: SplitWords = (run) => run.match(/[^\p{P}]*\p{P}+|[^\p{P}]+$/gu) ?? [];

/**
 * The beginning of `text` that was heard when `share` (0…1) of its sound was played: an estimate, since speech is not even. Only
 * whole words count, and a word that was begun was not heard.
 */
export function heardText(text: string, share: number, split: SplitWords = splitWords): string {
  if (share >= 1) return text;
  const limit = share > 0 ? text.length * share : 0;
  let end = 0;
  for (const { 0: word, index } of text.matchAll(/\S+/gu)) {
    if (index + word.length <= limit) {
      end = index + word.length;
      continue;
    }
    if (UNSPACED.test(word)) {
      let partEnd = index;
      for (const part of split(word)) {
        partEnd += part.length;
        if (partEnd > limit) break;
        end = partEnd;
      }
    }
    break;
  }
  return text.slice(0, end);
}
