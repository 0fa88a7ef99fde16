import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ENGLISH, loadLanguage, type ScreenLanguage } from './language.js';
import { withOverrides, type InterviewStrings, type StringOverrides } from './strings.js';

/** Has the words of the screen in the language that is wanted now, with the page's own words in place. */
export class WordsController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #wanted: () => { language: string; overrides: StringOverrides | undefined };
  #asked = 'en';
  #loaded: ScreenLanguage = ENGLISH;
  #overrides: StringOverrides | undefined;
  #strings: InterviewStrings = ENGLISH.strings;

  constructor(
    host: ReactiveControllerHost,
    wanted: () => { language: string; overrides: StringOverrides | undefined },
  ) {
    this.#host = host;
    this.#wanted = wanted;
    host.addController(this);
  }

  get strings(): InterviewStrings {
    return this.#strings;
  }

  /** BCP 47, of the words themselves. */
  get language(): string {
    return this.#loaded.language;
  }

  hostUpdate(): void {
    const { language, overrides } = this.#wanted();
    if (language !== this.#asked) void this.#load(language);
    if (overrides !== this.#overrides) this.#use(this.#loaded, overrides);
  }

  async #load(language: string): Promise<void> {
    this.#asked = language;
    const loaded = await loadLanguage(language);
    // A language that was asked for later wins, whichever arrives first.
    if (language !== this.#asked) return;
    this.#use(loaded, this.#overrides);
    this.#host.requestUpdate();
  }

  #use(loaded: ScreenLanguage, overrides: StringOverrides | undefined): void {
    this.#loaded = loaded;
    this.#overrides = overrides;
    this.#strings = withOverrides(loaded.strings, overrides);
  }
}
