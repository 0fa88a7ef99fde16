import { after, before } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { startDemo, type Demo, type DemoOptions } from '../../../demo/server/demo.js';
import { launchBrowser } from './browser.js';

/**
 * For a `describe`: a demo and a browser, there when its first test begins and gone after its last. Its options are made when the
 * demo starts; without a `speech` of its own it hears and speaks for real.
 */
export function withDemo(options: () => Omit<DemoOptions, 'port'> = () => ({})): {
  readonly demo: Demo;
  readonly browser: Browser;
} {
  let demo: Demo | undefined;
  let browser: Browser | undefined;
  before(async () => {
    demo = await startDemo({ port: 0, ...options() });
    await demo.speech?.ready;
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await demo?.close();
  });
  return {
    get demo() {
      return running(demo);
    },
    get browser() {
      return running(browser);
    },
  };
}

function running<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('Expected this inside a test: nothing runs before the first one');
  return part;
}
