import type { Browser } from 'puppeteer-core';
import { InterviewPage, type PageOptions } from './interview-page.js';

/** The demo's page with a microphone that is open all the time, as somebody has it who was never here before. */
export async function enterHandsFree(
  { browser, demo }: { readonly browser: Browser; readonly demo: { readonly url: string } },
  { attributes, ...options }: PageOptions = {},
): Promise<InterviewPage> {
  const interview = await InterviewPage.open(await browser.createBrowserContext(), demo.url, {
    greeting: 'Hello, I am Ada.',
    ...options,
    attributes: { mode: 'hands-free', ...attributes },
  });
  await interview.enter({ withMicrophone: true });
  return interview;
}
