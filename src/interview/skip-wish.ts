const WISH =
  /^\W*(skip|pass)\b|\bskip (it|this|that)\b|\b(rather|prefer) not (to )?(say|answer|talk|tell)|\bnext question\b|überspring|lieber nicht|nächste frage/i;
const MAX_WORDS = 12;

/** Whether the participant would rather leave the question, by the words of a short answer. The model may notice more. */
export function wishesToSkip(text: string): boolean {
  return text.split(/\s+/).length <= MAX_WORDS && WISH.test(text);
}
