import type { AnswerTraits } from './answer.js';

/** The interviewer's own words. What belongs to the guide comes from the guide, in its own language. */
export interface Phrases {
  readonly thanks: readonly string[];
  readonly thin: readonly string[];
  readonly hard: readonly string[];
  readonly good: readonly string[];
  readonly unsure: readonly string[];
  readonly notUnderstood: string;
  readonly stillThere: string;
  readonly followUp: (quote: string) => string;
  readonly tellMore: string;
  readonly anythingElse: string;
  readonly summary: (quotes: readonly string[]) => string;
  readonly goodbye: string;
  readonly stopping: string;
}

const en: Phrases = {
  thanks: ['Thank you for telling me that.', 'Thank you.', 'I see, thank you.'],
  thin: ['I see.', 'All right.', 'Okay.'],
  hard: ['That sounds hard.', 'I can imagine that this was not easy.'],
  good: ['That sounds good.', 'I am glad to hear that.'],
  unsure: ['That is fine.', 'No problem.'],
  stillThere: 'Are you still there? I can say the question again if you like.',
  notUnderstood: "I'm sorry, I did not catch that. Could you say it once more?",
  followUp: (quote) => `You said: “${quote}”. Can you tell me more about that?`,
  tellMore: 'Can you tell me a little more about that?',
  anythingElse: 'Is there anything else that you would like to add?',
  summary: (quotes) => `Let me sum up in your own words: ${quotes.map((quote) => `“${quote}”`).join('; ')}.`,
  goodbye: 'That was all. Thank you very much.',
  stopping: 'Of course. Let us stop here.',
};

const de: Phrases = {
  thanks: ['Danke, dass Sie das erzählen.', 'Danke.', 'Verstehe, danke.'],
  thin: ['Verstehe.', 'Gut.', 'Ja.'],
  hard: ['Das klingt schwer.', 'Das war sicher nicht leicht.'],
  good: ['Das klingt gut.', 'Das freut mich.'],
  unsure: ['Das ist in Ordnung.', 'Kein Problem.'],
  stillThere: 'Sind Sie noch da? Ich kann die Frage gern noch einmal stellen.',
  notUnderstood: 'Entschuldigung, das habe ich nicht verstanden. Können Sie es noch einmal sagen?',
  followUp: (quote) => `Sie sagten: „${quote}“. Können Sie mehr davon erzählen?`,
  tellMore: 'Können Sie etwas mehr davon erzählen?',
  anythingElse: 'Möchten Sie noch etwas ergänzen?',
  summary: (quotes) => `In Ihren eigenen Worten: ${quotes.map((quote) => `„${quote}“`).join('; ')}.`,
  goodbye: 'Das war alles. Vielen Dank.',
  stopping: 'Natürlich. Hören wir hier auf.',
};

const fr: Phrases = {
  thanks: ['Merci de me le raconter.', 'Merci.', 'Je vois, merci.'],
  thin: ['Je vois.', 'Très bien.', 'D’accord.'],
  hard: ['Cela semble difficile.', 'Ce n’était sûrement pas facile.'],
  good: ['Cela fait plaisir à entendre.', 'Très bien.'],
  unsure: ['Ce n’est pas grave.', 'Pas de problème.'],
  stillThere: 'Êtes-vous toujours là ? Je peux répéter la question.',
  notUnderstood: 'Pardon, je n’ai pas compris. Pouvez-vous le redire ?',
  followUp: (quote) => `Vous avez dit : « ${quote} ». Pouvez-vous m’en dire plus ?`,
  tellMore: 'Pouvez-vous m’en dire un peu plus ?',
  anythingElse: 'Souhaitez-vous ajouter quelque chose ?',
  summary: (quotes) => `Avec vos propres mots : ${quotes.map((quote) => `« ${quote} »`).join(' ; ')}.`,
  goodbye: 'C’était tout. Merci beaucoup.',
  stopping: 'Bien sûr. Arrêtons-nous ici.',
};

const es: Phrases = {
  thanks: ['Gracias por contármelo.', 'Gracias.', 'Entiendo, gracias.'],
  thin: ['Entiendo.', 'Muy bien.', 'De acuerdo.'],
  hard: ['Parece difícil.', 'Seguro que no fue fácil.'],
  good: ['Me alegra oírlo.', 'Qué bien.'],
  unsure: ['Está bien.', 'No pasa nada.'],
  stillThere: '¿Sigue ahí? Puedo repetir la pregunta.',
  notUnderstood: 'Perdone, no lo he entendido. ¿Puede repetirlo?',
  followUp: (quote) => `Ha dicho: «${quote}». ¿Puede contarme más?`,
  tellMore: '¿Puede contarme un poco más?',
  anythingElse: '¿Quiere añadir algo más?',
  summary: (quotes) => `En sus propias palabras: ${quotes.map((quote) => `«${quote}»`).join('; ')}.`,
  goodbye: 'Eso es todo. Muchas gracias.',
  stopping: 'Por supuesto. Paramos aquí.',
};

/** By BCP 47 tag; undefined for a language whose words the interviewer does not have. */
export function phrasesFor(language: string): Phrases | undefined {
  return { en, de, fr, es }[language.toLowerCase().split(/[-_]/)[0] ?? ''];
}

export const fallbackPhrases = en;

/** A short reaction that fits the answer. @param turn counts up, so that the same words do not come twice in a row */
export function acknowledgement(
  phrases: Phrases,
  { mood }: AnswerTraits,
  { isThin, turn }: { isThin: boolean; turn: number },
): string {
  if (isThin) return pick(mood === 'unsure' ? phrases.unsure : phrases.thin, turn);
  return pick(mood === 'hard' || mood === 'good' ? phrases[mood] : phrases.thanks, turn);
}

function pick(phrases: readonly string[], turn: number): string {
  return phrases[turn % phrases.length] ?? '';
}
