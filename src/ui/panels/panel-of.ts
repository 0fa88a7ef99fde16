import type { TemplateResult } from 'lit';
import { unreachable } from '../../async/state-table.js';
import { consentPanel } from './consent.js';
import { declinedPanel } from './declined.js';
import { failedPanel } from './failed.js';
import type * as latePanels from './late-panels.js';
import type { PanelParts } from './panel-parts.js';
import { startPanel } from './start.js';

/** The panel for a status. @param late the panels from the set-up screen on: nobody comes there before they are loaded */
export function panelOf(parts: PanelParts, late: typeof latePanels | undefined): TemplateResult {
  const { status, words, flow, actions } = parts;
  const { session, guide, isBusy } = flow;
  const start = (): TemplateResult =>
    startPanel({ words, guide, isBusy, isOffering: flow.isOffering, onBegin: actions.begin });
  switch (status) {
    case 'idle':
      return start();
    case 'consent':
      return guide
        ? consentPanel({ words, guide, isBusy, onAgree: actions.agree, onDecline: actions.decline })
        : start();
    case 'setup':
      return late?.setup(parts) ?? start();
    case 'connecting':
    case 'live':
    case 'paused':
    case 'reconnecting':
    case 'ending':
      return session && late ? late.conversation(parts, session) : start();
    case 'ended':
      if (flow.hasDeclined) return declinedPanel(words, actions.reconsider);
      return late?.ended(parts) ?? start();
    case 'failed':
      return failedPanel({
        words,
        isBusy,
        error: flow.error,
        secondsLeft: parts.secondsLeft,
        hasTurns: session !== undefined && session.transcript.length > 0,
        isKeptInMemoryOnly: session?.storage === 'memory',
        onRetry: actions.retry,
        onDownload: () => {
          actions.download('markdown');
        },
      });
    default:
      return unreachable(status);
  }
}
