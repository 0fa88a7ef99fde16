/** Reads off the participant's words whether they are still thinking, and how long a pause may then be. Pure; English and German. */

/** What is known of an answer so far: of all its stretches of speech. */
export interface AnswerSoFar {
  readonly words: string;
  readonly spokenMs: number;
}

/** After a pause this long a turn is over. In an interview people look for words: the usual 500 ms would take them away. */
export const PATIENT_MS = 900;
const LONG_ANSWER = { fromMs: 20_000, pauseMs: 1500 };
const THINKING_PAUSE_MS = 2500;

const oneOf = (...sources: readonly RegExp[]): string =>
  sources.map(({ source }) => `(?:${source})`).join('|');
const END = '[\\s.…-]*$';
/** Announces a thought, wherever the last sentence does. */
const THINKING = new RegExp(
  `(?:^|[\\s,;-])(?:${oneOf(
    /let me (?:just )?(?:think|see|remember|recall)\b[^.!?…]{0,24}/,
    /i(?:'m| am) (?:just |still )?thinking|i (?:have|need) to think\b[^.!?…]{0,24}/,
    /how (?:can|do|should|shall) i (?:say|put|explain)(?: this| that| it)?\??/,
    /(?:lassen sie|lass) mich (?:mal |kurz |einen moment )*(?:überlegen|nachdenken|schauen)/,
    /(?:muss|müsste) (?:ich )?(?:da )?(?:mal |kurz |erst )*(?:überlegen|nachdenken)/,
    /wie soll ich (?:das )?(?:sagen|ausdrücken|erklären)\??/,
  )})${END}`,
  'u',
);
/** Asks for time, as a sentence of its own. */
const A_MOMENT = new RegExp(
  `(?:^|[.!?…,;-]\\s*)(?:(?:well|oh|okay|hm+|uh|um|ja|also|na|äh|ähm)[\\s,]+)*(?:${oneOf(
    /(?:give me |just |wait )?(?:a|one) (?:moment|second|minute)(?: please)?|hold on|hang on|wait|let's see/,
    /(?:that's |that is )?a? ?(?:good|hard|difficult|tough) question/,
    /(?:(?:einen|ein|eine|kleinen) )?(?:moment|augenblick|sekunde)(?: mal| bitte)?|warte(?:n sie)?(?: mal)?/,
    /mal (?:sehen|überlegen|schauen)|(?:das ist eine )?(?:gute|schwere|schwierige) frage/,
  )})${END}`,
  'u',
);
/** Nobody ends a sentence with one of these. */
const OPEN_END =
  /(?:^|[\s,.;…-])(?:(?!now )\S+ and then|and then (?:i|we|he|she|they)|und dann(?: (?:ich|wir))?|(?:because|weil) (?:i|we|ich|wir)|and|but|or|because|if|although|whereas|the|a|an|my|our|your|their|und|aber|oder|weil|dass|ob|wenn|sondern|obwohl|eine[nmrs]?|mein(?:e[nmrs]?)?|unser(?:e[nmrs]?)?|u+h+m*|u+m+|e+r+m*|h+m+|m{2,}|ä+h+m*|ö+h+m*|na ?ja|tja)[\s.…-]*$/u;
const TRAILING = /(?:…|\.{2,}|,|[-–—])\s*$/u;

/** Whether the words so far look as if more were to come. */
export function isUnfinished(words: string): boolean {
  const text = words.trim().toLowerCase().replaceAll('’', "'");
  return (
    text !== '' && (TRAILING.test(text) || OPEN_END.test(text) || THINKING.test(text) || A_MOMENT.test(text))
  );
}

/** How long a pause may be before the turn is taken to be over. */
export function pauseMs({ words, spokenMs }: AnswerSoFar): number {
  if (isUnfinished(words)) return THINKING_PAUSE_MS;
  return spokenMs >= LONG_ANSWER.fromMs ? LONG_ANSWER.pauseMs : PATIENT_MS;
}
