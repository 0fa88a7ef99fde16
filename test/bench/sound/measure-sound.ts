import { openBenchPage } from '../browser/bench-page.js';
import { quantile } from '../quantile.js';
import type * as Sound from './page.js';
import type { Contender } from './rigs.js';
import { serveSound } from './scripted-sound.js';

export const CONTENDERS: readonly Contender[] = ['ours', 'wavtools', '@elevenlabs/client'];

export interface SoundRow {
  readonly contender: Contender;
  /** From the sound to the departure of the message that it is in. */
  readonly captureMs: { readonly median: number; readonly p95: number };
  /** Of the main thread, for one second of sound in each direction, less what the page needs without the library. */
  readonly mainThreadMs: number;
  readonly silenceMs: { readonly median: number; readonly worst: number };
  /** The largest; undefined where the library does not say what was played. */
  readonly playedErrorSamples: number | undefined;
}

const CLICKS = 16;
const SPEAKING_MS = 8000;
const INTERRUPTIONS = 5;

export async function measureSound(): Promise<SoundRow[]> {
  const { page, script, close } = await openBenchPage('test/bench/sound/page.ts', serveSound);
  const { origin } = new URL(page.url());
  const call = <Name extends keyof typeof Sound>(
    name: Name,
    ...given: Parameters<(typeof Sound)[Name]>
  ): Promise<Awaited<ReturnType<(typeof Sound)[Name]>>> =>
    page.evaluate(
      async (path, key, values) => {
        const sound = (await import(path)) as Record<string, (...of: unknown[]) => unknown>;
        return (await sound[key]?.(...values)) as Awaited<ReturnType<(typeof Sound)[Name]>>;
      },
      script,
      name,
      given,
    );
  const devtools = await page.createCDPSession();
  // The processor's time that the thread took, whatever else the machine does.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taken = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
  };
  /** Seconds of work of the main thread for a second in which it speaks and listens. */
  const busy = async (): Promise<number> => {
    const before = await taken();
    await call('speakFor', SPEAKING_MS);
    return ((await taken()) - before) / (SPEAKING_MS / 1000);
  };
  try {
    await page.goto(origin);
    await call('begin', undefined);
    const idle = await busy();
    const rows: SoundRow[] = [];
    for (const contender of CONTENDERS) {
      await page.goto(origin);
      await call('begin', contender);
      const delays = await call('captureDelaysMs', CLICKS);
      const mainThreadMs = (await busy()) - idle;
      const cuts: Sound.Interrupted[] = [await call('interruptOnce', 500)].slice(1);
      for (let n = 0; n < INTERRUPTIONS; n++) cuts.push(await call('interruptOnce', 700 + 37 * n));
      const errors = cuts.flatMap(({ errorSamples }) => errorSamples ?? []);
      const silences = cuts.map(({ silenceMs }) => silenceMs);
      rows.push({
        contender,
        captureMs: { median: quantile(delays, 0.5), p95: quantile(delays, 0.95) },
        mainThreadMs: 1000 * mainThreadMs,
        silenceMs: { median: quantile(silences, 0.5), worst: Math.max(...silences) },
        playedErrorSamples: errors.length > 0 ? Math.max(...errors.map(Math.abs)) : undefined,
      });
    }
    return rows;
  } finally {
    await close();
  }
}
