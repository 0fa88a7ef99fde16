/** A full stop behind these ends no sentence. */
const ABBREVIATION = /(?:^|\s)(?:Mr|Mrs|Ms|Dr|Prof|St|vs|e\.g|i\.e|z\.B|approx|\p{Lu})\.\s*$/u;

/** Text cut where a speaker breathes, spaces included: the parts joined are the text. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const part of text.split(/(?<=[.!?…]["'”’»)\]]*\s+)(?=\S)/u)) {
    open += part;
    if (ABBREVIATION.test(open)) continue;
    sentences.push(open);
    open = '';
  }
  if (open !== '') sentences.push(open);
  return sentences;
}

/** Words with the space before them: the grain in which words are told. */
export function splitWords(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
