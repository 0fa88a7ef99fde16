import type { Page } from 'puppeteer-core';
import type { Turn } from '../../../src/turn.js';
import { InterviewPage, type Pages, type Told } from './interview-page.js';

/** What the participant sees of a problem. */
export interface Shown {
  readonly heading: string | undefined;
  /** What is said about it: of the screen that has failed, or of the notice on one that goes on. */
  readonly says: string | undefined;
  /** The main button, where there is one. */
  readonly button: string | undefined;
  readonly buttons: readonly string[];
}

export interface FaultyPageOptions {
  /** Makes storage keys and addresses of this page different from those of any other. */
  readonly run: string;
  /** Queries: what goes wrong, as the README's tables say. */
  readonly token?: string | undefined;
  readonly realtime?: string | undefined;
  readonly guide?: unknown;
  /** How many times faster than the real time the interview's clock goes. */
  readonly speed?: number | undefined;
}

/** Short, in writing, and without a consent to agree to: only what goes wrong is on the way. */
const GUIDE = {
  version: 1,
  id: 'faults',
  language: 'en',
  persona: { name: 'Ada' },
  opening: { say: 'Welcome to this interview.' },
  sections: [
    {
      id: 's',
      questions: [1, 2, 3, 4, 5].map((n) => ({
        id: `q${n}`,
        ask: `Question ${n}: what do you remember of day ${n}?`,
        required: true,
        maxProbes: 0,
      })),
    },
  ],
  closing: { say: 'That was all. Thank you.' },
};

/** The demo's page in writing, with something wrong behind it. */
export async function openFaultyPage(
  browser: Pages,
  demoUrl: string,
  { run, token, realtime, guide = GUIDE, speed = 1 }: FaultyPageOptions,
): Promise<InterviewPage> {
  const interview = await InterviewPage.open(browser, demoUrl, {
    isMicrophoneFake: false,
    attributes: {
      mode: 'text',
      output: 'text',
      participant: run,
      ...(token !== undefined && { 'token-url': `/api/token?${token}` }),
      ...(realtime !== undefined && { 'realtime-url': `/v1/realtime?${realtime}` }),
      ...(typeof guide === 'string' && { guide }),
    },
  });
  await interview.page.evaluate(
    async (written, times) => {
      await customElements.whenDefined('ai-interview');
      const element = document.querySelector('ai-interview') as unknown as {
        guide: unknown;
        createSession: (options: object) => unknown;
        updateComplete: Promise<unknown>;
      };
      if (times !== 1) {
        const create = element.createSession;
        const clock = {
          now: () => performance.now() * times,
          setTimeout: (fn: () => void, ms: number) => setTimeout(fn, Math.min(ms / times, 2 ** 31 - 1)),
          clearTimeout: (timer: number) => {
            clearTimeout(timer);
          },
        };
        element.createSession = (options) => create({ ...options, clock });
      }
      if (typeof written !== 'string') element.guide = written;
      await element.updateComplete;
    },
    guide,
    speed,
  );
  return interview;
}

export async function shownOn(page: Page): Promise<Shown> {
  return page.evaluate(() => {
    const root = document.querySelector('ai-interview')?.shadowRoot;
    const words = (selector: string): string | undefined => {
      const found = root?.querySelector(selector);
      return found?.checkVisibility() ? found.textContent.trim() : undefined;
    };
    return {
      heading: words('h2'),
      says: words('[role=alert]') ?? words('.notice p'),
      button: words('.primary'),
      buttons: [...(root?.querySelectorAll('.actions button') ?? [])].map(({ textContent }) =>
        textContent.trim(),
      ),
    };
  });
}

export async function statusOf(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector('ai-interview')?.getAttribute('status') ?? '');
}

/** The turns of the transcript that the participant could take away now. */
export async function exportedTurns(page: Page): Promise<readonly Turn[]> {
  return page.evaluate(async () => {
    const element = document.querySelector('ai-interview') as unknown as {
      exportTranscript: (format: 'json') => Promise<File>;
    };
    const file = await element.exportTranscript('json');
    return (JSON.parse(await file.text()) as { turns: Turn[] }).turns;
  });
}

export const errorsOf = (events: readonly Told[]): readonly string[] =>
  events.filter(({ type }) => type === 'error').map(({ error }) => error?.split(':')[0] ?? '');
