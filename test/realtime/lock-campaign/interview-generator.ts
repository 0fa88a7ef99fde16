import fc from 'fast-check';
import {
  MODEL_ENDS,
  MODEL_FAULTS,
  MODEL_REFUSALS,
  type ModelScript,
  type ScriptedResponse,
} from '../../../src/testing/index.js';
import type { Act, CampaignMode, Interview, Step, Talk } from './interview-plan.js';

const milliseconds = (min: number, max: number) => fc.integer({ min, max });
/** True once in so many. */
const seldom = (times: number) => fc.nat(times - 1).map((n) => n === times - 1);

/** What each mode does more of, or alone. */
const MODES: Readonly<
  Record<
    CampaignMode,
    {
      readonly talks: readonly Talk[];
      readonly switches?: number;
      readonly interrupts?: number;
      readonly asides?: number;
      readonly hasFaults?: boolean;
    }
  >
> = {
  'push-to-talk': { talks: ['push-to-talk'] },
  'server-authored': { talks: ['server-authored'] },
  'client-authored': { talks: ['client-authored'] },
  'out-of-band': { talks: ['push-to-talk', 'client-authored', 'server-authored'], asides: 2 },
  interruptions: {
    talks: ['push-to-talk', 'client-authored', 'server-authored'],
    switches: 1,
    interrupts: 5,
  },
  faults: {
    talks: ['push-to-talk', 'client-authored', 'server-authored'],
    switches: 1,
    asides: 8,
    hasFaults: true,
  },
};

export function interviews(mode: CampaignMode): fc.Arbitrary<Interview> {
  const { talks, hasFaults = false } = MODES[mode];
  return fc.record({
    mode: fc.constant(mode),
    talk: fc.constantFrom(...talks),
    interrupts: seldom(4).map((is) => !is),
    idleTimeoutMs: fc.constantFrom(null, null, 5000, 12_000),
    toolMs: fc.array(milliseconds(0, 4000), { minLength: 1, maxLength: 4 }),
    script: scripts(hasFaults),
    steps: fc.array(stepsOf(mode), { maxLength: 40, size: 'max' }),
  });
}

function scripts(hasFaults: boolean): fc.Arbitrary<ModelScript> {
  const latencies = fc.array(milliseconds(5, 400), { minLength: 1, maxLength: 6 });
  const response: fc.Arbitrary<ScriptedResponse> = fc.record({
    end: fc.oneof(
      { weight: 5, arbitrary: fc.constant('completed' as const) },
      { weight: 1, arbitrary: fc.constantFrom(...MODEL_ENDS) },
    ),
    ms: fc.oneof(
      { weight: 2, arbitrary: milliseconds(1, 400) },
      { weight: 6, arbitrary: milliseconds(400, 9000) },
      { weight: 1, arbitrary: milliseconds(9000, 45_000) },
    ),
    calls: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
    ),
    fault: hasFaults
      ? fc.oneof(
          { weight: 2, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: fc.constantFrom(...MODEL_FAULTS) },
        )
      : fc.constant(undefined),
  });
  return fc.record({
    upMs: latencies,
    downMs: latencies,
    responses: fc.array(response, { minLength: 1, maxLength: 12, size: 'max' }),
    refusals: fc.array(
      fc.constantFrom(...MODEL_REFUSALS.filter((refusal) => hasFaults || refusal !== 'lost')),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    thinkMs: fc.array(milliseconds(0, 900), { minLength: 1, maxLength: 4 }),
  });
}

function stepsOf(mode: CampaignMode): fc.Arbitrary<Step> {
  const { talks, switches = 0, interrupts = 1, asides = 0, hasFaults } = MODES[mode];
  const ask: fc.Arbitrary<Act> = fc.record({
    what: fc.constant('ask' as const),
    reason: fc.constantFrom('opening', 'assessment', 'tool', 'participant', 'text', 'text', 'keepalive'),
    shares: fc.constantFrom('nobody', 'all', 'key'),
    whenBusy: fc.constantFrom(undefined, undefined, undefined, undefined, 'wait', 'skip', 'interrupt'),
    isAside: asides > 0 ? seldom(asides) : fc.constant(false),
    hasBefore: fc.boolean(),
    waitsForPlayback: seldom(5),
    ttlMs: fc.constantFrom(undefined, undefined, undefined, 0, 500, 5000),
  });
  const turn: fc.Arbitrary<Act> = fc.record({
    what: fc.constant('turn' as const),
    ms: fc.oneof(
      { weight: 1, arbitrary: milliseconds(1, 300) },
      { weight: 4, arbitrary: milliseconds(300, 6000) },
    ),
    times: fc.constantFrom(1, 1, 1, 2, 3, 4),
    gapMs: milliseconds(0, 300),
  });
  const act = fc.oneof(
    { weight: 6, arbitrary: ask },
    { weight: 5, arbitrary: turn },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('abort' as const), nth: fc.nat(30) }) },
    { weight: interrupts, arbitrary: fc.constant({ what: 'interrupt' as const }) },
    {
      weight: 1,
      arbitrary: fc.record({ what: fc.constantFrom('hold', 'play'), ms: milliseconds(1, 9000) }),
    },
    {
      weight: switches,
      arbitrary: fc.record({ what: fc.constant('switch' as const), talk: fc.constantFrom(...talks) }),
    },
    {
      weight: hasFaults ? 1 : 0,
      arbitrary: fc.record({
        what: fc.constant('drop' as const),
        ms: fc.oneof(milliseconds(1, 500), milliseconds(1, 9000)),
        noticeMs: fc.constantFrom(0, 1, 200, 3000),
        lateMs: fc.constantFrom(undefined, 0, 1000, 5000),
      }),
    },
  );
  const afterMs = fc.oneof(
    { weight: 4, arbitrary: fc.nat(500) },
    { weight: 4, arbitrary: fc.nat(4000) },
    { weight: 1, arbitrary: fc.nat(30_000) },
  );
  return fc.record({ afterMs, act });
}
