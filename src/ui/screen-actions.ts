import { InterviewError } from '../errors.js';
import type { InterviewSession } from '../session.js';
import type { ExportFormat } from '../session/session-options.js';
import { downloadFile } from './download-file.js';
import type { ScreenFlow } from './screen-flow.js';

/** What is asked in the place of the controls. */
export type Question = 'end' | 'erase';

/** What only the screen knows. */
export interface ScreenState {
  question: Question | undefined;
  /** A problem that does not stop the interview, in words. */
  notice: string | undefined;
  isErased: boolean;
}

export interface ScreenActionParts {
  readonly flow: ScreenFlow;
  readonly state: ScreenState;
  readonly changed: () => void;
  /** Shows what a press of the participant's ran into. */
  readonly report: (error: unknown) => void;
  /** A text that could not be sent goes back to where it was typed. */
  readonly putBack: (text: string) => void;
}

/** What the participant can do, by the buttons' names: nothing here throws, what fails is on the screen. */
export interface ScreenActions {
  readonly begin: (choice?: 'continue' | 'anew') => void;
  readonly agree: (items: ReadonlySet<string>) => void;
  readonly decline: () => void;
  readonly reconsider: () => void;
  readonly turnOnMicrophone: (deviceId?: string) => void;
  readonly selectMicrophone: (deviceId: string) => void;
  readonly enter: (options: { withMicrophone: boolean }) => void;
  readonly retry: () => void;
  /** While the connection is being made again. */
  readonly retryNow: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly playSound: () => void;
  readonly toggleMute: () => void;
  readonly setMode: (mode: InterviewSession['mode']) => void;
  readonly setOutput: (output: InterviewSession['output']) => void;
  readonly send: (text: string) => void;
  readonly typing: (isTyping: boolean) => void;
  readonly download: (format: ExportFormat) => void;
  readonly dismissNotice: () => void;
  /** Asks whether the participant means it; `undefined`: they do not. */
  readonly ask: (question: Question | undefined) => void;
  readonly end: () => void;
  readonly erase: () => void;
}

export function screenActions({ flow, state, changed, report, putBack }: ScreenActionParts): ScreenActions {
  const run = (work: Promise<unknown> | undefined): void => {
    work?.catch(report);
  };
  /** For what the flow shows and tells by itself when it fails. */
  const runShown = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      if (!(error instanceof InterviewError)) throw error;
    });
  };
  const change = (part: Partial<ScreenState>): void => {
    Object.assign(state, part);
    changed();
  };
  const withSession = (use: (session: InterviewSession) => void): void => {
    if (flow.session) use(flow.session);
    changed();
  };
  return {
    begin: (choice) => {
      runShown(flow.begin(choice));
    },
    agree: (items) => {
      runShown(flow.agree(items));
    },
    decline: () => {
      run(flow.decline());
    },
    reconsider: () => {
      runShown(flow.reconsider());
    },
    turnOnMicrophone: (deviceId) => {
      change({ notice: undefined });
      run(flow.turnOnMicrophone(deviceId));
    },
    playSound: () => {
      flow.session?.unlockAudio();
    },
    selectMicrophone: (deviceId) => {
      run(flow.selectMicrophone(deviceId));
    },
    enter: (options) => {
      runShown(flow.enter(options));
    },
    retry: () => {
      change({ notice: undefined });
      runShown(flow.retry());
    },
    retryNow: () => {
      flow.session?.retryNow();
    },
    pause: () => {
      run(flow.session?.pause());
    },
    resume: () => {
      flow.session?.unlockAudio();
      run(flow.session?.resume());
    },
    toggleMute: () => {
      withSession((session) => {
        session.isMuted = !session.isMuted;
      });
    },
    setMode: (mode) => {
      withSession((session) => {
        session.setMode(mode);
      });
    },
    setOutput: (output) => {
      withSession((session) => {
        session.setOutput(output);
      });
    },
    send: (text) => {
      flow.session?.sendText(text).catch((error: unknown) => {
        putBack(text);
        report(error);
      });
    },
    typing: (isTyping) => {
      if (flow.session) flow.session.isTyping = isTyping;
    },
    download: (format) => {
      run(flow.session?.exportTranscript(format).then(downloadFile));
    },
    dismissNotice: () => {
      change({ notice: undefined });
    },
    ask: (question) => {
      change({ question });
    },
    end: () => {
      change({ question: undefined });
      run(flow.session?.end('participant'));
    },
    erase: () => {
      change({ question: undefined });
      run(
        flow.session?.erase().then(() => {
          change({ isErased: true });
        }),
      );
    },
  };
}
