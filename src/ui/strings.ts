import type { InterviewErrorCode } from '../errors.js';
import type { Activity, EndReason } from '../session/session-options.js';

/**
 * Every word of the screen that is not the guide's. `{name}` is the interviewer, `{done}` and `{total}` are numbers of questions;
 * what is between braces is filled in by `fill`.
 */
export interface InterviewStrings {
  /** Name of the whole element for a screen reader, until the guide's title is known. */
  readonly interview: string;
  readonly interviewer: string;
  readonly you: string;

  readonly startTitle: string;
  readonly startText: string;
  readonly minutes: string;
  readonly begin: string;
  readonly busy: string;
  readonly offerTitle: string;
  readonly offerText: string;
  readonly continue: string;
  readonly beginAnew: string;
  readonly beginAnewNote: string;

  readonly consentTitle: string;
  readonly required: string;
  readonly agree: string;
  readonly decline: string;
  readonly declinedTitle: string;
  readonly declinedText: string;
  readonly reconsider: string;

  readonly setupTitle: string;
  readonly setupText: string;
  readonly turnOnMicrophone: string;
  readonly microphoneOpening: string;
  readonly withoutMicrophone: string;
  readonly microphone: string;
  readonly microphoneUnnamed: string;
  readonly speakToTest: string;
  readonly startInterview: string;
  readonly setupTextOnly: string;
  readonly memoryOnly: string;
  readonly insecurePage: string;

  readonly connecting: string;
  readonly connectingText: string;
  readonly activity: Readonly<Record<Activity, string>>;
  readonly hintTalk: string;
  readonly hintHandsFree: string;
  readonly hintText: string;
  readonly holdToTalk: string;
  readonly releaseToSend: string;
  readonly spaceHint: string;
  readonly tooShort: string;
  readonly conversation: string;
  readonly notTranscribed: string;
  /** In the place of what could not be said. */
  readonly outage: string;
  readonly outageOver: string;
  readonly interrupted: string;
  readonly progress: string;
  readonly typeAnswer: string;
  readonly send: string;
  readonly textReturned: string;
  readonly options: string;
  readonly howYouAnswer: string;
  readonly modeTalk: string;
  readonly modeHandsFree: string;
  readonly modeText: string;
  readonly howTheyAnswer: string;
  readonly outputVoice: string;
  readonly outputText: string;
  readonly playSound: string;
  readonly soundOff: string;
  readonly mute: string;
  readonly unmute: string;
  readonly pause: string;
  readonly resume: string;
  readonly pausedTitle: string;
  readonly pausedText: string;
  readonly reconnectingTitle: string;
  readonly reconnectingText: string;
  readonly reconnectingIn: string;
  readonly tryNow: string;
  readonly end: string;
  readonly endTitle: string;
  readonly endText: string;
  readonly endNow: string;
  readonly goOn: string;
  readonly ending: string;
  readonly dismiss: string;

  readonly endedTitle: Readonly<Record<EndReason, string>>;
  readonly endedText: string;
  readonly endedMemory: string;
  readonly endedEmpty: string;
  readonly summary: string;
  readonly downloadText: string;
  readonly downloadData: string;
  readonly erase: string;
  readonly eraseTitle: string;
  readonly eraseText: string;
  readonly eraseNow: string;
  readonly keep: string;
  readonly erased: string;

  readonly failedTitle: string;
  readonly elsewhereTitle: string;
  readonly takenOverTitle: string;
  readonly tryAgain: string;
  readonly goOnHere: string;
  /** `{time}` is minutes and seconds: 1:05. */
  readonly tryAgainIn: string;
  readonly kept: string;
  /** What happened and what to press, by the error's code. */
  readonly errors: Readonly<Record<InterviewErrorCode, string>>;
}

/** A host's own words: any part of them, by the same names. */
export type StringOverrides = {
  readonly [Key in keyof InterviewStrings]?: InterviewStrings[Key] extends string
    ? string
    : Partial<InterviewStrings[Key]>;
};

export const english: InterviewStrings = {
  interview: 'Interview',
  interviewer: 'The interviewer',
  you: 'You',

  startTitle: 'Interview',
  startText: 'You can pause, type instead of speaking, or stop at any time.',
  minutes: 'About {minutes} minutes',
  begin: 'Begin',
  busy: 'One moment…',
  offerTitle: 'Welcome back',
  offerText: 'An interview was begun here and is not finished. You can go on where it stopped.',
  continue: 'Continue',
  beginAnew: 'Begin anew',
  beginAnewNote: 'Beginning anew erases what was said before.',

  consentTitle: 'Before we begin',
  required: 'required',
  agree: 'I agree',
  decline: 'No, thank you',
  declinedTitle: 'That is all right',
  declinedText: 'You declined, so no interview takes place. Nothing was recorded.',
  reconsider: 'Read it again',

  setupTitle: 'Your microphone',
  setupText: 'You answer by speaking. Your browser will ask whether this page may use the microphone.',
  turnOnMicrophone: 'Turn on the microphone',
  microphoneOpening: 'Waiting for the microphone…',
  withoutMicrophone: 'Continue without a microphone',
  microphone: 'Microphone',
  microphoneUnnamed: 'Microphone {number}',
  speakToTest: 'Say a few words: the bar should move.',
  startInterview: 'Start the interview',
  setupTextOnly: 'You can type your answers instead. Nothing else changes.',
  memoryOnly: 'This browser keeps nothing: if the page is closed, the interview is lost.',
  insecurePage:
    'The address of this page does not begin with https, so the browser cannot hold the interview. Please tell whoever invited you.',

  connecting: 'Connecting',
  connectingText: '{name} will be with you in a moment.',
  activity: {
    listening: 'Your turn',
    hearing: 'Listening to you',
    thinking: '{name} is thinking',
    speaking: '{name} is speaking',
  },
  hintTalk: 'Hold the button while you speak.',
  hintHandsFree: 'Just speak. Take your time.',
  hintText: 'Type your answer.',
  holdToTalk: 'Hold to talk',
  releaseToSend: 'Release when done',
  spaceHint: 'or hold the space bar',
  tooShort: 'That was very short. Hold the button down while you speak.',
  conversation: 'Conversation',
  notTranscribed: '[not understood]',
  outage: 'Connection lost',
  outageOver: 'Connection lost for {seconds} s',
  interrupted: 'interrupted',
  progress: '{done} of {total} questions',
  typeAnswer: 'Type an answer',
  send: 'Send',
  textReturned: 'Your text could not be delivered. It is in the box again: send it once more.',
  options: 'Options',
  howYouAnswer: 'How you answer',
  modeTalk: 'Hold to talk',
  modeHandsFree: 'Just speak',
  modeText: 'Type',
  howTheyAnswer: 'How {name} answers',
  outputVoice: 'Aloud',
  outputText: 'In writing',
  playSound: 'Go on with sound',
  soundOff: 'The sound is off.',
  mute: 'Mute {name}',
  unmute: 'Unmute {name}',
  pause: 'Pause',
  resume: 'Resume',
  pausedTitle: 'Paused',
  pausedText: 'The microphone is off. Take the time you need.',
  reconnectingTitle: 'Connecting again',
  reconnectingText: 'The connection was lost. Nothing you said is lost; we go on in a moment.',
  reconnectingIn: 'Nothing you said is lost; the next try is in {time}.',
  tryNow: 'Try now',
  end: 'End',
  endTitle: 'End the interview?',
  endText: 'What was said so far is kept.',
  endNow: 'End now',
  goOn: 'Go on',
  ending: 'Finishing',
  dismiss: 'Close this message',

  endedTitle: {
    completed: 'Thank you',
    participant: 'You ended the interview',
    host: 'The interview has ended',
    time: 'The time is up',
    declined: 'That is all right',
    failed: 'The interview had to stop',
  },
  endedText: 'This is what was said. You may keep a copy.',
  endedMemory:
    'This browser has not kept all of it: download a copy before you close the page, if you want one.',
  endedEmpty: 'Nothing was said.',
  summary: 'Summary',
  downloadText: 'Download as text',
  downloadData: 'Download as data',
  erase: 'Erase it from this device',
  eraseTitle: 'Erase this interview?',
  eraseText: 'It is removed from this device and cannot be brought back.',
  eraseNow: 'Erase',
  keep: 'Keep it',
  erased: 'The interview was erased from this device.',

  failedTitle: 'This did not work',
  elsewhereTitle: 'This interview is open in another tab',
  takenOverTitle: 'The interview goes on in another tab',
  tryAgain: 'Try again',
  goOnHere: 'Go on here',
  tryAgainIn: 'Try again in {time}',
  kept: 'What was said so far is kept. You can download a copy.',
  errors: {
    'token-refused':
      'The interview did not let you in. Your invitation may have run out: ask whoever invited you.',
    'token-unreachable': 'The interview could not be reached. Check your connection, then try again.',
    'token-malformed': 'The interview is not set up correctly. Please tell whoever invited you.',
    'microphone-denied':
      'The microphone is not allowed. Allow it beside the address of this page and try again, or type your answers.',
    'microphone-lost': 'The microphone is gone. Connect or choose one and turn it on, or type your answers.',
    'microphone-muted':
      'Your microphone is muted: by a switch on it, or by this device. Unmute it, or type your answers.',
    'sound-suspended':
      'Your browser holds the sound back, or finds no loudspeaker. What is said is written here meanwhile.',
    'microphone-missing': 'No microphone was found. Connect one and try again, or type your answers.',
    'microphone-blocked-by-policy': 'This page may not use a microphone. You can type your answers.',
    'microphone-busy':
      'Another program is using the microphone. Close it and try again, or type your answers.',
    'microphone-echo':
      'Your microphone hears the interviewer from the loudspeaker, so please wait until the interviewer has finished. Headphones help.',
    'guide-invalid': 'The interview is not set up correctly. Please tell whoever invited you.',
    'guide-unreachable': 'The questions could not be loaded. Check your connection, then try again.',
    'connection-failed': 'No connection could be made. Check your network, then try again.',
    'connection-lost': 'The connection was lost and did not come back. Check your network, then try again.',
    'protocol-error': 'The interviewer answered in a way that was not understood. Try again.',
    'provider-error': 'The interviewer has a problem. Wait a moment, then try again.',
    'provider-quota':
      'The interview cannot go on: what it may cost is used up. There is nothing that you can do. Please tell whoever invited you.',
    'provider-rate-limit': 'The interviewer is very busy. Wait a moment, then try again.',
    'storage-unavailable':
      'This browser keeps nothing of the interview: do not close or reload the page before it ends.',
    'storage-full':
      'This device has no space left: do not close or reload the page before the interview ends.',
    'worklet-blocked': 'This page does not allow sound to be processed. You can type your answers.',
    'unsupported-browser':
      'This browser cannot work with sound. Type your answers, or open the page in a current Chrome, Edge, Firefox or Safari.',
    'interview-elsewhere':
      'You can go on in that tab, or here: the other one then stops, and nothing that was said is lost.',
    'interview-taken-over': 'You can close this tab. You can also take the interview back.',
    'invalid-state': 'That is not possible right now.',
  },
};

/** Puts values in place of `{name}`; an unknown name stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

/** `base` with the host's own words in place. */
export function withOverrides(base: InterviewStrings, own: StringOverrides | undefined): InterviewStrings {
  if (!own) return base;
  return {
    ...base,
    ...own,
    activity: { ...base.activity, ...own.activity },
    endedTitle: { ...base.endedTitle, ...own.endedTitle },
    errors: { ...base.errors, ...own.errors },
  };
}
