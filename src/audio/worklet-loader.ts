import { systemClock, type Clock } from '../async/clock.js';
import { abortable, deadline } from '../async/deadline.js';
import { InterviewError } from '../errors.js';
import { listenForRefusals, refusingDirective } from './policy-probe.js';

/** A name of its own, not a literal inside `new URL`: bundlers rewrite those, to addresses that fail in the page that uses them. */
const FILE_NAME = 'ai-interview.worklet.js';
const ATTEMPT_LIMIT_MS = 10_000;

export interface WorkletLoaderOptions {
  /** Where the page says that the file lies. Tried first. */
  readonly workletUrl?: string | undefined;
  /** The script's own address. Default: this module's. */
  readonly scriptUrl?: string;
  /** The worklet as text, for a `blob:` address. Default: the copy inside this package, loaded only when it is needed. */
  readonly source?: () => Promise<string>;
  readonly clock?: Clock;
}

const loaded = new WeakMap<BaseAudioContext, Promise<void>>();

/**
 * Registers both processors in `context`, once. The file beside the script comes before `blob:`, which a strict policy refuses
 * and reports.
 *
 * @throws InterviewError `worklet-blocked`, with every attempt in `problems`; trying again tries again. An abort rejects with
 * the signal's reason
 */
export function loadWorklet(
  context: BaseAudioContext,
  options: WorkletLoaderOptions & { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  let loading = loaded.get(context);
  if (!loading) {
    loading = load(context, options).catch((error: unknown) => {
      loaded.delete(context);
      throw error;
    });
    loaded.set(context, loading);
  }
  return abortable(loading, options.signal);
}

async function load(
  context: BaseAudioContext,
  {
    workletUrl,
    scriptUrl = import.meta.url,
    source = bundledSource,
    clock = systemClock,
  }: WorkletLoaderOptions,
): Promise<void> {
  // Absent where the page is not secure, and in old browsers.
  const worklet = context.audioWorklet as AudioWorklet | undefined;
  if (!worklet) {
    throw new InterviewError(
      'unsupported-browser',
      'AudioWorklet is missing: an old browser, or a page not served over HTTPS',
    );
  }
  const failures: { readonly place: Place; readonly error: unknown }[] = [];
  // Firefox tells of a worklet that the policy refused; elsewhere it has to be asked for.
  const refusals = listenForRefusals();
  try {
    for (const place of places(workletUrl, scriptUrl, source)) {
      try {
        await attempt(worklet, place, clock);
        return;
      } catch (error) {
        failures.push({ place, error });
      }
    }
  } finally {
    refusals.stop();
  }
  const problems: string[] = [];
  let refusedBy: string | undefined;
  for (const { place, error } of failures) {
    const directive = refusals.directive(place.name) ?? (await place.refusingDirective(clock));
    refusedBy ??= directive;
    const why =
      directive === undefined
        ? String(error)
        : `refused by the page's Content-Security-Policy (${directive})`;
    problems.push(`${place.name}: ${why}`);
  }
  throw new InterviewError('worklet-blocked', `The audio worklet could not be loaded. ${advice(refusedBy)}`, {
    problems,
    cause: failures.at(-1)?.error,
  });
}

async function attempt(worklet: AudioWorklet, place: Place, clock: Clock): Promise<void> {
  const limit = deadline(clock, ATTEMPT_LIMIT_MS, () => new Error(`no answer in ${ATTEMPT_LIMIT_MS} ms`));
  try {
    await abortable(
      place.use((url) => worklet.addModule(url)),
      limit.signal,
    );
  } finally {
    limit.clear();
  }
}

interface Place {
  readonly name: string;
  readonly use: (load: (url: string) => Promise<void>) => Promise<void>;
  readonly refusingDirective: (clock: Clock) => Promise<string | undefined>;
}

function places(workletUrl: string | undefined, scriptUrl: string, source: () => Promise<string>): Place[] {
  const files = [
    workletUrl === undefined ? undefined : absolute(workletUrl, document.baseURI),
    absolute(FILE_NAME, scriptUrl),
  ].filter((url) => url !== undefined);
  return [...[...new Set(files)].map(filePlace), blobPlace(source)];
}

function filePlace(url: string): Place {
  return {
    name: url,
    use: (load) => load(url),
    refusingDirective: (clock) => refusingDirective(url, clock),
  };
}

function blobPlace(source: () => Promise<string>): Place {
  const withUrl = async <T>(text: string, use: (url: string) => Promise<T>): Promise<T> => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    try {
      return await use(url);
    } finally {
      URL.revokeObjectURL(url);
    }
  };
  return {
    name: 'blob:',
    use: async (load) => withUrl(await source(), load),
    refusingDirective: (clock) => withUrl('', (url) => refusingDirective(url, clock)),
  };
}

async function bundledSource(): Promise<string> {
  return (await import('./worklets/index.ts?worklet')).default;
}

/** A script inside another file (a data URL, a bundle without an address of its own) has nothing beside it. */
function absolute(url: string, base: string): string | undefined {
  return URL.canParse(url, base) ? new URL(url, base).href : undefined;
}

function advice(directive: string | undefined): string {
  const file = `serve ${FILE_NAME} from an address that the page may load scripts from, and name it in worklet-url`;
  return directive === undefined
    ? `Put ${FILE_NAME} beside the script, or ${file}.`
    : `The page's Content-Security-Policy refuses it: add the origin of the script to script-src (it refused by ${directive}), or ${file}.`;
}
