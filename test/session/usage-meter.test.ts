import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { Usage } from '../../src/dialogue/dialogue.js';
import { InterviewError } from '../../src/errors.js';
import { MODEL_PRICES, PRICED_ON } from '../../src/session/model-prices.js';
import type { InterviewSessionOptions } from '../../src/session/session-options.js';
import { InterviewSession } from '../../src/session.js';
import { addUsage, noUsage } from '../../src/session/session-usage.js';
import { budgetOf, costOf, priceOf } from '../../src/session/usage-meter.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { FakeDialogue, wellBehaved, type FakeDialogueOptions } from '../../src/testing/fake-dialogue.js';
import { MemoryStore } from '../../src/transcript/memory-store.js';
import { inWriting } from '../support/written-session.js';

const MODEL = 'gpt-realtime-2.1';
const usageOf = (part: Partial<Usage>): Usage => ({ ...noUsage, ...part });
/** A reply of one cent. */
const CENT = usageOf({ inputTokens: 2500 });

const guide = {
  version: 1,
  id: 'study',
  opening: { say: 'Thank you for taking part.' },
  sections: [
    {
      id: 'only',
      questions: Array.from({ length: 20 }, (_, n) => ({
        id: `q${n + 1}`,
        ask: `Question number ${n + 1}?`,
      })),
    },
  ],
  closing: { anythingElse: true, say: 'That was all. Thank you.' },
};

/** Every reply, spoken or beside the conversation, costs what `usage` says, as soon as it is complete. */
function stage({
  usage = () => CENT,
  dialogueOptions = {},
  ...options
}: Partial<InterviewSessionOptions> & {
  usage?: () => Usage & { readonly model?: string };
  dialogueOptions?: FakeDialogueOptions;
} = {}) {
  const clock = new FakeClock();
  const asked: number[] = [];
  let session: InterviewSession | undefined = undefined;
  const spent = (): number => session?.usage.costUsd ?? NaN;
  const { interviewer = wellBehaved } = dialogueOptions;
  const dialogue = new FakeDialogue({
    clock,
    ...dialogueOptions,
    interviewer: (prompt) => {
      asked.push(spent());
      queueMicrotask(() => {
        dialogue.events.emit('usage', { model: MODEL, ...usage() });
      });
      return interviewer(prompt);
    },
    aside: () => {
      asked.push(spent());
      dialogue.events.emit('usage', { model: MODEL, ...usage() });
      return JSON.stringify({ dimensions: [], summary: 'You told much.' });
    },
  });
  session = new InterviewSession({
    guide,
    dialogue,
    clock,
    ...inWriting,
    ...options,
  });
  const ends: string[] = [];
  session.addEventListener('end', ({ reason }) => ends.push(reason));
  return { clock, dialogue, session, ends, asked };
}

async function talk({ session, clock, ends }: ReturnType<typeof stage>, answers = 40): Promise<void> {
  for (let n = 0; n < answers && ends.length === 0; n++) {
    await clock.advanceAsync(5000);
    session.sendText(`Answer number ${n}, which is long enough to be one.`).catch(() => undefined);
    await clock.advanceAsync(5000);
  }
}

describe('what an interview costs', () => {
  it('is estimated for text and sound, cached or not, and for transcription', () => {
    const price = priceOf(MODEL, MODEL_PRICES);
    expect(price && costOf(usageOf({ inputTokens: 1e6 }), price)).to.equal(4);
    expect(price && costOf(usageOf({ inputTokens: 1e6, cachedTokens: 1e6 }), price)).to.equal(0.4);
    expect(price && costOf(usageOf({ inputTokens: 1e6, inputAudioTokens: 1e6 }), price)).to.equal(32);
    expect(
      price &&
        costOf(
          usageOf({ inputTokens: 1e6, inputAudioTokens: 1e6, cachedTokens: 1e6, cachedAudioTokens: 1e6 }),
          price,
        ),
    ).to.equal(0.4);
    expect(price && costOf(usageOf({ outputTokens: 2e6, outputAudioTokens: 1e6 }), price)).to.equal(88);
    expect(price && costOf(usageOf({ transcribedSeconds: 600 }), price)).to.be.closeTo(0.045, 1e-9);
  });

  it('is the same for a dated snapshot, and unknown for a model that nobody knows', () => {
    expect(priceOf('gpt-realtime-2.1-mini-2026-07-01', MODEL_PRICES)).to.equal(
      MODEL_PRICES['gpt-realtime-2.1-mini'],
    );
    for (const model of ['gpt-9', 'gpt-realtime-2.1-huge', undefined])
      expect(priceOf(model, MODEL_PRICES)).to.equal(undefined);
    const known = addUsage(noUsage, CENT, 1);
    expect(addUsage(known, CENT, undefined).costUsd).to.equal(undefined);
    expect(PRICED_ON).to.match(/^\d{4}-\d\d-\d\d$/);
  });

  it('never falls as it is added up, and a limit is never reported as further off', () => {
    const count = fc.nat(1e7);
    const anyUsage = fc
      .record({ inputTokens: count, outputTokens: count, inputAudioTokens: count, cachedTokens: count })
      .map(usageOf);
    fc.assert(
      fc.property(
        fc.array(anyUsage, { maxLength: 20 }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (all, max) => {
          const order = ['open', 'closing', 'spent'];
          let spent = 0;
          let dearest = 0;
          let budget = 0;
          for (const usage of all) {
            const cost = costOf(usage, MODEL_PRICES['gpt-realtime'] ?? expect.fail());
            expect(cost).to.be.at.least(0);
            spent += cost;
            dearest = Math.max(dearest, cost);
            const now = order.indexOf(budgetOf(spent, dearest, max));
            expect(now).to.be.at.least(budget);
            expect(now === 2).to.equal(spent >= max);
            budget = now;
          }
        },
      ),
    );
  });
});

describe('an interview with a limit to its cost', () => {
  it('tells tokens and cost of replies and of what is done beside them', async () => {
    const assessed = { ...guide, assessment: { dimensions: [{ id: 'depth', label: 'Depth' }] } };
    const part = stage({ guide: assessed });
    await part.session.start();
    await talk(part);
    expect(part.ends).to.deep.equal(['completed']);
    expect(part.session.assessment?.summary).to.equal('You told much.');
    expect(part.session.usage.costUsd).to.be.closeTo(part.asked.length * 0.01, 1e-9);
    expect(part.session.usage.inputTokens).to.equal(part.asked.length * 2500);
  });

  it('comes to its closing in time, and ends with it', async () => {
    const part = stage({ maxCost: 0.1 });
    await part.session.start();
    await talk(part);
    expect(part.ends).to.deep.equal(['time']);
    expect(part.session.transcript.at(-1)?.text).to.equal('That was all. Thank you.');
    expect(part.session.transcript.map(({ act }) => act)).not.to.include('anything-else');
    expect(part.session.usage.costUsd).to.be.at.most(0.1);
  });

  it('takes the smaller of the page’s and the guide’s', async () => {
    for (const [own, ofGuide] of [
      [0.05, 5],
      [5, 0.05],
    ] as const) {
      const part = stage({ maxCost: own, guide: { ...guide, cost: { maxUsd: ofGuide } } });
      await part.session.start();
      await talk(part);
      expect(part.ends).to.deep.equal(['time']);
      expect(part.session.usage.costUsd).to.be.at.most(0.05);
    }
  });

  it('ends at once where one reply spent it all, and asks for nothing more', async () => {
    const part = stage({ maxCost: 0.1, usage: () => usageOf({ inputTokens: 50_000 }) });
    await part.session.start();
    await part.clock.advanceAsync(1000);
    expect(part.ends).to.deep.equal(['time']);
    expect(part.asked).to.have.length(1);
    expect(part.clock.pending).to.equal(0);
  });

  it('lets what is being said be heard before it ends', async () => {
    const part = stage({
      maxCost: 0.1,
      usage: () => usageOf({ inputTokens: 50_000 }),
      dialogueOptions: { speechMs: 5000 },
    });
    await part.session.start();
    await part.clock.advanceAsync(4000);
    expect(part.ends).to.deep.equal([]);
    await part.clock.advanceAsync(2000);
    expect(part.ends).to.deep.equal(['time']);
    expect(part.session.transcript[0]?.interruptedBy).to.equal(undefined);
  });

  it('does not get back by a reload what was spent', async () => {
    const storage = new MemoryStore();
    const first = stage({ maxCost: 0.1, storage });
    await first.session.start();
    await talk(first, 3);
    const before = first.session.usage;
    expect(before.costUsd).to.be.above(0.02);
    await first.session.close();

    const second = stage({ maxCost: 0.1, storage, dialogueOptions: { idPrefix: 'again-' } });
    await second.session.start();
    expect(second.session.usage.costUsd).to.be.at.least(before.costUsd ?? NaN);
    await talk(second);
    expect(second.ends).to.deep.equal(['time']);
    expect(second.session.usage.costUsd).to.be.at.most(0.1);
    await second.session.close();
  });

  it('begins nothing where all was spent before', async () => {
    const storage = new MemoryStore();
    const first = stage({ storage });
    await first.session.start();
    await talk(first, 3);
    await first.session.close();
    const second = stage({ maxCost: 0.01, storage, dialogueOptions: { idPrefix: 'again-' } });
    await second.session.start();
    await second.clock.advanceAsync(20_000);
    expect(second.asked).to.deep.equal([]);
    expect(second.ends).to.deep.equal(['time']);
  });

  it('counts a model without a price as the dearest, and says that it does not know', async () => {
    const part = stage({ maxCost: 0.1, usage: () => ({ ...CENT, model: 'gpt-9' }) });
    await part.session.start();
    await talk(part);
    expect(part.ends).to.deep.equal(['time']);
    expect(part.session.usage.costUsd).to.equal(undefined);
    const own = stage({
      maxCost: 0.1,
      usage: () => ({ ...CENT, model: 'gpt-9' }),
      prices: {
        'gpt-9': {
          text: { input: 0, cached: 0, output: 0 },
          audio: { input: 0, cached: 0, output: 0 },
        },
      },
    });
    await own.session.start();
    await talk(own);
    expect(own.ends).to.deep.equal(['completed']);
    expect(own.session.usage.costUsd).to.equal(0);
  });

  it('refuses a limit that is no amount', async () => {
    for (const maxCost of [NaN, -1]) {
      const error = await stage({ maxCost })
        .session.start()
        .catch((cause: unknown) => cause);
      expect(error).to.be.instanceOf(InterviewError);
      expect((error as InterviewError).code).to.equal('invalid-state');
    }
  });

  it('never asks for anything once the limit is reached, whatever replies cost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(60_000), { minLength: 3, maxLength: 12 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.boolean(),
        async (tokens, maxCost, isSpoken) => {
          let n = 0;
          const part = stage({
            maxCost,
            guide: {
              ...guide,
              assessment: { dimensions: [{ id: 'depth', label: 'Depth' }], audience: 'both' },
            },
            usage: () => usageOf({ inputTokens: tokens[n++ % tokens.length] ?? 0 }),
            dialogueOptions: isSpoken ? { speechMs: 700 } : {},
          });
          await part.session.start();
          await talk(part, 50);
          for (const spent of part.asked) expect(spent).to.be.below(maxCost);
          expect(part.ends).to.have.length(1);
          const { costUsd = 0 } = part.session.usage;
          if (costUsd >= maxCost) expect(['time', 'completed']).to.include(part.ends[0]);
          await part.session.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});
