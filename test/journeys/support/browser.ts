import puppeteer, { type Browser } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../../../scripts/find-browser.js';

/** What makes hidden pages go on as if they were seen: for tests, and for nobody else. */
const UNTHROTTLED = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/**
 * A Chromium with a profile of its own: nothing is kept from another journey. `flags` come on top of the usual ones.
 * `throttlesHidden`: it treats hidden pages as a person's browser does.
 */
export async function launchBrowser({
  flags = [],
  userDataDir,
  throttlesHidden = false,
}: { flags?: readonly string[]; userDataDir?: string; throttlesHidden?: boolean } = {}): Promise<Browser> {
  return puppeteer.launch({
    executablePath: await findBrowser(),
    headless: true,
    args: [...browserFlags, ...flags],
    ...(userDataDir !== undefined && { userDataDir }),
    ...(throttlesHidden && { ignoreDefaultArgs: UNTHROTTLED }),
  });
}
