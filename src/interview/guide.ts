/**
 * The interview guide: what is asked, in what order, and how it begins and ends. A `Guide` is what an author wrote, in several
 * languages perhaps; a `LocalGuide` is the same in one language, with every default filled in and every section in its order.
 */
import { safeParse, type InferOutput } from 'valibot';
import { InterviewError } from '../errors.js';
import { problemsOf } from './guide-problems.js';
import { guideSchema } from './guide-schema.js';
import { shuffle } from './shuffle.js';

/** A guide, version 1, as written. Every text is a string, or a record of strings by language (BCP 47). */
export type Guide = InferOutput<typeof guideSchema>;

type Text = NonNullable<Guide['title']>;

/** One thing to say. `verbatim`: in these very words. */
export interface LocalLine {
  readonly say: string;
  readonly verbatim: boolean;
}

export interface LocalProbe {
  readonly id: string;
  readonly type?: string;
  readonly say: string;
  /** In words, for the model: when this probe is worth making. */
  readonly when?: string;
}

export interface LocalQuestion {
  readonly id: string;
  readonly sectionId: string;
  readonly ask: string;
  /** Default `false`. */
  readonly verbatim: boolean;
  /** It counts only when it was heard, and is asked even when time is short. Default `false`. */
  readonly required: boolean;
  readonly objectives: readonly { readonly id: string; readonly label: string }[];
  readonly probes: readonly LocalProbe[];
  /** Probes and follow-ups together. Default: as many as there are probes. */
  readonly maxProbes: number;
  /** The participant may pass it over. Default `true`. */
  readonly skippable: boolean;
}

export interface LocalSection {
  readonly id: string;
  readonly title: string;
  readonly questions: readonly LocalQuestion[];
}

export interface LocalDimension {
  readonly id: string;
  readonly label: string;
  /** Lowest and highest score. Default 1 to 5. */
  readonly scale: readonly [number, number];
}

export interface LocalGuide {
  readonly id: string;
  readonly revision?: string;
  /** Default: the id. */
  readonly title: string;
  /** BCP 47: what the interview is held in. */
  readonly language: string;
  readonly disclosure?: string;
  readonly consent?: {
    readonly version: string;
    readonly text: string;
    readonly items: readonly { readonly id: string; readonly label: string; readonly required: boolean }[];
  };
  readonly persona: { readonly name: string; readonly manner?: string; readonly voice?: string };
  readonly time?: {
    readonly targetMinutes?: number;
    readonly maxMinutes?: number;
    /** Silence after which the interviewer asks whether the participant is still there. Default 30; 0: never. */
    readonly nudgeSeconds?: number;
  };
  /** The most that the interview may cost, by an estimate in US dollars. */
  readonly cost?: { readonly maxUsd: number };
  readonly opening?: LocalLine;
  readonly sections: readonly LocalSection[];
  readonly closing: {
    /** The question whether there is anything else; left out: it is not asked. */
    readonly anythingElse?: string;
    /** The interviewer sums up what it heard before it closes. */
    readonly isSummarySpoken: boolean;
    readonly line: LocalLine;
  };
  readonly assessment?: {
    readonly dimensions: readonly LocalDimension[];
    /** Who may know of it. Default `host`: nothing of it is spoken. */
    readonly audience: 'host' | 'participant' | 'both';
  };
}

/** @throws InterviewError `guide-invalid`; each of its `problems` begins with a JSON path (`sections[0].questions[1].ask: …`) */
export function parseGuide(value: unknown): Guide {
  const result = safeParse(guideSchema, value);
  const problems = problemsOf(result);
  if (!result.success || problems.length > 0) {
    throw new InterviewError('guide-invalid', `The guide does not fit: ${problems.join('; ')}`, { problems });
  }
  return result.output;
}

export interface LocalizeOptions {
  /** What the page's author asks for; wins over the guide's own. */
  readonly language?: string | undefined;
  /** The page's language, where neither the author nor the guide names one. Default `en`. */
  readonly pageLanguage?: string | undefined;
  /** Decides the order of shuffled sections; the same seed gives the same order. The interview's id is one. */
  readonly seed: string;
}

/** The guide in one language. A text without that language is taken in the guide's own, in English, or in its first. */
export function localizeGuide(
  guide: Guide,
  { language: wanted, pageLanguage, seed }: LocalizeOptions,
): LocalGuide {
  const language = wanted || guide.language || pageLanguage || 'en';
  const pick = (text: Text): string => textIn(text, [language, guide.language ?? 'en', 'en']);
  const maybe = (text: Text | undefined): string | undefined => text && pick(text);
  const { consent, persona, opening, closing, assessment } = guide;
  const anythingElse = closing?.anythingElse;

  const question = (
    { ask, objectives = [], probes = [], ...rest }: Guide['sections'][number]['questions'][number],
    sectionId: string,
  ): LocalQuestion => ({
    verbatim: false,
    required: false,
    maxProbes: probes.length,
    skippable: true,
    ...rest,
    sectionId,
    ask: pick(ask),
    objectives: objectives.map(({ id, label }) => ({ id, label: pick(label) })),
    probes: probes.map(({ say, when, ...probe }) => {
      const objective = objectives.find(({ id }) => id === when);
      return {
        ...probe,
        say: pick(say),
        when: objective ? `not told yet: ${pick(objective.label)}` : maybe(when),
      };
    }),
  });

  return {
    id: guide.id,
    revision: guide.revision,
    title: maybe(guide.title) ?? guide.id,
    language,
    disclosure: maybe(guide.disclosure),
    consent: consent && {
      version: consent.version,
      text: pick(consent.text),
      items: (consent.items ?? []).map(({ id, label, required = false }) => ({
        id,
        label: pick(label),
        required,
      })),
    },
    persona: {
      name: maybe(persona?.name) ?? 'Ada',
      manner: maybe(persona?.manner),
      voice: persona?.voice,
    },
    time: guide.time,
    cost: guide.cost,
    opening: opening && { say: pick(opening.say), verbatim: opening.verbatim ?? false },
    sections: guide.sections.map(({ id, title, order, questions }) => ({
      id,
      title: maybe(title) ?? '',
      questions: (order === 'shuffle' ? shuffle(questions, `${seed}/${id}`) : questions).map((written) =>
        question(written, id),
      ),
    })),
    closing: {
      anythingElse:
        anythingElse === true
          ? 'Is there anything else that you would like to add?'
          : anythingElse
            ? pick(anythingElse)
            : undefined,
      isSummarySpoken: closing?.summary === 'spoken',
      line: {
        say: maybe(closing?.say) ?? 'That was all. Thank you very much for your time.',
        verbatim: closing?.verbatim ?? false,
      },
    },
    assessment: assessment && {
      dimensions: assessment.dimensions.map(({ id, label, scale = [1, 5] }) => ({
        id,
        label: pick(label),
        scale,
      })),
      audience: assessment.audience ?? 'host',
    },
  };
}

/** The first of `languages` that the text has, as such or by its base language (`de` for `de-AT`), else its first. */
function textIn(text: Text, languages: readonly string[]): string {
  if (typeof text === 'string') return text;
  const entries = Object.entries(text);
  const base = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';
  for (const language of languages) {
    const found =
      entries.find(([tag]) => tag.toLowerCase() === language.toLowerCase()) ??
      entries.find(([tag]) => base(tag) === base(language));
    if (found) return found[1];
  }
  return entries[0]?.[1] ?? '';
}
