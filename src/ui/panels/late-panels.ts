import type { TemplateResult } from 'lit';
import type { InterviewSession } from '../../session.js';
import type { CaptionsView } from './captions.js';
import { conversationPanel } from './conversation.js';
import { endedPanel } from './ended.js';
import type { PanelParts } from './panel-parts.js';
import { setupPanel } from './setup.js';

export { lateStyles } from '../styles/late-styles.js';

type Mode = InterviewSession['mode'];

/** What the participant may choose among, by how the page wants turns to be taken. */
const MODES: Readonly<Record<Mode, readonly Mode[]>> = {
  'push-to-talk': ['push-to-talk', 'text'],
  'hands-free': ['push-to-talk', 'hands-free', 'text'],
  text: ['text'],
};

export function setup({ words, flow, actions }: PanelParts): TemplateResult {
  const { session, guide, isBusy } = flow;
  return setupPanel({
    words,
    guide,
    isBusy,
    microphone: session?.microphone ?? { status: 'closed', devices: [] },
    isKeptInMemoryOnly: session?.storage === 'memory',
    onTurnOn: actions.turnOnMicrophone,
    onSelect: actions.selectMicrophone,
    onEnter: actions.enter,
  });
}

export function conversation(parts: PanelParts, session: InterviewSession): TemplateResult {
  const { words, flow, state, actions, talk, status, mode } = parts;
  const { microphone, output } = session;
  return conversationPanel({
    ...said(parts),
    status,
    title: flow.guide?.title ?? words.interview,
    activity: session.activity,
    // Where nothing is heard, there is nothing but the words.
    hasCaptions: !parts.noCaptions || output === 'text' || session.isMuted || session.sound === 'suspended',
    canTurnOnMicrophone:
      mode !== 'text' &&
      (session.mode === 'text' || microphone.status === 'failed') &&
      microphone.error?.recoverable !== false,
    coverage: session.coverage,
    talk,
    mode: session.mode,
    modes: MODES[mode],
    output,
    microphone,
    sound: session.sound,
    isMuted: session.isMuted,
    isConfirmingEnd: state.question === 'end',
    notice: state.notice,
    secondsLeft: parts.secondsLeft,
    onRetry: actions.retryNow,
    onPause: actions.pause,
    onResume: actions.resume,
    onPlaySound: actions.playSound,
    onMute: actions.toggleMute,
    onMode: actions.setMode,
    onOutput: actions.setOutput,
    onSelect: actions.selectMicrophone,
    onSend: actions.send,
    onTyping: actions.typing,
    onTurnOnMicrophone: actions.turnOnMicrophone,
    onDismiss: actions.dismissNotice,
    onEnd: (step) => {
      if (step === 'yes') actions.end();
      else actions.ask(step === 'ask' ? 'end' : undefined);
    },
  });
}

export function ended(parts: PanelParts): TemplateResult {
  const { flow, state, actions, endReason } = parts;
  const assessment = flow.session?.assessment;
  return endedPanel({
    ...said(parts),
    reason: endReason,
    summary: assessment && assessment.audience !== 'host' ? assessment.summary : undefined,
    erasing: state.isErased ? 'done' : state.question === 'erase' ? 'asked' : 'no',
    notice: state.notice,
    isKeptInMemoryOnly: flow.session?.storage === 'memory',
    onDownload: actions.download,
    onErase: (step) => {
      if (step === 'yes') actions.erase();
      else actions.ask(step === 'ask' ? 'erase' : undefined);
    },
  });
}

function said({ words, flow }: PanelParts): CaptionsView {
  return {
    words,
    name: flow.guide?.persona.name ?? words.interviewer,
    language: flow.guide?.language ?? 'en',
    turns: flow.session?.transcript ?? [],
  };
}
