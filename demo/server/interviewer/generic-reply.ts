import { quotable } from './answer.js';
import { lastTurn } from './context.js';
import type { Situation } from './context.js';
import { fallbackPhrases } from './phrases.js';

/** For clients that bring no guidance: they still get a polite interviewer who listens. */
export function genericReply({ items, instructions }: Situation): string {
  const told = /\bsay(?: exactly)?(?: this)?\s*[:,]?\s*["“](.+?)["”]/i.exec(instructions)?.[1];
  if (told !== undefined) return told;
  const last = lastTurn(items);
  if (last.isAnswered) {
    if (last.text === '') return fallbackPhrases.notUnderstood;
    const quote = quotable(last.text);
    return quote === undefined
      ? `Thank you. You said: “${last.text}”. ${fallbackPhrases.tellMore}`
      : `Thank you. ${fallbackPhrases.followUp(quote)}`;
  }
  return items.some(({ kind }) => kind === 'interviewer')
    ? fallbackPhrases.tellMore
    : 'Hello, and thank you for taking the time. What would you like to talk about?';
}
