/** Flite is quick, so a long sentence only delays the first sound; beyond this it is cut at a comma or a space. */
const LONGEST = 220;

/** A full stop behind these ends no sentence; nor does one behind an initial. */
const ABBREVIATIONS = /\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|e\.g|i\.e|approx|[A-HJ-Z])\.$/;

/** The sentences of a text in order, with their marks; together they hold every word of it. */
export function sentences(text: string): string[] {
  const found: string[] = [];
  let sentence = '';
  // A sentence ends behind . ! ? … (and closing quotes or brackets) before a space, or at a line's end.
  for (const part of text.split(/(?<=[.!?…]["'”’)\]]*)\s+|\s*\n\s*/u)) {
    sentence = sentence === '' ? part : `${sentence} ${part}`;
    if (ABBREVIATIONS.test(sentence)) continue;
    found.push(sentence);
    sentence = '';
  }
  found.push(sentence);
  return found.flatMap((whole) => shortened(whole.trim())).filter((piece) => piece !== '');
}

function shortened(sentence: string): string[] {
  if (sentence.length <= LONGEST) return [sentence];
  const head = sentence.slice(0, LONGEST);
  const comma = Math.max(head.lastIndexOf(', '), head.lastIndexOf('; '), head.lastIndexOf(': '));
  const at = comma > LONGEST / 3 ? comma + 1 : head.lastIndexOf(' ');
  const end = at > 0 ? at : LONGEST;
  return [sentence.slice(0, end).trim(), ...shortened(sentence.slice(end).trim())];
}
