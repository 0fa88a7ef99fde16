/** What can be told of an answer from its words alone. */
export interface AnswerTraits {
  readonly words: number;
  /** Signs of a concrete episode in it: times, numbers, names, the past, a first person who acts. */
  readonly signs: number;
  readonly mood: 'hard' | 'good' | 'unsure' | 'neutral';
}

const TIME =
  /\b(yesterday|today|once|last (week|month|year|summer|winter|spring|monday|tuesday|wednesday|thursday|friday|night)|first (day|week|month|time)|morning|afternoon|evening|ago|when (i|we|my|the)|gestern|einmal|letzte[rnsm]?|damals|morgens|als (ich|wir)|hier|une fois|dernier|matin|quand (je|nous)|ayer|una vez|pasado|mañana|cuando)\b/iu;
const PAST =
  /\b(was|were|had|went|came|told|said|asked|showed|gave|took|met|felt|found|made|saw|did|helped|got|started|\w{3,}ed|war|waren|hatte|hatten|ging|kam|sagte|gab|étais|était|avais|avait|fui|fue|era|tenía|estaba)\b/iu;
const PERSON =
  /\b(I|we|my|our|me|us|ich|wir|mein\w*|unser\w*|je|nous|mon|ma|notre|yo|nosotros|mi|nuestr\w*)\b/iu;
const NAME = /(?<![.!?…]\s|^)\b\p{Lu}\p{Ll}{2,}/u;

const HARD =
  /\b(difficult|hard|stress\w*|afraid|scared|nervous|lost|alone|lonely|confus\w*|overwhelm\w*|frustrat\w*|problem\w*|trouble|sad|angry|tired|schwierig|schwer|angst|allein|verloren|müde|difficile|dur|peur|seule?|perdue?|difícil|miedo|sol[oa]|perdid[oa])\b/iu;
const GOOD =
  /\b(great|good|nice|happy|glad|fun|friendly|welcom\w*|helpful|love\w*|enjoy\w*|excit\w*|proud|gut|schön|froh|nett|freundlich|toll|bien|contente?|heureu\w*|sympa\w*|bueno|feliz|content[oa]|amable\w*)\b/iu;
const UNSURE =
  /\b(don['’]?t (know|remember|recall)|not sure|no idea|nothing|weiß (ich )?nicht|keine ahnung|nichts|sais pas|rien|no (lo )?sé|nada)\b/iu;

/** Below this an answer is thin whatever it says. */
const FEW_WORDS = 9;
/** Above this it is an answer even without an episode in it. */
const MANY_WORDS = 25;

export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
}

export function traitsOf(text: string): AnswerTraits {
  const signs = [TIME, PAST, PERSON, NAME, /\p{N}/u].filter((sign) => sign.test(text)).length;
  const mood = UNSURE.test(text) ? 'unsure' : HARD.test(text) ? 'hard' : GOOD.test(text) ? 'good' : 'neutral';
  return { words: wordsOf(text).length, signs, mood };
}

/** Whether there is reason to ask more: few words, or not many and nothing concrete among them. */
export function isThin(text: string): boolean {
  const { words, signs } = traitsOf(text);
  return words < FEW_WORDS || (words < MANY_WORDS && signs < 2);
}

/** A stretch of the participant's own words to come back to, at most twelve of them; undefined when there is none worth it. */
export function quotable(text: string): string | undefined {
  const clauses = text.split(/[.!?…,;:]+|\s(?:and|but|because|und|aber|weil|et|mais|y|pero)\s/u);
  const best = clauses
    .map((clause) => clause.trim())
    .filter((clause) => wordsOf(clause).length >= 2)
    .sort((a, b) => traitsOf(b).signs - traitsOf(a).signs || b.length - a.length)[0];
  return best?.split(/\s+/).slice(0, 12).join(' ');
}

/** Asks to hear the question again. */
export function asksToRepeat(text: string): boolean {
  return (
    wordsOf(text).length <= 12 &&
    /\b(repeat|say (that|it) again|pardon|what was the question|what did you (say|ask)|didn['’]?t (hear|catch|understand)|wiederholen|noch ?(ein)?mal|wie bitte|répéter|répétez|pardon|repetir|repita|cómo dice)\b/iu.test(
      text,
    )
  );
}

/** Would rather not answer this one. */
export function asksToSkip(text: string): boolean {
  return (
    wordsOf(text).length <= 14 &&
    /\b(rather not|prefer not|skip|next question|pass on|(don['’]?t|do not) want to (answer|say|talk)|lieber nicht|überspringen|nächste frage|préfère(rais)? (ne )?pas|question suivante|prefiero no|siguiente pregunta)\b/iu.test(
      text,
    )
  );
}

/** Says plainly that the interview is over for them. */
export function asksToStop(text: string): boolean {
  return (
    wordsOf(text).length <= 12 &&
    /\b((stop|end|finish|quit|leave)( (the|this))? (interview|conversation|call)|(want|like|have|need) to (stop|quit|end|leave)( (here|now))?$|(interview|gespräch) (beenden|abbrechen)|arrêter l['’]entretien|terminar la entrevista)/iu.test(
      text.replace(/[.!?]+$/, ''),
    )
  );
}
