import type { Browser, Page } from 'puppeteer-core';
import type { Turn } from '../../../src/turn.js';
import type { Sound } from '../../../demo/server/speech/wav.js';
import { instrumentPage } from './in-page.js';
import { WireLog } from './wire-log.js';

/** What `instrumentPage` logged of one event of the element. */
export interface Told {
  readonly type: string;
  /** `performance.now()` of the page. */
  readonly at: number;
  readonly turn?: Turn;
  readonly status?: string;
  readonly activity?: string;
  readonly reason?: string;
  readonly error?: string;
  readonly assessment?: { readonly summary: string; readonly dimensions: readonly unknown[] };
  readonly coverage?: {
    readonly done: number;
    readonly total: number;
    readonly phase: string;
    readonly sections: readonly {
      readonly questions: readonly { readonly id: string; readonly status: string }[];
    }[];
  };
}

/** One reading of the page's loudspeaker, every 40 ms. */
export interface Loudness {
  readonly at: number;
  readonly rms: number;
}

/** Sound that left for the loudspeaker without a second of silence in it: how many samples were not zero, and when the last left. */
export interface Span {
  readonly sounding: number;
  readonly at: number;
}

export interface PageOptions {
  readonly isMicrophoneFake?: boolean;
  /** The fake microphone stands beside the loudspeaker. */
  readonly hearsLoudspeaker?: boolean;
  /** Said in the place of the guide's own opening, which takes ten seconds. */
  readonly greeting?: string;
  /** What the page's author wrote on the element besides. */
  readonly attributes?: Readonly<Record<string, string>>;
}

declare const journey: {
  readonly events: readonly Told[];
  readonly heard: readonly Loudness[];
  readonly spans: readonly Span[];
  say(pcm: number[], rate: number): Promise<void>;
};

/** A browser, or a part of it that keeps its data to itself. */
export type Pages = Pick<Browser, 'newPage'>;

const PATIENCE_MS = 60_000;

/** The demo page as a participant uses it, and everything that went wrong on it. */
export class InterviewPage {
  readonly page: Page;
  /** Errors of the page and of its console: a journey that ends well leaves none. */
  readonly problems: string[] = [];
  readonly wire: WireLog;

  private constructor(page: Page, wire: WireLog) {
    this.page = page;
    this.wire = wire;
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('requestfailed', (request) => {
      // Answered well, and the page did not want to read the answer; or a guide, and it was given another.
      const isUnwanted = request.response()?.ok() || new URL(request.url()).pathname.startsWith('/guides/');
      if (isUnwanted && request.failure()?.errorText === 'net::ERR_ABORTED') return;
      this.problems.push(`${request.url()}: ${request.failure()?.errorText ?? ''}`);
    });
  }

  static async open(
    browser: Pages,
    url: string,
    { isMicrophoneFake = true, hearsLoudspeaker = false, greeting, attributes = {} }: PageOptions = {},
  ): Promise<InterviewPage> {
    const page = await browser.newPage();
    await page.setViewport({ width: 1000, height: 900 });
    const interview = new InterviewPage(page, await WireLog.on(await page.createCDPSession()));
    // The TypeScript runner marks functions with a helper that the page does not have.
    await page.evaluateOnNewDocument('globalThis.__name = (fn) => fn');
    await page.evaluateOnNewDocument(instrumentPage, isMicrophoneFake, hearsLoudspeaker);
    if (greeting !== undefined) await page.evaluateOnNewDocument(greetWith, greeting);
    await page.evaluateOnNewDocument((written) => {
      // The document is read, and no module has run yet.
      document.addEventListener('readystatechange', () => {
        if (document.readyState !== 'interactive') return;
        const element = document.querySelector('ai-interview');
        for (const [name, value] of Object.entries(written)) element?.setAttribute(name, value);
      });
    }, attributes);
    await page.goto(url, { waitUntil: 'load' });
    return interview;
  }

  /** Presses the button with this name, wherever in the page it is, as soon as it can be pressed. */
  async press(name: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${name}"][role="button"])`).setTimeout(PATIENCE_MS).click();
  }

  async tick(name: string): Promise<void> {
    await this.page.locator(`::-p-aria([name*="${name}"][role="checkbox"])`).setTimeout(PATIENCE_MS).click();
  }

  /** Holds the talk button with the mouse while the utterances are said. */
  async talk(...utterances: readonly Sound[]): Promise<void> {
    const button = await this.page.waitForSelector('ai-interview >>> [part~="talk"]', {
      visible: true,
      timeout: PATIENCE_MS,
    });
    const box = await button?.boundingBox();
    if (!box) throw new Error('The talk button is not on the screen');
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.page.mouse.down();
    for (const utterance of utterances) await this.say(utterance);
    await this.page.mouse.up();
  }

  /** Says something into the microphone, pressing nothing. */
  async say({ pcm, rate }: Sound): Promise<void> {
    await this.page.evaluate((samples, hertz) => journey.say(samples, hertz), Array.from(pcm), rate);
  }

  /** The page's own `performance.now()`. */
  async now(): Promise<number> {
    return this.page.evaluate(() => performance.now());
  }

  async type(text: string): Promise<void> {
    const box = await this.page.waitForSelector('ai-interview >>> [part~="text-box"] :is(textarea, input)', {
      visible: true,
      timeout: PATIENCE_MS,
    });
    await box?.type(text);
    await this.page.keyboard.press('Enter');
  }

  async events(): Promise<readonly Told[]> {
    return this.page.evaluate(() => journey.events);
  }

  async loudness(): Promise<readonly Loudness[]> {
    return this.page.evaluate(() => journey.heard);
  }

  async spans(): Promise<readonly Span[]> {
    return this.page.evaluate(() => journey.spans);
  }

  /** Waits until something was told that fits; says what was told instead when it does not come. */
  async until(
    what: string,
    fits: (events: readonly Told[]) => boolean,
    patienceMs = PATIENCE_MS,
  ): Promise<readonly Told[]> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const events = await this.events();
      if (fits(events)) return events;
      if (Date.now() > end) {
        const told = events.slice(-25).map((event) => JSON.stringify(event).slice(0, 200));
        throw new Error(
          `Waited ${patienceMs / 1000} s for ${what}. Told last:\n${told.join('\n')}\n${this.problems.join('\n')}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** The element's own transcript, in the order of the conversation. */
  async transcript(): Promise<readonly Turn[]> {
    return this.page.evaluate(() => {
      const element = document.querySelector('ai-interview') as unknown as { transcript: readonly Turn[] };
      return [...element.transcript];
    });
  }

  /** As the page's author would, while the interview is live. */
  async setOutput(output: 'voice' | 'text'): Promise<void> {
    await this.until('a live interview', (events) => events.some(({ status }) => status === 'live'));
    await this.page.evaluate((value) => {
      Object.assign(document.querySelector('ai-interview') ?? {}, { output: value });
    }, output);
  }

  /** Through consent and set-up into the live interview, as a participant goes. */
  async enter({ withMicrophone }: { withMicrophone: boolean }): Promise<void> {
    await this.press('Begin');
    await this.agree();
    if (withMicrophone) {
      await this.press('Turn on the microphone');
      await this.press('Start the interview');
    } else {
      await this.press('Continue without a microphone');
    }
    await this.until('a live interview', (events) => events.some(({ status }) => status === 'live'));
  }

  async agree(): Promise<void> {
    const boxes = 'ai-interview >>> input[type=checkbox]';
    await this.page.waitForSelector('ai-interview >>> form', { timeout: PATIENCE_MS });
    for (const box of await this.page.$$(boxes)) await box.click();
    await this.press('I agree');
  }
}

/** How many times the interviewer came to rest after speaking: its turns that are over. */
export function countRests(events: readonly Told[]): number {
  return events.filter(({ type, activity }) => type === 'activity' && activity === 'listening').length;
}

/** Runs in the page: every guide that it fetches opens with these words. */
function greetWith(say: string): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (...asked) => {
    const answer = await fetch(...asked);
    if (!answer.url.includes('/guides/')) return answer;
    const guide = (await answer.json()) as object;
    return Response.json({ ...guide, opening: { say, verbatim: true } });
  };
}
