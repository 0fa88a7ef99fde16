import type { Page } from 'puppeteer-core';
import { storedRecords } from './stored-turns.js';

/** Everything that a page keeps, shows and tells, as text, by place. */
export type PagePlaces = Readonly<Record<string, string>>;

/** Keeps what the element tells and what the console is told, from the next page that is loaded. */
export class PageEars {
  readonly #page: Page;
  readonly #console: string[] = [];
  readonly #events: string[] = [];

  private constructor(page: Page) {
    this.#page = page;
    page.on('console', (message) =>
      this.#console.push(
        `${message.text()} ${message
          .stackTrace()
          .map(({ url }) => url)
          .join(' ')}`,
      ),
    );
    page.on('pageerror', (error) => this.#console.push(String(error)));
  }

  static async on(page: Page): Promise<PageEars> {
    const ears = new PageEars(page);
    await page.exposeFunction('keepTold', (told: string) => ears.#events.push(told));
    await page.evaluateOnNewDocument(listen);
    return ears;
  }

  /** How many events of the element were kept. */
  get count(): number {
    return this.#events.length;
  }

  /** What the page has now, and what was heard since. */
  async places(): Promise<PagePlaces> {
    const found = await this.#page.evaluate(async () => {
      const shownIn = (root: Document | ShadowRoot): string => {
        const html = root instanceof Document ? root.documentElement.outerHTML : root.innerHTML;
        const below = [...root.querySelectorAll('*')].map((element) => {
          const typed = 'value' in element ? String(element.value) : '';
          return typed + (element.shadowRoot ? shownIn(element.shadowRoot) : '');
        });
        return html + below.join('');
      };
      const kept: string[] = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          const answer = await cache.match(request);
          kept.push(request.url, (await answer?.text()) ?? '');
        }
      }
      const element = document.querySelector('ai-interview');
      const files = await Promise.all(
        (['json', 'markdown'] as const).map(async (format) => {
          const file = await element?.exportTranscript(format);
          return `${file?.name ?? ''}\n${(await file?.text()) ?? ''}`;
        }),
      );
      return {
        localStorage: JSON.stringify(Object.entries(localStorage)),
        sessionStorage: JSON.stringify(Object.entries(sessionStorage)),
        caches: kept.join('\n'),
        cookies: document.cookie,
        dom: shownIn(document),
        exportJson: files[0] ?? '',
        exportMarkdown: files[1] ?? '',
        addresses: [
          location.href,
          JSON.stringify(history.state),
          ...performance.getEntries().map(({ name }) => name),
        ].join('\n'),
      };
    });
    return {
      ...found,
      indexedDB: JSON.stringify(await storedRecords(this.#page)),
      console: this.#console.join('\n'),
      events: this.#events.join('\n'),
    };
  }
}

/** The names of the places that have a text. */
export const placesWith = (places: PagePlaces, text: string): readonly string[] =>
  Object.keys(places)
    .filter((name) => places[name]?.includes(text))
    .sort();

/** Leaves a word in every place but the exports. */
export async function plant(page: Page, word: string): Promise<void> {
  await page.evaluate(async (text) => {
    localStorage.setItem('k', text);
    sessionStorage.setItem('k', text);
    document.cookie = `k=${text}`;
    await (await caches.open('k')).put('/k', new Response(text));
    history.replaceState({ text }, '');
    console.info(text);
    const element = document.querySelector('ai-interview');
    const cause = new Error(text);
    element?.dispatchEvent(new CustomEvent('interview-k', { detail: new Error('k', { cause }) }));
    element?.shadowRoot?.append(text);
    await new Promise<void>((resolve) => {
      indexedDB.open('k').onupgradeneeded = ({ target }) => {
        const { result, transaction } = target as IDBOpenDBRequest;
        result.createObjectStore('k', { autoIncrement: true }).put(text);
        transaction?.addEventListener('complete', () => {
          result.close();
          resolve();
        });
      };
    });
  }, word);
}

/** Runs in the page: every event whose name begins as ours do, with all that hangs on it, its error's stack and causes too. */
function listen(): void {
  const written = (event: Event): string => {
    const seen = new Set<unknown>();
    const plain = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
      if (value instanceof EventTarget || seen.has(value)) return undefined;
      seen.add(value);
      const names = new Set<string>();
      for (let at: unknown = value; at && at !== Object.prototype; at = Object.getPrototypeOf(at))
        for (const name of Object.getOwnPropertyNames(at)) names.add(name);
      return Object.fromEntries(
        [...names].map((name) => [name, plain((value as Record<string, unknown>)[name])]),
      );
    };
    return JSON.stringify(plain(event));
  };
  const dispatch = Reflect.get(EventTarget.prototype, 'dispatchEvent');
  EventTarget.prototype.dispatchEvent = function (this: EventTarget, event: Event) {
    if (event.type.startsWith('interview-'))
      void (globalThis as unknown as { keepTold(told: string): Promise<void> }).keepTold(written(event));
    return dispatch.call(this, event);
  };
}
