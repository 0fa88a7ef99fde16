import * as v from 'valibot';
import { quotable, traitsOf, wordsOf } from './answer.js';
import type { ContextItem } from './context.js';
import { lastJsonBlock } from './guidance.js';

const taskSchema = v.object({
  task: v.literal('assessment'),
  language: v.optional(v.string(), 'en'),
  dimensions: v.array(
    v.object({
      id: v.string(),
      label: v.optional(v.string(), ''),
      scale: v.optional(v.tuple([v.number(), v.number()]), [1, 5]),
    }),
  ),
});
export type AssessmentTask = v.InferOutput<typeof taskSchema>;

export function readAssessmentTask(instructions: string): AssessmentTask | undefined {
  const parsed = v.safeParse(taskSchema, lastJsonBlock(instructions));
  return parsed.success ? parsed.output : undefined;
}

/** Counts over the participant's turns; shares are from 0 to 1. */
interface Measures {
  readonly answers: readonly string[];
  readonly wordsPerAnswer: number;
  readonly concreteness: number;
  /** Different words among all: a low share repeats itself. */
  readonly variety: number;
  /** Turns of the interviewer that got an answer. */
  readonly answered: number;
}

/** The JSON text that an assessment asks for, counted from the transcript. It claims no more than counting can tell. */
export function assess(task: AssessmentTask, items: readonly ContextItem[]): string {
  const measures = measure(items);
  const quotes = measures.answers
    .toSorted((a, b) => traitsOf(b).signs - traitsOf(a).signs || b.length - a.length)
    .map(quotable)
    .filter((quote) => quote !== undefined);
  return JSON.stringify({
    dimensions: task.dimensions.map(({ id, label, scale: [low, high] }) => {
      if (measures.answers.length === 0)
        return { id, score: null, evidence: 'There was no answer to judge by.' };
      const { share, because } = judge(`${id} ${label}`, measures);
      const example = quotes[0] === undefined ? '' : `, for example “${quotes[0]}”`;
      return { id, score: Math.round(low + share * (high - low)), evidence: `${because}${example}.` };
    }),
    summary: summarise(task.language, quotes.slice(0, 2)),
  });
}

function measure(items: readonly ContextItem[]): Measures {
  const lines = items.filter((item) => item.kind === 'participant').flatMap(({ text }) => text.split('\n'));
  const said = (who: RegExp): string[] =>
    lines.filter((line) => who.test(line)).map((line) => line.slice(line.indexOf(':') + 1).trim());
  const answers = said(/^Participant\b[^:]*:/).filter(
    (text) => wordsOf(text).length > 0 && text !== '(not understood)',
  );
  const questions = said(/^Interviewer\b[^:]*:/).filter((text) => text.includes('?'));
  const all = answers.flatMap(wordsOf).map((word) => word.toLowerCase());
  return {
    answers,
    wordsPerAnswer: answers.length === 0 ? 0 : Math.round(all.length / answers.length),
    concreteness:
      answers.reduce((sum, text) => sum + Math.min(1, traitsOf(text).signs / 4), 0) / (answers.length || 1),
    variety: all.length === 0 ? 0 : new Set(all).size / all.length,
    answered: Math.min(1, answers.length / (questions.length || 1)),
  };
}

/** Which count comes nearest to what a dimension is called. */
function judge(name: string, measures: Measures): { share: number; because: string } {
  const { wordsPerAnswer, concreteness, variety, answered } = measures;
  const length = Math.min(1, wordsPerAnswer / 40);
  const counted = `About ${wordsPerAnswer} words an answer`;
  if (/concret|specific|episode|example|detail|konkret|concret|ejemplo/i.test(name)) {
    return {
      share: concreteness,
      because: `${Math.round(concreteness * 100)} % of the signs of a concrete episode`,
    };
  }
  if (/clear|clarity|coheren|struct|klar|clart|clarid/i.test(name)) {
    return {
      share: (variety + length) / 2,
      because: `${counted}, ${Math.round(variety * 100)} % different words`,
    };
  }
  if (/engage|open|particip|willing|engag|offen|ouvert|abiert/i.test(name)) {
    return {
      share: (answered + length) / 2,
      because: `${counted}, ${Math.round(answered * 100)} % of the questions answered`,
    };
  }
  return { share: (length + concreteness) / 2, because: counted };
}

/** For the participant's ears: their own words, and no verdict. */
function summarise(language: string, quotes: readonly string[]): string {
  const [first, second] = quotes;
  switch (language.toLowerCase().split(/[-_]/)[0] ?? '') {
    case 'de':
      if (first === undefined)
        return 'Sie haben heute wenig erzählt, und das ist in Ordnung. Danke für Ihre Zeit.';
      return `Sie haben erzählt: „${first}“${second === undefined ? '' : ` und „${second}“`}. Danke für Ihre Offenheit.`;
    case 'fr':
      if (first === undefined)
        return 'Vous avez peu raconté aujourd’hui, et c’est très bien ainsi. Merci de votre temps.';
      return `Vous avez raconté : « ${first} »${second === undefined ? '' : ` et « ${second} »`}. Merci de votre confiance.`;
    case 'es':
      if (first === undefined) return 'Hoy ha contado poco, y está bien así. Gracias por su tiempo.';
      return `Ha contado: «${first}»${second === undefined ? '' : ` y «${second}»`}. Gracias por su confianza.`;
    default:
      if (first === undefined) return 'You told me little today, and that is fine. Thank you for your time.';
      return `You told me: “${first}”${second === undefined ? '' : `, and “${second}”`}. Thank you for being so open.`;
  }
}
