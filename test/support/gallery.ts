/** Every state of the screen, played by a fake session: for pictures, for audits and for eyes. */
import { InterviewError } from '../../src/errors.js';
import { exampleCoverage } from './example-guide.js';
import type { FakeSession, FakeSessionSetting } from './fake-session.js';
import { mountInterview, type Mounted } from './mount-interview.js';

interface Scene {
  readonly setting?: FakeSessionSetting;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly play?: (stage: Mounted) => Promise<void>;
}

const talk = (session: FakeSession): void => {
  session.says('interviewer', 'Thank you for taking part. What do you remember about your first day?');
  session.says(
    'participant',
    'I remember the reception being empty. I waited twenty minutes before someone noticed me, and then everybody was very kind.',
  );
  session.says('interviewer', 'Twenty minutes can feel long. Can you tell me about one moment in there?');
  session.says('participant', 'A gardener came in to water the plants and asked whether I was lost.');
  session.covers(exampleCoverage(1));
};

const live = ({ goLive }: Mounted): Promise<void> => goLive();

const talking =
  (more: (stage: Mounted) => void | Promise<void> = () => undefined) =>
  async (stage: Mounted): Promise<void> => {
    await live(stage);
    talk(stage.session());
    await more(stage);
  };

const consent = async ({ element, settle }: Mounted): Promise<void> => {
  await element.start();
  await settle();
};

const toSetup = async (stage: Mounted): Promise<void> => {
  await consent(stage);
  await stage.agree();
};

export const SCENES: Readonly<Record<string, Scene>> = {
  start: {},
  offer: { setting: { unfinished: true } },
  consent: { play: consent },
  declined: {
    play: async (stage) => {
      await consent(stage);
      await stage.press('.actions [type=button]');
    },
  },
  setup: { play: toSetup },
  'setup-open': {
    setting: {
      devices: [
        { id: 'a', label: 'Built-in microphone' },
        { id: 'b', label: 'Headset' },
      ],
    },
    play: async (stage) => {
      await toSetup(stage);
      await stage.press('.primary');
      stage.session().level = { microphone: 0.6, speaker: 0 };
    },
  },
  'setup-denied': {
    setting: { microphoneError: new InterviewError('microphone-denied', 'said by the gallery') },
    play: async (stage) => {
      await toSetup(stage);
      await stage.press('.primary');
    },
  },
  connecting: { setting: { isSlow: true }, play: live },
  speaking: {
    play: talking(({ session }) => {
      session().writes({
        id: 'now',
        speaker: 'interviewer',
        text: 'So it was a stranger who made you feel expected. Who helped',
      });
      session().gives('speaking');
      session().level = { microphone: 0, speaker: 0.7 };
    }),
  },
  listening: { play: talking() },
  hearing: {
    play: talking(async ({ session, element }) => {
      session().writes({ id: 'now', speaker: 'participant', text: '' });
      session().gives('hearing');
      session().level = { microphone: 0.6, speaker: 0 };
      await element.pressToTalk();
    }),
  },
  thinking: {
    play: talking(({ session }) => {
      session().gives('thinking');
    }),
  },
  'first-words': {
    play: async (stage) => {
      await live(stage);
      stage.session().covers(exampleCoverage(0));
      stage.session().says('interviewer', 'Thank you for taking part.');
    },
  },
  'after-outage': {
    play: talking(({ session }) => {
      session().writes({
        id: 'outage',
        speaker: 'interviewer',
        text: '',
        status: 'failed',
        act: 'outage',
        startedAtMs: 60_000,
        endedAtMs: 94_000,
      });
      session().says('interviewer', 'Here I am again. Who helped you?');
    }),
  },
  interrupted: {
    play: talking(({ session }) => {
      session().says('interviewer', 'Who helped you when you did not know where to go?', {
        interruptedBy: 'participant',
        heard: 'Who helped you',
      });
      session().says('participant', '', { status: 'failed' });
    }),
  },
  text: {
    attributes: { mode: 'text', output: 'text' },
    play: talking(),
  },
  'no-microphone': {
    play: async (stage) => {
      await toSetup(stage);
      await stage.press('.actions button:not(.primary)');
      talk(stage.session());
    },
  },
  'no-captions': {
    attributes: { 'no-captions': '' },
    play: talking(({ session }) => {
      session().gives('speaking');
      session().level = { microphone: 0, speaker: 0.5 };
    }),
  },
  notice: {
    play: talking(({ session }) => {
      session().runsInto('storage-full');
    }),
  },
  'sound-suspended': {
    attributes: { 'no-captions': '' },
    play: talking(({ session }) => {
      session().gives('thinking');
      session().sounds('suspended');
    }),
  },
  'microphone-muted': {
    play: talking(({ session }) => {
      session().hears({ ...session().microphone, isMuted: true });
    }),
  },
  'microphone-lost': {
    play: talking(({ session }) => {
      const error = session().runsInto('microphone-lost');
      const devices = [
        { id: 'a', label: 'Built-in microphone' },
        { id: 'b', label: 'Headset' },
      ];
      session().hears({ status: 'failed', devices, error });
    }),
  },
  muted: {
    play: talking(async ({ session, press }) => {
      session().gives('speaking');
      await press('[part~=button-mute]');
    }),
  },
  'setup-memory': { setting: { storage: 'memory' }, play: toSetup },
  'setup-policy': {
    setting: { microphoneError: new InterviewError('microphone-blocked-by-policy', 'said by the gallery') },
    play: async (stage) => {
      await toSetup(stage);
      await stage.press('.primary');
    },
  },
  'ended-memory': {
    setting: { storage: 'memory' },
    play: talking(async ({ element }) => {
      await element.end('completed');
    }),
  },
  options: {
    play: talking(async ({ press }) => {
      await press('summary');
    }),
  },
  'confirm-end': {
    play: talking(async ({ press }) => {
      await press('[part~=button-end]');
    }),
  },
  paused: {
    play: talking(async ({ element }) => {
      await element.pause();
    }),
  },
  reconnecting: {
    play: talking(({ session }) => {
      session().become('reconnecting');
    }),
  },
  'reconnecting-later': {
    play: talking(({ session }) => {
      session().become('reconnecting');
      session().waits(95_000);
    }),
  },
  ended: {
    play: talking(async ({ element, session }) => {
      session().assessment = {
        dimensions: [],
        audience: 'both',
        atMs: 0,
        summary: 'You told of an empty reception and of the gardener who noticed you first.',
      };
      await element.end('completed');
    }),
  },
  'confirm-erase': {
    play: talking(async ({ element, press }) => {
      await element.end('participant');
      await press('.actions .quiet');
    }),
  },
  erased: {
    play: talking(async ({ element }) => {
      await element.end('completed');
      await element.erase();
    }),
  },
  failed: {
    setting: { startError: new InterviewError('token-unreachable', 'said by the gallery') },
    play: live,
  },
  elsewhere: {
    setting: { isElsewhere: true },
    play: (stage) => stage.press('.primary'),
  },
  'taken-over': {
    play: talking(({ session }) => {
      session().fail(new InterviewError('interview-taken-over', 'said by the gallery'));
    }),
  },
  'failed-busy': {
    setting: {
      startError: new InterviewError('token-refused', 'said by the gallery', { retryAfterMs: 65_000 }),
    },
    play: live,
  },
  'failed-for-good': {
    play: talking(({ session }) => {
      session().fail(new InterviewError('provider-quota', 'said by the gallery'));
    }),
  },
  'failed-live': {
    play: talking(({ session }) => {
      session().fail(new InterviewError('connection-lost', 'said by the gallery'));
    }),
  },
};

/** Puts an element into the page and plays a scene on it. Resolves when the scene stands. */
export async function show(
  name: string,
  { parent, theme = 'auto' }: { parent?: HTMLElement; theme?: string } = {},
): Promise<Mounted> {
  const scene = SCENES[name];
  if (!scene) throw new Error(`There is no scene "${name}"`);
  const { setting, attributes, play } = scene;
  const stage = await mountInterview({
    ...(setting && { setting }),
    ...(parent && { parent }),
    attributes: { ...attributes, theme },
  });
  await play?.(stage);
  await stage.settle();
  return stage;
}
