import { waitUntil } from '@open-wc/testing';
import { AiInterviewElement } from '../../src/ui/ai-interview-element.js';
import { exampleGuide } from './example-guide.js';
import { asSession, FakeSession, type FakeSessionSetting } from './fake-session.js';

export interface MountOptions {
  readonly setting?: FakeSessionSetting;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly parent?: HTMLElement;
}

/** An element in the page, on sessions that a test plays. */
export interface Mounted {
  readonly element: AiInterviewElement;
  /** All that the element made, oldest first. */
  readonly sessions: readonly FakeSession[];
  /** The newest. */
  readonly session: () => FakeSession;
  readonly find: (selector: string) => HTMLElement | null;
  /** What can be read in the shadow root, without what is hidden. */
  readonly text: () => string;
  /** Clicks, and waits until nothing is left to do. */
  readonly press: (selector: string) => Promise<void>;
  readonly settle: () => Promise<void>;
  /** Ticks what is required and agrees; resolves when it was taken in. */
  readonly agree: () => Promise<void>;
  /** Through consent and set-up into the interview, with a microphone. */
  readonly goLive: () => Promise<void>;
}

export async function mountInterview({
  setting = {},
  attributes = {},
  parent = document.body,
}: MountOptions = {}): Promise<Mounted> {
  if (!customElements.get('ai-interview')) customElements.define('ai-interview', AiInterviewElement);
  const sessions: FakeSession[] = [];
  const element = document.createElement('ai-interview');
  element.createSession = (options) => {
    const session = new FakeSession(options, { guide: exampleGuide, ...setting });
    sessions.push(session);
    return asSession(session);
  };
  element.setAttribute('guide', '/guide.json');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.append(element);

  // A task comes after every chain of promises.
  const settle = async (): Promise<void> => {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    await element.updateComplete;
  };
  const find = (selector: string): HTMLElement | null =>
    element.renderRoot.querySelector<HTMLElement>(selector);
  const press = async (selector: string): Promise<void> => {
    const target = find(selector);
    if (!target) throw new Error(`There is no ${selector} to press while "${element.status}"`);
    target.click();
    await settle();
  };
  const agree = async (): Promise<void> => {
    await press('form [required]');
    await press('[type=submit]');
    // What was agreed to is hashed, which takes as long as the browser likes.
    await waitUntil(() => element.status !== 'consent');
    await settle();
  };
  await settle();
  // The element began to import these when it was shown. Once they are there, a press has its effect within a task.
  await import('../../src/ui/panels/late-panels.js');
  await settle();
  return {
    element,
    sessions,
    session: () => {
      const session = sessions.at(-1);
      if (!session) throw new Error('No session was made');
      return session;
    },
    find,
    text: () => find('.frame')?.innerText ?? '',
    press,
    settle,
    agree,
    goLive: async () => {
      await element.start();
      await settle();
      await agree();
      if (element.status !== 'setup') return;
      await press('.primary');
      await press('.primary');
    },
  };
}
