import { english, type InterviewStrings } from './strings.js';

/** Languages of the screen beside English: each is loaded when it is used. */
const LANGUAGES: Readonly<Record<string, () => Promise<InterviewStrings>>> = {
  de: async () => (await import('./strings-de.js')).german,
};

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set([
  'ar',
  'dv',
  'fa',
  'he',
  'ku',
  'ps',
  'sd',
  'ug',
  'ur',
  'yi',
]);

export interface ScreenLanguage {
  /** BCP 47, of the words themselves: English where a language was asked for that the screen does not speak. */
  readonly language: string;
  readonly strings: InterviewStrings;
}

export const ENGLISH: ScreenLanguage = { language: 'en', strings: english };

/** Words for a BCP 47 language. Falls back to English, also when the file of a language cannot be fetched. */
export async function loadLanguage(language: string): Promise<ScreenLanguage> {
  const primary = primarySubtag(language);
  const load = LANGUAGES[primary];
  if (!load) return ENGLISH;
  return load().then(
    (strings) => ({ language: primary, strings }),
    () => ENGLISH,
  );
}

export function directionOf(language: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(primarySubtag(language)) ? 'rtl' : 'ltr';
}

function primarySubtag(language: string): string {
  return language.toLowerCase().split('-', 1)[0] ?? '';
}
