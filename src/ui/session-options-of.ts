import { InterviewError } from '../errors.js';
import type { InterviewSessionOptions } from '../session/session-options.js';
import type { ElementOptions } from './element-options.js';

/** What a page wrote on the element, as a session wants it. @throws InterviewError `guide-invalid`: the inline guide is no JSON */
export function sessionOptionsOf(element: Element & ElementOptions): InterviewSessionOptions {
  const known: InterviewSessionOptions = {
    tokenUrl: element.tokenUrl || undefined,
    tokenSource: element.tokenSource,
    guide: element.guide ?? inlineGuide(element),
    participant: element.participant || undefined,
    interviewId: element.interviewId || undefined,
    mode: element.mode,
    output: element.output,
    language: element.lang || undefined,
    realtimeUrl: element.realtimeUrl || undefined,
    model: element.model || undefined,
    voice: element.voice || undefined,
    restore: element.restore,
    retainDays: element.retainDays,
    preRollMs: element.preRollMs,
    bargeIn: !element.noBargeIn,
    turnDetection: element.turnDetection,
    maxCost: element.maxCost ?? undefined,
    prices: element.prices,
    workletUrl: element.workletUrl || undefined,
    transcriptUrl: element.transcriptUrl || undefined,
    tools: element.tools,
    assess: element.assess,
  };
  // Of the contract already; a session that does not know it leaves it alone.
  return { ...known, ...{ transport: element.transport } };
}

/** Whether the page has named a guide yet. */
export function hasGuide(element: Element & ElementOptions): boolean {
  return Boolean(element.guide) || inlineScript(element) !== null;
}

/** A guide written between the tags: `<script type="application/json">`. */
export function inlineGuide(element: Element): unknown {
  const script = inlineScript(element);
  if (!script) return undefined;
  try {
    return JSON.parse(script.textContent);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new InterviewError('guide-invalid', `The inline guide is not JSON: ${problem}`, {
      cause,
      problems: [`$: ${problem}`],
    });
  }
}

function inlineScript(element: Element): Element | null {
  return element.querySelector(':scope > script[type="application/json"]');
}
